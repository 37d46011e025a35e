# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.connection_lock import connection_lock
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.exceptions import UserError

from .rehearsal import Outcome, Rehearsal, RehearsedRun, uncommitted
from .sync_exchange_taking import undone

# A web request of Odoo ends after two minutes.
_PATIENCE = 80.0
MOST_REHEARSED = 10_000


class SyncExchangePeer(models.Model):
    """Trying out an exchange: receiving and sending as they are, of which nothing stays."""

    _inherit = "sync.exchange.peer"

    def action_dry_run(self):
        """Button: show what the next exchange would do."""
        self.ensure_one()
        self.check_access("write")
        if not self.mapping_ids:
            raise UserError(self.env._("Choose first which data is exchanged: add it under “Data”."))
        with connection_lock(self) as taken:
            if not taken:
                raise UserError(self.env._("Records are being exchanged at the moment. Try again when that has ended."))
            try:
                outcomes = self._as_worker()._rehearse()
            except Fault as fault:
                raise fault_error(self.env, fault, self._fault_texts()) from fault
        return self.env["sync.exchange.dry.run"]._show(self, outcomes)

    def _as_worker(self, direction: str = "receive"):
        """This peer in its company, as the user who works for its runs.

        :raises Fault: when that user may not work in this company
        """
        # Whoever may write a peer may ask for a run, which works with the rights of its operator.
        half = self.sudo() if direction == "receive" else self.sudo().sending_id
        operator = half.schedule_id.user_id or self.env.ref("sync_hub.user_operator")
        operator.sudo()._check_sync_operator(self.company_id)
        return self.with_user(operator).with_context(
            allowed_company_ids=self.company_id.ids, lang=self.sudo()._message_language()
        )

    def _rehearse(self, limit: int = MOST_REHEARSED) -> list[Outcome]:
        """Receive and send everything that is to be exchanged, and undo it.

        All of it is one transaction, so that what leads to a record that would be made by then finds it.
        """
        run = RehearsedRun()
        outcomes: list[Outcome] = []
        try:
            with uncommitted(self.env.cr), undone(self.env):
                with self._conversation(run, time.monotonic() + _PATIENCE) as real:
                    talk = Rehearsal.of(real, limit)
                    for direction in ("receive", "send"):
                        outcomes += self._rehearse_direction(direction, run, talk)
        finally:
            # Caches may have met records that never were.
            self.env.registry.clear_all_caches()
        return outcomes

    def _rehearse_direction(self, direction: str, run: RehearsedRun, talk: Rehearsal) -> list[Outcome]:
        """The steps of a run in one direction: each kind of data, and then what has waited."""
        planned = self._as_worker(direction)._planned(direction)
        found = {mapping: Outcome(mapping, direction) for mapping in planned}
        # What this finds missing belongs to no kind of data.
        run.outcome = Outcome(None, direction)
        run.checkpoint = {}
        fitting = planned._fit(talk, direction) if planned else planned
        for mapping in planned - fitting:
            found[mapping].complete = True
            found[mapping].note("error", mapping.model_name, self.env._("Press “Check”: it says what is missing."))
        stopped = set()
        for phase, mapping in [(phase, mapping) for phase in (direction, "again") for mapping in fitting]:
            run.outcome = found[mapping]
            if talk.is_late or mapping in stopped:
                run.outcome.complete = run.outcome.complete and mapping in stopped
                continue
            try:
                with self.env.cr.savepoint():
                    done = mapping._do_step(phase, direction, talk)
            except Fault as fault:
                if fault.kind is not FaultKind.REQUEST_REFUSED:
                    raise
                stopped.add(mapping)
                done = True
                run.outcome.note("error", mapping.model_name, fault.detail or "")
            run.outcome.complete = done and (run.outcome.complete or phase == direction)
        for mapping, outcome in found.items():
            outcome.counts["waiting"] = mapping._number_waiting(direction)
            if not outcome.counts["waiting"]:
                # What it waited for has come in the course of it.
                outcome.samples = [sample for sample in outcome.samples if sample[0] != "waiting"]
        return list(found.values())
