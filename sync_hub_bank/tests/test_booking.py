# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, date, datetime
from decimal import Decimal

from freezegun import freeze_time
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BankCase, ago

CUSTOMER_IBAN = "IT02L1234512345123456789012"


@tagged("post_install", "-at_install")
class TestBooking(BankCase):
    """What a statement line says, and what accounting refuses."""

    def book(self, *rows):
        self.synchronize(self.connect(*rows))
        return self.lines()

    def customer(self, name="Azure Interior", **values):
        partner = self.env["res.partner"].create({"name": name, **values})
        self.env["res.partner.bank"].create({"acc_number": CUSTOMER_IBAN, "partner_id": partner.id})
        return partner

    def test_the_partner_is_found_by_the_counterpartys_account(self):
        partner = self.customer("A name that the bank writes otherwise")
        line = self.book(self.row(ago(1), "9.00", counterparty_account=CUSTOMER_IBAN))
        self.assertEqual(line.partner_id, partner)
        self.assertEqual((line.partner_name, line.account_number), ("Azure Interior", CUSTOMER_IBAN))

    def test_however_its_number_is_written(self):
        partner = self.env["res.partner"].create({"name": "Gemini Furniture"})
        number = "it02 l123 4512 3451 2345 6789 012"
        self.env["res.partner.bank"].create({"acc_number": number, "partner_id": partner.id})
        line = self.book(self.row(ago(1), "9.00", counterparty=None, counterparty_account=CUSTOMER_IBAN))
        self.assertEqual(line.partner_id, partner)

    def test_an_account_that_two_partners_share_names_neither(self):
        self.customer()
        self.customer("Deco Addict")
        self.assertFalse(self.book(self.row(ago(1), "9.00", counterparty_account=CUSTOMER_IBAN)).partner_id)

    def test_the_label_keeps_all_parts_of_the_remittance(self):
        from emulators.enablebanking import Movement

        parts = ("Saldo fattura FT/2026/00012", "del 3 giugno", "grazie")
        line = self.book(
            Movement(ago(1), Decimal("9.00"), remittance=parts, reference_number="RF18539007547034", counterparty="X")
        )
        self.assertEqual(line.payment_ref, " ".join((*parts, "RF18539007547034")))

    def test_what_the_bank_sent_is_kept_whole_with_the_line(self):
        row = self.book(self.row(ago(1), "9.00", "Rent", "ID-1")).sync_transaction_id
        self.assertEqual(row.raw["entry_reference"], "ID-1")
        self.assertEqual(row.statement_line_id.sync_transaction_id, row)

    def test_the_amount_in_a_foreign_currency_is_kept(self):
        from emulators.enablebanking import Exchange

        self.env.ref("base.SEK").sudo().active = True
        exchange = Exchange("EUR", Decimal("1.0800"), Decimal("108.00"), "SEK")
        line = self.book(self.row(ago(1), "-100.00", exchange=exchange))
        self.assertEqual((line.amount, line.foreign_currency_id.name, line.amount_currency), (-100.0, "SEK", -108.0))

    def test_a_foreign_currency_that_is_switched_off_stays_in_the_inbox(self):
        from emulators.enablebanking import Exchange

        self.env.ref("base.SEK").sudo().active = False
        exchange = Exchange("EUR", Decimal("1.0800"), Decimal("108.00"), "SEK")
        line = self.book(self.row(ago(1), "-100.00", exchange=exchange))
        self.assertFalse(line.foreign_currency_id)
        self.assertEqual((line.sync_transaction_id.instructed_amount, line.state), (-108.0, "posted"))

    def test_dates_never_shift_whatever_the_time_zone_and_the_clock_change(self):
        days = [date(2025, 10, 26), date(2026, 3, 29), date(2026, 3, 8), date(2025, 11, 2), date(2026, 4, 5)]
        for place, (zone, instant) in enumerate(
            (
                ("Europe/Rome", datetime(2026, 6, 29, 22, 30, tzinfo=UTC)),
                ("Atlantic/Azores", datetime(2026, 6, 29, 23, 30, tzinfo=UTC)),
                ("America/New_York", datetime(2026, 6, 30, 2, tzinfo=UTC)),
                ("Pacific/Auckland", datetime(2026, 6, 30, 13, tzinfo=UTC)),
            )
        ):
            (self.env.user | self.env.ref("sync_hub.user_operator")).sudo().tz = zone
            self.journal = self.journal.copy({"code": f"TZ{place}", "bank_account_id": False})
            with freeze_time(instant):
                lines = self.book(*(self.row(day, "-1.00") for day in days))
                self.assertEqual(lines.mapped("date"), sorted(days), zone)
                self.assertEqual(lines.sync_transaction_id.mapped("value_date"), sorted(days))
            lines.sync_transaction_id.account_id.connection_id.action_disconnect()

    def refuse(self, condition):
        """Let the database refuse lines, until the end of the test."""
        self.env.cr.execute(f"ALTER TABLE account_bank_statement_line ADD CONSTRAINT no_13 CHECK ({condition})")

    @mute_logger("odoo.sql_db")
    def test_one_row_of_many_that_accounting_refuses_does_not_hold_up_the_others(self):
        self.refuse("amount <> -13.13")
        rows = [self.row(ago(number % 7 + 1), f"-{number}.01") for number in range(30)]
        connection = self.connect(*rows, self.row(ago(3), "-13.13"))
        run = self.synchronize(connection)
        self.assertEqual((run.outcome, run.created_count, run.failed_count), ("partly_failed", 30, 1))
        refused = self.inbox(state="proposed")
        self.assertEqual((refused.amount, refused.reason), (-13.13, "refused"))
        self.assertIn("no_13", refused.detail)
        line = self.assertFault(connection, "booking_refused")
        self.assertEqual(line.detail, refused.detail)
        self.assertStatementsFollowEachOther()
        self.env.cr.execute("ALTER TABLE account_bank_statement_line DROP CONSTRAINT no_13")
        self.assertEqual(self.synchronize(connection).created_count, 1)
        self.assertBooksEqualBank()

    def test_without_a_suspense_account_all_rows_wait_and_come_once_it_is_there(self):
        suspense = self.journal.suspense_account_id
        self.journal.suspense_account_id = False
        connection = self.connect(self.row(ago(2), "-1.00"), self.row(ago(1), "-2.00"))
        self.assertEqual(self.synchronize(connection).outcome, "partly_failed")
        self.assertIn("booking_refused", connection.fault_line_id.kind)
        self.assertEqual(self.inbox(state="proposed").mapped("reason"), ["refused"] * 2)
        self.journal.suspense_account_id = suspense
        self.synchronize(connection)
        self.assertBooksEqualBank()

    def test_a_row_of_an_account_without_a_journal_says_what_is_missing(self):
        connection = self.connect(self.row(ago(2), "-25.00"))
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": ago(2), "amount": -25.0, "payment_ref": "By hand"}
        )
        self.synchronize(connection)
        connection.account_ids.journal_id = False
        with self.assertRaisesRegex(Exception, "feeds no journal"):
            self.inbox(state="proposed").action_book()
