# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .waiting_texts import waiting_remedy


class SyncExchangeWaiting(models.Model):
    """A record that could not be exchanged yet, with its reason. The others went on."""

    _name = "sync.exchange.waiting"
    _description = "Record That Waits"
    _inherit = ["sync.company.mixin"]
    _order = "id desc"
    _rec_name = "title"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, index=True)
    mapping_id = fields.Many2one("sync.exchange.mapping", required=True, readonly=True, ondelete="cascade", index=True)
    direction = fields.Selection([("receive", "Received"), ("send", "To send")], required=True, readonly=True)
    # By what it is known on the side from which it comes.
    key = fields.Char(required=True, readonly=True)
    title = fields.Char(string="Record", readonly=True)
    model = fields.Char(related="mapping_id.model", store=True)
    model_name = fields.Char(related="mapping_id.model_name")
    res_id = fields.Many2oneReference(model_field="model", string="Record Here", readonly=True)
    reason = fields.Selection(
        [
            ("reference", "Needs another record"),
            ("code", "Code without counterpart"),
            ("refused", "Refused"),
            ("doubtful", "Not clear which one"),
        ],
        required=True,
        readonly=True,
    )
    message = fields.Text(string="What is wrong", readonly=True)
    remedy = fields.Text(string="What to Do", compute="_compute_remedy")
    record = fields.Json(string="Content", readonly=True)
    tried_at = fields.Datetime(string="Last Try", readonly=True)

    _key_unique = models.Constraint("UNIQUE (mapping_id, direction, key)", "A record waits once.")

    @api.depends("reason", "direction")
    @api.depends_context("lang")
    def _compute_remedy(self):
        for waiting in self:
            waiting.remedy = waiting_remedy(self.env, waiting.reason, waiting.direction)

    @api.model
    def _wait(self, mapping, direction: str, key: str, reason: str, message: str, **values) -> None:
        """Remember a record that could not be exchanged; what was remembered of it before is replaced."""
        values.update(
            {"reason": reason, "message": message, "tried_at": fields.Datetime.now()},
        )
        known = self.search([("mapping_id", "=", mapping.id), ("direction", "=", direction), ("key", "=", key)])
        if known:
            known.write(values)
        else:
            self.create(
                {"peer_id": mapping.peer_id.id, "mapping_id": mapping.id, "direction": direction, "key": key, **values}
            )

    @api.model
    def _settle(self, mapping, direction: str, keys) -> None:
        """These wait no more."""
        keys = list(keys)
        if keys and self.search_count([("mapping_id", "=", mapping.id), ("direction", "=", direction)], limit=1):
            self.search(
                [("mapping_id", "=", mapping.id), ("direction", "=", direction), ("key", "in", keys)]
            ).unlink()

    def action_try_again(self):
        """Button: take part in the next run, which begins at once."""
        self.check_access("read")
        # Users may ask for a new try; what is tried is what waits already.
        self.sudo().tried_at = False
        for direction, waiting in self.grouped("direction").items():
            peers = waiting.peer_id
            (peers if direction == "receive" else peers.sending_ids).action_sync_now()
        return True

    def action_open_record(self):
        """Button: the record here."""
        self.ensure_one()
        record = self.env[self.model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("This record is not here any more. With the next run it stops waiting."))
        return record.get_formview_action()

    def action_open_codes(self):
        """Button: say what the code is on the other side."""
        self.ensure_one()
        return self.peer_id.action_open_codes()
