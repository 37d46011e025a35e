# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo.tests import tagged

from .common import BANK, IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestPendingRows(BankCase):
    """Only what the bank has booked becomes accounting."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect(self.row(ago(3), "-1.00"))
        self.bank.add_pending(BANK, IBAN)
        self.synchronize(self.connection)

    def test_a_pending_row_waits_in_the_inbox(self):
        self.assertEqual(self.inbox(state="pending").amount, -84.30)
        self.assertBooksEqualBank()

    def test_it_goes_when_the_booked_one_arrives_with_another_id_and_amount(self):
        reference = self.inbox(state="pending").reference
        booked = self.bank.book_pending(BANK, IBAN)
        self.synchronize(self.connection)
        self.assertFalse(self.inbox(state="pending"))
        self.assertEqual(booked.amount, Decimal("-88.52"))
        self.assertNotEqual(self.inbox(amount=-88.52).reference, reference)
        self.assertBooksEqualBank()

    def test_it_goes_when_the_bank_drops_it(self):
        self.bank.drop_pending(BANK, IBAN)
        run = self.synchronize(self.connection)
        self.assertFalse(self.inbox(state="pending"))
        self.assertEqual(run.outcome, "nothing_new")
        self.assertBooksEqualBank()

    def test_it_stays_when_a_fetch_does_not_come_to_its_end(self):
        self.bank.drop_pending(BANK, IBAN)
        self.bank.configure(BANK, page_size=1)
        self.add(self.row(ago(2), "5.00"))
        self.bank.fail("rate_limit", call="transactions", after=1)
        self.synchronize(self.connection)
        self.assertTrue(self.inbox(state="pending"))

    def test_a_pending_row_cannot_be_booked_by_hand(self):
        self.inbox(state="pending").action_book()
        self.assertEqual(len(self.lines()), 1)

    def test_a_bank_whose_last_two_days_are_pending_only_gives_booked_rows_to_accounting(self):
        self.journal = self.journal.copy({"code": "BNK9", "bank_account_id": False})
        connection = self.connect_bank("Banca Attesa", date_from=ago(20))
        self.synchronize(connection)
        self.assertEqual(len(self.inbox(connection_id=connection.id, state="pending")), 4)
        self.assertBooksEqualBank("current", "Banca Attesa", since=ago(20))
