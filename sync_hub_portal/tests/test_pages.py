# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import io
import zipfile
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.archives import _pieces, _Reader
from .common import ACCOUNTANT, COMPANY, PASSWORD, PDF
from .pages_case import PagesCase


@tagged("post_install", "-at_install")
class TestPages(PagesCase):
    """The accountant's pages: companies, documents by period, downloads, and what can be asked for."""

    # -- Pages ---------------------------------------------------------------------------------------------------------

    def test_the_portal_leads_to_the_companies(self):
        self.assertTrue(self.page("/my").xpath("//a[@href='/my/companies']"))
        counters = self.make_jsonrpc_request("/my/counters", {"counters": ["sync_company_count"]})
        self.assertEqual(counters["sync_company_count"], 1)

    def test_companies_are_listed_with_last_synchronization_and_outcome_in_words(self):
        words = self.words()
        for expected in (COMPANY, self.company.vat, "New documents have come."):
            self.assertIn(expected, words)
        (row,) = self.page().xpath("//tr[@name='sync_company']")
        self.assertEqual([cell.text_content().strip() for cell in row.xpath("./td")[-2:]], ["2", "2"])

    def test_who_has_no_company_reads_how_to_get_one(self):
        self.link.action_end()
        self.assertIn("No company is enabled for you yet", self.words())

    def test_documents_are_listed_by_period_kind_and_state(self):
        both = {self.march.name, self.april.name}
        self.assertEqual(self.numbers(), both)
        self.assertEqual(self.numbers(first="2026-04-01", last="2026-04-30"), {self.april.name})
        self.assertEqual(self.numbers(last="2026-03-31"), {self.march.name})
        self.assertEqual(self.numbers(kind="in_invoice"), {self.april.name})
        self.assertEqual(self.numbers(first="soon", kind="entry", show="x"), both)
        self.site.document_ids.filtered(lambda document: document.number == self.march.name)._mark_transferred(
            self.mine
        )
        self.assertEqual(self.numbers(show="waiting"), {self.april.name})

    def test_usual_periods_are_one_click_away(self):
        with freeze_time("2026-05-20 10:00:00"):
            links = self.page(f"{self.path}?kind=in_invoice").xpath("//div[@name='periods']/a")
        found = {link.text_content(): link.get("href").partition("?")[2] for link in links}
        self.assertEqual(found["Last month"], "first=2026-04-01&last=2026-04-30&kind=in_invoice&show=")
        self.assertEqual(found["Last quarter"], "first=2026-01-01&last=2026-03-31&kind=in_invoice&show=")
        self.assertEqual(found["This year"], "first=2026-01-01&last=2026-12-31&kind=in_invoice&show=")

    def test_long_lists_have_pages(self):
        with patch("odoo.addons.portal.controllers.portal.CustomerPortal._items_per_page", 1):
            first = self.numbers()
            rows = self.page(f"{self.path}/page/2").xpath("//tr[@name='sync_document']")
            self.assertTrue(self.page(self.path).xpath("//ul[contains(@class, 'pagination')]"))
        self.assertEqual((len(first), len(rows)), (1, 1))
        self.assertNotIn(first.pop(), rows[0].text_content())

    def test_a_document_shows_amount_files_and_whether_it_was_transferred(self):
        (row,) = self.page(f"{self.path}?kind=out_invoice").xpath("//tr[@name='sync_document']")
        words = " ".join(row.text_content().split())
        for expected in ("03/31/2026", "Bianchi S.p.A.", "1,000.50", "PDF", "To transfer"):
            self.assertIn(expected, words)
        (address,) = row.xpath(".//a/@href")
        answer = self.url_open(address)
        self.assertEqual(answer.content, PDF)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")

    def test_what_came_from_outside_is_text_on_the_page(self):
        self.site.document_ids[0].sudo().partner = "<script>alert(1)</script>"
        self.assertIn("<script>alert(1)</script>", self.words(self.path))
        self.assertFalse(self.page(self.path).xpath("//script[text()='alert(1)']"))

    def test_others_find_nothing(self):
        file = self.site.document_ids.file_ids[0]
        addresses = [self.path, f"/my/companies/file/{file.id}"]
        self.authenticate(self.portal_user("customer@example.com").login, PASSWORD)
        for address in addresses:
            with self.subTest(address):
                self.assertEqual(self.url_open(address).status_code, 404)
        self.assertNotIn(COMPANY, self.words())
        self.authenticate(None, None)
        for address in (*addresses, "/my/companies"):
            with self.subTest(f"{address}, not signed in"):
                self.assertIn("/web/login", self.url_open(address).url)

    def test_what_is_switched_off_is_not_there_any_more(self):
        file = self.site.document_ids.file_ids[0]
        self.assertEqual(self.url_open(self.path).status_code, 200)
        self.link.action_disable()
        self.assertEqual(self.url_open(f"/my/companies/file/{file.id}").status_code, 404)
        for address in (self.path, f"{self.path}/page/1"):
            with self.subTest(address):
                self.assertTrue(self.url_open(address).url.endswith("/my/companies"))
                words = self.words(address)
                self.assertIn(f"{COMPANY} has switched your access off", words)
                self.assertNotIn(self.march.name, words)
        self.assertFalse(self.page().xpath("//tr[@name='sync_company']"))
        self.link.action_end()
        self.assertEqual(self.url_open(self.path).status_code, 404)
        self.assertNotIn(COMPANY, self.words())

    # -- Downloads -----------------------------------------------------------------------------------------------------

    def test_a_period_is_downloaded_as_one_archive_and_marked_as_transferred(self):
        answer = self.press(f"{self.path}/download", f"{self.path}?last=2026-03-31", last="2026-03-31")
        self.assertIn("2026-03-31", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        found = self.unpacked(answer)
        folder = f"Customer invoices/{self.march.name.replace('/', '-')}"
        self.assertEqual(
            {name: content for name, content in found.items() if name != "index.csv"},
            {f"{folder}/{self.march.name.replace('/', '_')}.pdf": PDF},
        )
        (row,) = csv.DictReader(io.StringIO(found["index.csv"].decode("utf-8-sig")), delimiter=";")
        self.assertEqual((row["Number"], row["Total"]), (self.march.name, "1000.50"))
        self.env.invalidate_all()
        march = self.site.document_ids.filtered(lambda document: document.number == self.march.name)
        self.assertEqual(
            (march.to_transfer, march.transferred_by, march.transferred_name), (False, self.mine, "Anna Verdi")
        )
        self.assertTrue(march.transferred_at)
        self.assertTrue((self.site.document_ids - march).to_transfer)
        self.assertIn("Anna Verdi", self.words(f"{self.path}?last=2026-03-31"))
        self.assertIn("Documents downloaded: 1.", str(self.site.message_ids[0].body))

    def test_downloading_again_gives_the_same_and_changes_nothing(self):
        first = self.press(f"{self.path}/download", self.path)
        self.env.invalidate_all()
        marks = self.site.document_ids.mapped("transferred_at")
        messages = self.site.message_ids
        colleague = self.portal_user("helper@verdi.example", name="Helper")
        self.site.more_user_ids = colleague
        self.authenticate(colleague.login, PASSWORD)
        again = self.press(f"{self.path}/download", self.path)
        self.env.invalidate_all()
        self.assertEqual(first.content, again.content)
        self.assertEqual(self.site.document_ids.mapped("transferred_at"), marks)
        self.assertEqual(set(self.site.document_ids.mapped("transferred_name")), {"Anna Verdi"})
        self.assertGreater(len(self.site.message_ids), len(messages))

    def test_a_document_of_which_a_file_is_gone_is_not_marked(self):
        torn = self.site.document_ids.filtered(lambda document: document.number == self.march.name)
        torn.file_ids.sudo().sha256 = "0" * 64
        found = self.unpacked(self.press(f"{self.path}/download", self.path))
        self.assertIn("missing", found["index.csv"].decode("utf-8-sig"))
        self.env.invalidate_all()
        self.assertEqual(self.site.document_ids.filtered("to_transfer"), torn)

    def test_what_was_not_downloaded_to_its_end_is_not_marked(self):
        reader = _Reader(self.env.cr.dbname, self.mine.id, {"lang": "en_US"})
        pieces = _pieces(reader, self.site.document_ids.ids)
        next(pieces)
        pieces.close()
        self.env.invalidate_all()
        self.assertTrue(all(self.site.document_ids.mapped("to_transfer")))

    def test_access_that_ends_during_a_download_has_ended_for_the_rest_of_it(self):
        reader = _Reader(self.env.cr.dbname, self.mine.id, {"lang": "en_US"})
        pieces = _pieces(reader, self.site.document_ids.ids)
        first = next(pieces)
        self.link.action_disable()
        self.env.flush_all()
        with zipfile.ZipFile(io.BytesIO(first + b"".join(pieces))) as archive:
            self.assertEqual(len(archive.namelist()), 2)
            self.assertIn("missing", archive.read("index.csv").decode("utf-8-sig"))

    def test_there_is_nothing_to_download_in_an_empty_period(self):
        self.assertFalse(self.page(f"{self.path}?first=2030-01-01").xpath("//button[@name='download']"))
        answer = self.press(f"{self.path}/download", self.path, first="2030-01-01")
        self.assertIn("There is no document to download", answer.text)

    def test_an_archive_speaks_the_accountant_s_language(self):
        self.env["res.lang"].sudo()._activate_lang("it_IT")
        self.mine.sudo().lang = "it_IT"
        found = self.unpacked(self.press(f"{self.path}/download", self.path))
        self.assertIn("1000,50", found["index.csv"].decode("utf-8-sig"))

    def test_nothing_is_downloaded_or_asked_for_without_a_form_of_the_site(self):
        for button in ("download", "mail", "sync", "answer"):
            with self.subTest(button), mute_logger("odoo.http"):
                self.assertEqual(self.url_open(f"{self.path}/{button}", data={"x": "1"}).status_code, 400)

    # -- Asking --------------------------------------------------------------------------------------------------------

    def test_the_accountant_synchronizes_within_a_quota(self):
        self.source.press_quota = 2
        self.invoice(date(2026, 5, 1))
        for left in (1, 0):
            answer = self.press(f"{self.path}/sync", self.path)
            self.assertIn("has been asked for", answer.text)
            self.env.invalidate_all()
            self.assertEqual(self.site._presses_left().left, left)
        run = self.env["sync.run"].search([("connection_id", "=", self.source.id), *self.service(self.source)], limit=1)
        self.assertEqual((run.state, run.user_id), ("queued", self.mine))
        answer = self.press(f"{self.path}/sync", self.path)
        self.assertIn("Synchronizations in 24 hours: 2, as many as this site allows.", answer.text)
        self.assertTrue(self.page(self.path).xpath("//button[@name='sync_now'][@disabled]"))
        self.work()
        self.assertEqual(len(self.numbers()), 3)

    def test_on_a_site_by_schedule_only_nobody_synchronizes(self):
        self.source.press_quota = 0
        answer = self.press(f"{self.path}/sync", self.path)
        self.assertIn("companies are synchronized by schedule only", answer.text)
        self.assertFalse(self.site.sudo().presses)

    def test_who_may_not_see_a_company_asks_for_nothing(self):
        token = self.page(self.path).xpath("//input[@name='csrf_token']/@value")[0]
        self.link.action_end()
        for button in ("download", "mail", "sync", "answer"):
            with self.subTest(button):
                answer = self.url_open(f"{self.path}/{button}", data={"csrf_token": token, "agreed": "yes"})
                self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.site.sudo().presses)

    def test_the_accountant_confirms_a_request_on_the_page(self):
        self.link.action_end()
        self.link.action_request()
        self.assertIn(f"{COMPANY} asks you, as its accountant, for a connection", self.words())
        answer = self.press(f"{self.path}/answer", "/my/companies", agreed="yes")
        self.assertIn("Connected with", answer.text)
        self.env.invalidate_all()
        self.assertTrue(self.link.grants)
        self.assertEqual(len(self.numbers()), 2)

    def test_the_accountant_refuses_a_request_on_the_page(self):
        self.link.action_end()
        self.link.action_request()
        self.press(f"{self.path}/answer", "/my/companies", agreed="no")
        self.env.invalidate_all()
        self.assertEqual(self.link.state, "refused")

    def test_a_request_of_another_accountant_is_not_answered(self):
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        token = self.page().xpath("//input[@name='csrf_token']/@value")
        self.assertNotIn("asks you", self.words())
        data = {"csrf_token": (token or [""])[0], "agreed": "yes"}
        with mute_logger("odoo.http"):
            self.assertIn(self.url_open(f"{self.path}/answer", data=data).status_code, (400, 404))
        self.assertEqual(self.link.state, "requested")

    def test_the_accountant_asks_for_another_company_and_learns_nothing_of_those_that_are_not_there(self):
        known = self.press("/my/companies/request", "/my/companies", vat="IT00743110157").text
        unknown = self.press("/my/companies/request", "/my/companies", vat="IT99999999999").text
        for text in (known, unknown):
            self.assertIn("The request was passed on", text)
        self.env.invalidate_all()
        link = self.env["sync.portal.link"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual(
            (link.state, link.requested_by, link.accountant_email), ("requested", "accountant", ACCOUNTANT)
        )
        self.assertFalse(link.grants)

    def test_who_tries_one_tax_id_after_the_other_is_stopped_and_told_until_when(self):
        self.source.request_quota = 2
        with freeze_time("2026-05-20 10:00:00"):
            for number in ("IT00000000001", "IT00000000002"):
                self.assertIn("The request was passed on", self.ask_for(number))
            token = self.page().xpath("//form[@action='/my/companies/request']//input[@name='csrf_token']/@value")[0]
            self.assertTrue(self.page().xpath("//form[@action='/my/companies/request']//button[@disabled]"))
            answer = self.url_open("/my/companies/request", data={"csrf_token": token, "vat": "IT00743110157"})
            self.assertIn("Requests in 24 hours: 2, as many as this site allows.", answer.text)
        self.env.invalidate_all()
        self.assertFalse(self.env["sync.portal.link"].search([("customer_id", "=", self.customer.id)]))
        with freeze_time("2026-05-21 10:00:01"):
            self.assertIn("The request was passed on", self.ask_for("IT00743110157"))

    def ask_for(self, vat):
        return self.press("/my/companies/request", "/my/companies", vat=vat).text

    def test_who_is_nobody_s_accountant_asks_for_nothing(self):
        token = self.page().xpath("//input[@name='csrf_token']/@value")[0]
        self.link.action_disable()
        self.assertFalse(self.page().xpath("//form[@action='/my/companies/request']"))
        self.url_open("/my/companies/request", data={"csrf_token": token, "vat": "IT00743110157"})
        self.assertFalse(self.env["sync.portal.link"].search([("customer_id", "=", self.customer.id)]))

    # -- Two-factor authentication
    # ---------------------------------------------------------------------------------------

    def test_a_company_that_wants_a_second_factor_says_so_and_opens_with_one(self):
        self.site.two_factor = True
        self.assertIn(f"{COMPANY} is only shown to users with two-factor authentication", self.words())
        self.assertTrue(self.url_open(self.path).url.endswith("/my/companies"))
        file = self.site.document_ids.file_ids[0]
        self.assertEqual(self.url_open(f"/my/companies/file/{file.id}").status_code, 404)
        self.patch(type(self.mine), "_mfa_type", lambda user: "totp" if user.login == ACCOUNTANT else None)
        self.assertEqual(len(self.numbers()), 2)
