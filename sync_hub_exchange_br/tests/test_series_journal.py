# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import closing, contextmanager
from datetime import date

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

CNPJ = "11222333000181"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSeriesJournal(AccountTestInvoicingCommon):
    """Fiscal series and the journals of Odoo's Brazilian accounting."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("br")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.write({"vat": "11.222.333/0001-81", "state_id": cls.env.ref("base.state_br_sp").id})
        cls.env.user.group_ids += cls.env.ref("sync_hub.group_manager")
        cls.journal = cls.company_data["default_journal_sale"]
        cls.income = cls.company_data["default_account_revenue"]
        cls.nfe, cls.nfce = cls.env.ref("l10n_br.dt_55"), cls.env.ref("l10n_br.dt_65")
        cls.customer = cls.env["res.partner"].create({"name": "Cliente", "country_id": cls.env.ref("base.br").id})

    @contextmanager
    def refused(self, words):
        with self.assertRaisesRegex(UserError, words), closing(self.env.cr.savepoint()):
            yield

    def new_series(self, number, model="55", **values):
        return self.env["sync.exchange.series"].create({"document_model": model, "series_number": number, **values})

    def new_peer(self):
        return self.env["sync.exchange.peer"].create({"name": "Filial Recife", "url": "https://erp.example.com"})

    def invoice(self, kind=None, journal=None, day="2026-05-04"):
        """A posted invoice."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": (journal or self.journal).id,
                "partner_id": self.customer.id,
                "invoice_date": day,
                "l10n_latam_document_type_id": (kind or self.nfe).id,
                "invoice_line_ids": [
                    (0, 0, {"name": "Pão", "price_unit": 10, "tax_ids": False, "account_id": self.income.id})
                ],
            }
        )
        move.action_post()
        return move

    def test_the_journal_gets_the_series_and_its_invoices_the_numbers(self):
        with Form(self.env["sync.exchange.series"]) as form:
            form.document_model = "55"
            form.series_number = 3
            form.number_first = 5001
            form.journal_id = self.journal
        series = form.save()
        self.assertEqual(self.journal.l10n_br_invoice_serial, "3")
        moves = [self.invoice() for _time in range(2)]
        self.assertEqual([move.sequence_number for move in moves], [5001, 5002])
        self.assertEqual(moves[0].name, "NFe 00005001")
        self.assertEqual(series.number_next, 5003)
        self.assertTrue(series.is_used)

    def test_invoices_and_other_documents_of_a_series_never_get_one_number(self):
        series = self.new_series(1, journal_id=self.journal.id)
        document = self.env["sync.exchange.series.document"].create({"series_id": series.id})
        self.env["sync.exchange.series.void"].create({"series_id": series.id, "number_from": 3, "number_until": 4})
        numbers = [document.number, self.invoice().sequence_number, self.invoice().sequence_number, series._draw()]
        self.assertEqual(numbers, [1, 2, 5, 6])
        self.assertEqual(self.invoice().sequence_number, 7)

    def test_each_model_has_its_own_numbers_in_a_journal(self):
        nfe = self.new_series(1, journal_id=self.journal.id, number_first=10)
        nfce = self.new_series(1, "65", journal_id=self.journal.id, number_first=700)
        self.assertEqual(self.invoice(self.nfce).name, "NFCe 00000700")
        self.assertEqual(self.invoice(self.nfe).name, "NFe 00000010")
        self.assertEqual((nfe.number_next, nfce.number_next), (11, 701))

    def test_a_journal_that_has_numbered_goes_on_after_its_last_invoice(self):
        self.invoice()
        self.assertEqual(self.invoice().sequence_number, 2)
        series = self.new_series(1, journal_id=self.journal.id)
        self.assertEqual(series.number_next, 3)
        self.assertEqual(self.invoice().sequence_number, 3)

    def test_invoices_of_other_journals_are_numbered_as_ever(self):
        self.new_series(1, journal_id=self.journal.id, number_first=500)
        other = self.journal.copy({"name": "Other"})
        self.assertEqual(self.invoice(journal=other).sequence_number, 1)

    def test_no_invoice_is_confirmed_in_a_series_that_has_ended_or_that_another_database_uses(self):
        series = self.new_series(1, journal_id=self.journal.id)
        series.action_end()
        with self.refused("NF-e 1 has ended"):
            self.invoice()
        series.action_open()
        row = {"tax_number": CNPJ, "document_model": "55", "series": 1, "database": "there", "name": "Recife"}
        self.env["sync.exchange.series"]._check_all_of(self.new_peer(), [row])
        with self.refused("already used by “Recife”"):
            self.invoice()

    def test_a_journal_cannot_take_a_series_that_a_peer_numbers(self):
        self.new_series(7, peer_id=self.new_peer().id)
        with self.refused("Series 7 is already used by “Filial Recife”"):
            self.journal.l10n_br_invoice_serial = "7"
        self.journal.l10n_br_invoice_serial = "8"
        with self.refused("no journal of this database can use it"):
            self.env["sync.exchange.series"].search([("series_number", "=", 7)]).journal_id = self.journal

    def test_journal_and_series_always_say_the_same(self):
        series = self.new_series(1, journal_id=self.journal.id)
        self.assertEqual(self.journal.sync_series_ids, series)
        with self.refused("numbers invoices of NF-e 1. Change the journal there"):
            self.journal.l10n_br_invoice_serial = "2"
        with self.refused("a journal has one series"):
            self.new_series(2, journal_id=self.journal.id)
        with self.refused("a journal has one series"):
            self.new_series(2, "65", journal_id=self.journal.id)

    def test_missing_numbers_are_those_that_neither_invoices_nor_documents_have(self):
        series = self.new_series(1, journal_id=self.journal.id)
        moves = [self.invoice(day="2026-04-30") for _time in range(2)]
        moves[1].button_draft()
        moves[1].button_cancel()
        self.env["sync.exchange.series.document"].create({"series_id": series.id, "number": 5})
        # An invoice that is a document, too, is one.
        moves[0].action_sync_contingency()
        report = series._gap_report()
        self.assertEqual([(gap.numbers.first, gap.numbers.last) for gap in report.gaps], [(3, 4)])
        self.assertEqual((report.used, report.repeated), (3, 0))
        self.assertEqual(next(iter(series._used())).on, date(2026, 4, 30))

    def test_who_sees_the_series_without_seeing_invoices_is_told_what_is_missing(self):
        series = self.new_series(1, journal_id=self.journal.id, number_first=2)
        self.invoice()
        series.number_next = 4
        clerk = new_test_user(self.env, "br_clerk", "sync_hub.group_user", company_id=self.company.id)
        action = series.with_user(clerk).action_gaps()
        report = self.env["sync.exchange.series.gaps"].with_user(clerk).browse(action["res_id"])
        self.assertEqual((report.line_ids.number_from, report.line_ids.number_until), (3, 3))

    def test_an_invoice_that_was_issued_offline_has_its_deadline_watched(self):
        series = self.new_series(890, "65", kind="contingency", journal_id=self.journal.id)
        move = self.invoice(self.nfce)
        self.assertEqual(move.sync_series_id, series)
        action = move.action_sync_contingency()
        document = self.env["sync.exchange.series.document"].browse(action["res_id"])
        self.assertEqual(
            (document.series_id, document.number, document.issue, document.state, document.move_id),
            (series, move.sequence_number, "9", "waiting", move),
        )
        self.assertTrue(document.deadline)
        self.assertEqual(move.action_sync_contingency()["res_id"], document.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), closing(self.env.cr.savepoint()):
            document.copy({"number": 99, "move_id": move.id}).flush_recordset()

    def test_an_invoice_without_a_series_cannot_be_watched(self):
        with self.refused("Confirm the invoice first, in a journal that has a fiscal series"):
            self.invoice().action_sync_contingency()
