# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import email_normalize

from ..pec import preset_for

# Field of the Italian localization that keeps the address of certified mail.
_ITALIAN_PEC = "l10n_it_pec_email"


class ResPartner(models.Model):
    _inherit = "res.partner"

    invoice_sending_method = fields.Selection(
        selection_add=[("pec", "by certified mail (PEC)"), ("accountant", "to the accountant")],
        ondelete={"pec": "set null", "accountant": "set null"},
    )
    sync_pec_email = fields.Char(string="PEC", help="Address of certified mail.")
    sync_pec_only = fields.Boolean(
        string="Accepts only PEC", help="The mailbox takes certified mail only; ordinary mail would be lost."
    )

    @api.model
    def _commercial_fields(self):
        """Override of ``base``: the address of certified mail is the company's."""
        return [*super()._commercial_fields(), "sync_pec_email", "sync_pec_only"]

    def _pec_address(self) -> str:
        """The partner's address of certified mail, empty when none is known."""
        self.ensure_one()
        partner = self.commercial_partner_id
        italian = partner[_ITALIAN_PEC] if _ITALIAN_PEC in partner._fields else ""
        return email_normalize(partner.sync_pec_email or italian or "") or ""

    @api.model
    def _is_certified_address(self, address: str) -> bool | None:
        """Whether a mailbox takes certified mail; None when nothing tells."""
        normalized = email_normalize(address) or ""
        # What providers certified of this address at the last delivery. Yes or no is nobody's secret.
        told = (
            self.env["sync.mail.message"]
            .sudo()
            .search([("recipient", "=ilike", normalized), ("certified", "!=", False)], limit=1)
        )
        if told:
            return told.certified == "yes"
        preset = preset_for(normalized)
        if preset:
            return preset.certified
        domain = normalized.rpartition("@")[2]
        labels = set(domain.split("."))
        return True if labels & {"pec", "legalmail", "postecert", "postacert", "cert"} else None
