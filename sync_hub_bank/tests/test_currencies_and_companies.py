# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import BANK, USD_IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestForeignCurrency(BankCase):
    """Accounts in another currency than the company's, and payments in another one than the account's."""

    def dollars(self, *rows):
        """An account in US dollars, synchronized into a journal of its own; returns the journal."""
        dollar = self.env.ref("base.USD")
        dollar.sudo().active = True
        self.env["res.currency.rate"].sudo().create(
            {"currency_id": dollar.id, "company_id": self.company.id, "name": ago(60), "rate": 1.25}
        )
        self.load(*rows, iban=USD_IBAN, currency="USD")
        connection = self.consent(self.draft(), (USD_IBAN,))
        account = connection.account_ids
        account._link(account._create_journal())
        self.synchronize(connection)
        return account.journal_id

    def test_a_journal_in_a_foreign_currency_is_booked_in_it_and_balances_in_both(self):
        journal = self.dollars(self.row(ago(3), "-50.00", currency="USD"), self.row(ago(1), "100.00", currency="USD"))
        self.assertEqual(journal.currency_id.name, "USD")
        self.assertBooksEqualBank(USD_IBAN, journal=journal)
        for line in self.lines(journal):
            self.assertEqual(line.currency_id.name, "USD")
            self.assertFalse(line.foreign_currency_id)
            items = line.line_ids
            self.assertEqual(set(items.currency_id.mapped("name")), {"USD"})
            self.assertAlmostEqual(sum(items.mapped("balance")), 0.0)
            self.assertAlmostEqual(sum(items.mapped("amount_currency")), 0.0)
            at_bank = items.filtered(lambda item: item.account_id == journal.default_account_id)
            self.assertAlmostEqual(at_bank.amount_currency, line.amount)
            self.assertAlmostEqual(at_bank.balance, line.amount / 1.25)

    def test_its_statements_are_in_that_currency_and_end_at_the_banks_balance(self):
        journal = self.dollars(self.row(ago(3), "-50.00", currency="USD"), self.row(ago(1), "100.00", currency="USD"))
        self.assertStatementsFollowEachOther(journal)
        statement = self.statements(journal)[-1]
        self.assertEqual(statement.currency_id.name, "USD")
        self.assertAlmostEqual(statement.balance_end_real, float(self.bank.balance(BANK, USD_IBAN)))

    def test_amount_currency_and_rate_of_the_order_are_kept_with_the_line(self):
        from emulators.enablebanking import Exchange

        self.env.ref("base.SEK").sudo().active = True
        exchange = Exchange("EUR", Decimal("1.0800"), Decimal("108.00"), "SEK")
        self.synchronize(self.connect(self.row(ago(1), "-100.00", exchange=exchange)))
        line = self.lines()
        row = line.sync_transaction_id
        self.assertEqual((line.amount, line.amount_currency, line.foreign_currency_id.name), (-100.0, -108.0, "SEK"))
        self.assertEqual((row.instructed_amount, row.instructed_currency_id.name), (-108.0, "SEK"))
        self.assertAlmostEqual(row.exchange_rate, 1.08)
        suspense = line.line_ids.filtered(lambda item: item.account_id == self.journal.suspense_account_id)
        self.assertEqual((suspense.currency_id.name, suspense.amount_currency, suspense.balance), ("SEK", 108.0, 100.0))


@tagged("post_install", "-at_install")
class TestSeveralCompanies(BankCase):
    """What is done for a company is done in it, whoever does it."""

    def test_the_schedule_of_a_company_books_there_although_its_user_belongs_to_another(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        operator = self.env.ref("sync_hub.user_operator").sudo()
        self.assertNotEqual(operator.company_id, self.company)
        run = self.scheduled(connection)
        self.assertEqual((run.trigger, run.outcome, run.company_id), ("scheduled", "done", self.company))
        line = self.lines()
        self.assertEqual(line.create_uid, self.env.ref("sync_hub.user_operator"))
        for record in (line, line.move_id, line.statement_id, line.sync_transaction_id):
            self.assertEqual(record.company_id, self.company)
        self.assertEqual(set(line.line_ids.account_id.company_ids), set(self.company))
        self.assertBooksEqualBank()

    def test_users_of_another_company_see_nothing_of_a_connection_and_can_press_none_of_its_buttons(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        self.synchronize(connection)
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        stranger = new_test_user(
            self.env(su=True), "stranger", "account.group_account_manager", company_id=other.id, company_ids=other.ids
        )
        seen = connection.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(seen.search([]))
        self.assertFalse(seen.env["sync.bank.account"].search([]))
        self.assertFalse(seen.env["sync.bank.transaction"].search([]))
        with self.assertRaises(AccessError):
            seen.read(["name"])
        for button in ("action_sync_now", "action_authorize", "action_fetch_accounts", "action_disconnect"):
            with self.assertRaises(AccessError):
                getattr(seen, button)()
        with self.assertRaises(AccessError):
            seen.env["sync.bank.find"].create({"account_id": connection.account_ids.id}).action_look()
