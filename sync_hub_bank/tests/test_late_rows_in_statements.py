# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.tests import tagged

from .common import BANK, IBAN, BankCase


@tagged("post_install", "-at_install")
class TestLateRowsInStatements(BankCase):
    """A row that the bank books late falls into the statement of its day, whatever a journal's statements are."""

    def late(self, period):
        """Rows of four days, then one that comes late for Wednesday 24 June; returns its line."""
        self.journal.sync_statement_period = period
        connection = self.connect(
            self.row(date(2026, 6, 21), "21.00"),
            self.row(date(2026, 6, 22), "22.00"),
            self.row(date(2026, 6, 25), "-25.00"),
            self.row(date(2026, 6, 29), "29.00"),
        )
        self.synchronize(connection)
        self.add(self.row(date(2026, 6, 24), "-24.00", "late"))
        self.synchronize(connection)
        self.assertBooksEqualBank()
        return self.lines().filtered(lambda line: line.amount == -24.0)

    def balances(self):
        return [
            (statement.balance_start, statement.balance_end_real, statement.line_ids.sorted("date").mapped("amount"))
            for statement in self.statements()
        ]

    def assertBalancesAreRight(self):
        """Each statement begins with what the account held before it and ends with its sum; the last at the bank's."""
        self.assertStatementsFollowEachOther()
        for start, end, amounts in self.balances():
            self.assertAlmostEqual(start + sum(amounts), end)
        self.assertAlmostEqual(self.statements()[0].balance_start, float(self.bank.opening_balance(BANK, IBAN)))
        self.assertAlmostEqual(self.statements()[-1].balance_end_real, float(self.bank.balance(BANK, IBAN)))

    def test_of_the_day(self):
        line = self.late("day")
        self.assertEqual(line.statement_id.line_ids, line)
        self.assertEqual(
            self.balances(),
            [
                (1000.0, 1021.0, [21.0]),
                (1021.0, 1043.0, [22.0]),
                (1043.0, 1019.0, [-24.0]),
                (1019.0, 994.0, [-25.0]),
                (994.0, 1023.0, [29.0]),
            ],
        )
        self.assertBalancesAreRight()

    def test_of_the_week(self):
        self.late("week")
        self.assertEqual(
            self.balances(),
            [(1000.0, 1021.0, [21.0]), (1021.0, 994.0, [22.0, -24.0, -25.0]), (994.0, 1023.0, [29.0])],
        )
        self.assertBalancesAreRight()

    def test_of_the_month(self):
        self.late("month")
        self.assertEqual(self.balances(), [(1000.0, 1023.0, [21.0, 22.0, -24.0, -25.0, 29.0])])
        self.assertBalancesAreRight()

    def test_of_the_synchronization_that_brought_it(self):
        line = self.late("fetch")
        self.assertEqual(line.statement_id.line_ids, line)
        self.assertEqual(
            self.balances(), [(1000.0, 1047.0, [21.0, 22.0, -25.0, 29.0]), (1047.0, 1023.0, [-24.0])]
        )
        self.assertBalancesAreRight()

    def test_of_none(self):
        line = self.late("none")
        self.assertFalse(line.statement_id)
        self.assertFalse(self.statements())
        lines = self.lines()
        self.assertEqual(lines.mapped("date"), sorted(lines.mapped("date")))
        balance = float(self.bank.balance(BANK, IBAN))
        self.assertAlmostEqual(1000.0 + sum(lines.mapped("amount")), balance)

    def test_the_setting_is_of_each_journal(self):
        self.late("day")
        other = self.journal.copy({"code": "BNK7", "bank_account_id": False, "sync_statement_period": "none"})
        self.assertEqual((self.journal.sync_statement_period, other.sync_statement_period), ("day", "none"))
