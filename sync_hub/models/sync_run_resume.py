# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .connection_lock import connection_lock


class SyncRun(models.Model):
    """What a killed worker leaves: its run is closed as interrupted, and another one goes on in its place."""

    _inherit = "sync.run"

    interrupted_id = fields.Many2one(
        "sync.run",
        string="Goes on from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The run whose worker was killed, and whose work this one does.",
    )
    successor_ids = fields.One2many("sync.run", "interrupted_id", string="Goes on in")

    def _close_interrupted(self, connection) -> None:
        """Close runs of this connection that were killed. To be called with the lock held: it proves that they were."""
        killed = self.search([*connection._runs_domain(), ("state", "=", "running"), ("id", "!=", self.id)])
        for run in killed:
            if run._may_be_resumed(connection):
                self._take_place_of(run, connection)
            run._end_killed()

    @api.model
    def _resume_killed(self, domain=()) -> None:
        """Queue anew what was being worked on when its worker was killed, from where it had come.

        :param domain: which runs to look at; all by default
        """
        for run in self.search([("state", "=", "running"), ("connection_id", "not in", (False, 0)), *domain]):
            connection = run._connection()
            # What is read under the lock must not be older than the lock.
            self.env.cr.commit()
            with connection_lock(connection) as taken:
                try:
                    if taken and run.exists() and run.state == "running":
                        run._close_killed(connection)
                    self.env.cr.commit()
                except (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                    # Somebody asked for a run at this very moment: who works on that one closes this one.
                    self.env.cr.rollback()
        # A worker may also be killed between the end of the last child and the end of its parent.
        self._finish_parents()

    def _close_killed(self, connection) -> None:
        if connection and self._may_be_resumed(connection):
            again = self._queue(
                connection,
                self.trigger,
                user=self.user_id,
                schedule=self.schedule_id,
                parent=self.parent_id,
                attempt=self.attempt,
            )
            again._take_place_of(self, connection)
            # Who found it may be a schedule, which works on its own runs only.
            self._wake_queue()
        self._end_killed()

    def _end_killed(self) -> None:
        if self.cancel_requested:
            self._finish("cancelled")
        else:
            self._log("worker_killed", "warning")
            self._finish("interrupted")

    def _may_be_resumed(self, connection) -> bool:
        """Whether another run goes on in the place of this one, which was killed.

        Once in any case. A run that goes on for a killed one itself must have got further than that: what kills its
        worker at the same place each time is left to the next schedule, or to the button. Rows that were received are
        no step: they come again.
        """
        if self.cancel_requested:
            return False
        got_further = self.created_count or self._left_behind(connection) != (self.inherited_checkpoint or {})
        return bool(not self.interrupted_id or got_further)

    def _left_behind(self, connection) -> dict:
        """What the run that goes on for this one takes over from its checkpoint."""
        return connection._checkpoint_after_kill(self.checkpoint) if self.checkpoint else {}

    def _take_place_of(self, killed, connection) -> None:
        """Go on for a run that was killed, from where it had come, and as part of the same sum."""
        self._join(user=killed.user_id, schedule=killed.schedule_id, parent=killed.parent_id, attempt=self.attempt)
        self.interrupted_id = killed
        if not self.date_start:
            self.checkpoint = self.inherited_checkpoint = killed._left_behind(connection) or False

    def _present_children(self):
        """The runs of its connections, without those for which another of them goes on."""
        return self.child_ids.filtered(
            lambda run: not (run.outcome == "interrupted" and run.successor_ids & self.child_ids)
        )
