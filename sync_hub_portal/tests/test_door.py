# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import json
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ACCOUNTANT, PDF, VAT, XML, PortalCase

NO_PROGRAM = "There is no program that makes PDF files."


@tagged("post_install", "-at_install")
class TestDoor(PortalCase):
    """What the books offer to a site in another database, over the interface for programs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # No right to accounting: the door alone gives documents.
        cls.knocker = cls.person("portal_site", "sync_hub_portal.group_site")
        # The interface for programs adds nothing of a user's own choice.
        cls.door = cls.env(user=cls.knocker, context={})["sync.portal.door"]
        cls.key = cls.link._key()

    def listed(self, cursor=None, **more):
        return self.door.documents(self.key, cursor, **more)

    def keys(self, page):
        return [document["key"] for document in page["documents"]]

    def through(self, cursor=None, limit=2):
        """All pages of a pass, and the cursor for the next one."""
        keys, gone = [], []
        while True:
            page = self.listed(cursor, limit=limit)
            keys += self.keys(page)
            gone += page["gone"]
            cursor = page["cursor"]
            if not page["more"]:
                return keys, gone, cursor

    def contents(self, move):
        files = self.door.files(self.key, f"account.move,{move.id}")
        return {file["name"]: base64.b64decode(file.get("content", "")) for file in files}

    # -- Companies -----------------------------------------------------------------------------------------------------

    def test_a_site_hears_of_companies_and_how_their_connection_stands(self):
        (company,) = self.door.companies()
        self.assertEqual(
            company,
            {
                "key": f"res.company,{self.company.id}",
                "name": self.company.name,
                "vat": VAT,
                "country": "IT",
                "state": "confirmed",
                "requested_by": "company",
                "enabled": True,
                "accountant": {"name": "Anna Verdi", "email": ACCOUNTANT},
                "since": "2026-01-01",
            },
        )

    def test_a_site_hears_of_companies_of_its_key_s_user_only(self):
        elsewhere = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        other = self.person("portal_elsewhere", "sync_hub_portal.group_site", elsewhere)
        door = self.env(user=other, context={})["sync.portal.door"]
        self.assertEqual(door.companies(), [])
        for call in (lambda: door.documents(self.key), lambda: door.confirm(self.key), lambda: door.end(self.key)):
            with self.assertRaisesRegex(AccessError, "is not enabled for the accountant's site"):
                call()

    def test_an_accountant_asks_by_tax_id_and_the_company_decides(self):
        self.link.action_end()
        self.assertIsNone(self.door.request("IT99999999999", "Anna Verdi", ACCOUNTANT))
        company = self.door.request(VAT.removeprefix("IT"), "Anna Verdi", ACCOUNTANT.upper())
        self.assertEqual((company["key"], company["state"], company["enabled"]), (self.key, "requested", False))
        self.assertEqual(self.link.requested_by, "accountant")
        with self.assertRaisesRegex(UserError, "the other side has to confirm it"):
            self.door.confirm(self.key)
        self.link.action_confirm()
        self.assertTrue(self.door.companies()[0]["enabled"])

    def test_an_accountant_asks_for_a_customer_of_a_practice(self):
        company = self.door.request("IT 00743110157", "Carlo Blu", "carlo@blu.example")
        self.assertEqual(company["key"], f"{self.key}/res.partner,{self.customer.id}")
        link = self.env["sync.portal.link"].search([("customer_id", "=", self.customer.id)])
        # Somebody whom the company did not know: a contact, and nobody's user.
        self.assertEqual((link.accountant_id.name, link.accountant_email), ("Carlo Blu", "carlo@blu.example"))
        self.assertFalse(link.accountant_id.user_ids)

    def test_nobody_takes_the_place_of_an_accountant(self):
        with self.assertRaisesRegex(UserError, "has another accountant already"):
            self.door.request(VAT, "Carlo Blu", "carlo@blu.example")
        self.assertEqual(self.link.accountant_id, self.accountant)
        with self.assertRaisesRegex(UserError, "is not one e-mail address"):
            self.door.request(VAT, "Carlo Blu", "carlo")

    def test_a_refusal_stands_for_a_day(self):
        self.link.action_end()
        self.door.request(VAT, "Anna Verdi", ACCOUNTANT)
        self.link.action_refuse()
        with self.assertRaisesRegex(UserError, "Ask again a day later, or have the company ask you"):
            self.door.request(VAT, "Anna Verdi", ACCOUNTANT)
        self.assertEqual(self.link.state, "refused")
        self.link.sudo().decided_at -= timedelta(days=1, minutes=1)
        self.assertEqual(self.door.request(VAT, "Anna Verdi", ACCOUNTANT)["state"], "requested")

    def test_nobody_floods_companies_with_requests(self):
        customers = [
            self.contact(f"Customer {number}", f"{number}@example.com", vat=f"XX{number}0000000", is_company=True)
            for number in range(3)
        ]
        with patch("odoo.addons.sync_hub_portal.models.sync_portal_door._MOST_UNANSWERED", 2):
            for customer in customers[:2]:
                self.door.request(customer.vat, "Carlo Blu", "carlo@blu.example")
            with self.assertRaisesRegex(UserError, "2 companies have not answered carlo@blu.example yet"):
                self.door.request(customers[2].vat, "Carlo Blu", "carlo@blu.example")
            # The same request again is none more, and others may ask.
            self.door.request(customers[0].vat, "Carlo Blu", "carlo@blu.example")
            self.door.request(customers[2].vat, "Dora Gialli", "dora@gialli.example")

    def test_a_site_asks_how_some_connections_stand(self):
        other = self.connection(self.accountant, customer_id=self.customer.id)
        self.connection(self.accountant, customer_id=self.contact("Neri", "neri@example.com").id)
        keys = [self.key, other._key(), "res.company,x", "res.company,999999999", ""]
        self.assertEqual({company["key"] for company in self.door.standing(keys)}, {self.key, other._key()})
        self.link.action_disable()
        (company,) = self.door.standing([self.key])
        self.assertEqual((company["state"], company["enabled"]), ("confirmed", False))
        elsewhere = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        stranger = self.person("portal_elsewhere", "sync_hub_portal.group_site", elsewhere)
        self.assertEqual(self.env(user=stranger, context={})["sync.portal.door"].standing(keys), [])

    def test_an_accountant_confirms_refuses_and_ends(self):
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        self.assertEqual(self.door.confirm(self.key, False)["state"], "refused")
        self.link.action_request()
        self.assertEqual(self.door.confirm(self.key)["state"], "confirmed")
        # Asked twice, as when an answer was lost.
        self.assertEqual(self.door.confirm(self.key)["state"], "confirmed")
        self.assertEqual(self.door.end(self.key)["state"], "ended")
        self.assertFalse(self.link.grants)

    # -- Documents -----------------------------------------------------------------------------------------------------

    def test_posted_documents_from_the_date_on_are_listed_and_nothing_else(self):
        shown = self.invoice(amount=1000.5) | self.bill()
        self.invoice(date(2025, 12, 31))
        draft = self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.customer.id})
        entry = self.env["account.move"].create({"move_type": "entry"})
        page = self.listed()
        self.assertEqual(self.keys(page), [f"account.move,{number}" for number in sorted(shown.ids)])
        self.assertFalse(page["more"] or page["gone"])
        self.assertTrue(draft and entry)
        invoice = page["documents"][0]
        self.assertEqual(
            [invoice[name] for name in ("kind", "number", "date", "partner", "currency", "untaxed", "tax", "total")],
            ["out_invoice", shown[0].name, "2026-03-31", "Bianchi S.p.A.", "EUR", "1000.50", "0.00", "1000.50"],
        )

    def test_a_customer_s_connection_shows_the_customer_s_documents_only(self):
        link = self.connection(self.accountant, customer_id=self.customer.id)
        ours = self.invoice()
        self.invoice(partner_id=self.contact("Neri S.n.c.", "neri@example.com").id)
        self.assertEqual(self.keys(self.door.documents(link._key())), [f"account.move,{ours.id}"])

    def test_documents_come_page_by_page_each_once(self):
        moves = [self.invoice(amount=amount) for amount in range(1, 6)]
        keys, gone, _cursor = self.through()
        self.assertEqual(keys, [f"account.move,{move.id}" for move in moves])
        self.assertEqual(gone, [])

    def test_a_later_pass_lists_what_has_changed(self):
        kept, changed, withdrawn = (self.invoice(amount=amount) for amount in (1, 2, 3))
        _keys, _gone, cursor = self.through()
        # What was written up to a day before the pass is listed again, so that no late transaction is lost.
        self.age(kept | changed | withdrawn, days=3)
        self.assertEqual(self.through(cursor)[:2], ([], []))
        changed.ref = "A note"
        withdrawn.button_draft()
        keys, gone, _cursor = self.through(cursor)
        self.assertEqual((keys, gone), ([f"account.move,{changed.id}"], [f"account.move,{withdrawn.id}"]))

    def test_a_document_is_listed_again_when_a_file_of_it_has_come(self):
        move = self.invoice()
        (before,) = self.listed()["documents"]
        cursor = self.through()[2]
        self.age(move, days=3)
        self.assertEqual(self.through(cursor)[0], [])
        self.attach(move, "invoice.xml", XML)
        self.age(move, days=3, files=False)
        (after,) = self.listed(cursor)["documents"]
        self.assertNotEqual(before["token"], after["token"])
        self.assertEqual(before["total"], after["total"])

    def test_the_token_stays_while_nothing_changes(self):
        self.invoice()
        self.assertEqual(self.listed()["documents"], self.listed()["documents"])

    def test_a_position_that_is_none_is_refused(self):
        with self.assertRaisesRegex(UserError, "begin anew without one"):
            self.listed("yesterday")

    def test_documents_of_branches_are_the_company_s(self):
        branch = self.env["res.company"].sudo().create({"name": "Rossi Milano", "parent_id": self.company.id})
        move = self.invoice()
        self.env.flush_all()
        move.sudo().with_context(skip_account_move_synchronization=True).company_id = branch
        self.assertEqual(self.keys(self.listed()), [f"account.move,{move.id}"])

    # -- Files ---------------------------------------------------------------------------------------------------------

    def test_an_invoice_brings_its_pdf_as_it_was_sent(self):
        move = self.invoice()
        self.assertEqual(list(self.contents(move).values()), [PDF])

    def test_an_invoice_brings_its_e_invoice_and_not_what_was_put_beside_it(self):
        move = self.invoice(xml=XML)
        self.attach(move, "again.xml", XML)
        self.attach(move, "offer.pdf", b"%PDF offer")
        self.assertEqual(sorted(self.contents(move).values()), sorted([PDF, XML]))

    def test_a_bill_brings_what_came_with_it_each_file_once(self):
        bill = self.bill()
        self.attach(bill, "fattura.xml.p7m", XML)
        self.attach(bill, "again.pdf", b"%PDF-1.7 bill")
        self.attach(bill, "photo.jpg", b"\xff\xd8 photo")
        self.attach(bill, "internal note.docx", b"private")
        self.assertEqual(
            self.contents(bill),
            {"scan.pdf": b"%PDF-1.7 bill", "fattura.xml.p7m": XML, "photo.jpg": b"\xff\xd8 photo"},
        )

    def test_a_file_that_is_kept_in_a_field_gets_its_own_name(self):
        bill = self.bill(pdf=None)
        file = self.attach(bill, "some_field", XML)
        file.sudo().res_field = "invoice_pdf_report_file"
        self.assertEqual(self.contents(bill), {"some_field.xml": XML})

    def test_an_invoice_that_was_never_sent_gets_a_pdf_and_keeps_none(self):
        move = self.invoice(pdf=None)
        made = {"filename": "proforma.pdf", "filetype": "pdf", "content": b"%PDF made now"}
        with patch.object(type(move), "_get_invoice_pdf_proforma", lambda self: made):
            self.assertEqual(self.contents(move), {"proforma.pdf": b"%PDF made now"})
        self.assertFalse(move.invoice_pdf_report_id)

    def test_a_pdf_that_cannot_be_made_says_why_and_the_others_are_there(self):
        move = self.invoice(pdf=None)

        def fails(self):
            raise UserError(NO_PROGRAM)

        with patch.object(type(move), "_get_invoice_pdf_proforma", fails):
            (file,) = self.door.files(self.key, f"account.move,{move.id}")
        self.assertIn("There is no program that makes PDF files.", file["problem"])
        self.assertNotIn("content", file)

    def test_a_file_that_would_fill_the_memory_is_named_instead(self):
        move = self.invoice()
        with patch("odoo.addons.sync_hub_portal.models.sync_portal_door_files._LARGEST", 5):
            (file,) = self.door.files(self.key, f"account.move,{move.id}")
        self.assertIn("has more than", file["problem"])

    # -- Who gets nothing ----------------------------------------------------------------------------------------------

    def test_what_is_not_enabled_is_not_given_away(self):
        move = self.invoice()
        document = f"account.move,{move.id}"
        self.link.action_disable()
        with self.assertRaisesRegex(AccessError, "is not enabled for the accountant's site"):
            self.listed()
        with self.assertRaisesRegex(AccessError, "is not enabled for the accountant's site"):
            self.door.files(self.key, document)

    def test_documents_that_are_not_the_accountant_s_are_not_given_away(self):
        early = self.invoice(date(2025, 12, 31))
        draft = self.env["account.move"].create({"move_type": "out_invoice", "partner_id": self.customer.id})
        for document in (f"account.move,{early.id}", f"account.move,{draft.id}", "account.move,x", "1 or 1=1", ""):
            with self.subTest(document), self.assertRaisesRegex(AccessError, "not, or no longer"):
                self.door.files(self.key, document)
        for company in ("res.company,x", "", "res.partner,1", f"{self.key}/res.partner,7"):
            with self.subTest(company), self.assertRaises(AccessError):
                self.door.documents(company)

    def test_the_key_s_user_needs_the_right_and_gets_no_other_way_to_documents(self):
        move = self.invoice()
        peer = self.person("portal_peer", "sync_hub_exchange.group_exchange")
        with self.assertRaisesRegex(AccessError, "may not give documents to an accountant's site"):
            self.door.with_user(peer).companies()
        nobody = self.person("portal_nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.door.with_user(nobody).companies()
        with self.assertRaises(AccessError):
            move.with_user(self.knocker).read(["name"])

    def test_a_program_calls_it_with_an_api_key(self):
        move = self.invoice()
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.knocker)
            ._generate(scope="rpc", name="test", expiration_date=datetime.now() + timedelta(hours=1))
        )
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

        def answer(method, **arguments):
            with mute_logger("odoo.http"):
                return self.url_open(f"/json/2/sync.portal.door/{method}", data=json.dumps(arguments), headers=headers)

        self.assertEqual(answer("companies").json()[0]["key"], self.key)
        page = answer("documents", company=self.key).json()
        self.assertEqual(self.keys(page), [f"account.move,{move.id}"])
        (file,) = answer("files", company=self.key, document=f"account.move,{move.id}").json()
        self.assertEqual(base64.b64decode(file["content"]), PDF)
        for private in ("_documents", "_files", "_confirm", "_companies"):
            with self.subTest(private):
                self.assertNotEqual(answer(private, company=self.key).status_code, 200)

    def test_the_company_reads_when_documents_were_last_asked_for(self):
        with freeze_time("2026-06-30 10:00:00"):
            self.listed()
        self.assertEqual(self.link.asked_at, datetime(2026, 6, 30, 10, 0))

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def age(self, moves, days, files=True):
        """Have documents be written so many days ago, and their files too."""
        self.env.flush_all()
        moment = self.env.cr.now() - timedelta(days=days)
        tables = {"account_move": "id", **({"ir_attachment": "res_id"} if files else {})}
        for table, column in tables.items():
            self.env.cr.execute(f"UPDATE {table} SET write_date = %s WHERE {column} = ANY(%s)", [moment, moves.ids])
        self.env.invalidate_all()
