# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo.addons.sync_hub.tests.post_office import PostOfficeMixin
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.sync_bank_consent import CONSENT_ACTIVITY
from .common import BankCase, ago

END = datetime(2026, 9, 30, 22, 30)  # the first of October in Rome


@tagged("post_install", "-at_install")
class TestConsentEnd(BankCase, PostOfficeMixin):
    """A consent that ends is announced in time; after its end the bank is not called any more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.env.user
        cls.manager.write({"email": "bookkeeper@rossi.example", "tz": "America/New_York"})
        cls.open_post_office()
        cls.company.partner_id.tz = "Europe/Rome"

    def setUp(self):
        super().setUp()
        self.connection = self.connect(self.row(ago(2), "-1.00"))
        self.synchronize(self.connection)
        self.connection.consent_until = END
        self.cron = self.env.ref("sync_hub_bank.ir_cron_consent")
        self.inbox.deliveries.clear()

    def look(self, moment):
        """Let the hourly action look at a moment (naive UTC)."""
        with freeze_time(moment):
            self.trigger(self.cron)
            self.env.invalidate_all()

    def reminders(self):
        return self.connection.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(CONSENT_ACTIVITY)
        )

    def card(self):
        self.journal.invalidate_recordset(["kanban_dashboard"])
        return json.loads(self.journal.kanban_dashboard)["sync"]

    # -- Announced -------------------------------------------------------------------------------------------------

    def test_fourteen_seven_and_one_day_before_the_responsible_user_gets_an_activity_and_an_e_mail(self):
        for left, words in ((14, "in 14 days, on 10/01/2026"), (7, "in 7 days"), (1, "tomorrow, on 10/01/2026")):
            with self.subTest(left):
                self.inbox.deliveries.clear()
                self.look(END - timedelta(days=left) + timedelta(hours=1))
                reminder = self.reminders()
                self.assertEqual((len(reminder), reminder.user_id), (1, self.manager))
                self.assertEqual(str(reminder.date_deadline), "2026-10-01")
                self.assertIn(words, reminder.note)
                ((recipients, letter),) = self.inbox.deliveries
                self.assertEqual(recipients, ["bookkeeper@rossi.example"])
                self.assertIn("consent until 10/01/2026", letter["Subject"])
                self.assertIn(words, self.html(letter).replace("\n", " "))

    def test_each_reminder_comes_once(self):
        """Also when somebody ticked it off, and however often the server starts anew."""
        self.look(END - timedelta(days=14))
        self.reminders().action_done()
        for hours in (1, 5, 23):
            self.look(END - timedelta(days=14) + timedelta(hours=hours))
        self.assertFalse(self.reminders())
        self.assertEqual(len(self.letters()), 1)

    def test_days_are_counted_by_the_clock_of_the_company(self):
        """The consent ends on the first of October in Rome: two weeks before is the seventeenth there."""
        self.look(datetime(2026, 9, 16, 21, 59))
        self.assertFalse(self.reminders())
        self.look(datetime(2026, 9, 16, 22, 1))
        self.assertTrue(self.reminders())

    def test_a_server_that_stood_still_gives_the_latest_reminder_only(self):
        self.look(END - timedelta(days=3))
        self.assertIn("in 3 days", self.reminders().note)
        self.assertEqual(len(self.letters()), 1)

    def test_it_speaks_the_language_of_the_responsible_user(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.manager.lang = "it_IT"
        self.env.ref(CONSENT_ACTIVITY).with_context(lang="it_IT").sudo().name = "Rinnova il consenso"
        self.look(END - timedelta(days=7))
        self.assertEqual(self.reminders().summary, "Rinnova il consenso")
        self.assertIn("01/10/2026", self.reminders().note)
        self.assertIn("01/10/2026", self.letters()[0]["Subject"])

    def test_a_company_chooses_the_days_or_none(self):
        self.company.sync_consent_days = "30"
        self.look(END - timedelta(days=30))
        self.assertEqual(len(self.letters()), 1)
        self.company.sync_consent_days = False
        self.look(END - timedelta(days=1))
        self.assertEqual(len(self.letters()), 1)
        with self.assertRaisesRegex(ValidationError, "14, 7, 1"):
            self.company.sync_consent_days = "two weeks"

    def test_reconnecting_answers_the_reminder_and_begins_new_ones(self):
        self.look(END - timedelta(days=7))
        self.consent(self.connection)
        self.assertFalse(self.reminders())
        self.connection.consent_until = END
        self.look(END - timedelta(days=14))
        self.assertTrue(self.reminders())

    def test_a_mail_that_cannot_leave_is_told_in_the_chatter_and_the_activity_stays(self):
        self.inbox.shut = True
        self.addCleanup(setattr, self.inbox, "shut", False)
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self.look(END - timedelta(days=7))
        self.assertTrue(self.reminders())
        self.assertIn("could not be mailed", "".join(self.connection.message_ids.mapped("body")))

    def test_the_card_shows_until_when_and_warns_in_the_last_two_weeks(self):
        for left, soon in ((15, False), (14, True), (1, True)):
            with self.subTest(left), freeze_time(END - timedelta(days=left) + timedelta(hours=1)):
                self.connection.invalidate_recordset()
                card = self.card()
                self.assertEqual((card["consent_until"], card["consent_soon"]), ("10/1/26", soon))

    # -- Over ------------------------------------------------------------------------------------------------------

    def assertSilentWhile(self, work):
        calls = len(self.bank.requests())
        work()
        self.assertEqual(len(self.bank.requests()), calls, "The bank was called.")

    def test_after_its_end_the_connection_asks_to_reconnect_and_says_why(self):
        self.look(END - timedelta(days=1))
        self.assertSilentWhile(lambda: self.look(END))
        self.assertEqual(self.connection.state, "reconnect")
        line = self.assertFault(self.connection, "consent_expired")
        self.assertEqual((line.run_id.trigger, line.run_id.user_id), ("scheduled", self.env["res.users"]))
        self.assertEqual(self.connection.activity_ids.activity_type_id, self.env.ref("sync_hub.activity_reconnect"))
        self.assertFalse(self.card()["consent_until"])
        self.look(END + timedelta(hours=1))
        self.assertEqual(len(self.connection.message_ids.filtered(lambda m: line.run_id.reference in m.body)), 1)

    def test_the_connection_is_looked_at_when_the_consent_ends(self):
        self.consent(self.connection)
        triggers = self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", self.cron.id)])
        self.assertIn(self.connection.consent_until, triggers.mapped("call_at"))

    def test_after_its_end_nothing_calls_the_bank(self):
        """Neither the schedule nor a button, also before the connection has noticed that its time is over."""
        for noticed in (False, True):
            with self.subTest(noticed=noticed), freeze_time(END + timedelta(minutes=1)):
                if noticed:
                    self.trigger(self.cron)
                self.assertSilentWhile(lambda: self.scheduled(self.connection))
                with self.assertRaisesRegex(UserError, "consent at the bank has ended.*\n.*Reconnect"):
                    self.connection.action_sync_now()
                self.assertSilentWhile(lambda: self.connection.action_fetch_accounts())
                self.assertFault(self.connection, "consent_expired")

    def test_a_run_that_waits_when_the_consent_ends_is_not_begun(self):
        self.connection.action_sync_now()
        with freeze_time(END):
            self.assertSilentWhile(lambda: self.work(self.connection))

    def test_new_keys_do_not_bring_an_ended_consent_back(self):
        self.connection.state = "credentials"
        wizard = self.env["sync.bank.credentials"].create({"provider_id": self.provider.id})
        with freeze_time(END):
            wizard.action_save()
            self.trigger(self.cron)
        self.assertEqual(self.connection.state, "reconnect")
