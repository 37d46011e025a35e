# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..archive import TEXTS
from ..models.turn import Turn
from .common import COMPANY, PDF, XML, PortalCase

NO_PROGRAM = "There is no program that makes PDF files."
NOT_THIS_ONE = "Not this one."


@tagged("post_install", "-at_install")
class TestSiteDocuments(PortalCase):
    """On the site: documents come with the synchronization of their books, and runs come to their end."""

    def files(self, document):
        return {file.name: (file.role, file._raw()) for file in document.file_ids}

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
