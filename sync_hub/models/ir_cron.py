# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL


class IrCron(models.Model):
    _inherit = "ir.cron"

    sync_schedule_ids = fields.One2many("sync.schedule", "cron_id", string="Sync Hub Schedule")

    @api.model
    def _reschedule_later(self, job: dict):
        """Override of ``base``: a schedule of ours says itself when its next run is.

        Core adds the interval to the last call, so that a daily job moves by an hour when the clocks change and an
        interval drifts by what was missed.
        """
        result = super()._reschedule_later(job)
        # The job runs as its operator, who may not read scheduled actions: only which schedule owns this one is asked.
        schedule = self.sudo().browse(job["id"]).sync_schedule_ids
        if schedule:
            # Written in SQL as core does: the row is locked by this very cursor and ``write`` refuses a running job.
            self.env.cr.execute(
                SQL(
                    "UPDATE ir_cron SET nextcall = %s WHERE id = %s",
                    schedule._next_occurrence(self.env.cr.now()),
                    job["id"],
                )
            )
        return result
