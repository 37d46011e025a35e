# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import BANK, IBAN, NOW, TODAY, BankCase, ago


@tagged("post_install", "-at_install")
class TestUndo(BankCase):
    """A fetch can be undone: what nobody has worked on goes, and the next fetch brings the same rows once."""

    def fetches(self):
        """Fetches of the company, oldest first."""
        return self.env["sync.bank.fetch"].search([("company_id", "=", self.company.id)], order="id")

    def undo(self, source):
        """Press the button, read the dialog and confirm; returns the dialog."""
        action = source.action_undo_last_fetch() if source._name == "sync.bank.connection" else source.action_undo()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.action_undo()
        self.env.invalidate_all()
        return dialog

    def two_fetches(self):
        connection = self.connect(self.row(ago(40), "-1.00"), self.row(ago(9), "-2.00"), opening="1000.00")
        self.synchronize(connection)
        self.add(self.row(ago(3), "-3.00"), self.row(ago(1), "4.00"))
        self.synchronize(connection)
        return connection

    def match(self, line):
        """Somebody has matched a line: its counterpart is no suspense any more."""
        suspense = line._seek_for_lines()[1]
        suspense.account_id = self.company.transfer_account_id

    def test_the_lines_of_the_last_fetch_go_and_the_next_fetch_brings_them_again_once(self):
        connection = self.two_fetches()
        dialog = self.undo(connection)
        self.assertEqual((dialog.removed_count, dialog.state, len(dialog.line_ids)), (2, "done", 0))
        self.assertEqual(self.lines().mapped("amount"), [-1.0, -2.0])
        self.assertEqual(self.inbox().mapped("amount"), [-1.0, -2.0])
        self.assertEqual(self.fetches().mapped("state"), ["complete", "undone"])
        self.assertStatementsFollowEachOther()
        run = self.synchronize(connection)
        self.assertEqual(run.created_count, 2)
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()
        self.assertEqual(self.fetches()[-1].difference, 0.0)
        self.assertEqual(self.synchronize(connection).created_count, 0)

    def test_the_account_is_what_it_was_before(self):
        connection = self.connect(self.row(ago(9), "-2.00"))
        account = connection.account_ids
        self.synchronize(connection)
        before = (account.complete_until, account.bank_balance, account.bank_balance_date, account.opening_balance)
        with freeze_time(NOW + timedelta(days=3)):
            self.add(self.row(TODAY, "4.00"))
            self.synchronize(connection)
            self.assertEqual(account.complete_until, TODAY + timedelta(days=3))
            self.undo(connection)
        after = (account.complete_until, account.bank_balance, account.bank_balance_date, account.opening_balance)
        self.assertEqual(after, before)

    def test_the_first_fetch_undone_leaves_an_account_that_was_never_fetched(self):
        connection = self.connect(self.row(ago(40), "-1.00"), self.row(ago(9), "-2.00"))
        self.synchronize(connection)
        dialog = self.undo(self.fetches())
        self.assertTrue(dialog.from_the_beginning)
        account = connection.account_ids
        self.assertFalse(self.lines() or self.inbox() or self.statements())
        self.assertFalse(account.complete_until or account.bank_balance_date or account.opening_known)
        self.synchronize(connection)
        self.assertBooksEqualBank()
        self.assertEqual(account.opening_balance, 1000.0)
        self.assertStatementsFollowEachOther()

    def test_what_was_matched_stays_and_is_listed_before_and_after(self):
        connection = self.two_fetches()
        line = self.lines()[2]
        self.match(line)
        action = connection.action_undo_last_fetch()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((dialog.state, dialog.removed_count), ("ask", 1))
        self.assertEqual((dialog.line_ids.statement_line_id, dialog.line_ids.reason), (line, "It is matched."))
        dialog.action_undo()
        self.assertEqual((dialog.state, dialog.removed_count), ("done", 1))
        self.assertEqual(dialog.line_ids.statement_line_id, line)
        self.assertEqual(self.lines().mapped("amount"), [-1.0, -2.0, -3.0])
        self.synchronize(connection)
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()

    def test_what_is_locked_secured_or_in_a_statement_by_hand_stays(self):
        connection = self.two_fetches()
        self.lines()[2].move_id.inalterable_hash = "$1$secured"
        self.assertEqual(self.undo(connection).line_ids.reason, "The journal is secured against changes.")
        self.synchronize(connection)
        self.add(self.row(ago(2), "5.00"), self.row(ago(0), "6.00"))
        self.synchronize(connection)
        late = self.lines().filtered(lambda line: line.amount == 6.0)
        late.statement_id = False
        self.env["account.bank.statement"].create({"name": "Paper", "line_ids": [(6, 0, late.ids)]})
        self.lock(ago(2))
        reasons = self.undo(connection).line_ids.mapped("reason")
        self.assertEqual(reasons, ["The period is locked.", "It stands in a statement that was made by hand."])

    def test_only_the_last_fetch_and_then_the_one_before(self):
        self.two_fetches()
        first, second = self.fetches()
        with self.assertRaisesRegex(UserError, "Only the last fetch"):
            first.action_undo()
        self.undo(second)
        self.undo(first)
        self.assertFalse(self.lines() or self.inbox())

    def test_undone_twice_it_is_undone_once(self):
        connection = self.two_fetches()
        action = connection.action_undo_last_fetch()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        dialog.action_undo()
        notes = len(connection.message_ids)
        dialog.action_undo()
        self.fetches()[-1]._undo()
        self.assertEqual((len(self.lines()), len(connection.message_ids)), (2, notes))
        self.assertEqual(dialog.removed_count, 2)

    def test_the_chatter_says_who_undid_what(self):
        connection = self.two_fetches()
        self.undo(connection)
        self.assertIn("2 transactions removed", connection.message_ids[0].body)
        self.assertIn(self.env.user.name, connection.message_ids[0].body)

    def test_while_a_synchronization_goes_on_nothing_is_undone(self):
        connection = self.two_fetches()
        connection.action_sync_now()
        with self.assertRaisesRegex(UserError, "going on"):
            self.undo(connection)

    def test_a_row_that_an_earlier_fetch_received_waits_and_is_booked_by_the_next_one(self):
        self.env.cr.execute("ALTER TABLE account_bank_statement_line ADD CONSTRAINT no_13 CHECK (amount <> -13.13)")
        connection = self.connect(self.row(ago(9), "-1.00"), self.row(ago(8), "-13.13"))
        self.synchronize(connection)
        self.env.cr.execute("ALTER TABLE account_bank_statement_line DROP CONSTRAINT no_13")
        self.synchronize(connection)
        self.assertEqual(self.undo(connection).removed_count, 1)
        self.assertEqual(self.inbox(amount=-13.13).state, "to_book")
        self.synchronize(connection)
        self.assertBooksEqualBank()

    def test_an_older_row_that_the_next_fetch_would_not_ask_for_is_not_lost(self):
        """A pending row had widened the fetch; it is gone, and with it the reason to ask that far back."""
        connection = self.connect(self.row(ago(40), "-1.00"))
        self.bank.add_pending(BANK, IBAN, day=ago(25))
        self.synchronize(connection)
        self.bank.drop_pending(BANK, IBAN)
        self.add(self.row(ago(20), "-7.00", "late"))
        self.synchronize(connection)
        self.assertIn(-7.0, self.lines().mapped("amount"))
        self.undo(connection)
        self.synchronize(connection)
        self.assertBooksEqualBank()

    def test_what_a_person_decided_stays_decided(self):
        connection = self.connect(self.row(ago(9), "-1.00"))
        self.synchronize(connection)
        for day, amount in ((ago(3), -25.0), (ago(2), -26.0)):
            self.env["account.bank.statement.line"].create(
                {"journal_id": self.journal.id, "date": day, "amount": amount, "payment_ref": "By hand"}
            )
        self.add(self.row(ago(3), "-25.00"), self.row(ago(2), "-26.00"))
        self.synchronize(connection)
        self.inbox(amount=-25.0).action_book()
        self.inbox(amount=-26.0).action_dismiss()
        self.undo(connection)
        states = [(row.amount, row.state) for row in self.inbox()]
        self.assertEqual(states, [(-1.0, "booked"), (-25.0, "booked"), (-26.0, "dismissed")])
        self.assertEqual(self.synchronize(connection).created_count, 0)

    def test_all_accounts_of_the_last_synchronization_are_undone_together(self):
        connection = self.connect(self.row(ago(9), "-1.00"))
        account = self.second_account(connection, self.row(ago(9), "-2.00"))
        self.synchronize(connection)
        self.undo(connection)
        self.assertFalse(self.lines() or self.lines(account.journal_id))
        with self.assertRaisesRegex(UserError, "no fetch"):
            connection.action_undo_last_fetch()

    def test_whoever_only_reads_undoes_nothing(self):
        self.two_fetches()
        clerk = new_test_user(self.env, "clerk", "account.group_account_invoice", company_id=self.company.id)
        with self.assertRaises(AccessError):
            self.fetches()[-1].with_user(clerk)._undo()

    def test_a_failed_fetch_is_undone_like_any_other(self):
        connection = self.two_fetches()
        self.bank.configure(BANK, page_size=1)
        self.add(self.row(ago(0), "8.00"))
        self.bank.fail("timeout", call="transactions", times=3, after=1)
        self.synchronize(connection)
        self.assertEqual(self.fetches()[-1].state, "failed")
        self.undo(connection)
        self.assertEqual(self.fetches()[-1].state, "undone")
        self.synchronize(connection)
        self.assertBooksEqualBank()
