# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class IrCron(models.Model):
    _inherit = "ir.cron"

    sync_schedule_ids = fields.One2many(
        "sync.schedule", "cron_id", string="Sync Hub Schedule", context={"active_test": False}
    )

    @api.model
    def _reschedule_later(self, job: dict):
        """Override of ``base``: a schedule of ours says itself when its next run is.

        Core adds the interval to the last call, so that a daily job moves by an hour when the clocks change and an
        interval drifts by what was missed.
        """
        result = super()._reschedule_later(job)
        # A job may run as who may not read scheduled actions: only which schedule owns this one is asked.
        schedule = self.sudo().browse(job["id"]).sync_schedule_ids
        if schedule:
            try:
                # This transaction sees the database as it was before the job began. What somebody changed meanwhile
                # was left to us: the row is locked by this very cursor.
                with self.pool.cursor() as cr:
                    schedule = schedule.with_env(schedule.env(cr=cr))
                    nextcall, active = schedule._next_occurrence(self.env.cr.now()), schedule.active
            except Exception:  # say a time zone that this host does not know: other jobs of this worker go on
                _logger.exception("The next run of schedule %s is by the interval alone", schedule.id)
                return result
            # Written in SQL as core does: ``write`` refuses a job that is running. One that core has switched off
            # stays off.
            self.env.cr.execute(
                SQL(
                    "UPDATE ir_cron SET nextcall = %s, active = active AND %s WHERE id = %s",
                    nextcall,
                    active,
                    job["id"],
                )
            )
        return result
