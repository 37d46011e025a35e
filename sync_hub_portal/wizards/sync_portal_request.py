# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class SyncPortalRequest(models.TransientModel):
    """Ask for a company on behalf of an accountant."""

    _name = "sync.portal.request"
    _description = "Ask for a Company"

    source_id = fields.Many2one(
        "sync.portal.source",
        string="Books",
        required=True,
        ondelete="cascade",
        domain="[('state', '=', 'connected')]",
        default=lambda self: self.env["sync.portal.source"].search([("state", "=", "connected")], limit=1),
        help="Where the company's books are.",
    )
    vat = fields.Char(string="Tax ID", required=True, help="By it the company is found in its books.")
    accountant_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="cascade",
        help="Signs in to this site with the e-mail address of this contact.",
    )

    def action_request(self):
        """Button: ask; somebody of the company confirms it in the company's books."""
        self.ensure_one()
        accountant = self.accountant_id
        address = email_normalize(accountant.email or "")
        if not address:
            raise UserError(self.env._("Enter one e-mail address in the contact %s first.", accountant.display_name))
        company = self.source_id._request(self.vat, accountant.name, address)
        if not company:
            raise UserError(
                self.env._(
                    "No company or customer with the tax ID %s is kept in these books, or the user of the key has no "
                    "access to it. Check the number, or have the company ask you.",
                    self.vat,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": company._name,
            "res_id": company.id,
            "views": [(False, "form")],
        }
