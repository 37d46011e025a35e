# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..providers.enablebanking import EnableBanking
from .common import BANK, IBAN, OTHER_IBAN, BankCase, ago

WRITTEN = ("sync.bank.transaction", "account.bank.statement.line", "account.bank.statement", "account.move", "sync.run")


class LookCase(BankCase):
    """Dialogs that ask the bank while the user waits; their transactions end before each call."""

    def press(self, record, button):
        """Press a button as the web client does, in a transaction of its own; returns its action."""
        self.env.flush_all()
        with self.committing(), self.registry.cursor() as cr:
            action = getattr(record.with_env(self.env(cr=cr)), button)()
        self.env.invalidate_all()
        return action

    def find(self, account, first=None, last=None):
        """Look for what the bank has of some days; returns the dialog."""
        find = self.env["sync.bank.find"].browse(account.action_find_missing()["res_id"])
        find.write({"date_from": first or ago(40), "date_to": last or ago(0)})
        self.press(find, "action_look")
        return find

    def findings(self, find):
        return [(line.booking_date, line.amount, line.finding) for line in find.line_ids]

    def count(self):
        return {name: self.env[name].sudo().search_count([]) for name in WRITTEN}


@tagged("post_install", "-at_install")
class TestFindMissing(LookCase):
    """Find missing transactions: some days of the journal are compared with the bank, live."""

    def gap(self):
        """A synchronized journal to which the bank adds rows that no later fetch asks for; returns the account."""
        connection = self.connect(self.row(ago(18), "-1.00", "old"), self.row(ago(1), "4.00", "new"))
        self.synchronize(connection)
        self.add(self.row(ago(20), "-20.00", "missing", "GAP-1"), self.row(ago(19), "-19.00", "missing too"))
        return connection.account_ids

    def test_rows_of_the_bank_that_the_journal_does_not_have_are_shown_and_nothing_is_written(self):
        account = self.gap()
        before = self.count()
        find = self.find(account)
        self.assertEqual(self.findings(find), [(ago(19), -19.0, "new"), (ago(20), -20.0, "new")])
        self.assertEqual(find.counts["booked"], 2)
        self.assertIn("In the books: 2", find.summary)
        self.assertEqual(self.count(), before)

    def test_days_outside_the_chosen_ones_are_not_shown(self):
        find = self.find(self.gap(), ago(20), ago(20))
        self.assertEqual(self.findings(find), [(ago(20), -20.0, "new")])

    def test_all_are_imported_on_their_days_and_no_later_fetch_brings_them_again(self):
        account = self.gap()
        until = account.complete_until
        find = self.find(account)
        self.press(find, "action_import_all")
        self.assertBooksEqualBank()
        self.assertStatementsFollowEachOther()
        self.assertIn("2 imported", find.result)
        self.assertFalse(find.line_ids)
        self.assertEqual((account.complete_until, account.cursor), (until, False))
        account.complete_until = ago(25)
        self.assertEqual(self.synchronize(account.connection_id).created_count, 0)
        self.assertBooksEqualBank()

    def test_only_what_is_ticked_is_imported(self):
        find = self.find(self.gap())
        with self.assertRaisesRegex(UserError, "Tick"):
            find.action_import_selected()
        find.line_ids[1].selected = True
        self.press(find, "action_import_selected")
        self.assertEqual(self.dates_and_amounts(self.lines()), [(ago(20), -20.0), (ago(18), -1.0), (ago(1), 4.0)])
        self.assertEqual(find.line_ids.mapped("amount"), [-19.0])

    def test_the_second_of_two_equal_rows_is_found_and_imported_once(self):
        connection = self.connect(self.row(ago(20), "-2.60", "coffee"), self.row(ago(1), "4.00"))
        self.synchronize(connection)
        self.add(self.row(ago(20), "-2.60", "coffee"))
        find = self.find(connection.account_ids)
        self.assertEqual(self.findings(find), [(ago(20), -2.6, "new")])
        self.press(find, "action_import_all")
        self.assertBooksEqualBank()
        self.assertFalse(self.find(connection.account_ids).line_ids)

    def test_pending_rows_are_shown_and_cannot_be_imported(self):
        account = self.gap()
        self.bank.add_pending(BANK, IBAN)
        find = self.find(account)
        pending = find.line_ids.filtered(lambda line: line.finding == "pending")
        self.assertEqual((len(pending), pending.importable), (1, False))
        pending.selected = True
        with self.assertRaisesRegex(UserError, "Tick"):
            find.action_import_selected()
        self.press(find, "action_import_all")
        self.assertBooksEqualBank()
        self.assertFalse(self.inbox(state="pending"))

    def test_rows_that_wait_or_were_dismissed_are_shown_with_their_reason(self):
        connection = self.connect(self.row(ago(3), "-3.00", "a"), self.row(ago(2), "-2.00", "b"))
        self.company.sudo().fiscalyear_lock_date = ago(2)
        connection.account_ids.date_from = ago(30)
        self.synchronize(connection)
        self.inbox(amount=-3.0).action_dismiss()
        find = self.find(connection.account_ids)
        found = [(line.finding, line.amount) for line in find.line_ids]
        self.assertEqual(found, [("waiting", -2.0), ("dismissed", -3.0)])
        self.assertEqual(set(find.line_ids.mapped("why")), {"The period is locked"})
        self.assertFalse(find.missing_count)
        self.assertEqual(find.line_ids[0].action_open_movement()["res_id"], self.inbox(amount=-2.0).id)

    def test_a_line_that_a_person_deleted_is_shown_as_such_and_is_not_missing(self):
        self.journal.sync_statement_period = "none"
        connection = self.connect(self.row(ago(2), "-25.00"))
        self.synchronize(connection)
        self.lines().unlink()
        find = self.find(connection.account_ids)
        self.assertEqual(self.findings(find), [(ago(2), -25.0, "dismissed")])

    def test_rows_of_a_locked_period_are_shown_and_stay_outside(self):
        account = self.gap()
        self.company.sudo().fiscalyear_lock_date = ago(20)
        find = self.find(account)
        locked = find.line_ids.filtered(lambda line: line.booking_date == ago(20))
        self.assertEqual((locked.finding, locked.why, locked.importable), ("aside", "The period is locked", False))
        self.press(find, "action_import_all")
        self.assertEqual(len(self.lines()), 3)

    def test_a_period_that_is_locked_meanwhile_stays_locked_and_the_answer_says_so(self):
        find = self.find(self.gap())
        self.company.sudo().fiscalyear_lock_date = ago(20)
        self.press(find, "action_import_all")
        self.assertIn("1 imported", find.result)
        self.assertIn("locked period", find.result)
        self.assertEqual(self.inbox(state="proposed").mapped("reason"), ["locked_period"])
        self.assertEqual(len(self.lines()), 3)

    def test_rows_before_the_first_day_are_imported_when_the_user_wants_them(self):
        connection = self.connect(self.row(ago(30), "-1.00"), self.row(ago(1), "4.00"), date_from=ago(10))
        self.synchronize(connection)
        find = self.find(connection.account_ids)
        self.assertEqual(find.line_ids.mapped("why"), ["Before the first day of the connection"])
        self.press(find, "action_import_all")
        self.assertBooksEqualBank()

    def test_what_somebody_typed_is_not_doubled(self):
        account = self.gap()
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.journal.id, "date": ago(20), "amount": -20.0, "payment_ref": "By hand"}
        )
        find = self.find(account)
        twin = find.line_ids.filtered(lambda line: line.amount == -20.0)
        self.assertEqual((twin.finding, twin.reason), ("aside", "in_journal"))
        self.press(find, "action_import_all")
        self.assertBooksEqualBank()

    def test_a_bank_that_numbers_its_rows_anew_misses_nothing(self):
        connection = self.connect(self.row(ago(3), "-1.00", reference="OLD"), self.row(ago(2), "2.00"))
        self.synchronize(connection)
        self.bank.renumber(BANK, IBAN)
        find = self.find(connection.account_ids)
        self.assertFalse(find.line_ids)
        self.assertEqual(find.counts["booked"], 2)

    def test_all_pages_of_the_bank_are_read(self):
        account = self.gap()
        self.bank.configure(BANK, page_size=1)
        find = self.find(account)
        self.assertEqual((len(find.line_ids), find.counts["booked"]), (2, 2))

    def test_no_transaction_is_open_while_the_bank_is_waited_for(self):
        account = self.gap()
        find = self.env["sync.bank.find"].browse(account.action_find_missing()["res_id"])
        self.env.flush_all()
        idle = []
        with self.committing(), self.registry.cursor() as cr:
            state = {"open": True}
            commit, execute, ask = cr.commit, cr.execute, EnableBanking.transactions

            def committed():
                commit()
                state["open"] = False

            def executed(*args, **kwargs):
                state["open"] = True
                return execute(*args, **kwargs)

            def asked(*args):
                idle.append(not state["open"])
                return ask(*args)

            self.patch(cr, "commit", committed)
            self.patch(cr, "execute", executed)
            self.patch(EnableBanking, "transactions", asked)
            find.with_env(self.env(cr=cr)).action_look()
        self.assertEqual(idle, [True])

    def test_an_error_of_the_bank_is_told_as_a_sentence_and_kept_with_the_connection(self):
        account = self.gap()
        self.bank.fail("aspsp_error", call="transactions", times=None)
        find = self.env["sync.bank.find"].browse(account.action_find_missing()["res_id"])
        action = self.press(find, "action_look")
        self.assertEqual((action["tag"], action["params"]["type"]), ("display_notification", "danger"))
        self.assertTrue(action["params"]["title"])
        self.assertTrue(account.connection_id.fault_message)
        self.assertFalse(find.looked)

    def test_nobody_is_asked_while_the_bank_wants_no_calls_or_the_consent_has_ended(self):
        account = self.gap()
        calls = len(self.bank.requests())
        find = self.env["sync.bank.find"].browse(account.action_find_missing()["res_id"])
        account.connection_id.state = "reconnect"
        with self.assertRaises(UserError):
            find.action_look()
        self.assertEqual(len(self.bank.requests()), calls)

    def test_what_the_bank_said_cannot_be_forged_before_it_is_imported(self):
        find = self.find(self.gap())
        with self.assertRaises(UserError):
            find.line_ids[0].amount = 1_000_000
        with self.assertRaises(UserError):
            find.line_ids[0].transcript = {}
        with self.assertRaises(AccessError):
            find.line_ids[0].read(["transcript"])
        with self.assertRaises(AccessError):
            self.env["sync.bank.find.line"].create({"find_id": find.id})

    def test_who_may_not_administer_the_connection_cannot_look(self):
        account = self.gap()
        clerk = new_test_user(
            self.env(su=True), "clerk", "account.group_account_invoice", company_id=self.company.id
        )
        with self.assertRaises(AccessError):
            account.with_user(clerk).action_find_missing()

    def test_it_opens_from_the_card_of_the_journal(self):
        account = self.gap()
        find = self.env["sync.bank.find"].browse(self.journal.action_find_missing()["res_id"])
        self.assertEqual((find.account_id, find.journal_id), (account, self.journal))
        with self.assertRaisesRegex(UserError, "not connected"):
            self.journal.copy({"code": "NEW9"}).action_find_missing()


@tagged("post_install", "-at_install")
class TestPreview(LookCase):
    """Preview: what the next synchronization would bring, without bringing it."""

    def preview(self, record):
        action = self.press(record, "action_preview")
        return self.env["sync.bank.find"].browse(action["res_id"])

    def test_it_tells_what_is_new_known_locked_too_old_pending_or_of_another_currency(self):
        connection = self.connect(self.row(ago(3), "-3.00", "known"), date_from=ago(8))
        self.synchronize(connection)
        self.company.sudo().fiscalyear_lock_date = ago(5)
        self.add(
            self.row(ago(5), "-5.00", "locked"),
            self.row(ago(2), "-2.00", "new"),
            self.row(ago(1), "-1.00", "francs", currency="CHF"),
        )
        self.bank.add_pending(BANK, IBAN)
        before = self.count()
        cursor = (connection.account_ids.complete_until, connection.account_ids.cursor)
        find = self.preview(connection)
        self.assertEqual(
            {(line.amount, line.finding, line.reason) for line in find.line_ids},
            {
                (-2.0, "new", False),
                (-5.0, "aside", "locked_period"),
                (-1.0, "aside", "other_currency"),
                (-84.3, "pending", "pending"),
            },
        )
        self.assertEqual(find.counts["booked"], 1)
        self.assertFalse(any(find.line_ids.mapped("importable")))
        with self.assertRaises(UserError):
            find.action_import_all()
        self.assertEqual(self.count(), before)
        self.assertEqual((connection.account_ids.complete_until, connection.account_ids.cursor), cursor)

    def test_a_row_that_the_bank_sends_unasked_from_before_the_first_day_would_wait(self):
        connection = self.connect(self.row(ago(9), "-9.00"), self.row(ago(2), "-2.00"))
        account = connection.account_ids
        account.write({"date_from": ago(5), "cursor": "P"})
        self.patch(type(self.env["sync.bank.import"]), "_ask_from", lambda *_args: None)
        self.assertEqual(self.findings(self.preview(account)), [(ago(2), -2.0, "new"), (ago(9), -9.0, "aside")])

    def test_what_it_says_is_what_the_synchronization_then_does(self):
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 8)))
        find = self.preview(connection)
        self.assertEqual(len(find.line_ids.filtered(lambda line: line.finding == "new")), 7)
        self.assertEqual(self.synchronize(connection).created_count, 7)
        self.assertEqual(self.preview(connection).counts["booked"], 7)

    def test_all_accounts_of_the_connection_are_asked(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        self.second_account(connection, self.row(ago(1), "-7.00"))
        find = self.preview(connection)
        self.assertEqual(sorted(find.line_ids.mapped("amount")), [-7.0, -1.0])
        self.assertEqual(set(find.line_ids.account_id.mapped("iban")), {IBAN, OTHER_IBAN})
