# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.account_move_send_checks import YIELDING

# What is typed in the dialogs of "Send", by the field of the sending that keeps it.
TYPED = {"copy_to": "sync_copy_to", "all_to": "sync_all_to", "accountant_to": "sync_accountant_to"}


class SyncMailSendMixin(models.AbstractModel):
    """What the dialogs of "Send", for one document and for many, ask besides Odoo's own questions."""

    _name = "sync.mail.send.mixin"
    _description = "Sending through a Mail Account"
    # The field with the company whose mail account the documents leave by. Where it is empty, nothing is filled in.
    _sync_company_field = "company_id"

    sync_copy_to = fields.Char(
        string="Copy to",
        compute="_compute_sync_from_account",
        store=True,
        readonly=False,
        help="For this sending only.",
    )
    sync_all_to = fields.Char(
        string="All to",
        compute="_compute_sync_from_account",
        store=True,
        readonly=False,
        help="One message with all documents of this sending. For this sending only.",
    )
    sync_accountant_to = fields.Char(
        string="Accountant",
        compute="_compute_sync_from_account",
        store=True,
        readonly=False,
        help="For this sending only.",
    )
    sync_override = fields.Boolean(string="Send anyway", help="Also where an address does not fit the kind of mail.")
    sync_can_override = fields.Boolean(string="Can be sent anyway", compute="_compute_sync_can_override")

    def _compute_sync_from_account(self):
        """What stands in the account; a dialog says on which of its fields that depends."""
        for wizard in self:
            company = wizard[self._sync_company_field]
            values = self.env["sync.mail.session"]._values_for(company) if company else {}
            for kept, typed in TYPED.items():
                wizard[typed] = values.get(kept)

    @api.depends("alerts", "sync_override")
    def _compute_sync_can_override(self):
        for wizard in self:
            yields = any(key.startswith(YIELDING) for key in wizard.alerts or ())
            wizard.sync_can_override = yields or wizard.sync_override

    def _sync_typed(self) -> dict:
        """Values of a sending that were typed here."""
        return {kept: self[typed] for kept, typed in TYPED.items()}
