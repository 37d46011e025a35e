# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta
from odoo import fields, models


class ResCompany(models.Model):
    """For how long a company keeps what only the bank needs to know, and the log of who saw it."""

    _inherit = "res.company"

    # An account holder may dispute a payment for 13 months: Directive (EU) 2015/2366, article 71.
    sync_raw_months = fields.Integer(
        string="Keep Bank Records (months)",
        default=13,
        help="What the bank sent, word for word, is deleted when the movement is older; 0 keeps it for ever.",
    )
    sync_audit_months = fields.Integer(
        string="Keep the Access Log (months)", default=36, help="Older entries are deleted; 0 keeps them for ever."
    )

    _sync_months_positive = models.Constraint(
        "CHECK (sync_raw_months >= 0 AND sync_audit_months >= 0)", "A number of months is not negative."
    )

    def _sync_audit_limit(self):
        """Naive UTC instant before which entries of the access log have had their time; None: none ever has."""
        self.ensure_one()
        months = self.sync_audit_months
        return fields.Datetime.now() - relativedelta(months=months) if months else None
