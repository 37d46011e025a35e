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
        current = runs._current_by("schedule_id")
        for schedule in self:
            schedule.current_run_id = current.get(schedule._origin, False)

    @api.depends("current_run_id", "last_run_id")
    def _compute_live_progress(self):
        for schedule in self:
            schedule.live_progress = schedule.current_run_id._progress_after(schedule.last_run_id)

    def action_cancel_run(self):
        """Button: stop what goes on and what waits for this schedule. What has been committed stays."""
        self.check_access("read")
        unfinished = [("schedule_id", "in", self.ids), ("state", "!=", "finished")]
        return self.env["sync.run"].search(unfinished).action_cancel()
