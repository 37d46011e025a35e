# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import resource
import time
from unittest.mock import Mock, patch

from odoo.tools import config, mute_logger

from ..models import worker_limits
from ..models.worker_limits import seconds_for_calls
from .common import SyncHubCase


class TestWorkerLimits(SyncHubCase):
    """Odoo ends a prefork worker that has used up its processor time; Sync Hub stops before."""

    def setUp(self):
        super().setUp()
        self.time_given = []
        self.one = self.connection(script=self.note_time)
        self.one.action_sync_now()

    def note_time(self, connection, run, deadline):
        self.time_given.append(deadline - time.monotonic())
        return True

    def allow(self, seconds):
        """Limit this process as Odoo limits its workers, to so much more processor time."""
        before = resource.getrlimit(resource.RLIMIT_CPU)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CPU, before)
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds), before[1]))

    def test_a_run_gets_no_more_time_than_its_worker_has(self):
        """Half of the limit is kept for the step that is begun last."""
        self.allow(config["limit_time_cpu"] / 2 + 6)
        self.work_off_queue()
        (given,) = self.time_given
        self.assertGreater(given, 0)
        self.assertLessEqual(given, 6)
        self.assertEqual(self.runs(self.one).outcome, "nothing_new")

    @mute_logger("odoo.addons.base.models.ir_cron")
    def test_when_other_actions_have_used_up_the_time_the_run_waits_for_the_next_unit(self):
        """All scheduled actions that are due together share one limit."""
        queue = self.env.ref("sync_hub.ir_cron_queue")
        self.allow(config["limit_time_cpu"] / 2 - 1)
        self.work_off_queue()
        self.assertEqual((self.time_given, self.runs(self.one).state), ([], "queued"))
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", queue.id)]), "A worker is woken.")
        self.allow(config["limit_time_cpu"])
        self.work_off_queue()
        self.assertEqual((len(self.time_given), self.runs(self.one).outcome), (1, "nothing_new"))

    def test_calls_of_a_unit_end_before_odoo_kills_its_worker(self):
        """Half of the limit that is good for the worker: a scheduled action may have a limit of its own."""
        for real, cron, by_clock, by_user in (
            (120, -1, 60, 60),
            (120, 0, 60, 60),
            (120, 600, 300, 60),
            (0, 90, 45, None),
            (0, -1, None, None),
        ):
            limits = {"limit_time_real": real, "limit_time_real_cron": cron}
            with self.subTest(**limits), patch.dict(config.options.maps[0], limits):
                self.assertEqual(seconds_for_calls(), by_clock)
                with patch.object(worker_limits, "request", Mock()):
                    self.assertEqual(seconds_for_calls(), by_user)
        with patch.object(worker_limits.server, "server", None):
            self.assertIsNone(seconds_for_calls(), "A shell has no limit.")
