# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models

from ..models.sync_exchange_peer_rehearsal import MOST_REHEARSED


class SyncExchangeDryRun(models.TransientModel):
    """What the next exchange with a peer would do."""

    _name = "sync.exchange.dry.run"
    _description = "Trial of an Exchange"
    _rec_name = "peer_id"

    peer_id = fields.Many2one("sync.exchange.peer", string="Peer Database", required=True, readonly=True)
    line_ids = fields.One2many("sync.exchange.dry.run.line", "dry_run_id", string="Kinds of Data", readonly=True)
    limit = fields.Integer(readonly=True)
    complete = fields.Boolean(compute="_compute_complete")

    @api.depends("line_ids.complete")
    def _compute_complete(self):
        for dry_run in self:
            dry_run.complete = all(dry_run.line_ids.mapped("complete"))

    @api.model
    def _show(self, peer, outcomes) -> dict:
        """:param outcomes: see ``rehearsal.Outcome``"""
        # Who may try out an exchange may read what came of it; nobody writes it by hand.
        dry_run = self.sudo().create(
            {
                "peer_id": peer.id,
                "limit": MOST_REHEARSED,
                "line_ids": [
                    Command.create(
                        {
                            "mapping_id": outcome.mapping.id,
                            "direction": outcome.direction,
                            "complete": outcome.complete,
                            **{f"{name}_count": number for name, number in outcome.counts.items()},
                            "sample_ids": [
                                Command.create({"outcome": kind, "title": title, "change": change})
                                for kind, title, change in outcome.samples
                            ],
                        }
                    )
                    for outcome in outcomes
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What would happen"),
            "res_model": self._name,
            "res_id": dry_run.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
