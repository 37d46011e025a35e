# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .task_case import TaskCase

PASSPHRASE = "correct horse battery"
_REFUSAL = "Not like this."


class Killed(BaseException):
    """The end of a worker: nothing catches it."""


@tagged("post_install", "-at_install")
class TestTasks(TaskCase):
    """Work that takes longer than a web request: in slices, by the scheduled action, as whoever asked for it."""

    def setUp(self):
        super().setUp()
        self.done = []
        self.before_unit = lambda task, number: None

        def count_up(task, until, *, most):
            """A step of so many units, one of them in each slice."""
            number = task.checkpoint.get("number", 0)
            self.before_unit(task, number)
            self.done.append((task.name, number))
            task._reach(number=number + 1)
            task._tell(done_count=number + 1)
            task.env.cr.commit()
            return number + 1 == most

        self.startPatcher(patch.object(self.registry["sync.exchange.snapshot"], "_count_up", count_up, create=True))

    def begun(self, name="One", most=3, **arguments):
        task = self.snapshot(name=name)
        task._start("_count_up", most=most, **arguments)
        return task

    def work_off_and_die(self):
        """Not with ``assertRaises``, which takes back what was committed."""
        try:
            self.work_off()
        except Killed:
            return
        self.fail("nobody was killed")

    def secrets(self):
        return self.env["sync.secret"].sudo().search([("res_model", "=", "sync.exchange.snapshot")])

    # -- Slices ------------------------------------------------------------------------------------------------------

    def test_the_button_only_wakes_the_worker_who_does_it_slice_by_slice(self):
        action = self.env.ref("sync_hub_exchange.ir_cron_tasks").sudo()
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([("cron_id", "=", action.id)])
        task = self.begun()
        self.assertEqual(triggers.search_count([("cron_id", "=", action.id)]), before + 1)
        self.assertEqual((task.state, task.waits, self.done), ("working", True, []))
        with self.enter_registry_test_mode():
            action.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.done, [("One", 0), ("One", 1), ("One", 2)])
        self.assertEqual((task.state, task.done_count, task.waits, task.note), ("done", 3, False, False))
        self.assertFalse(task.checkpoint or task.step)

    def test_a_worker_that_is_killed_is_followed_by_one_that_goes_on(self):
        task = self.begun()

        def die_once(_task, number):
            if number == 1:
                self.before_unit = lambda task, number: None
                raise Killed

        self.before_unit = die_once
        self.work_off_and_die()
        self.assertEqual((task.state, task.checkpoint["number"]), ("working", 1))
        self.work_off()
        self.assertEqual(self.done, [("One", 0), ("One", 1), ("One", 2)])
        self.assertEqual(task.state, "done")

    def test_what_kills_its_worker_each_time_ends_with_a_sentence(self):
        task, other = self.begun(), self.begun("Two")

        def die(task, number):
            if task.name == "One" and number == 1:
                raise Killed

        self.before_unit = die
        for _time in range(5):
            self.work_off_and_die()
        self.work_off()
        self.assertEqual(task.state, "failed")
        self.assertIn("was ended 5 times at the same place", task.note)
        self.assertEqual(other.state, "done")

    def test_tasks_take_turns_in_the_order_in_which_they_began(self):
        self.begun()
        self.begun("Two", most=2)
        self.work_off()
        self.assertEqual(self.done, [("One", 0), ("Two", 0), ("One", 1), ("Two", 1), ("One", 2)])

    def test_what_is_worked_on_is_not_begun_again(self):
        task = self.begun()
        with self.assertRaises(UserError):
            task._start("_count_up", most=1)

    # -- What goes wrong ---------------------------------------------------------------------------------------------

    def test_faults_and_errors_become_sentences_and_others_go_on(self):
        def fail(task, _number):
            if task.name == "Fault":
                raise Fault(FaultKind.PROVIDER_DOWN, detail="no answer")
            if task.name == "Refused":
                raise UserError(_REFUSAL)
            if task.name == "Unknown":
                raise KeyError("surprise")

        self.before_unit = fail
        tasks = [self.begun(name) for name in ("Fault", "Refused", "Unknown", "Good")]
        with mute_logger("odoo.addons.sync_hub_exchange.models.sync_exchange_task_working"):
            self.work_off()
        self.assertEqual([task.state for task in tasks], ["failed", "failed", "failed", "done"])
        for task, text in zip(tasks, ("no answer", _REFUSAL, "KeyError"), strict=False):
            self.assertIn(text, task.note)

    def test_whoever_cancels_it_is_named_and_nothing_more_is_done(self):
        task = self.begun(passphrase=PASSPHRASE)
        task.action_cancel()
        self.work_off()
        self.assertEqual((task.state, self.done, bool(self.secrets())), ("cancelled", [], False))
        self.assertIn(self.manager.name, task.note)
        with self.assertRaises(UserError):
            task.action_cancel()

    # -- Secrets -----------------------------------------------------------------------------------------------------

    def test_the_passphrase_is_sealed_as_long_as_it_is_needed_and_then_gone(self):
        heard = []
        self.before_unit = lambda task, _number: heard.append(task._passphrase())
        task = self.begun(most=1, passphrase=PASSPHRASE)
        self.env.flush_all()
        self.assertEqual(len(self.secrets()), 1)
        for table in ("sync_exchange_snapshot", "sync_secret", "mail_message", "ir_cron_trigger"):
            self.env.cr.execute(f"SELECT count(*) FROM {table} kept WHERE kept::text LIKE %s", [f"%{PASSPHRASE}%"])
            self.assertFalse(self.env.cr.fetchone()[0], table)
        self.work_off()
        self.assertEqual((task.state, heard), ("done", [PASSPHRASE]))
        self.assertFalse(self.secrets())

    def test_of_a_work_that_fails_or_is_deleted_no_passphrase_stays(self):
        def fail(_task, _number):
            raise UserError(_REFUSAL)

        self.before_unit = fail
        self.begun(passphrase=PASSPHRASE)
        self.work_off()
        self.assertFalse(self.secrets())
        deleted = self.begun("Two", passphrase=PASSPHRASE)
        deleted.unlink()
        self.assertFalse(self.secrets())

    # -- Rights ------------------------------------------------------------------------------------------------------

    def test_it_is_done_as_whoever_asked_for_it(self):
        seen = []
        self.before_unit = lambda task, _number: seen.append((task.env.user, task.env.companies, task.env.su))
        self.begun(most=1)
        self.work_off()
        self.assertEqual(seen, [(self.manager, self.company, False)])

    def test_who_was_archived_or_lost_the_right_has_nothing_done(self):
        task = self.begun()
        self.manager.sudo().active = False
        self.work_off()
        self.assertEqual((task.sudo().state, self.done), ("failed", []))
        self.assertIn("was archived", task.sudo().note)
        self.manager.sudo().active = True
        other = self.begun("Two")
        self.manager.sudo().group_ids = [Command.unlink(self.env.ref("sync_hub.group_manager").id)]
        self.work_off()
        self.assertEqual((other.sudo().state, self.done), ("failed", []))
        self.assertIn("not allowed", other.sudo().note)

    def test_nobody_writes_by_hand_what_is_done_as_whom(self):
        task = self.begun()
        for values in ({"step": "unlink"}, {"user_id": self.env.ref("base.user_admin").id}, {"checkpoint": {}}):
            with self.assertRaises(AccessError):
                task.write(values)
            with self.assertRaises(AccessError):
                self.snapshot(**values)

    def test_who_is_no_manager_can_neither_have_it_done_nor_cancel_it(self):
        task = self.begun()
        user = new_test_user(
            self.env(su=True),
            "snapshot_user",
            groups="sync_hub.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            task.with_user(user).action_cancel()
        with self.assertRaises(AccessError):
            task.with_user(user).action_generate()
