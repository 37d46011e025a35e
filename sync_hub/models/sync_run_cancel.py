# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import api, fields, models


class SyncRun(models.Model):
    """How a run is cancelled: at once while it waits, at its next step while it is worked on."""

    _inherit = "sync.run"

    # The entry of the log is the request. Written into the run itself, it would collide with the worker, which writes
    # there after each chunk: PostgreSQL would refuse the chunk that is under way.
    cancel_requested = fields.Boolean(string="Cancelling", compute="_compute_cancel_requested")

    @api.depends("line_ids.kind")
    def _compute_cancel_requested(self):
        requests = self.env["sync.run.line"].search([("run_id", "in", self.ids), ("kind", "=", "cancelled")])
        for run in self:
            run.cancel_requested = run._origin in requests.run_id

    def action_cancel(self):
        """Button: stop. What has been committed stays, and the next run goes on from there."""
        self.check_access("read")
        # Who may ask for a run may also take it back; users write nothing else into runs.
        self.sudo()._cancel()
        return True

    def _cancel(self) -> None:
        """Cancel these runs; a run of several connections with all of theirs."""
        runs = (self | self.child_ids).filtered(lambda run: run.state != "finished" and not run.cancel_requested)
        for run in runs:
            self.env["sync.run.line"].create(
                {"run_id": run.id, "kind": "cancelled", "values": {"user": self.env.user.name}}
            )
            if run.state == "queued":
                run._finish("cancelled")
            else:
                run._push_progress()
        self._finish_parents()

    # -- For the services --------------------------------------------------------------------------------------------

    def _must_stop(self, deadline: float) -> bool:
        """Whether a service lays its work down here: its time is up, or somebody cancelled the run.

        To be asked between two chunks, when what is to be kept is written; who is told to stop answers
        ``_synchronize`` with False.

        :param deadline: monotonic second after which no new step is begun
        """
        return time.monotonic() > deadline or self._is_cancelled()

    def _is_cancelled(self) -> bool:
        # It is written by another transaction.
        self.invalidate_recordset(["cancel_requested"])
        return self.cancel_requested
