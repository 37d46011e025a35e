# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.exceptions import ValidationError
from odoo.tools import config, mute_logger

from .common import SyncHubCase
from .outside_system import SCRIPTS, brings, fails, far
from .post_office import PostOfficeMixin

DOWN = fails(Fault(FaultKind.PROVIDER_DOWN))
REJECTED = fails(Fault(FaultKind.CREDENTIALS_REJECTED, provider_code="WRONG_KEY", detail="no such key"))
SENDING = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")


class OutcomeMailCase(PostOfficeMixin, SyncHubCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_post_office()

    def setUp(self):
        super().setUp()
        self.inbox.deliveries.clear()
        self.inbox.shut = False
        self.told = self.schedule(
            outcome_mail_to="anna@rossi.example; studio@bianchi.example", interval_number=10, interval_type="minutes"
        )

    def mail(self):
        """What the worker does that an outcome wakes."""
        self.trigger(self.env.ref("sync_hub.ir_cron_outcome_mail"))

    def summarize(self):
        self.trigger(self.env.ref("sync_hub.ir_cron_outcome_summary"))

    def kill(self, run):
        """Leave a run as a killed worker does, and let the next one find it."""
        run.state = "running"
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["sync.run"]._resume_killed()
        self.env.invalidate_all()

    def run_and_mail(self, connection, script):
        SCRIPTS[connection.name] = script
        self.env["sync.run"]._queue(connection, "scheduled", schedule=self.told)
        self.work_off_queue()
        self.mail()
        return self.runs(connection)[-1]


class TestOutcomeMail(OutcomeMailCase):
    """People outside Odoo are told how synchronizations end, by ordinary e-mail, at once."""

    def test_a_failure_says_what_failed_why_what_to_do_and_where_to_read_on(self):
        one = self.connection("Main bank")
        run = self.run_and_mail(one, REJECTED)
        [(recipients, letter)] = self.inbox.deliveries
        self.assertEqual(recipients, ["anna@rossi.example", "studio@bianchi.example"])
        self.assertEqual(letter["Subject"], "Parcels of Rossi S.r.l.: failed")
        self.assertIn("office@rossi.example", letter["From"])
        for words in (
            "Main bank",
            "The access keys were not accepted.",
            "no such key",
            "enter them again with “Update credentials”",
            "WRONG_KEY",
            run.reference,
        ):
            self.assertIn(words, self.text(letter))
        self.assertIn(f"/mail/view?model=sync.run&amp;res_id={run.id}", self.html(letter))
        self.assertEqual(run.outcome_mail, "sent")

    def test_the_worker_that_sends_is_woken_by_the_outcome(self):
        one = self.connection(script=DOWN)
        action = self.env.ref("sync_hub.ir_cron_outcome_mail")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", action.id)])
        self.sync(one)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", action.id)]), before + 1)

    def test_by_default_the_first_failure_and_the_recovery_are_told(self):
        one = self.connection()
        for script in (brings(1), None, DOWN, DOWN, brings(2), brings(1)):
            self.run_and_mail(one, script or brings(0))
        self.assertEqual(
            self.subjects(), ["Parcels of Rossi S.r.l.: failed", "Parcels of Rossi S.r.l.: works again"]
        )
        self.assertIn("Works again: Couriers", self.text(self.letters()[1]).replace("*", ""))

    def test_who_wants_failures_only_hears_of_no_recovery(self):
        self.told.outcome_mail_policy = "failures"
        one = self.connection()
        for script in (brings(1), DOWN, brings(2), DOWN):
            self.run_and_mail(one, script)
        self.assertEqual(self.subjects(), ["Parcels of Rossi S.r.l.: failed"] * 2)

    def test_who_wants_every_outcome_gets_every_outcome(self):
        self.told.outcome_mail_policy = "always"
        one = self.connection()
        for script in (brings(3), brings(0)):
            self.run_and_mail(one, script)
        self.assertEqual(self.subjects(), ["Parcels of Rossi S.r.l.: done", "Parcels of Rossi S.r.l.: nothing new"])
        self.assertIn("New: 3", self.text(self.letters()[0]))

    def test_a_manual_run_is_told_like_an_automatic_one(self):
        one = self.connection(script=DOWN)
        self.sync(one)
        self.mail()
        self.assertEqual(len(self.letters()), 1)

    def test_a_hundred_failures_in_a_row_are_one_message_and_one_summary(self):
        one = self.connection(script=DOWN)
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            run = self.env(cr=cr)["sync.run"]
            for _ in range(100):
                run._queue(one.with_env(run.env), "scheduled", schedule=self.told.with_env(run.env))._work(far())
        self.env.invalidate_all()
        self.mail()
        self.assertEqual(self.subjects(), ["Parcels of Rossi S.r.l.: failed"])
        self.summarize()
        self.summarize()
        self.assertEqual(self.subjects()[1:], ["Daily summary of synchronizations: Rossi S.r.l."], "One, not two.")
        summary = self.text(self.letters()[1]).replace("*", "")
        for words in ("Failures: 99", "Couriers", "cannot answer at the moment", self.runs(one)[-1].reference):
            self.assertIn(words, summary)

    def test_no_policy_repeats_a_failure_at_once(self):
        for policy in ("failures", "always"):
            with self.subTest(policy):
                self.inbox.deliveries.clear()
                self.told.outcome_mail_policy = policy
                one = self.connection(policy, DOWN)
                for _ in range(3):
                    self.sync(one)
                self.mail()
                self.assertEqual(len(self.letters()), 1)
                self.assertEqual(self.runs(one).mapped("outcome_mail"), ["sent", "held_back", "held_back"])

    def test_a_failure_after_which_nothing_runs_any_more_is_told_although_it_failed_before(self):
        one = self.connection()
        for script in (DOWN, DOWN, REJECTED):
            self.run_and_mail(one, script)
        self.assertEqual(len(self.letters()), 2)
        self.assertIn("The access keys were not accepted.", self.text(self.letters()[1]))

    def test_several_connections_make_one_message(self):
        for name, script in (("good", brings(2)), ("bad", DOWN), ("worse", REJECTED)):
            self.connection(name, script)
        self.run_schedule(self.told)
        self.mail()
        [letter] = self.letters()
        self.assertEqual(letter["Subject"], "Parcels of Rossi S.r.l.: partly failed")
        self.assertIn("bad", self.text(letter))
        self.assertIn("worse", self.text(letter))
        self.assertNotIn("good", self.text(letter))

    def test_another_connection_that_fails_is_news_and_one_that_works_is_no_recovery_of_the_other(self):
        # So seldom that the pause of a connection that fails is over each time.
        self.told.write({"interval_number": 1, "interval_type": "hours"})
        bad, other = self.connection("bad", DOWN), self.connection("other", brings(1))
        self.run_schedule(self.told)
        self.mail()
        self.sync(other)
        self.mail()
        self.assertEqual(len(self.letters()), 1, "The bad one still fails.")
        SCRIPTS["other"] = DOWN
        self.run_schedule(self.told)
        self.mail()
        self.assertEqual(len(self.letters()), 2)
        SCRIPTS["bad"] = brings(1)
        # By chance the next try may be later than the next time of the schedule.
        (bad | other).retry_at = False
        self.run_schedule(self.told)
        self.mail()
        self.assertIn("Works again: bad", self.text(self.letters()[2]).replace("*", ""))
        self.assertEqual(self.runs(bad)[-1].outcome_mail, "sent")

    def test_a_run_that_was_killed_is_told_only_when_the_next_one_is_killed_too(self):
        one = self.connection()
        run = self.env["sync.run"]._queue(one, "scheduled", schedule=self.told)
        self.kill(run)
        self.mail()
        self.assertFalse(self.letters())
        again = self.runs(one)[-1]
        self.assertNotEqual(again, run)
        self.kill(again)
        self.mail()
        [letter] = self.letters()
        self.assertEqual(letter["Subject"], "Parcels of Rossi S.r.l.: interrupted")
        self.assertIn("It was interrupted", self.text(letter))
        self.run_and_mail(one, brings(1))
        self.assertEqual(self.subjects()[1:], ["Parcels of Rossi S.r.l.: works again"])

    def test_without_addresses_nobody_is_told(self):
        self.told.outcome_mail_to = False
        self.assertFalse(self.run_and_mail(self.connection(), DOWN).outcome_mail)
        self.assertFalse(self.letters())

    def test_the_language_is_the_company_s(self):
        """In the words that come with the addon, in the letter and in the daily summary."""
        self.env["res.lang"]._activate_and_install_lang("it_IT")
        self.company.partner_id.lang = "it_IT"
        one = self.connection("Banca")
        for _repetition in range(2):
            self.run_and_mail(one, DOWN)
        self.summarize()
        letter, summary = self.letters()
        self.assertEqual(letter["Subject"], "Parcels di Rossi S.r.l.: sincronizzazione non riuscita")
        self.assertEqual(summary["Subject"], "Riepilogo giornaliero delle sincronizzazioni: Rossi S.r.l.")
        for message in (letter, summary):
            text = self.text(message).replace("*", "")
            self.assertIn("Che cosa è successo: Al momento la banca o il servizio", text)
            self.assertIn("Cosa fare:", text)
            self.assertIn("Ricevi questo messaggio perché", text)
        self.assertIn("Apri il log", self.html(letter))
        self.assertIn("Errori che si sono ripetuti dall'ultimo riepilogo", self.text(summary))
        for english in ("What happened", "What to do", "Failures", "You receive", "Open the log", "Reference:"):
            self.assertNotIn(english, self.text(letter) + self.text(summary))

    def test_what_the_other_side_says_is_text_never_markup(self):
        self.run_and_mail(self.connection(), fails(Fault(FaultKind.BAD_DATA, detail="<b>bold</b>")))
        self.assertIn("&lt;b&gt;bold&lt;/b&gt;", self.html(self.letters()[0]))


class TestOutcomeMailTrouble(OutcomeMailCase):
    """A message that cannot be sent changes nothing of the run, is noted, and comes with the summary."""

    def test_a_mail_server_that_says_no_is_a_note_in_the_log(self):
        self.inbox.shut = True
        with mute_logger(*SENDING):
            run = self.run_and_mail(self.connection(), REJECTED)
        self.assertEqual((run.state, run.outcome, run.outcome_mail), ("finished", "failed", "unsent"))
        note = run.line_ids[-1]
        self.assertEqual(note.severity, "warning")
        self.assertIn("could not be mailed to anna@rossi.example; studio@bianchi.example", note.message)
        self.assertIn("5.7.1", note.message)
        self.assertNotIn("sk_live_51H8xYzAbCdE", note.message)
        self.assertEqual(run._connection().fault_message, "The access keys were not accepted.")
        self.assertFalse(self.env["mail.mail"].search([("res_id", "=", run.id), ("model", "=", "sync.run")]))

    def test_a_mail_server_that_is_not_there_is_a_note_too(self):
        self.mail_server.smtp_port = 1
        with mute_logger(*SENDING):
            run = self.run_and_mail(self.connection(), brings(1))
            self.assertFalse(run.outcome_mail)
            run = self.run_and_mail(self.connection("other"), DOWN)
        self.assertEqual((run.outcome, run.outcome_mail), ("failed", "unsent"))

    def test_what_could_not_be_sent_is_told_with_the_next_failure_and_in_the_summary(self):
        one = self.connection()
        self.inbox.shut = True
        with mute_logger(*SENDING):
            self.run_and_mail(one, DOWN)
            self.summarize()
        self.assertFalse(self.letters())
        self.inbox.shut = False
        self.run_and_mail(one, DOWN)
        self.summarize()
        self.assertEqual(
            self.subjects(), ["Parcels of Rossi S.r.l.: failed", "Daily summary of synchronizations: Rossi S.r.l."]
        )

    def test_a_summary_says_what_works_again_and_what_was_good_but_could_not_be_told(self):
        self.told.outcome_mail_policy = "always"
        one = self.connection()
        self.run_and_mail(one, DOWN)
        self.run_and_mail(one, DOWN)
        self.inbox.shut = True
        with mute_logger(*SENDING):
            self.run_and_mail(one, brings(1))
        self.inbox.shut = False
        self.summarize()
        summary = self.text(self.letters()[-1])
        self.assertIn("Works again since", summary)
        self.assertIn("could not be mailed when they came: 1", summary.replace("*", ""))

    def test_schedules_with_the_same_people_share_one_summary(self):
        for name in ("one", "two"):
            connection = self.connection(name, DOWN)
            schedule = self.schedule(
                connection_id=connection.id, outcome_mail_to="studio@bianchi.example;anna@rossi.example"
            )
            for _ in range(2):
                self.env["sync.run"]._queue(connection, "scheduled", schedule=schedule)
                self.work_off_queue()
        self.mail()
        self.inbox.deliveries.clear()
        self.summarize()
        [letter] = self.letters()
        self.assertIn("Parcels: one", self.text(letter))
        self.assertIn("Parcels: two", self.text(letter))

    def test_notices_never_leave_through_certified_mail(self):
        certified = self.env["ir.mail_server"].create(
            {"name": "PEC", "smtp_host": "smtps.pec.aruba.it", "sequence": 1, "from_filter": "rossi.example"}
        )
        self.assertTrue(certified._is_certified())
        self.assertFalse(self.mail_server._is_certified())
        self.run_and_mail(self.connection(), DOWN)
        self.assertEqual(len(self.letters()), 1, "Odoo itself would choose the certified one, by its sender.")
        self.mail_server.smtp_user = "rossi@pec.rossi.example"
        self.assertTrue(self.mail_server._is_certified(), "The login name tells it too.")

    def test_a_template_with_a_certified_server_is_sent_through_an_ordinary_one(self):
        certified = self.env["ir.mail_server"].create({"name": "PEC", "smtp_host": "smtps.pec.aruba.it"})
        self.env.ref("sync_hub.mail_template_outcome").mail_server_id = certified
        self.run_and_mail(self.connection(), DOWN)
        self.assertEqual(len(self.letters()), 1)

    def test_notices_are_never_sent_from_a_certified_address(self):
        """Many Italian companies give their certified address as their e-mail."""
        self.company.email = "Rossi <rossi@pec.rossi.example>"
        self.assertEqual(self.schedule_anew().outcome_mail_obstacle, "certified_sender")
        self.assertEqual(self.told.action_outcome_mail_settings()["res_model"], "res.company")
        run = self.run_and_mail(self.connection(), DOWN)
        self.assertEqual((self.letters(), run.outcome_mail), ([], "unsent"))
        self.assertIn("the address to send from is one of certified mail (PEC)", run.line_ids[-1].message)

    def test_what_is_missing_is_said_on_the_schedule_and_in_the_log(self):
        self.assertFalse(self.told.outcome_mail_obstacle)
        self.company.email = False
        self.assertEqual(self.schedule_anew().outcome_mail_obstacle, "no_sender")
        self.assertEqual(self.told.action_outcome_mail_settings()["res_model"], "res.company")
        self.company.email = "office@rossi.example"
        self.mail_server.smtp_host = "smtps.pec.aruba.it"
        self.assertEqual(self.schedule_anew().outcome_mail_obstacle, "certified_only")
        self.mail_server.active = False
        self.assertEqual(self.schedule_anew().outcome_mail_obstacle, "no_server")
        self.assertEqual(self.told.action_outcome_mail_settings()["res_model"], "ir.mail_server")
        run = self.run_and_mail(self.connection(), DOWN)
        self.assertEqual(run.outcome_mail, "unsent")
        self.assertIn("no active outgoing mail server", run.line_ids[-1].message)

    def test_a_server_in_odoo_conf_is_enough_unless_it_is_certified(self):
        self.mail_server.active = False
        for host, found in (("mail.rossi.example", False), ("smtps.pec.aruba.it", "no_server"), ("", "no_server")):
            with self.subTest(host), patch.dict(config.options.maps[0], {"smtp_server": host}):
                self.assertEqual(self.schedule_anew().outcome_mail_obstacle, found)

    def test_odoo_s_own_default_server_is_enough_when_odoo_conf_names_it(self):
        self.mail_server.active = False
        self.assertEqual(self.schedule_anew().outcome_mail_obstacle, "no_server")
        with patch.dict(config.options.maps[3], {"smtp_server": "localhost"}):
            self.assertFalse(self.schedule_anew().outcome_mail_obstacle)

    def test_a_message_through_the_server_of_odoo_conf_passes_by_the_certified_one(self):
        host, port = self.mail_server.smtp_host, self.mail_server.smtp_port
        self.mail_server.smtp_host = "smtps.pec.aruba.it"
        with patch.dict(config.options.maps[0], {"smtp_server": host, "smtp_port": port}):
            self.run_and_mail(self.connection(), DOWN)
        self.assertEqual(len(self.letters()), 1)

    def schedule_anew(self):
        self.env.invalidate_all()
        # As in the list of schedules, which shows those that are switched off too.
        return self.told.with_user(self.manager).with_context(active_test=False)

    def test_a_bad_address_is_named_with_its_position(self):
        for text, words in (
            ("anna@rossi.example; bruno", "Address 2 .*“bruno” .*character 21.* no “@”"),
            ("anna@rossi.example, bruno@rossi.example", "Address 1 .*separate addresses with a semicolon"),
            ("anna@rossi.example; ; carla@rossi", "Address 2 .*“carla@rossi”.*after the “@”"),
            ("à@rossi.example", "before the “@”"),
        ):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, words):
                self.told.outcome_mail_to = text
        self.told.outcome_mail_to = "anna@rossi.example;bruno@rossi.example;"
