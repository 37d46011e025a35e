# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.fault_texts import fault_error


class SyncBankConnect(models.TransientModel):
    """First step of a new connection: country, kind of account, and the service that reaches the bank."""

    _name = "sync.bank.connect"
    _description = "Add a Bank Account"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    provider_id = fields.Many2one(
        "sync.bank.provider",
        string="Service",
        domain="[('company_id', '=', company_id)]",
        compute="_compute_provider_id",
        store=True,
        readonly=False,
    )
    country_id = fields.Many2one(
        "res.country", required=True, default=lambda self: self.env.company.country_id, string="Country of the Bank"
    )
    psu_type = fields.Selection(
        selection=[("business", "Business"), ("personal", "Personal")],
        string="Type of Account",
        required=True,
        default="business",
    )
    journal_id = fields.Many2one(
        "account.journal", help="The journal that the account will feed, if it is known already."
    )

    @api.depends("company_id")
    def _compute_provider_id(self):
        for wizard in self:
            wizard.provider_id = self.env["sync.bank.provider"].search(
                [("company_id", "=", wizard.company_id.id)], limit=1
            )

    def action_search(self):
        """Button: show the banks of the country."""
        self.ensure_one()
        institutions = self.env["sync.bank.institution"]
        try:
            institutions._refresh(self.provider_id, self.country_id)
        except Fault as fault:
            raise fault_error(self.env, fault) from fault
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_institution")
        action["domain"] = [
            ("provider_id", "=", self.provider_id.id),
            ("country_id", "=", self.country_id.id),
            ("psu_types", "ilike", self.psu_type),
        ]
        action["context"] = {"sync_psu_type": self.psu_type, "sync_journal_id": self.journal_id.id}
        return action

    def action_enter_keys(self):
        """Button: there is no service yet, so enter the keys of one."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bank Connection Service"),
            "res_model": "sync.bank.provider",
            "view_mode": "form",
            "target": "current",
            "context": {"default_company_id": self.company_id.id},
        }
