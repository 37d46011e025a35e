# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncSchedule(models.Model):
    """What goes on for a schedule, manual or automatic."""

    _inherit = "sync.schedule"

    current_run_id = fields.Many2one("sync.run", compute="_compute_current_run")
    live_progress = fields.Json(string="Progress", compute="_compute_live_progress")

    def _compute_current_run(self):
        runs = self.env["sync.run"].search(
            [("schedule_id", "in", self.ids), ("state", "!=", "finished"), ("parent_id", "=", False)]
        )
        # The run that is worked on; while none is, the one that waits longest.
        current = {}
        for run in runs.sorted(lambda run: (run.state == "running", -run.id)):
            current[run.schedule_id] = run
        for schedule in self:
            schedule.current_run_id = current.get(schedule._origin, False)

    @api.depends("current_run_id", "last_run_id")
    def _compute_live_progress(self):
        for schedule in self:
            run = schedule.current_run_id
            last = schedule.last_run_id.id
            schedule.live_progress = {**(run._live_progress() if run else {"id": False}), "last_run": last}

    def action_cancel_run(self):
        """Button: stop what goes on and what waits for this schedule. What has been committed stays."""
        self.check_access("read")
        runs = self.env["sync.run"].search([("schedule_id", "in", self.ids), ("state", "!=", "finished")])
        runs.action_cancel()
        return True
