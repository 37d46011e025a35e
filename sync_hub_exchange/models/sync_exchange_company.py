# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncExchangeCompany(models.Model):
    """A company of the other database, as its door told: one of them is chosen for the exchange."""

    _name = "sync.exchange.company"
    _description = "Company of a Peer Database"
    _inherit = ["sync.company.mixin"]
    _order = "peer_id, name, id"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="peer_id.company_id", store=True, index=True)
    number = fields.Integer(string="Number There", required=True, readonly=True, aggregator=None)
    name = fields.Char(required=True, readonly=True)
    vat = fields.Char(string="Tax ID", readonly=True)

    _number_unique = models.Constraint("UNIQUE (peer_id, number)", "A company of the other database is listed once.")

    @api.depends("name", "vat")
    def _compute_display_name(self):
        for company in self:
            company.display_name = " · ".join(filter(None, [company.name, company.vat]))

    @api.model
    def _keep(self, peer, companies: list[dict]) -> None:
        """Remember which companies there are now.

        :param companies: {"id", "name", "vat"} of each
        """
        # Written by nobody by hand: whoever may connect a peer may be told which companies it has.
        known = {company.number: company for company in self.sudo().search([("peer_id", "=", peer.id)])}
        for told in companies:
            values = {"name": told["name"], "vat": told.get("vat")}
            if company := known.pop(told["id"], None):
                company.write(values)
            else:
                self.sudo().create({"peer_id": peer.id, "number": told["id"], **values})
        for company in known.values():
            company.unlink()
