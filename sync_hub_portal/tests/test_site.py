# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from lxml import html
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..access import Side, Step
from ..archive import TEXTS
from ..models.turn import Turn
from .common import ACCOUNTANT, COMPANY, PASSWORD, PDF, XML, PortalCase

NO_PROGRAM = "There is no program that makes PDF files."
NOT_THIS_ONE = "Not this one."


@tagged("post_install", "-at_install")
class TestSite(PortalCase):
    """On the site: companies come with the synchronization of their books, and their documents with them."""

    def files(self, document):
        return {file.name: (file.role, file._raw()) for file in document.file_ids}

    # -- Companies -----------------------------------------------------------------------------------------------------

    def test_an_enabled_company_comes_with_the_next_synchronization(self):
        self.assertFalse(self.on_site())
        with self.mock_mail_gateway():
            run = self.sync()
        company = self.on_site()
        self.assertEqual((run.outcome, run.created_count), ("done", 1))
        self.assertEqual(
            (company.name, company.vat, company.accountant_email, company.state, company.granted),
            (COMPANY, self.company.vat, ACCOUNTANT, "confirmed", True),
        )
        self.assertIn(f"{COMPANY} is on the site for the first time.", run.line_ids.mapped("message"))

    def test_synchronizing_again_changes_nothing(self):
        self.anna()
        self.invoice()
        self.sync()
        before = self.on_site(), self.documents(), self.documents().file_ids
        run = self.sync()
        self.assertEqual(run.outcome, "nothing_new")
        self.assertEqual((self.on_site(), self.documents(), self.documents().file_ids), before)

    def test_the_accountant_is_invited_once_and_let_in(self):
        with self.mock_mail_gateway():
            self.sync()
            self.sync()
        user = self.on_site().user_ids
        self.assertEqual((user.login, user.share), (ACCOUNTANT, True))
        self.assertTrue(user.has_group("base.group_portal"))
        self.assertEqual([mail["email_to"] for mail in self._mails], [[f'"Anna Verdi" <{ACCOUNTANT}>']])
        self.assertEqual(self.seen_by(user), [COMPANY])

    def test_an_accountant_who_is_a_user_of_the_site_is_let_in_without_a_mail(self):
        user = self.anna()
        with self.mock_mail_gateway():
            self.sync()
        self.assertEqual(self.on_site().user_ids, user)
        self.assertFalse(self._mails)

    def test_who_calls_himself_the_accountant_is_not_let_in(self):
        """A portal user may change the e-mail address of the own contact, but not the login."""
        stranger = self.portal_user("stranger@example.com", email=ACCOUNTANT)
        with self.mock_mail_gateway():
            self.sync()
        self.assertNotIn(stranger, self.on_site().user_ids)
        self.assertEqual(self.seen_by(stranger), [])

    def test_who_signed_up_as_the_accountant_is_not_let_in(self):
        """Where anybody may sign up, nobody has proven to read the mail of an address."""
        self.env["ir.config_parameter"].sudo().set_param("auth_signup.invitation_scope", "b2c")
        form = html.fromstring(self.url_open("/web/signup").text).forms[-1]
        typed = {"login": ACCOUNTANT, "name": "Not Anna", "password": PASSWORD, "confirm_password": PASSWORD}
        with self.mock_mail_gateway():
            self.url_open("/web/signup", data={"csrf_token": form.fields["csrf_token"], **typed})
        self.env.invalidate_all()
        impostor = self.env["res.users"].sudo().search([("login", "=", ACCOUNTANT)])
        self.assertTrue(impostor._is_portal())
        with self.mock_mail_gateway():
            self.sync()
        company = self.on_site()
        self.assertFalse(company.user_ids)
        self.assertEqual(self.seen_by(impostor), [])
        self.assertIn("Make sure who it is", company.access_note)
        with self.assertRaisesRegex(UserError, "Make sure who it is"):
            company.action_invite()
        # Somebody of the site has made sure.
        company.more_user_ids = impostor
        self.assertEqual(self.seen_by(impostor), [COMPANY])

    def test_an_employee_is_no_user_of_the_pages(self):
        self.person(ACCOUNTANT, "base.group_user")
        with self.mock_mail_gateway():
            self.sync()
        self.assertFalse(self.on_site().user_ids)
        self.assertIn("belongs to an employee", self.on_site().access_note)

    def test_nobody_is_invited_where_that_is_switched_off(self):
        self.source.invite = False
        with self.mock_mail_gateway():
            self.sync()
            self.assertFalse(self._mails)
            self.assertIn("press “Invite”", self.on_site().access_note)
            self.on_site().action_invite()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self.on_site().user_ids.login, ACCOUNTANT)

    def test_a_request_waits_until_the_accountant_s_side_confirms_it(self):
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        carlo = self.portal_user("carlo@blu.example")
        self.sync()
        company = self.on_site()
        self.assertEqual((company.state, company.granted, self.seen_by(carlo)), ("requested", False, []))
        self.assertFalse(company.document_ids)
        company.action_confirm()
        self.assertEqual((self.link.state, company.granted), ("confirmed", True))
        self.assertEqual(self.seen_by(carlo), [COMPANY])

    def test_the_accountant_s_side_asks_for_a_company(self):
        self.link.action_end()
        self.sync()
        dialog = self.env["sync.portal.request"].create({"vat": "IT99999999999", "accountant_id": self.accountant.id})
        with self.assertRaisesRegex(UserError, "No company or customer with the tax ID IT99999999999"):
            dialog.action_request()
        dialog.vat = self.company.vat
        with self.mock_mail_gateway():
            company = self.env["sync.portal.company"].browse(dialog.action_request()["res_id"])
        self.assertEqual((company, company.state, company.granted), (self.on_site(), "requested", False))
        self.link.action_confirm()
        self.assertTrue(company.granted)

    def test_a_company_that_is_switched_off_loses_access_at_once_and_gets_it_back_at_once(self):
        user = self.anna()
        self.sync()
        self.link.action_disable()
        self.assertEqual(self.seen_by(user), [])
        self.link.action_enable()
        self.assertEqual(self.seen_by(user), [COMPANY])
        self.link.action_end()
        self.assertEqual(self.seen_by(user), [])

    def test_another_accountant_takes_the_place_of_the_one_before_at_once(self):
        user = self.anna()
        self.sync()
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        self.assertEqual(self.seen_by(user), [])
        self.link._do(Step.CONFIRM, Side.ACCOUNTANT)
        self.assertEqual(self.seen_by(user), [])
        carlo = self.portal_user("carlo@blu.example")
        self.sync()
        self.assertEqual(self.on_site().user_ids, carlo)
        self.assertEqual(self.seen_by(carlo), [COMPANY])

    def test_a_connection_that_is_deleted_gives_no_access(self):
        user = self.anna()
        self.sync()
        self.link.unlink()
        self.assertEqual(self.seen_by(user), [])

    def test_books_that_are_disconnected_give_no_access(self):
        user = self.anna()
        self.sync()
        self.source.action_disconnect()
        self.assertEqual(self.seen_by(user), [])
        self.source.action_connect()
        self.sync()
        self.assertEqual(self.seen_by(user), [COMPANY])

    def test_books_that_are_not_chosen_any_more_are_closed_with_the_next_synchronization(self):
        user = self.anna()
        self.sync()
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        self.manager.sudo().company_ids |= other
        everywhere = self.source.with_context(allowed_company_ids=(self.company | other).ids)
        everywhere.local_company_ids = other
        self.assertEqual(self.source.state, "draft")
        self.source.action_connect()
        run = self.sync()
        self.assertIn(
            f"{COMPANY} is not enabled any more: its accountant has no access.", run.line_ids.mapped("message")
        )
        self.assertEqual(self.seen_by(user), [])

    def test_nobody_brings_a_company_to_the_site_in_which_he_or_she_does_not_work(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        with self.assertRaises(AccessError):
            self.source.local_company_ids = [(4, other.id)]

    def test_what_the_books_say_is_not_typed_on_the_site(self):
        self.anna()
        self.sync()
        company = self.on_site()
        for values in ({"state": "confirmed"}, {"enabled": True}, {"user_ids": [(4, self.manager.id)]}, {"key": "x"}):
            with self.subTest(values), self.assertRaises(AccessError):
                company.write(values)
        with self.assertRaises(AccessError):
            company.create({"source_id": self.source.id, "key": "x", "name": "Mine"})
        with self.assertRaisesRegex(UserError, "end the connection first"):
            company.unlink()

    # -- Documents -----------------------------------------------------------------------------------------------------

    def test_documents_come_with_their_files(self):
        self.anna()
        invoice, bill = self.invoice(amount=1000.5), self.bill(ref="FT 77")
        self.attach(bill, "fattura.xml.p7m", XML)
        run = self.sync()
        documents = {document.number: document for document in self.documents()}
        self.assertEqual(set(documents), {invoice.name, bill.name})
        found = documents[invoice.name]
        self.assertEqual(
            (found.kind, found.date, found.partner, found.total, found.currency_id.name, found.to_transfer),
            ("out_invoice", date(2026, 3, 31), "Bianchi S.p.A.", 1000.5, "EUR", True),
        )
        self.assertEqual(list(self.files(found).values()), [("pdf", PDF)])
        self.assertEqual(documents[bill.name].reference, "FT 77")
        self.assertEqual(set(self.files(documents[bill.name])), {"scan.pdf", "fattura.xml.p7m"})
        self.assertEqual((run.outcome, run.created_count), ("done", 3))
        self.assertEqual((self.on_site().last_outcome, self.on_site().document_count), ("done", 2))
        self.assertTrue(self.on_site().last_sync)

    def test_a_document_that_has_changed_is_to_be_transferred_again(self):
        self.anna()
        move = self.invoice()
        self.sync()
        document = self.documents()
        document._mark_transferred(self.manager)
        self.sync()
        self.assertFalse(document.to_transfer)
        move.button_draft()
        self.sync()
        self.assertEqual((document.withdrawn, document.file_ids.ids), (True, []))
        move.invoice_line_ids.price_unit = 700
        move.action_post()
        self.sync()
        self.assertEqual((document.withdrawn, document.total, document.to_transfer), (False, 700, True))
        self.assertTrue(document.file_ids)
        self.assertEqual(document.transferred_name, self.manager.name)

    def test_a_new_file_makes_a_document_one_to_transfer(self):
        self.anna()
        bill = self.bill()
        self.sync()
        document = self.documents()
        document._mark_transferred(self.manager)
        kept = document.file_ids
        self.attach(bill, "fattura.xml", XML)
        self.sync()
        self.assertTrue(document.to_transfer)
        self.assertEqual(set(self.files(document)), {"scan.pdf", "fattura.xml"})
        self.assertIn(kept, document.file_ids)

    def test_a_document_that_was_deleted_is_found_by_the_next_full_pass(self):
        self.anna()
        self.invoice()
        gone = self.invoice()
        self.sync()
        gone.button_draft()
        gone.sudo().with_context(force_delete=True).unlink()
        self.sync()
        self.assertFalse(any(self.documents().mapped("withdrawn")))
        self.pass_days(2)
        self.sync()
        self.assertEqual(sorted(self.documents().mapped("withdrawn")), [False, True])

    def test_documents_that_are_older_than_the_date_go_with_the_next_full_pass(self):
        self.anna()
        self.invoice(date(2026, 2, 1))
        self.invoice(date(2026, 4, 1))
        self.sync()
        self.link.since = date(2026, 3, 1)
        self.pass_days(2)
        self.sync()
        self.assertEqual(self.documents().filtered("withdrawn").date, date(2026, 2, 1))

    def test_receipts_come_where_invoice_mailing_is_installed(self):
        if "sync.mail.incoming" not in self.env:
            self.skipTest("Invoice mailing is not installed.")
        self.anna()
        move = self.invoice()
        account = (
            self.env["sync.mail.account"]
            .sudo()
            .create(
                {"email": "rossi@pec.example", "host": "smtp.example", "kind": "pec", "company_id": self.company.id}
            )
        )
        delivery = (
            self.env["sync.mail.message"]
            .sudo()
            .create(
                {
                    "account_id": account.id,
                    "recipient": "x@pec.example",
                    "message_id": "<1@pec.example>",
                    "res_model": "account.move",
                    "res_id": move.id,
                }
            )
        )
        receipts = self.env["sync.mail.incoming"].sudo()
        receipt = receipts._keep(account, b"From: provider", delivery_id=delivery.id, kind="accettazione")
        self.sync()
        document = self.documents()
        self.assertIn((receipt.content_name, ("receipt", b"From: provider")), self.files(document).items())
        document._mark_transferred(self.manager)
        receipts._keep(account, b"From: other provider", delivery_id=delivery.id, kind="avvenuta-consegna")
        self.sync()
        self.assertEqual(len(document.file_ids), 3)
        self.assertTrue(document.to_transfer)

    def test_a_file_that_cannot_be_made_is_told_and_tried_again_with_the_next_full_pass(self):
        self.anna()
        move = self.invoice(pdf=None)

        def fails(self):
            raise UserError(NO_PROGRAM)

        self.patch(type(move), "_get_invoice_pdf_proforma", fails)
        run = self.sync()
        document = self.documents()
        self.assertEqual((run.outcome, run.failed_count), ("partly_failed", 1))
        self.assertIn("There is no program", document.problem)
        self.assertEqual(self.on_site().last_outcome, "partly_failed")
        self.assertEqual(self.sync().failed_count, 0)
        made = {"filename": "proforma.pdf", "filetype": "pdf", "content": b"%PDF"}
        self.patch(type(move), "_get_invoice_pdf_proforma", lambda self: made)
        self.pass_days(2)
        self.sync()
        self.assertEqual((document.problem, list(self.files(document))), (False, ["proforma.pdf"]))
        self.assertIn(self.on_site().last_outcome, ("done", "nothing_new"))

    def test_what_is_not_as_it_has_to_be_is_left_out_and_the_rest_comes(self):
        self.anna()
        good, bad = self.invoice(), self.invoice()
        door = type(self.env["sync.portal.door"])
        honest = door._documents

        def broken(self, company, cursor=None, limit=200):
            page = honest(self, company, cursor, limit)
            for document in page["documents"]:
                if document["number"] == bad.name:
                    document["total"] = "much"
            return page

        self.patch(door, "_documents", broken)
        run = self.sync()
        self.assertEqual(self.documents().mapped("number"), [good.name])
        self.assertEqual(run.outcome, "partly_failed")
        self.assertIn("“total” of a document is not as it has to be", str(run.line_ids.mapped("message")))

    def test_one_company_that_fails_does_not_stop_the_others(self):
        self.anna()
        failing = self.connection(self.accountant, customer_id=self.customer.id)
        self.invoice()
        door = type(self.env["sync.portal.door"])
        honest = door._documents

        def refuses(self, company, cursor=None, limit=200):
            if "res.partner" in company:
                raise AccessError(NOT_THIS_ONE)
            return honest(self, company, cursor, limit)

        self.patch(door, "_documents", refuses)
        run = self.sync()
        self.assertEqual(run.outcome, "partly_failed")
        self.assertEqual(len(self.documents()), 1)
        self.assertEqual(self.on_site(failing).last_outcome, "failed")
        self.assertIn("The books refused", self.on_site(failing).last_problem)
        # Words of the other side are for the site's own people.
        self.assertNotIn("Not this one", self.on_site(failing).last_problem)
        self.assertEqual(self.on_site().last_outcome, "done")

    def test_books_that_are_away_fail_as_a_whole_and_access_stays(self):
        user = self.anna()
        self.sync()
        door = type(self.env["sync.portal.door"])

        def away(self, *arguments, **keywords):
            raise Fault(FaultKind.PROVIDER_DOWN)

        self.patch(door, "_companies", away)
        self.assertEqual(self.sync().outcome, "failed")
        self.assertEqual(self.source.fault_message, "The other database cannot answer at the moment.")
        self.assertEqual(self.seen_by(user), [COMPANY])

    def test_a_run_that_has_no_time_left_goes_on_in_another_slice(self):
        self.anna()
        for amount in (1, 2, 3):
            self.invoice(amount=amount)
        turns, is_over = [], Turn.is_over

        def over(turn):
            if turn not in turns:
                turns.append(turn)
            # One step in each slice.
            return bool(turn._steps) or is_over(turn)

        self.patch(Turn, "is_over", over)
        run = self.sync()
        # Companies, the list of documents, three files, and the end.
        self.assertGreaterEqual(len(turns), 5)
        self.assertEqual((run.state, run.outcome, run.created_count), ("finished", "done", 4))
        self.assertEqual(self.on_site().last_outcome, "done")
        self.assertEqual(len(self.documents().file_ids), 3)

    def test_a_company_that_is_deleted_leaves_nothing_behind(self):
        self.anna()
        self.invoice()
        self.sync()
        files = self.documents().file_ids
        attachments = self.env["ir.attachment"].sudo()
        kept = attachments.search([("res_model", "=", files._name), ("res_field", "=", "content")])
        self.assertEqual(kept.mapped("res_id"), files.ids)
        self.link.action_end()
        self.on_site().unlink()
        self.assertFalse(kept.exists())

    def test_a_run_that_is_cut_off_goes_on_where_it_was(self):
        self.anna()
        moves = [self.invoice(amount=amount) for amount in (1, 2, 3)]
        door = type(self.env["sync.portal.door"])
        honest, asked = door._files, []

        def files(self, company, document):
            asked.append(document)
            if len(asked) == 2:
                raise Fault(FaultKind.NETWORK_UNREACHABLE)
            return honest(self, company, document)

        self.patch(door, "_files", files)
        self.assertIn(self.sync().outcome, ("failed", "partly_failed"))
        self.source.sudo().retry_at = False
        self.assertIn(self.sync().outcome, ("done", "nothing_new"))
        self.assertEqual(len(self.documents()), 3)
        self.assertEqual(len(self.documents().file_ids), 3)
        # Nothing was fetched twice but what had failed.
        self.assertEqual(sorted(asked), sorted([f"account.move,{move.id}" for move in moves] + [asked[1]]))

    # -- The connection ------------------------------------------------------------------------------------------------

    def test_connecting_brings_a_schedule_with_frequency_hour_and_weekdays(self):
        schedule = self.source.schedule_id
        self.assertEqual((schedule.connection_id, schedule.service_id.code), (self.source.id, "accountant_site"))
        self.assertTrue(self.source.next_run)

    def test_books_elsewhere_need_a_peer_and_numbers_make_sense(self):
        with self.assertRaisesRegex(UserError, "there is no key"):
            self.source.action_update_credentials()
        with self.assertRaisesRegex(ValidationError, "Choose the peer database"):
            self.source.kind = "peer"
        for values in ({"press_quota": -1}, {"attach_up_to": 26}, {"link_days": 0}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.source.write(values)

    def test_every_word_of_an_archive_s_table_can_be_translated(self):
        self.assertEqual(self.env["sync.portal.archive"]._wording(self.manager).texts, TEXTS)
