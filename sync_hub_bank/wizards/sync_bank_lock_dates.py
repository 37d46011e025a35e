# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

LOCK_DATES = (
    "fiscalyear_lock_date",
    "tax_lock_date",
    "sale_lock_date",
    "purchase_lock_date",
    "hard_lock_date",
)


class SyncBankLockDates(models.TransientModel):
    """The lock dates of a company, for which Community has no screen."""

    _name = "sync.bank.lock.dates"
    _description = "Lock Dates"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    fiscalyear_lock_date = fields.Date(
        string="Lock Everything",
        default=lambda self: self.env.company.fiscalyear_lock_date,
        help="No entry of any journal changes any more up to this day, included.",
    )
    tax_lock_date = fields.Date(
        string="Lock Tax Return",
        default=lambda self: self.env.company.tax_lock_date,
        help="No entry with taxes changes any more up to this day, included.",
    )
    sale_lock_date = fields.Date(
        string="Lock Sales",
        default=lambda self: self.env.company.sale_lock_date,
        help="No entry of sales journals changes any more up to this day, included.",
    )
    purchase_lock_date = fields.Date(
        string="Lock Purchases",
        default=lambda self: self.env.company.purchase_lock_date,
        help="No entry of purchase journals changes any more up to this day, included.",
    )
    hard_lock_date = fields.Date(
        string="Hard Lock",
        default=lambda self: self.env.company.hard_lock_date,
        help="As “Lock Everything”, for ever: it can be moved forward only and has no exceptions.",
    )
    current_hard_lock_date = fields.Date(related="company_id.hard_lock_date")

    def action_save(self):
        """Button: lock. Core refuses what may not be locked, e.g. periods with movements that are not reconciled."""
        self.ensure_one()
        self.check_access("write")
        company = self.company_id
        if company not in self.env.companies:
            # The companies were switched while the dialog was open.
            raise UserError(
                self.env._("These are the lock dates of %s: choose that company first.", company.display_name)
            )
        # Accountants lock periods without being administrators of companies: only the five lock dates are written,
        # only of a company that the user works in.
        changed = {name: self[name] for name in LOCK_DATES if self[name] != company[name]}
        if changed:
            company.sudo().write(changed)
        return {"type": "ir.actions.act_window_close"}
