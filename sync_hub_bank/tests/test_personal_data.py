# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models import sync_bank_purge
from ..models.sync_bank_erasure import PERSONAL_FIELDS
from .common import BANK, NOW, BankCase, ago

LATER = NOW + relativedelta(months=13, days=-3)


@tagged("post_install", "-at_install")
class TestPersonalData(BankCase):
    """What the bank sent goes when its time is over or somebody erases it; accounts stay, and nothing comes twice."""

    def imported(self, *rows):
        """A connection with an old and a new row booked, which the bank both knows by an id."""
        rows = rows or (
            self.row(ago(20), "-20.00", "Rent", "ID-20", counterparty="Mario Rossi"),
            self.row(ago(1), "-1.00", "Coffee", "ID-1", counterparty="Bar Centrale"),
        )
        connection = self.connect(*rows)
        self.synchronize(connection)
        return connection

    def purge(self):
        self.trigger(self.env.ref("sync_hub_bank.ir_cron_purge_raw"))
        self.env.invalidate_all()

    def kept(self):
        """Days of the movements whose record is still there."""
        return [row.booking_date for row in self.inbox() if row.raw]

    # -- Purge -----------------------------------------------------------------------------------------------------

    def test_a_record_is_kept_for_thirteen_months_unless_the_company_says_otherwise(self):
        self.imported()
        self.assertEqual(self.company.sync_raw_months, 13)
        with freeze_time(LATER):
            self.purge()
            self.assertEqual(self.kept(), [ago(1)])
            self.company.sudo().sync_raw_months = 14
            self.purge()
            self.assertEqual(self.kept(), [ago(1)])
            self.company.sudo().sync_raw_months = 12
            self.purge()
            self.assertEqual(self.kept(), [])

    def test_zero_months_keep_records_for_ever(self):
        self.imported()
        self.company.sudo().sync_raw_months = 0
        with freeze_time(NOW + relativedelta(years=30)):
            self.purge()
        self.assertEqual(len(self.kept()), 2)

    def test_fewer_than_no_months_are_refused(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.company.sudo().sync_raw_months = -1
            self.env.flush_all()

    def test_the_settings_page_sets_the_periods_of_the_company(self):
        with Form(self.env["res.config.settings"].sudo()) as settings:
            settings.sync_raw_months = 24
            settings.sync_audit_months = 60
        settings.save().execute()
        self.assertEqual((self.company.sync_raw_months, self.company.sync_audit_months), (24, 60))

    def test_accounting_keeps_all_that_it_needs(self):
        self.imported()
        before = self.lines().read(["date", "amount", "payment_ref", "partner_name", "account_number", "statement_id"])
        with freeze_time(LATER):
            self.purge()
        after = self.lines().read(["date", "amount", "payment_ref", "partner_name", "account_number", "statement_id"])
        self.assertEqual(after, before)

    def test_nothing_is_imported_twice_after_the_records_are_gone(self):
        self.assertComesOnce()

    def test_rows_without_an_id_are_not_imported_twice_either(self):
        self.bank.configure(BANK, entry_references=False)
        self.assertComesOnce()

    def assertComesOnce(self):
        """Two equal rows stay two after the purge, when the bank sends all of them again."""
        equal = [self.row(ago(20), "-20.00", "Rent", reference) for reference in ("ID-20", "ID-21")]
        connection = self.imported(*equal)
        lines, rows = self.lines(), self.inbox()
        self.assertEqual(len(lines), 2)
        self.company.sudo().sync_raw_months = 1
        with freeze_time(NOW + relativedelta(months=2)):
            self.purge()
            self.assertEqual(self.kept(), [])
            connection.account_ids.complete_until = False
            run = self.synchronize(connection)
        self.assertEqual((run.outcome, run.fetched_count, run.created_count), ("nothing_new", 2, 0))
        self.assertEqual((self.lines(), self.inbox()), (lines, rows))

    def test_a_purge_works_in_chunks_that_are_committed_and_is_written_down(self):
        connection = self.imported(*(self.row(ago(day), f"-{day}.00") for day in range(10, 17)))
        self.patch(sync_bank_purge, "CHUNK", 3)
        commit = type(self.env["ir.cron"])._commit_progress
        done = []

        def counted(cron, processed=0, **values):
            done.append((processed, values.get("remaining")))
            return commit(cron, processed, **values)

        self.patch(type(self.env["ir.cron"]), "_commit_progress", counted)
        with freeze_time(NOW + relativedelta(years=2)):
            self.purge()
        self.assertEqual([each for each in done if each[0]], [(3, 4), (3, 1), (1, 0)])
        entries = self.env["sync.bank.audit"].search([("event", "=", "purge")])
        self.assertEqual((sum(entries.mapped("movements")), entries.connection_id), (7, connection))

    def test_another_company_has_its_own_period(self):
        self.imported()
        other = self.env["res.company"].sudo().create({"name": "Next door", "sync_raw_months": 1})
        self.company.sudo().sync_raw_months = 0
        with freeze_time(LATER):
            self.purge()
        self.assertEqual((len(self.kept()), other.sync_raw_months), (2, 1))

    # -- Erasure ---------------------------------------------------------------------------------------------------

    def test_as_long_as_the_connection_stands_nothing_is_erased(self):
        connection = self.imported()
        for erase in (connection.action_erase_data, connection._erase_data):
            with self.assertRaisesRegex(UserError, "Disconnect"):
                erase()

    def ended(self):
        """A connection that has ended: one row is booked, one waits because somebody had typed it before."""
        connection = self.connect(
            self.row(ago(20), "-20.00", "Rent", "ID-20", counterparty="Mario Rossi"),
            self.row(ago(1), "-1.00", "Coffee", "ID-1", counterparty="Bar Centrale"),
        )
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": ago(20), "amount": -20, "payment_ref": "By hand"}
        )
        self.synchronize(connection)
        self.assertEqual(self.inbox().mapped("state"), ["proposed", "booked"])
        connection.account_ids.write({"holder": "Mario Rossi", "name": "Conto di Mario Rossi"})
        connection.action_disconnect()
        return connection

    def test_the_dialog_says_what_goes_and_what_stays(self):
        action = self.ended().action_erase_data()
        dialog = self.env[action["res_model"]].with_context(**action["context"]).create({})
        counts = (dialog.raw_count, dialog.unbooked_count, dialog.waiting_count, dialog.booked_count)
        self.assertEqual((counts, dialog.account_count), ((2, 1, 1, 1), 1))

    def test_erasure_takes_records_words_and_names_and_leaves_books_and_keys(self):
        connection = self.ended()
        waiting, booked = self.inbox()
        line = self.lines().filtered("sync_transaction_id")
        keys = [(row.reference, row.fingerprint, row.occurrence) for row in self.inbox()]
        dialog = self.env["sync.bank.erase"].create({"connection_id": connection.id})
        dialog.action_erase()
        self.assertEqual(self.kept(), [])
        self.assertEqual([waiting[name] for name in PERSONAL_FIELDS], [False] * len(PERSONAL_FIELDS))
        self.assertEqual((waiting.state, waiting.amount, waiting.booking_date), ("dismissed", -20.0, ago(20)))
        self.assertEqual((booked.state, booked.counterparty), ("booked", "Bar Centrale"))
        self.assertEqual((line.exists().payment_ref, line.partner_name), ("Coffee", "Bar Centrale"))
        account = connection.account_ids
        self.assertEqual((account.holder, account.name), (False, account.iban))
        self.assertEqual([(row.reference, row.fingerprint, row.occurrence) for row in self.inbox()], keys)
        told = json.dumps([*self.inbox().read(), *connection.account_ids.read()], default=str)
        self.assertNotIn("Rossi", told.replace(self.company.name, ""))

    def test_an_erasure_is_written_down_with_who_did_it(self):
        connection = self.ended()
        self.assertEqual(connection._erase_data(), 2)
        entry = self.env["sync.bank.audit"].search([("event", "=", "erasure")])
        self.assertEqual((entry.connection_id, entry.movements, entry.user_id), (connection, 2, self.env.user))
        self.assertIn("erased", connection.message_ids[0].body)

    def test_a_bank_that_is_connected_again_brings_nothing_back(self):
        connection = self.ended()
        connection._erase_data()
        lines, rows = self.lines(), self.inbox()
        self.consent(connection)
        connection.account_ids._link(self.journal, ago(30))
        run = self.synchronize(connection)
        self.assertEqual((run.created_count, self.lines(), self.inbox()), (0, lines, rows))
