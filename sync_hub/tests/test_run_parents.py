# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.faults import Fault, FaultKind

from .common import SyncHubCase
from .outside_system import brings, fails


class TestRunParents(SyncHubCase):
    """A schedule of several connections has one run that sums them up."""

    def run_all(self, *scripts):
        for number, script in enumerate(scripts):
            self.connection(f"connection {number}", script)
        schedule = self.schedule()
        self.run_schedule(schedule)
        return schedule

    def test_the_outcome_of_a_schedule_sums_up_its_connections(self):
        down = fails(Fault(FaultKind.PROVIDER_DOWN))
        for scripts, outcome in (
            ((None, None), "nothing_new"),
            ((brings(2), None), "done"),
            ((brings(2), down), "partly_failed"),
            ((down, down), "failed"),
        ):
            with self.subTest(outcome), self.env.cr.savepoint() as savepoint:
                schedule = self.run_all(*scripts)
                parent = schedule.last_run_id
                self.assertEqual((parent.state, parent.outcome, len(parent.child_ids)), ("finished", outcome, 2))
                savepoint.rollback()

    def test_counters_of_the_connections_are_added_up(self):
        parent = self.run_all(brings(2), brings(3)).last_run_id
        self.assertEqual((parent.created_count, parent.fetched_count, parent.connection_name), (5, 5, False))

    def test_a_parent_whose_worker_was_killed_before_it_could_be_closed_is_closed_later(self):
        schedule = self.run_all(brings(1), None)
        parent = schedule.last_run_id
        parent.write({"state": "running", "outcome": False})
        self.work_off_queue()
        self.assertEqual((parent.state, parent.outcome), ("finished", "done"))

    def test_a_parent_is_not_closed_before_its_last_connection_has_ended(self):
        one = self.connection("busy")
        let_go = self.busy_elsewhere(one)
        self.connection("free")
        schedule = self.schedule()
        self.run_schedule(schedule)
        parent = self.runs(one).parent_id
        self.assertEqual((parent.state, schedule.last_run_id.id), ("running", False))
        let_go()
        self.work_off_queue()
        self.assertEqual((parent.state, parent.outcome, schedule.last_run_id), ("finished", "nothing_new", parent))
