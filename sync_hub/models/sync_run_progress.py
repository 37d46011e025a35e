# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
import time

from odoo import api, fields, models

from ..progress import pace

# Where a worker's cursor keeps the monotonic second at which screens were told last.
_TOLD = "sync_hub.told"


class SyncRun(models.Model):
    """How far a run has come, for everybody who may see it: it moves with each chunk that is committed."""

    _inherit = "sync.run"

    progress_done = fields.Integer(readonly=True, aggregator=None)
    progress_total = fields.Integer(readonly=True, aggregator=None)
    progress_seconds = fields.Float(readonly=True, aggregator=None, help="Time that the rows done so far have taken.")
    progress = fields.Float(string="Progress (%)", compute="_compute_progress", recursive=True)
    live_progress = fields.Json(string="Progress", compute="_compute_live_progress")

    @api.depends("state", "progress_done", "progress_total", "child_ids.state", "child_ids.progress")
    def _compute_progress(self):
        for run in self:
            if run.state == "finished":
                run.progress = 100
            elif children := run._present_children():
                run.progress = sum(children.mapped("progress")) / len(children)
            else:
                run.progress = 100 * run.progress_done / run.progress_total if run.progress_total else 0

    @api.depends("state", "outcome", "cancel_requested", "fetched_count", "progress", "progress_seconds")
    def _compute_live_progress(self):
        for run in self:
            run.live_progress = run._live_progress()

    def _live_progress(self) -> dict:
        """What a progress bar needs: numbers and states only. A sum of several connections counts these."""
        self.ensure_one()
        children = self._present_children()
        done, total = self.progress_done, self.progress_total
        if children:
            done, total = len(children.filtered(lambda run: run.state == "finished")), len(children)
        speed = pace(done, total, self.progress_seconds)
        return {
            "id": self.id,
            "connection_model": self.connection_model,
            "connection_id": self.connection_id,
            "schedule_id": self.schedule_id.id,
            "parent_id": self.parent_id.id,
            "state": self.state,
            "outcome": self.outcome,
            "cancelling": self.cancel_requested and self.state != "finished",
            "fetched": sum(children.mapped("fetched_count")) if children else self.fetched_count,
            "done": done,
            "total": total,
            "percent": round(self.progress),
            "rate": speed.rate,
            "seconds_left": speed.seconds_left,
        }

    # -- For what runs belong to -----------------------------------------------------------------------------------

    def _current_by(self, field: str) -> dict:
        """The run that is worked on; while none is, the one that waits longest. To be asked of unfinished runs.

        :param field: whose values they are told apart by
        """
        return {run[field]: run for run in self.sorted(lambda run: (run.state == "running", -run.id))}

    def _progress_after(self, last) -> dict:
        """What the progress bar of a page needs: of this run, or of none, and which was the last before it.

        A page that opens hears again what the bus told in the last minute: of the last run too, which has ended.
        """
        return {**(self._live_progress() if self else {"id": False}), "last_run": last.id}

    # -- For the services --------------------------------------------------------------------------------------------

    def _expect(self, rows: int) -> None:
        """Say how many rows there are still to do; they may become more in the course of the run."""
        self.progress_total = self.progress_done + rows
        self._push_progress(pause=1)

    def _advance(self, rows: int, seconds: float) -> None:
        """Say that a chunk of rows is done; screens hear it when it is committed.

        :param seconds: time that the chunk has taken
        """
        done = self.progress_done + rows
        self.write(
            {
                "progress_done": done,
                # Where more came than was expected, it is not more than all of it.
                "progress_total": self.progress_total and max(self.progress_total, done),
                "progress_seconds": self.progress_seconds + seconds,
            }
        )
        # Nobody reads faster; at the end they are told in any case.
        self._push_progress(pause=1)

    def _push_progress(self, pause: float = 0) -> None:
        """Tell the screens of this company's users; they hear it when the transaction is committed.

        :param pause: seconds that must have passed since they were told last, by this worker
        """
        now, told = time.monotonic(), self.env.cr.cache
        if pause and now - told.get(_TOLD, -math.inf) < pause:
            return
        told[_TOLD] = now
        for run in self | self.parent_id:
            self.env["bus.bus"]._sendone((run.company_id, "sync_hub"), "sync_hub.run", run._live_progress())
