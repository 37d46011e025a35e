# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

from odoo import models
from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..planning import in_order
from .conversation import LANES, Conversation
from .sync_exchange_door import PROTOCOL


class SyncExchangePeer(models.Model):
    """How a run speaks with the other database."""

    _inherit = "sync.exchange.peer"

    def _synchronize(self, run, deadline):
        """Implementation of ``sync.connection.mixin``: receive what has changed there."""
        return self._exchange("receive", run, deadline)

    def _send_changes(self, run, deadline) -> bool:
        """What the run of a sending does."""
        return self._exchange("send", run, deadline)

    def _exchange(self, direction: str, run, deadline: float) -> bool:
        """Exchange one kind of data after the other; one that cannot be exchanged stops itself only.

        :raises Fault: when the user as whom this runs may not do all of it; what may be done was done
        """
        planned = self._planned(direction)
        with self._conversation(run, deadline) as talk:
            fit = planned._fit(talk, direction) if planned else planned
            done = [
                mapping._receive_all(talk) if direction == "receive" else mapping._send(talk)
                for mapping in fit
                if not talk.is_over
            ]
        if not (all(done) and len(done) == len(fit)):
            return False
        if fit:
            run.checkpoint = {**(run.checkpoint or {}), "succeeded": len(fit)}
        planned._raise_for_operator(direction)
        return True

    def _planned(self, direction: str):
        """Mappings of a direction, in an order in which records come after those to which they lead."""
        mappings = self.mapping_ids.filtered(lambda mapping: mapping.direction in ("both", direction))
        # Rows come with the kind of data to which they belong.
        bringer = {name: mapping.model for mapping in mappings for name in mapping._watched()}
        bringer.update({mapping.model: mapping.model for mapping in mappings})
        needs = {mapping.model: {bringer.get(name, name) for name in mapping._needs()} for mapping in mappings}
        order = {name: place for place, name in enumerate(in_order(needs))}
        return mappings.sorted(lambda mapping: (order[mapping.model], mapping.sequence, mapping.id))

    @contextlib.contextmanager
    def _conversation(self, run, deadline: float) -> Iterator[Conversation]:
        """:raises Fault: when the other side is not the one that was connected, or speaks another protocol"""
        peer = self.with_company(self.company_id)
        peer = peer.with_context(allowed_company_ids=self.company_id.ids, lang="en_US", tz="UTC")
        with contextlib.ExitStack() as sessions:
            remote, *lanes = [sessions.enter_context(peer._remote()) for _session in range(1 + LANES)]
            self.env.cr.commit()
            hello = remote.call("sync.exchange.door", "hello")
            heard = datetime.now(UTC)
            peer._recognize(hello)
            talk = Conversation(
                remote=remote,
                terms=peer._terms(hello["languages"]),
                company=self.remote_company_id or hello["company"],
                uuid=hello["uuid"],
                own_uuid=self._own_uuid(),
                run=run,
                deadline=deadline,
                skew=datetime.fromisoformat(hello["now"]) - heard,
            )
            for lane in lanes:
                talk.lanes.put(lane)
            yield talk

    def _recognize(self, hello: dict) -> None:
        """:raises Fault: when another database answers at this address"""
        if hello["protocol"] != PROTOCOL:
            raise Fault(
                FaultKind.REQUEST_REFUSED,
                detail=self.env._(
                    "Sync Hub Exchange there speaks version %(there)s of the exchange, here it is %(here)s. Update the "
                    "older one.",
                    there=hello["protocol"],
                    here=PROTOCOL,
                ),
            )
        if hello["uuid"] == self._own_uuid():
            raise Fault(
                FaultKind.REQUEST_REFUSED,
                detail=self.env._(
                    "This is the same database, or a copy of it that was not neutralized: both have one identity."
                ),
            )
        if self.remote_uuid and self.remote_uuid != hello["uuid"]:
            raise Fault(
                FaultKind.REQUEST_REFUSED,
                detail=self.env._(
                    "Another database answers at this address than the one that was connected. If that is meant, press "
                    "“Connect” once more."
                ),
            )
