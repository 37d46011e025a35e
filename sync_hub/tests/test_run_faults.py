# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import psycopg2.errors
from freezegun import freeze_time
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.exceptions import UserError
from odoo.tools import format_datetime, mute_logger
from odoo.tools.translate import code_translations

from .common import SyncHubCase
from .outside_system import SCRIPTS, brings, fails


class TestRunFaults(SyncHubCase):
    """A failure says what happened, what to do, and a reference; it stops one connection only."""

    def test_a_fault_that_the_user_can_cure_stops_the_connection_until_then(self):
        for kind, state in (
            (FaultKind.CREDENTIALS_REJECTED, "credentials"),
            (FaultKind.CONSENT_EXPIRED, "reconnect"),
        ):
            with self.subTest(kind):
                one = self.connection(script=fails(Fault(kind)))
                run = self.sync(one)
                self.assertEqual((run.outcome, one.state, one.last_run_id), ("failed", state, run))
                self.assertFalse(one._is_due())

    def test_the_connection_shows_the_fault_of_its_last_run_with_its_button(self):
        one = self.connection(script=fails(Fault(FaultKind.CONSENT_EXPIRED)))
        run = self.sync(one)
        self.assertEqual(one.fault_message, "Your consent at the bank has ended.")
        self.assertIn("Press “Reconnect”", one.fault_remedy)
        self.assertEqual((one.fault_reference, one.fault_button), (run.reference, "action_reconnect"))
        one.state = "connected"
        SCRIPTS[one.name] = brings(1)
        self.sync(one)
        self.assertFalse(one.fault_message or one.fault_button or one.fault_reference)

    def test_the_chatter_tells_it_in_the_language_of_the_responsible_user(self):
        """Sentence, what to do, the other side's words and code, and the reference to quote."""
        self.env["res.lang"]._activate_lang("it_IT")
        self.manager.lang = "it_IT"
        italian = {
            "The access keys were not accepted.": "Le chiavi di accesso non sono state accettate.",
            "Code: %s": "Codice: %s",
            "Reference: %s": "Riferimento: %s",
        }
        fault = Fault(FaultKind.CREDENTIALS_REJECTED, provider_code="WRONG_KEY", detail="<b>no such key</b>")
        one = self.connection(script=fails(fault))
        with patch.dict(code_translations.python_translations, {("sync_hub", "it_IT"): italian}):
            run = self.sync(one)
        said = self.chatter(one)
        for words in ("Le chiavi di accesso", "enter them again", "Codice: WRONG_KEY", f"Riferimento: {run.reference}"):
            self.assertIn(words, said)
        self.assertIn("&lt;b&gt;no such key&lt;/b&gt;", said, "What the other side says is text, never markup.")
        self.assertRegex(run.reference, r"^SH-[0-9A-Z]{4}-[0-9A-Z]{4}$")

    def test_the_log_is_read_in_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        line = self.sync(self.connection(script=fails(Fault(FaultKind.NO_ACCOUNTS)))).line_ids
        italian = {"The bank shared no account.": "La banca non ha condiviso alcun conto."}
        with patch.dict(code_translations.python_translations, {("sync_hub", "it_IT"): italian}):
            self.assertEqual(line.with_context(lang="it_IT").message, "La banca non ha condiviso alcun conto.")
        self.assertEqual(line.with_context(lang="en_US").message, "The bank shared no account.")

    def test_a_defect_of_ours_is_logged_and_the_user_gets_a_reference_instead_of_a_traceback(self):
        """The other connections go on."""
        bad, good = self.connection("bad", fails(ZeroDivisionError("secret 123"))), self.connection("good", brings(2))
        bad.action_sync_now()
        good.action_sync_now()
        with self.assertLogs("odoo.addons.sync_hub", logging.ERROR) as logs:
            self.work_off_queue()
        run = self.runs(bad)
        self.assertEqual((run.outcome, run.line_ids.kind), ("failed", "unexpected"))
        self.assertIn(run.reference, logs.output[0])
        self.assertIn("ZeroDivisionError", logs.output[0])
        for text in (self.chatter(bad), run.line_ids.detail):
            self.assertNotIn("Traceback", text)
            self.assertNotIn("secret 123", text)
        self.assertIn(run.reference, self.chatter(bad))
        self.assertEqual((bad.state, self.runs(good).outcome), ("connected", "done"))

    def test_an_error_that_odoo_says_in_a_sentence_is_passed_on(self):
        with mute_logger("odoo.addons.sync_hub.models.sync_run_queue"):
            run = self.sync(self.connection(script=fails(UserError("The journal has no suspense account."))))
        self.assertIn("The journal has no suspense account.", run.line_ids.detail)

    def test_what_was_done_before_the_fault_is_kept_and_what_was_not_committed_is_undone(self):
        def half(connection, run, deadline):
            run._count(created=2)
            connection.env.cr.commit()
            run._count(created=100)
            raise Fault(FaultKind.BAD_DATA)

        run = self.sync(self.connection(script=half))
        self.assertEqual((run.outcome, run.created_count), ("partly_failed", 2))

    def test_a_temporary_fault_changes_nothing_and_the_next_run_tries_again(self):
        one = self.connection(script=fails(Fault(FaultKind.PROVIDER_DOWN)))
        run = self.sync(one)
        self.assertEqual((run.outcome, one.state), ("failed", "connected"))
        self.assertTrue(one._is_due())

    def test_a_temporary_fault_that_lasts_is_told_once(self):
        """Automatic runs that fail for the same reason leave one message in the chatter, not one each."""
        one = self.connection(script=fails(Fault(FaultKind.PROVIDER_DOWN)))
        schedule = self.schedule()
        for _ in range(3):
            self.run_schedule(schedule)
        self.assertEqual(len(self.runs(one)), 3)
        self.assertEqual(self.told(one), 1)
        self.assertEqual(self.runs(one)[-1].line_ids.kind, "provider_down", "The log tells it every time.")
        self.sync(one)
        self.assertEqual(self.told(one), 2, "Who pressed the button is always answered.")
        SCRIPTS[one.name] = fails(Fault(FaultKind.NETWORK_UNREACHABLE))
        self.run_schedule(schedule)
        self.assertEqual(self.told(one), 3, "Another reason is news.")

    def test_a_bank_that_wants_a_pause_gets_it_and_the_button_says_until_when(self):
        self.manager.tz = "Europe/Rome"
        with freeze_time("2026-05-04 10:00:00"):
            pause = Fault(FaultKind.RATE_LIMITED, not_before=datetime(2026, 5, 4, 15, 30, tzinfo=UTC))
            one = self.connection(script=fails(pause))
            run = self.sync(one)
            self.assertEqual((one.state, one.not_before), ("connected", datetime(2026, 5, 4, 15, 30)))
            self.assertFalse(one._is_due())
            rome = format_datetime(self.env, one.not_before, tz="Europe/Rome")
            with self.assertRaisesRegex(UserError, f"after {rome}"):
                one.with_user(self.manager).with_context(tz="Europe/Rome").action_sync_now()
            line = run.line_ids
            self.assertIn(format_datetime(self.env, one.not_before, tz="UTC"), line.with_context(tz="UTC").remedy)
            self.assertIn(rome, line.with_context(tz="Europe/Rome").remedy)
            self.assertIn(rome, self.chatter(one), "The chatter uses the clock of the responsible user.")
        with freeze_time("2026-05-04 15:31:00"):
            SCRIPTS[one.name] = brings(1)
            self.sync(one)
            self.assertFalse(one.not_before)

    def test_the_pause_is_kept_as_utc_whatever_zone_the_bank_named_it_in(self):
        local = datetime.fromisoformat("2030-05-04T15:30:00+02:00")
        one = self.connection(script=fails(Fault(FaultKind.RATE_LIMITED, not_before=local)))
        self.sync(one)
        self.assertEqual(one.not_before, datetime(2030, 5, 4, 13, 30))

    def test_a_bank_that_wants_its_customer_present_is_not_called_automatically_any_more(self):
        """It is switched to manual and says so in the chatter; the button still works."""
        one = self.connection(script=fails(Fault(FaultKind.USER_PRESENCE_REQUIRED)))
        self.run_schedule(self.schedule())
        self.assertEqual((one.automatic, one.state), (False, "connected"))
        self.assertIn("Automatic synchronization was switched off", self.chatter(one))
        self.assertFalse(one._is_due())
        SCRIPTS[one.name] = brings(1)
        self.assertEqual(self.sync(one).outcome, "done")

    def test_a_fault_outside_a_run_leaves_a_run_and_an_answer(self):
        """While the user is at the bank, say: what went wrong can be found again by its reference."""
        one = self.connection().with_user(self.manager)
        answer = one._report_fault(Fault(FaultKind.AUTHORIZATION_CANCELLED))
        run = self.runs(one)
        self.assertEqual((run.state, run.outcome, run.user_id), ("finished", "failed", self.manager))
        self.assertEqual(answer["params"]["title"], "The authorization was cancelled at the bank.")
        self.assertIn(run.reference, self.chatter(one))

    def test_when_somebody_changes_the_same_record_meanwhile_the_slice_is_repeated(self):
        """PostgreSQL refuses one of two changes made at once: no fault of the bank, and nobody is told one."""
        tries = []

        def collides(connection, run, deadline):
            tries.append(run.date_worked)
            if len(tries) == 1:
                raise psycopg2.errors.SerializationFailure
            return brings(1)(connection, run, deadline)

        run = self.sync(self.connection(script=collides))
        self.assertEqual((len(tries), run.outcome, len(run.line_ids)), (2, "done", 0))

    def test_hours_of_a_pause_are_told_to_who_is_at_the_screen_too(self):
        fault = Fault(FaultKind.RATE_LIMITED, not_before=datetime.now(UTC) + timedelta(hours=1))
        answer = self.connection().with_context(tz="UTC")._report_fault(fault)
        self.assertRegex(answer["params"]["message"], r"after .*\d:\d\d")
