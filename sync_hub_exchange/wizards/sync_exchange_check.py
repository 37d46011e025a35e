# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import FaultKind

from ..preflight import Finding

_CREDENTIALS = {str(FaultKind.CREDENTIALS_REJECTED), str(FaultKind.CREDENTIALS_MISSING)}


class SyncExchangeCheck(models.TransientModel):
    """What was found when both databases were looked at before the exchange. No record has moved."""

    _name = "sync.exchange.check"
    _description = "Check of a Peer Database"

    peer_id = fields.Many2one("sync.exchange.peer", readonly=True, required=True, ondelete="cascade")
    state = fields.Selection(related="peer_id.state")
    company_there_id = fields.Many2one(related="peer_id.company_there_id", readonly=False)
    several_companies = fields.Boolean(compute="_compute_outcome")
    line_ids = fields.One2many("sync.exchange.check.line", "check_id", string="Findings", readonly=True)
    succeeded = fields.Boolean(compute="_compute_outcome")
    refused = fields.Boolean(compute="_compute_outcome")
    has_codes = fields.Boolean(compute="_compute_outcome")
    without_data = fields.Boolean(compute="_compute_outcome")

    @api.depends("line_ids.severity", "line_ids.values", "line_ids.kind")
    def _compute_outcome(self):
        for check in self:
            lines = check.line_ids
            check.succeeded = bool(lines) and "failed" not in lines.mapped("severity")
            check.refused = any((line.values or {}).get("fault") in _CREDENTIALS for line in lines)
            check.has_codes = bool(lines.filtered(lambda line: line.button == "map"))
            check.without_data = "no_data" in lines.mapped("kind")
            check.several_companies = len(check.peer_id.there_ids) > 1

    @api.model
    def _keep(self, peer, findings: Iterable[Finding]):
        """The dialog about what was found."""
        lines = [(0, 0, self.line_ids._values(finding)) for finding in findings]
        # Written by nobody by hand: whoever may check the peer may be told what came out.
        return self.sudo().create({"peer_id": peer.id, "line_ids": lines}).sudo(False)

    def _action_show(self) -> dict:
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of %s", self.peer_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_again(self):
        """Button: look once more; what was chosen and left out meanwhile counts."""
        connects = self.state in ("draft", "closed", "reconnect", "credentials")
        return self.peer_id.action_connect() if connects else self.peer_id.action_check()

    def action_update_credentials(self):
        return self.peer_id.action_update_credentials()

    def action_open_codes(self):
        """Button: say of each code what it is on the other side."""
        return self.peer_id.action_open_codes()

    def action_add_data(self):
        """Button: choose what is exchanged."""
        return self.peer_id.action_add_data()
