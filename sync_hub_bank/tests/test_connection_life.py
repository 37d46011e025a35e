# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BANK, IBAN, NOW, OTHER_IBAN, TODAY, USD_IBAN, BankCase, ago


@tagged("post_install", "-at_install")
class TestConnectionLife(BankCase):
    """What fails alone, what a consent that ends leaves behind, and how a connection ends."""

    def rows(self):
        return [self.row(ago(day), f"-{day}.00") for day in range(1, 5)]

    def expired_in_the_middle(self):
        """A first fetch whose session ends after the first page."""
        self.bank.configure(BANK, page_size=2)
        connection = self.connect(*self.rows())
        self.bank.fail("session_expires", call="transactions", after=1)
        self.synchronize(connection)
        return connection

    # -- Failures -------------------------------------------------------------------------------------------------

    def test_one_account_that_fails_does_not_stop_the_others(self):
        connection = self.connect(*self.rows())
        account = self.second_account(connection, *self.rows())
        self.bank.fail("error", call="transactions", code="ASPSP_ACCOUNT_NOT_ACCESSIBLE", bank=BANK, account=IBAN)
        run = self.synchronize(connection)
        self.assertEqual((run.outcome, run.created_count), ("partly_failed", 4))
        self.assertFalse(self.lines())
        self.assertBooksEqualBank(OTHER_IBAN, journal=account.journal_id)
        line = self.assertFault(connection, "account_unavailable")
        self.assertIn(IBAN, line.message)
        self.synchronize(connection)
        self.assertBooksEqualBank()

    def test_a_failed_fetch_moves_no_cursor_and_does_not_look_like_nothing_new(self):
        connection = self.connect(*self.rows())
        self.synchronize(connection)
        success = connection.last_success_run_id
        with freeze_time(NOW + timedelta(days=20)):
            self.add(self.row(TODAY + timedelta(days=5), "9.00"))
            self.bank.fail("rate_limit", call="transactions")
            run = self.synchronize(connection)
            self.assertEqual(run.outcome, "failed")
            self.assertEqual(connection.account_ids.complete_until, TODAY)
            self.assertEqual(connection.last_success_run_id, success)
            connection.not_before = False
            self.assertEqual(self.synchronize(connection).created_count, 1)
        self.assertBooksEqualBank()

    # -- The consent ends -----------------------------------------------------------------------------------------

    def test_rows_that_came_before_the_session_ended_stay_in_the_inbox(self):
        connection = self.expired_in_the_middle()
        self.assertEqual((connection.state, len(self.inbox(state="to_book"))), ("reconnect", 2))
        self.assertFalse(connection.account_ids.complete_until)
        line = self.assertFault(connection, "consent_expired")
        self.assertEqual((line.provider_code, connection.fault_button), ("EXPIRED_SESSION", "action_reconnect"))

    def test_after_reconnecting_everything_arrives_once(self):
        connection = self.expired_in_the_middle()
        self.consent(connection)
        self.assertEqual(connection.state, "connected")
        self.synchronize(connection)
        self.assertBooksEqualBank()
        self.assertFalse(connection.fault_message)

    def test_an_ended_consent_is_not_called_again_and_says_what_to_do(self):
        connection = self.expired_in_the_middle()
        calls = len(self.bank.requests())
        with self.assertRaisesRegex(UserError, "Reconnect"):
            connection.action_sync_now()
        self.scheduled(connection)
        self.assertEqual(len(self.bank.requests()), calls)

    def test_reconnecting_keeps_journal_cursor_and_ids(self):
        connection = self.connect(*self.rows())
        self.synchronize(connection)
        account, before = connection.account_ids, self.inbox().mapped("reference")
        uid = account.uid
        self.bank.expire_consents()
        self.consent(connection)
        self.assertEqual(connection.account_ids, account)
        self.assertNotEqual(account.uid, uid)
        self.assertEqual((account.journal_id, account.complete_until), (self.journal, TODAY))
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual(self.inbox().mapped("reference"), before)

    def test_who_cancels_at_the_bank_finds_everything_as_it_was(self):
        connection = self.connect(*self.rows())
        url = connection.action_authorize()["url"]
        state = self.env["sync.bank.authorization"].sudo().search([], order="id desc", limit=1)
        self.assertTrue(url and state)
        answer = self.visitor().consent(url)
        self.come_back({"state": answer["state"], "error": "access_denied", "error_description": "cancelled"})
        self.assertFault(connection, "authorization_cancelled")
        self.assertEqual((connection.state, connection.account_ids.journal_id), ("connected", self.journal))

    # -- Accounts -------------------------------------------------------------------------------------------------

    def test_fetch_accounts_leaves_known_accounts_as_they_are_and_flags_one_that_is_gone(self):
        connection = self.connect(*self.rows())
        account = self.second_account(connection, *self.rows())
        self.bank.close_account(BANK, OTHER_IBAN)
        connection.action_fetch_accounts()
        self.assertEqual(connection.account_ids.filtered("gone"), account)
        self.assertTrue(account.journal_id)
        self.assertEqual(self.synchronize(connection).created_count, 4)
        self.assertIn(account.display_name, "".join(connection.message_ids.mapped("body")))

    def test_a_new_consent_adds_accounts_without_touching_the_old_ones(self):
        connection = self.connect(*self.rows())
        first = connection.account_ids
        self.load(iban=OTHER_IBAN)
        self.consent(connection, (IBAN, OTHER_IBAN))
        self.assertEqual(len(connection.account_ids), 2)
        self.assertEqual(first.journal_id, self.journal)
        self.assertFalse((connection.account_ids - first).journal_id)

    def test_an_account_that_feeds_no_journal_is_never_called(self):
        connection = self.connect(*self.rows())
        self.load(iban=OTHER_IBAN)
        self.consent(connection, (IBAN, OTHER_IBAN))
        self.synchronize(connection)
        called = {request["account"] for request in self.bank.requests() if request["call"] == "transactions"}
        self.assertEqual(len(called), 1)

    def test_an_account_of_an_unknown_currency_does_not_keep_the_others_away(self):
        connection = self.connect(*self.rows())
        self.load(iban=OTHER_IBAN, currency="ZZZ")
        self.consent(connection, (IBAN, OTHER_IBAN))
        self.assertEqual((connection.state, connection.account_ids.iban), ("connected", IBAN))
        self.assertIn("ZZZ", self.assertFault(connection, "bad_data").detail)

    def test_a_journal_of_another_currency_is_refused_with_a_sentence(self):
        self.load(iban=USD_IBAN, currency="USD")
        connection = self.consent(self.draft(), (USD_IBAN,))
        wizard = self.env["sync.bank.link"].create({"connection_id": connection.id})
        wizard.line_ids.write({"choice": "journal", "journal_id": self.journal.id})
        with self.assertRaisesRegex(UserError, "USD.*EUR"):
            wizard.action_confirm()

    def test_a_journal_that_belongs_to_another_account_is_questioned_before_it_is_linked(self):
        self.load()
        connection = self.consent(self.draft())
        line = self.env["sync.bank.link"].create({"connection_id": connection.id}).line_ids
        self.assertEqual(line.account_id.iban, IBAN)
        journals = self.journal + self.journal.copy() + self.journal.copy()
        for journal, number in zip(journals, (OTHER_IBAN, IBAN, None), strict=True):
            journal.bank_account_id = False
            if number:
                journal.set_bank_account(number)
            with self.subTest(number):
                line.write({"choice": "journal", "journal_id": journal.id})
                self.assertEqual(bool(line.hint), number == OTHER_IBAN)
        line.journal_id = False
        self.assertFalse(line.hint)

    def test_a_new_journal_in_a_currency_that_was_switched_off_works(self):
        crown = self.env.ref("base.SEK")
        crown.sudo().active = False
        self.load(self.row(ago(2), "7.00", currency="SEK"), iban=OTHER_IBAN, currency="SEK")
        connection = self.consent(self.draft(), (OTHER_IBAN,))
        wizard = self.env["sync.bank.link"].create({"connection_id": connection.id})
        wizard.line_ids.choice = "new"
        wizard.action_confirm()
        self.work(connection)
        journal = connection.account_ids.journal_id
        self.assertTrue(crown.active)
        self.assertEqual((journal.currency_id, self.lines(journal).mapped("amount")), (crown, [7.0]))

    # -- The end --------------------------------------------------------------------------------------------------

    def test_disconnect_ends_the_consent_at_the_bank_and_keeps_the_lines(self):
        connection = self.connect(*self.rows())
        self.synchronize(connection)
        connection.action_disconnect()
        self.assertEqual([session["status"] for session in self.bank.sessions()], ["CLOSED"])
        self.assertEqual((connection.state, len(self.lines())), ("closed", 4))
        self.assertEqual(self.journal.bank_statements_source, "undefined")
        with self.assertRaises(UserError):
            connection.action_sync_now()

    def test_what_was_disconnected_is_connected_again_without_doubles(self):
        connection = self.connect(*self.rows())
        self.synchronize(connection)
        connection.action_disconnect()
        self.add(self.row(ago(0), "3.00"))
        self.consent(connection)
        wizard = self.env["sync.bank.link"].create({"connection_id": connection.id})
        self.assertEqual(wizard.line_ids.journal_id, self.journal)
        wizard.action_confirm()
        self.work(connection)
        self.assertBooksEqualBank()

    def test_a_bank_that_cannot_end_the_consent_now_says_what_else_can_be_done(self):
        connection = self.connect(*self.rows())
        self.bank.fail("error", call="delete_session", code="ACCESS_DENIED")
        with self.assertRaisesRegex(UserError, "withdraw the consent"):
            connection.action_disconnect()
        self.assertEqual((connection.state, connection.account_ids.journal_id), ("connected", self.journal))
