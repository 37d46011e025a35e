# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from datetime import timedelta

from freezegun import freeze_time
from odoo.addons.sync_hub.tests.post_office import PostOfficeMixin
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.sync_bank_guard import GUARD_ACTIVITY
from .common import IBAN, NOW, BankCase, ago


class GuardCase(BankCase, PostOfficeMixin):
    """A connection whose responsible user has a mailbox to which codes come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.env.user
        cls.manager.email = "bookkeeper@rossi.example"
        cls.open_post_office()
        access = {"company_id": cls.company.id, "company_ids": cls.company.ids, "password": "colleague-password"}
        cls.colleague = new_test_user(
            cls.env(su=True), "colleague", "account.group_account_manager", email="colleague@rossi.example", **access
        )

    def setUp(self):
        super().setUp()
        self.inbox.deliveries.clear()
        self.connection = self.connect(self.row(ago(2), "-1.00"))

    def code(self):
        """The code of the last letter."""
        return re.search(r">\s*(\d{6})\s*<", self.html(self.letters()[-1]))[1]

    def dialog(self, user=None):
        """Press “Confirm it is me”."""
        action = self.connection.with_user(user or self.env.user).action_confirm_identity()
        return self.env[action["res_model"]].with_user(user or self.env.user).browse(action["res_id"])

    def confirm(self, user=None):
        """The whole way: ask for a code, read it, type it."""
        dialog = self.dialog(user)
        dialog.action_send()
        dialog.code = self.code()
        dialog.action_confirm()
        return dialog

    def verify(self, user=None):
        """Confirm an address, and let the minute pass before another code may be sent."""
        self.confirm(user)
        contact = self.env["sync.bank.contact"]._of(user or self.env.user)
        contact.sent_at = NOW.replace(tzinfo=None) - timedelta(minutes=2)
        self.inbox.deliveries.clear()

    def fail_authorizations(self, times):
        for _attempt in range(times):
            _issued, state = self.env["sync.bank.authorization"]._issue(self.connection)
            self.come_back({"state": state, "error": "access_denied", "error_description": "cancelled"})
        self.connection.invalidate_recordset()

    def assertNoCall(self, work):
        calls = len(self.bank.requests())
        work()
        self.assertEqual(len(self.bank.requests()), calls, "The bank was called.")

    def assertBlocked(self, reason):
        self.assertEqual(self.connection.blocked_reason, reason)
        self.assertEqual(self.connection.activity_ids.activity_type_id, self.env.ref(GUARD_ACTIVITY))
        self.assertEqual(self.connection.activity_ids.user_id, self.connection.user_id)


@tagged("post_install", "-at_install")
class TestGuard(GuardCase):
    """Something unusual blocks a connection until its responsible user has confirmed by code."""

    def card(self):
        self.journal.invalidate_recordset(["kanban_dashboard"])
        return json.loads(self.journal.kanban_dashboard)["sync"]

    def block(self):
        self.fail_authorizations(5)
        self.assertBlocked("authorizations")

    # -- An address is verified --------------------------------------------------------------------------------------

    def test_the_card_asks_for_an_address_until_a_code_came_back_from_it(self):
        self.assertTrue(self.card()["verify"])
        self.verify()
        self.assertFalse(self.card()["verify"])
        contact = self.env["sync.bank.contact"]._of(self.env.user)
        self.assertEqual((contact.channel, contact.email), ("email", "bookkeeper@rossi.example"))

    def test_the_first_synchronization_does_not_wait_for_it(self):
        wizard = self.env["sync.bank.link"].create({"connection_id": self.connection.id})
        action = wizard.action_confirm()
        self.assertIn("confirm", action["params"]["title"])
        self.assertEqual(action["params"]["next"]["target"], "main")
        self.assertEqual(self.work(self.connection).created_count, 1)

    def test_nobody_else_is_asked(self):
        self.assertFalse(self.connection.with_user(self.colleague).contact_missing)

    def test_the_code_comes_by_e_mail_and_is_kept_nowhere(self):
        self.dialog().action_send()
        ((recipients, letter),) = self.inbox.deliveries
        self.assertEqual(recipients, ["bookkeeper@rossi.example"])
        code = self.code()
        self.assertNotIn(code, letter["Subject"])
        self.env.flush_all()
        for table in ("sync_bank_contact", "sync_bank_confirm", "mail_message", "mail_mail"):
            self.env.cr.execute(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s", [f"%{code}%"])
            self.assertEqual(self.env.cr.fetchone()[0], 0, table)

    def test_another_code_is_sent_after_a_minute(self):
        dialog = self.dialog()
        dialog.action_send()
        with self.assertRaisesRegex(UserError, "in 60 seconds"):
            dialog.action_send()
        with freeze_time(NOW + timedelta(seconds=61)):
            dialog.action_send()
        self.assertEqual(len(self.letters()), 2)

    def test_a_code_counts_for_fifteen_minutes_and_five_tries(self):
        dialog = self.dialog()
        dialog.action_send()
        code = self.code()
        with freeze_time(NOW + timedelta(minutes=15)):
            dialog.code = code
            dialog.action_confirm()
            self.assertIn("15 minutes", dialog.notice)
        wrong = "000000" if code != "000000" else "000001"
        for words in [*["not the code"] * 5, "Too many"]:
            dialog.code = wrong
            dialog.action_confirm()
            self.assertIn(words, dialog.notice)
        dialog.code = code
        dialog.action_confirm()
        self.assertIn("Too many", dialog.notice)
        self.assertFalse(self.env["sync.bank.contact"]._is_verified(self.env.user))

    def test_a_code_is_good_once(self):
        dialog = self.confirm()
        dialog.code = self.code()
        dialog.action_confirm()
        self.assertIn("No code waits", dialog.notice)

    def test_a_code_that_cannot_be_sent_says_why(self):
        self.inbox.shut = True
        self.addCleanup(setattr, self.inbox, "shut", False)
        with self.assertRaisesRegex(UserError, "could not be sent to bookkeeper@rossi.example"):
            with mute_logger("odoo.addons.mail.models.mail_mail"):
                self.dialog().action_send()

    def test_text_messages_are_offered_only_where_they_can_be_sent(self):
        dialog = self.dialog()
        self.assertFalse(dialog.sms_ready)
        dialog.write({"channel": "sms", "phone": "+39 02 1234567"})
        with self.assertRaisesRegex(UserError, "cannot send text messages"):
            dialog.action_send()

    def test_a_telephone_number_needs_its_country_code(self):
        Contact = self.env["sync.bank.contact"]
        self.assertEqual(Contact._checked_phone("+39 02 1234 5678"), "+390212345678")
        with self.assertRaises(UserError):
            Contact._checked_phone("seven")

    # -- Failed authorizations ---------------------------------------------------------------------------------------

    def test_five_failed_authorizations_within_an_hour_block_the_connection(self):
        self.fail_authorizations(4)
        self.assertFalse(self.connection.blocked_reason)
        with freeze_time(NOW + timedelta(minutes=61)):
            self.fail_authorizations(1)
            self.assertFalse(self.connection.blocked_reason)
        self.fail_authorizations(1)
        self.assertBlocked("authorizations")
        self.assertEqual(self.connection.state, "connected")
        self.assertIn("blocked until you confirm", self.letters()[-1]["Subject"])
        self.assertIn("Many authorizations failed", "".join(self.connection.message_ids.mapped("body")))

    def test_what_is_blocked_calls_the_bank_in_no_way(self):
        self.connection.action_sync_now()
        self.block()
        self.assertNoCall(lambda: self.work(self.connection))
        self.assertNoCall(lambda: self.scheduled(self.connection))
        for action in ("action_sync_now", "action_fetch_accounts", "action_reconnect", "action_authorize"):
            with self.subTest(action), self.assertRaisesRegex(UserError, "blocked.*\n.*Confirm it is me"):
                self.assertNoCall(getattr(self.connection, action))
        _issued, state = self.env["sync.bank.authorization"]._issue(self.connection)
        self.assertNoCall(lambda: self.come_back({"state": state, "code": "stolen"}))
        self.assertFault(self.connection, "connection_blocked")
        self.assertFalse(self.connection.next_run)

    def test_the_card_and_the_form_say_so(self):
        self.block()
        card = self.card()
        self.assertEqual((card["blocked"], card["confirm"], card["state_label"]), (True, True, "Blocked"))
        self.assertIn("Many authorizations failed", card["remedy"])
        self.assertEqual(self.journal.action_confirm_identity()["res_model"], "sync.bank.confirm")

    def test_the_responsible_user_confirms_by_code_and_everything_goes_on(self):
        self.block()
        self.confirm()
        self.assertFalse(self.connection.blocked_reason or self.connection.activity_ids)
        self.assertEqual(self.synchronize(self.connection).created_count, 1)
        self.fail_authorizations(4)
        self.assertFalse(self.connection.blocked_reason, "What failed before the confirmation counts no more.")

    def test_a_wrong_code_does_not_free_it(self):
        self.block()
        dialog = self.dialog()
        dialog.action_send()
        dialog.code = "12 34"
        dialog.action_confirm()
        self.assertTrue(self.connection.blocked_reason)

    def test_nobody_else_confirms_or_lifts_it(self):
        self.block()
        theirs = self.connection.with_user(self.colleague)
        with self.assertRaises(AccessError):
            theirs.action_confirm_identity()
        dialog = self.dialog()
        with self.assertRaises(AccessError):
            dialog.with_user(self.colleague).action_send()
        own = self.env["sync.bank.confirm"].with_user(self.colleague).create({"connection_id": self.connection.id})
        for action in ("action_send", "action_confirm"):
            with self.assertRaises(AccessError):
                getattr(own, action)()
        for values in ({"blocked_reason": False}, {"user_id": self.colleague.id}, {"confirmed_at": NOW.isoformat()}):
            with self.subTest(values), self.assertRaises(AccessError):
                theirs.write(values)

    def test_an_administrator_replaces_a_responsible_user_who_has_left(self):
        self.block()
        chief = new_test_user(
            self.env(su=True),
            "chief",
            "account.group_account_manager,base.group_system",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        # The words that are compared are those of the source.
        self.colleague.sudo().lang = "en_US"
        self.connection.with_user(chief).user_id = self.colleague
        self.assertIn("made colleague", "".join(self.connection.message_ids.mapped("body")).replace("\n", " "))
        self.assertEqual(self.connection.activity_ids.user_id, self.colleague)
        with self.assertRaises(AccessError):
            self.dialog()
        self.confirm(self.colleague)
        self.assertFalse(self.connection.blocked_reason)

    def test_while_blocked_the_code_goes_to_no_new_address(self):
        """Also one that was asked for before, for another address."""
        dialog = self.dialog()
        dialog.email = "thief@elsewhere.example"
        dialog.action_send()
        stolen = self.code()
        self.block()
        dialog.code = stolen
        dialog.action_confirm()
        self.assertTrue(self.connection.blocked_reason)
        with freeze_time(NOW + timedelta(minutes=2)):
            dialog.action_send()
        self.assertEqual(self.inbox.deliveries[-1][0], ["bookkeeper@rossi.example"])

    def test_a_verified_address_stays_when_somebody_changes_the_user(self):
        self.verify()
        self.env.user.sudo().email = "thief@elsewhere.example"
        self.block()
        self.assertEqual(self.inbox.deliveries[-1][0], ["bookkeeper@rossi.example"])
        self.confirm()
        self.assertEqual(self.inbox.deliveries[-1][0], ["bookkeeper@rossi.example"])

    def test_nobody_is_locked_out_where_no_code_would_arrive(self):
        self.env.user.sudo().email = False
        self.fail_authorizations(6)
        self.assertFalse(self.connection.blocked_reason)
        self.assertIn("Not blocked", "".join(self.connection.message_ids.mapped("body")))

    # -- Another account holder --------------------------------------------------------------------------------------

    def test_another_account_holder_blocks_the_connection_at_reconnect(self):
        self.connection.account_ids.holder = "Somebody Else"
        self.consent(self.connection)
        self.connection.invalidate_recordset()
        self.assertBlocked("holder")
        self.assertIn("Somebody Else →", self.connection.blocked_detail)
        self.assertNoCall(lambda: self.scheduled(self.connection))

    def test_another_account_holder_blocks_the_connection_when_accounts_are_fetched(self):
        self.connection.account_ids.holder = "Somebody Else"
        self.assertEqual(self.connection.action_fetch_accounts()["params"]["type"], "danger")
        self.assertBlocked("holder")

    def test_the_same_holder_in_other_letters_is_no_other(self):
        account = self.connection.account_ids
        self.assertTrue(account.holder)
        account.holder = " ".join(reversed(account.holder.upper().split()))
        self.consent(self.connection, (IBAN,))
        self.assertFalse(self.connection.blocked_reason)
