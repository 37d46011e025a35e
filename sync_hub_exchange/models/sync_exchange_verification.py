# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import time
from collections.abc import Iterator

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.connection_lock import connection_lock
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.exceptions import UserError

from .conversation import Conversation
from .exchange_fault_texts import EXCHANGE_FAULT_TEXTS
from .rehearsal import Outcome, RehearsedRun

_RESYNC_PATIENCE = 80.0


class SyncExchangeVerification(models.Model):
    """Whether this database and a peer hold the same records; where not, which."""

    _name = "sync.exchange.verification"
    _description = "Verification of an Exchange"
    _inherit = ["sync.exchange.task"]
    _order = "id desc"
    _rec_name = "peer_id"

    peer_id = fields.Many2one(
        "sync.exchange.peer", string="Peer Database", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="peer_id.company_id", store=True, precompute=True, index=True, default=None)
    kind_ids = fields.One2many("sync.exchange.verification.kind", "verification_id", string="Data", readonly=True)
    line_ids = fields.One2many("sync.exchange.verification.line", "verification_id", string="Differences")
    in_step = fields.Boolean(compute="_compute_in_step")
    open_count = fields.Integer(string="Open Differences", compute="_compute_in_step")

    @api.depends("state", "line_ids.state", "kind_ids.unlisted_count")
    def _compute_in_step(self):
        for verification in self:
            verification.open_count = len(verification.line_ids.filtered(lambda line: line.state == "open"))
            in_step = not verification.open_count and not any(verification.kind_ids.mapped("unlisted_count"))
            verification.in_step = verification.state == "done" and in_step

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_verify(self):
        """Button: compare once more."""
        self.ensure_one()
        self.peer_id.check_access("write")
        self._start("_verify")
        return True

    def action_resync(self):
        """Button: exchange the records that differ, and no others."""
        self.ensure_one()
        self.peer_id.check_access("write")
        return self.line_ids.action_resync()

    # -- The work ----------------------------------------------------------------------------------------------------

    def _check_worker(self) -> None:
        """Override of ``sync.exchange.task``: whoever may write the peer may have its records compared."""
        self.peer_id.check_access("write")

    def _verify(self, until: float) -> bool:
        """Compare every kind of data with the other side, one after the other: the step of the work.

        :raises Fault: when the other side cannot be asked
        """
        # Who may have it compared may know the result; nobody writes that by hand.
        told = self.sudo()
        if "done" not in self.checkpoint:
            # What was found before is replaced by what is found now.
            told.line_ids.unlink()
            told.kind_ids.unlink()
            self._reach(done=[], mapping=None, place=None)
            self.env.cr.commit()
        with self._talk(until) as (peer, talk):
            for mapping in peer._planned("receive") | peer._planned("send"):
                if mapping.id in self.checkpoint["done"]:
                    continue
                if not told._compare(mapping._as_both_sides_have_it(talk), talk) or talk.is_over:
                    return False
        return True

    def _compare(self, mapping, talk: Conversation) -> bool:
        """Go on with the comparison of a kind of data, at least for a piece.

        :return: whether it is complete; if it is not, there was no time
        """
        kind = self.kind_ids.filtered(lambda kind: kind.mapping_id.id == mapping.id)
        place = self.checkpoint["place"]
        if not kind or self.checkpoint.get("mapping") != mapping.id:
            kind.unlink()
            vanished = mapping._bury_vanished()
            kind = self.kind_ids.create(
                {"verification_id": self.id, "mapping_id": mapping.id, "vanished_count": vanished}
            )
            place = kind._first_place(mapping)
            self._reach(mapping=mapping.id, place=place)
            self.env.cr.commit()
        while place := kind._go_on(mapping, talk, place):
            self._reach(place=place)
            self.env.cr.commit()
            if talk.is_over:
                return False
        self._reach(mapping=None, place=None, done=[*self.checkpoint["done"], mapping.id])
        self.env.cr.commit()
        return True

    @contextlib.contextmanager
    def _talk(self, until: float) -> Iterator[tuple]:
        """The peer as its runs see it, and a conversation with the other side.

        :param until: monotonic second after which nothing new is begun
        """
        run = RehearsedRun()
        run.outcome = Outcome(None, "both")
        peer = self.peer_id._as_worker()
        with peer._conversation(run, until) as talk:
            yield peer, talk

    def _resync(self, lines) -> None:
        """Exchange these records; what was deleted on one side only as somebody has decided."""
        ready = lines.filtered(lambda line: line.state == "open" and (line.choice or not line.asks))
        if not ready:
            raise UserError(
                self.env._(
                    "These records were deleted on one side. Choose for each whether it is deleted on the other side "
                    "too or made anew, then press “Resync these” again."
                )
                if lines
                else self.env._("Nothing differs: there is nothing to exchange.")
            )
        with self._talk(time.monotonic() + _RESYNC_PATIENCE) as (peer, talk):
            for kind, own in ready.grouped("kind_id").items():
                mapping = kind.mapping_id.with_env(peer.env)._as_both_sides_have_it(talk)
                mapping._resync(own, talk)
                # Who may resync may know that it was done.
                own.sudo().write({"state": "done"})
                self.env.cr.commit()

    def _resync_now(self, lines) -> None:
        """The same for a button; faults become sentences."""
        try:
            with connection_lock(self.peer_id) as taken:
                if not taken:
                    raise UserError(
                        self.env._("Records are being exchanged at the moment. Try again when that has ended.")
                    )
                self._resync(lines)
        except Fault as fault:
            raise fault_error(self.env, fault, EXCHANGE_FAULT_TEXTS) from fault
