# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.preflight_texts import finding_text, finding_title
from ..preflight import Finding, Kind, Severity

# What can be done about a finding with one press.
_BUTTONS = {
    "leave_out": {Kind.FIELD_MISSING, Kind.FIELD_TYPE, Kind.FIELD_RELATION},
    "map": {Kind.CODES_HERE, Kind.CODES_THERE},
    "schedule": {Kind.RIGHTS_HERE},
    "data": {Kind.MODEL_MISSING, Kind.REQUIRED_HERE, Kind.REQUIRED_THERE, Kind.FIELD_CHOICES},
}


class SyncExchangeCheckLine(models.TransientModel):
    _name = "sync.exchange.check.line"
    _description = "Finding of the Check of a Peer Database"
    _order = "check_id, id"
    _rec_name = "kind"

    check_id = fields.Many2one("sync.exchange.check", required=True, readonly=True, ondelete="cascade", index=True)
    kind = fields.Char(required=True, readonly=True)
    model = fields.Char(readonly=True)
    name = fields.Char(readonly=True)
    values = fields.Json(readonly=True)
    severity = fields.Selection(
        selection=[("ok", "✔ Good"), ("warning", "⚠ Note"), ("failed", "✘ To do")], required=True, readonly=True
    )
    button = fields.Char(compute="_compute_button")
    # Text, not lines: lists cut lines off.
    title = fields.Text(string="What was looked at", compute="_compute_text")
    message = fields.Text(string="What was found", compute="_compute_text")
    remedy = fields.Text(string="What to Do", compute="_compute_text")

    @api.depends("kind", "model")
    def _compute_button(self):
        for line in self:
            line.button = next((button for button, kinds in _BUTTONS.items() if line.kind in kinds), False)

    @api.depends("kind", "values")
    @api.depends_context("lang")
    def _compute_text(self):
        for line in self:
            finding = line._finding()
            line.title = finding_title(self.env, finding)
            text = finding_text(self.env, finding)
            # What is well asks for nothing.
            line.message, line.remedy = text.sentence, text.remedy if line.severity != Severity.OK else False

    @api.model
    def _values(self, finding: Finding) -> dict:
        return {
            "kind": str(finding.kind),
            "severity": str(finding.severity),
            "model": finding.model,
            "name": finding.name,
            "values": dict(finding.values),
        }

    def _finding(self) -> Finding:
        return Finding(Kind(self.kind), self.values or {}, self.model or "", self.name or "")

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_leave_out(self):
        """Button: exchange the data without this field."""
        self.ensure_one()
        check = self.check_id
        peer = check.peer_id
        name, _dot, part = (self.name or "").partition(".")
        mapping = peer.mapping_ids.filtered(lambda mapping: mapping.model == self.model)
        line = mapping.line_ids.filtered(lambda line: line.name == name)
        if part:
            line.part_fields = ", ".join(field for field in line._parts() if field != part)
        else:
            mapping.write({"line_ids": [(2, found.id, 0) for found in line]})
        # Only the manager's own dialog.
        self.sudo().unlink()
        return check._action_show()

    def action_map(self):
        """Button: say what each of these codes is on the other side."""
        self.ensure_one()
        return self.check_id.peer_id.action_open_codes(self.model)

    def action_open_data(self):
        """Button: the fields and rules of this kind of data."""
        self.ensure_one()
        peer = self.check_id.peer_id
        return peer.mapping_ids.filtered(lambda mapping: mapping.model == self.model)[:1].get_formview_action()

    def action_open_schedule(self):
        """Button: as whom it runs."""
        self.ensure_one()
        peer = self.check_id.peer_id
        mapping = peer.mapping_ids.filtered(lambda mapping: mapping.model == self.model)[:1]
        receives = mapping.direction != "send" and mapping._lacking("receive", mapping._operator("receive"))
        return peer.action_open_receive_schedule() if receives else peer.action_open_send_schedule()
