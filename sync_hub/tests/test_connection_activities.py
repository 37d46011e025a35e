# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.tools.translate import code_translations

from .common import SyncHubCase
from .outside_system import SCRIPTS, brings, fails


class TestConnectionActivities(SyncHubCase):
    """What only a person can cure becomes an activity of the responsible user, and goes when it is cured."""

    def activities(self, connection):
        return connection.activity_ids.mapped("activity_type_id.name")

    def rejected(self, **values):
        """A connection whose keys the other side did not accept."""
        one = self.connection(script=fails(Fault(FaultKind.CREDENTIALS_REJECTED)), **values)
        self.sync(one)
        return one

    def test_rejected_keys_pause_the_connection_and_ask_the_responsible_user(self):
        one = self.rejected()
        self.assertEqual((one.state, one._is_due()), ("credentials", False))
        activity = one.activity_ids
        self.assertEqual((activity.user_id, activity.activity_type_id.name), (self.manager, "Update credentials"))
        self.assertIn("The access keys were not accepted.", activity.note)
        self.assertIn("Update credentials", activity.note)

    def test_a_consent_that_ended_asks_to_reconnect(self):
        one = self.connection(script=fails(Fault(FaultKind.CONSENT_EXPIRED)))
        self.sync(one)
        self.assertEqual((self.activities(one), one.activity_ids.user_id), (["Reconnect"], self.manager))

    def test_it_is_asked_once(self):
        one = self.rejected()
        one._report_fault(Fault(FaultKind.CREDENTIALS_REJECTED))
        self.assertEqual(self.activities(one), ["Update credentials"])

    def test_it_goes_by_itself_when_the_connection_works_again(self):
        one = self.rejected()
        one.with_user(self.manager).state = "connected"
        self.assertFalse(one.activity_ids)

    def test_it_goes_when_the_connection_is_given_up_and_changes_when_another_thing_is_asked(self):
        one = self.rejected()
        one._report_fault(Fault(FaultKind.CONSENT_EXPIRED))
        self.assertEqual(self.activities(one), ["Reconnect"])
        one.state = "closed"
        self.assertFalse(one.activity_ids)

    def test_activities_that_a_person_made_stay(self):
        one = self.rejected()
        own = one.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id, summary="Call the bank")
        one.state = "connected"
        self.assertEqual(one.activity_ids, own)

    def test_what_passes_by_itself_asks_nobody(self):
        one = self.connection(script=fails(Fault(FaultKind.PROVIDER_DOWN)))
        self.sync(one)
        self.assertFalse(one.activity_ids)

    def test_a_manager_is_asked_where_nobody_is_responsible_any_more(self):
        """Archived, moved to another company or none at all: the run does not fail of it."""
        gone = self.person("gone", "sync_hub.group_manager")
        gone.active = False
        elsewhere = self.person("elsewhere", "sync_hub.group_manager", self.other_company)
        clerk = self.person("clerk", "base.group_user")
        for user in (gone, elsewhere, clerk, self.env["res.users"]):
            with self.subTest(user.login):
                one = self.rejected(name=f"of {user.login}", user_id=user.id)
                asked = one.activity_ids.user_id
                self.assertTrue(asked.has_group("sync_hub.group_manager"))
                self.assertIn(self.company, asked.company_ids)

    def test_it_speaks_the_language_of_who_is_asked(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.manager.lang = "it_IT"
        self.env.ref("sync_hub.activity_update_credentials").with_context(lang="it_IT").name = "Aggiorna le credenziali"
        italian = {"The access keys were not accepted.": "Le chiavi di accesso non sono state accettate."}
        with patch.dict(code_translations.python_translations, {("sync_hub", "it_IT"): italian}):
            one = self.rejected()
        self.assertEqual(one.activity_ids.summary, "Aggiorna le credenziali")
        self.assertIn("Le chiavi di accesso", one.activity_ids.note)

    def test_the_kinds_of_activity_are_not_offered_for_other_records(self):
        offered = self.env["mail.activity.type"].search([]).mapped("name")
        self.assertNotIn("Update credentials", offered)


class TestSilence(SyncHubCase):
    """A connection that should run and has no success for too long tells its responsible user, once."""

    def setUp(self):
        super().setUp()
        self.one = self.connection(script=brings(1))
        self.own = self.schedule(interval_number=12, start_time=6.0)
        self.sync(self.one)

    def later(self, **time):
        """Let the hourly watch look some time after the last success."""
        with freeze_time(self.one.last_success + timedelta(**time)):
            self.trigger(self.env.ref("sync_hub.ir_cron_watch"))

    def test_the_limit_is_three_intervals_and_two_days_at_least(self):
        for number, unit, hours in ((5, "minutes", 48), (12, "hours", 48), (1, "days", 72), (1, "weeks", 504)):
            with self.subTest(unit):
                self.own.write({"interval_number": number, "interval_type": unit})
                self.assertEqual(self.own.silence_limit, hours)
        self.own.silence_limit = 100
        self.assertEqual(self.own.silence_limit, 100)

    def test_it_tells_the_responsible_user_what_went_wrong(self):
        SCRIPTS[self.one.name] = fails(Fault(FaultKind.PROVIDER_DOWN))
        self.sync(self.one)
        self.later(hours=47)
        self.assertFalse(self.one.activity_ids)
        self.later(hours=61)
        activity = self.one.activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref("sync_hub.activity_check_synchronization"))
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("No synchronization has succeeded since", activity.note)
        self.assertIn("cannot answer at the moment", activity.note)

    def test_it_notices_at_once_that_nothing_runs_at_all(self):
        """Odoo has switched the scheduled action off, say: the run that was due will not come by waiting."""
        self.own.cron_id.active = False
        self.later(minutes=10)
        self.assertFalse(self.one.activity_ids)
        self.later(hours=14)
        self.assertIn("is switched off", self.one.activity_ids.note)
        self.own.cron_id.active = True
        self.sync(self.one)
        self.assertFalse(self.one.activity_ids)

    def test_a_connection_that_cannot_be_judged_keeps_nobody_else_from_being_told(self):
        """Say because its schedule names a time zone that this host does not know."""
        bad = self.connection("bad")
        own = self.schedule(connection_id=bad.id)
        # First in its turn.
        own.service_id.sequence = -1
        self.own.unlink()
        self.own = self.schedule(interval_number=12, start_time=6.0)
        self.env.flush_all()
        self.env.cr.execute("UPDATE sync_schedule SET tz = 'Mars/Olympus' WHERE id = %s", [own.id])
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.sync_hub.models.on_its_own", "ERROR"):
            self.later(days=4)
        self.assertTrue(self.one.activity_ids)

    def test_it_tells_once_also_when_somebody_has_ticked_it_off(self):
        self.later(days=4)
        self.one.activity_ids.action_done()
        self.later(days=5)
        self.assertFalse(self.one.activity_ids)

    def test_a_success_ends_it_and_the_next_silence_is_told_again(self):
        self.later(days=4)
        self.sync(self.one)
        self.assertFalse(self.one.activity_ids)
        self.later(days=4)
        self.assertTrue(self.one.activity_ids)

    def test_a_connection_that_never_succeeded_is_counted_from_its_beginning(self):
        new = self.connection("new")
        with freeze_time(fields.Datetime.now() + timedelta(days=4)):
            self.trigger(self.env.ref("sync_hub.ir_cron_watch"))
        self.assertTrue(new.activity_ids)

    def test_silence_that_is_wanted_is_none(self):
        """Switched to manual, waiting for its user, not connected, going on right now, or without a limit."""
        for record, values in (
            (self.one, {"automatic": False}),
            (self.one, {"state": "reconnect"}),
            (self.one, {"state": "closed"}),
            (self.one, {"active": False}),
            (self.own, {"active": False}),
            (self.own, {"silence_limit": 0}),
        ):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                record.write(values)
                self.later(days=30)
                self.assertFalse(self.one.activity_ids)
                savepoint.rollback()

    def test_a_schedule_that_is_paused_is_silent_on_purpose_until_a_while_after_its_pause(self):
        until = self.one.last_success + timedelta(days=10)
        self.own.write({"paused_until": until.date(), "pause_reason": "The bank moves"})
        self.later(days=9)
        self.assertFalse(self.one.activity_ids)
        self.later(days=13)
        self.assertTrue(self.one.activity_ids)

    def test_a_run_that_goes_on_may_succeed_in_a_moment(self):
        run = self.env["sync.run"]._queue(self.one, "manual")
        with freeze_time(self.one.last_success + timedelta(days=4) - timedelta(minutes=30)):
            run._begin()
        self.later(days=4)
        self.assertFalse(self.one.activity_ids)
        self.later(days=4, hours=1)
        self.assertTrue(self.one.activity_ids, "Nobody has worked on it for an hour and a half.")

    def test_a_run_that_waits_for_days_is_silence(self):
        """Somebody asked for it, and nobody works off the queue."""
        self.env["sync.run"]._queue(self.one, "manual")
        self.later(days=4)
        self.assertTrue(self.one.activity_ids)
