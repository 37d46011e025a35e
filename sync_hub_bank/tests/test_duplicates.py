# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BankCase, ago

CUSTOMER_IBAN = "IT02L1234512345123456789012"


@tagged("post_install", "-at_install")
class TestDuplicates(BankCase):
    """Find duplicates: transactions of a journal that may be one movement, side by side."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.duplicates = cls.env["sync.bank.duplicates"]

    def typed(self, day, amount, text="By hand", **values):
        return self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": day, "amount": amount, "payment_ref": text, **values}
        )

    def search(self, since=None):
        """What the page shows, since a day."""
        search = self.env["sync.bank.duplicate.search"].create(
            {"journal_id": self.journal.id, "date_from": since or ago(90)}
        )
        search.action_find()
        return search.pair_ids

    def sides(self, pairs):
        return [(pair.kind, pair.line_id, pair.other_id) for pair in pairs]

    def booked_twice(self):
        """A line by hand and the movement of the bank, booked as well; returns connection, line by hand, the other."""
        connection = self.connect(self.row(ago(2), "-25.00", "Rent", "ID-1"))
        by_hand = self.typed(ago(2), -25.0)
        self.synchronize(connection)
        self.inbox(state="proposed").action_book()
        return connection, by_hand, self.lines() - by_hand

    def reconcile(self, line):
        """Match a line with an entry of another journal."""
        account = self.company.transfer_account_id
        _liquidity, suspense, _others = line._seek_for_lines()
        suspense.account_id = account
        entry = self.env["account.move"].create(
            {
                "date": line.date,
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": line.amount}),
                    (0, 0, {"account_id": self.journal.suspense_account_id.id, "balance": -line.amount}),
                ],
            }
        )
        entry.action_post()
        (suspense + entry.line_ids.filtered(lambda item: item.account_id == account)).reconcile()
        self.assertTrue(line.is_reconciled)
        return entry

    # -- Find --------------------------------------------------------------------------------------------------------

    def test_lines_of_one_day_amount_and_currency_stand_side_by_side(self):
        _connection, by_hand, synchronized = self.booked_twice()
        self.typed(ago(2), -25.01)
        self.typed(ago(3), -25.0)
        pair = self.search()
        self.assertEqual(self.sides(pair), [("content", by_hand, synchronized)])
        self.assertEqual((pair.line_label, pair.other_label), ("By hand", "Rent"))
        self.assertIn("bookkeeper", pair.line_origin)
        self.assertIn("From the bank", pair.other_origin)
        self.assertEqual(pair.other_run_id, synchronized.sync_transaction_id.run_id)

    def test_different_accounts_of_the_other_party_are_no_duplicates_and_the_same_one_is(self):
        first = self.typed(ago(2), -25.0, account_number="IT02 L123 4512 3451 2345 6789 012")
        self.typed(ago(2), -25.0, account_number="IT60X0542811101000000123456")
        third = self.typed(ago(2), -25.0, "By hand", account_number=CUSTOMER_IBAN)
        pair = self.search()
        self.assertEqual(self.sides(pair), [("content", first, third)])
        self.assertTrue(pair.alike)

    def test_lines_of_different_foreign_currencies_are_no_duplicates(self):
        for name in ("SEK", "NOK"):
            currency = self.env.ref(f"base.{name}")
            currency.sudo().active = True
            self.typed(ago(2), -25.0, foreign_currency_id=currency.id, amount_currency=-250.0)
        self.assertFalse(self.search())

    def test_days_before_the_chosen_one_are_left_out(self):
        self.typed(ago(20), -1.0)
        self.typed(ago(20), -1.0)
        self.assertFalse(self.search(ago(19)))
        self.assertEqual(len(self.search(ago(20))), 1)

    def test_lines_of_other_journals_are_left_out(self):
        self.typed(ago(2), -1.0)
        other = self.journal.copy({"code": "BNK8", "bank_account_id": False})
        self.typed(ago(2), -1.0, journal_id=other.id)
        self.assertFalse(self.search())

    def test_the_same_id_of_the_bank_is_found_whatever_day_and_amount(self):
        connection = self.connect(self.row(ago(60), "-1.00", "rent", "ID-1"))
        self.synchronize(connection)
        self.add(self.row(ago(1), "5.00", "sale", "ID-1"))
        self.synchronize(connection)
        first, second = self.lines()
        self.assertEqual(second.sync_transaction_id.contested_reference, "ID-1")
        self.assertEqual(self.sides(self.search()), [("id", first, second)])
        self.assertFalse(self.search(ago(0)))

    def test_so_is_a_former_id(self):
        self.synchronize(self.connect(self.row(ago(3), "-1.00", "a", "ID-1"), self.row(ago(2), "2.00", "b", "ID-2")))
        first, second = self.lines()
        # As the bank leaves it when it gives the id of one row to another.
        second.sync_transaction_id.sudo().former_references = ["ID-1"]
        self.assertEqual(self.sides(self.search()), [("id", first, second)])

    def test_what_the_bank_writes_where_it_has_no_id_names_nothing(self):
        self.synchronize(self.connect(*(self.row(ago(day), f"-{day}.00", str(day)) for day in range(1, 13))))
        self.inbox().sudo().former_references = ["NOTPROVIDED"]
        self.assertFalse(self.search())

    def test_two_coffees_that_the_bank_listed_together_are_shown_as_such_and_last(self):
        coffee = self.row(ago(2), "-2.60", "BAR CENTRALE")
        self.synchronize(self.connect(coffee, coffee))
        self.typed(ago(3), -9.0)
        self.typed(ago(3), -9.0)
        self.assertEqual(self.search().mapped("kind"), ["content", "together"])

    def test_what_the_bank_took_back_although_it_is_booked_has_its_own_tab(self):
        self.synchronize(self.connect(self.row(ago(2), "-25.00", "Rent", "ID-1"), self.row(ago(1), "1.00")))
        line = self.lines()[0]
        # As landing leaves it when a service says that a booked row is none.
        line.sync_transaction_id.sudo().reason = "withdrawn"
        pair = self.search()
        self.assertEqual(self.sides(pair), [("withdrawn", line, self.env["account.bank.statement.line"])])
        pair.action_are_two()
        self.assertFalse(self.search())
        self.assertEqual(len(self.lines()), 2)

    def test_it_is_deleted_with_a_button(self):
        self.synchronize(self.connect(self.row(ago(2), "-25.00", "Rent", "ID-1"), self.row(ago(1), "1.00")))
        self.inbox(amount=-25.0).sudo().reason = "withdrawn"
        self.search().action_delete_line()
        self.assertEqual(self.lines().mapped("amount"), [1.0])
        self.assertEqual(self.inbox(amount=-25.0).mapped("state"), ["dismissed"])
        self.assertEqual(self.inbox(amount=-25.0).reason, "withdrawn")
        self.assertStatementsFollowEachOther()

    # -- They are two ------------------------------------------------------------------------------------------------

    def test_two_that_a_person_calls_two_are_never_shown_again(self):
        connection, *_lines = self.booked_twice()
        self.search().action_are_two()
        self.assertFalse(self.search())
        self.synchronize(connection)
        self.assertFalse(self.search())
        self.assertEqual(len(self.lines()), 2)

    def test_a_third_one_is_still_compared_with_both(self):
        self.booked_twice()
        self.search().action_are_two()
        third = self.typed(ago(2), -25.0)
        pairs = self.search()
        self.assertEqual(len(pairs), 2)
        self.assertEqual(pairs.other_id, third)

    # -- Delete ------------------------------------------------------------------------------------------------------

    def test_a_deleted_one_does_not_come_back(self):
        connection, by_hand, _synchronized = self.booked_twice()
        self.search().action_delete_other()
        self.assertEqual(self.lines(), by_hand)
        self.assertEqual((self.inbox().state, self.inbox().reason), ("dismissed", "duplicate"))
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual(self.lines(), by_hand)
        self.assertFalse(self.search())

    def test_the_statements_stay_right(self):
        connection, by_hand, _synchronized = self.booked_twice()
        self.add(self.row(ago(1), "7.00"))
        self.synchronize(connection)
        self.search().action_delete_other()
        self.assertEqual(len(self.lines()), 2)
        self.assertIn(by_hand, self.lines())
        self.assertStatementsFollowEachOther()

    def test_a_matched_one_is_deleted_after_a_second_question_only(self):
        _connection, by_hand, synchronized = self.booked_twice()
        entry = self.reconcile(synchronized)
        pair = self.search()
        question = pair.action_delete_other()
        self.assertEqual((question["res_model"], question["target"]), ("sync.bank.duplicate", "new"))
        self.assertIn(entry.display_name, pair.undone)
        self.assertTrue(synchronized.exists() and synchronized.is_reconciled)
        pair.action_never_mind()
        with self.assertRaises(UserError):
            pair.action_confirm()
        self.assertTrue(synchronized.exists())
        pair.action_delete_other()
        pair.action_confirm()
        self.assertEqual(self.lines(), by_hand)
        self.assertFalse(entry.line_ids.filtered("reconciled"))

    def test_in_a_locked_period_nothing_is_deleted(self):
        _connection, by_hand, synchronized = self.booked_twice()
        pair = self.search()
        for line in (by_hand, synchronized):
            self.reconcile(line)
        self.company.sudo().fiscalyear_lock_date = ago(2)
        for button in ("action_delete_line", "action_delete_other", "action_keep_line", "action_keep_other"):
            with self.assertRaisesRegex(UserError, "locked period.*Lock Dates"):
                getattr(pair, button)()
        self.assertEqual(len(self.lines()), 2)

    def test_a_secured_entry_is_not_deleted(self):
        _connection, _by_hand, synchronized = self.booked_twice()
        synchronized.move_id.sudo().inalterable_hash = "$4$sealed"
        with self.assertRaisesRegex(UserError, "secured.*Reverse Entry"):
            self.search().action_delete_other()
        self.assertEqual(len(self.lines()), 2)

    def test_a_statement_that_was_entered_with_its_balances_is_not_broken(self):
        _connection, by_hand, synchronized = self.booked_twice()
        synchronized.statement_id = False
        statement = self.env["account.bank.statement"].create(
            {"name": "Paper", "balance_start": 0.0, "balance_end_real": -25.0, "line_ids": [(6, 0, by_hand.ids)]}
        )
        self.assertTrue(statement.is_complete and statement.is_valid)
        with self.assertRaisesRegex(UserError, "Paper"):
            self.search().action_delete_line()
        self.assertTrue(by_hand.exists())

    # -- Merge -------------------------------------------------------------------------------------------------------

    def test_keeping_the_typed_one_makes_it_the_line_of_the_movement(self):
        connection, by_hand, _synchronized = self.booked_twice()
        self.search().action_keep_line()
        self.assertEqual(self.lines(), by_hand)
        row = self.inbox()
        self.assertEqual((by_hand.sync_transaction_id, row.state, row.reason), (row, "booked", False))
        self.assertEqual(by_hand.partner_name, "Azure Interior")
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertBooksEqualBank()

    def test_keeping_the_banks_one_deletes_the_typed_one(self):
        connection, by_hand, synchronized = self.booked_twice()
        partner = self.env["res.partner"].create({"name": "Azure Interior"})
        by_hand.partner_id = partner
        self.search().action_keep_other()
        self.assertEqual((self.lines(), synchronized.partner_id), (synchronized, partner))
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertBooksEqualBank()

    def test_of_two_movements_of_the_bank_neither_comes_again_whatever_ids_it_uses(self):
        rows = [self.row(ago(2), "-25.00", "Rent", "ID-1"), self.row(ago(2), "-25.00", "RENT JUNE", "ID-2")]
        connection = self.connect(*rows)
        self.synchronize(connection)
        kept = self.search().line_id
        self.search().action_keep_line()
        self.assertEqual(self.lines(), kept)
        for left in (rows, rows[:1], rows[1:], rows):
            self.load(*left)
            self.assertEqual(self.synchronize(connection).created_count, 0)
            self.bank.renumber()
            self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual(self.lines(), kept)

    def test_nor_of_two_that_are_equal_in_all(self):
        coffee = self.row(ago(2), "-2.60", "BAR CENTRALE")
        connection = self.connect(coffee, coffee)
        self.synchronize(connection)
        self.search().action_keep_line()
        kept = self.lines()
        for left in ((coffee, coffee), (coffee,), (coffee,)):
            self.load(*left)
            self.assertEqual(self.synchronize(connection).created_count, 0)
            self.bank.renumber()
            self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual(self.lines(), kept)

    # -- Size --------------------------------------------------------------------------------------------------------

    def test_one_query_finds_them_and_their_number_is_limited(self):
        for _number in range(30):
            self.typed(ago(2), -1.0)
        self.env.flush_all()
        self.journal.check_access("read")
        with self.assertQueryCount(1):
            found = self.duplicates._suspects(self.journal, ago(30))
        # Each with the next ten at most.
        self.assertEqual(len(found), sum(min(10, left) for left in range(30)))
