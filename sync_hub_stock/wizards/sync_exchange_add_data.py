# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, models

_STOCK = "stock"
# What both sides have to know before they can speak of quantities.
_NEEDS = ("products", "stock_locations")


class SyncExchangeAddData(models.TransientModel):
    """Offers the stock beside what is exchanged record by record.

    Quantities are the outcome of movements: to write them, or to add up what both sides changed, would leave them
    without any. They are set by a stock alignment, which is opened; what it needs is exchanged.
    """

    _inherit = "sync.exchange.add.data"

    def _compute_line_ids(self):
        result = super()._compute_line_ids()
        # What is stored is computed as the system; it is offered to the person.
        if self.env["sync.stock.alignment"].sudo(False).has_access("create"):
            self.line_ids = [Command.create({"code": _STOCK})]
        return result

    def action_add(self):
        """Override of ``sync_hub_exchange``: the stock brings along what it needs, and opens an alignment."""
        if _STOCK not in self.line_ids.filtered("chosen").mapped("code"):
            return super().action_add()
        self.line_ids.filtered(lambda line: line.code in _NEEDS).chosen = True
        super().action_add()
        alignments = self.env["sync.stock.alignment"]
        begun = alignments.search([("peer_id", "=", self.peer_id.id), ("state", "in", ("draft", "previewed"))], limit=1)
        alignment = begun or alignments.create(
            {"source": "peer", "peer_id": self.peer_id.id, "company_id": self.peer_id.company_id.id}
        )
        return {
            "type": "ir.actions.act_window",
            "name": alignment.display_name,
            "res_model": alignment._name,
            "res_id": alignment.id,
            "views": [(False, "form")],
        }


class SyncExchangeAddDataLine(models.TransientModel):
    _inherit = "sync.exchange.add.data.line"

    def _compute_text(self):
        result = super()._compute_text()
        for line in self.filtered(lambda line: line.code == _STOCK):
            line.title = self.env._("Stock")
            line.note = self.env._(
                "Quantities by location, lot, owner and package. They do not travel by themselves: “Align Stock” opens,"
                " shows what differs and sets it by inventory adjustments. Brings along: products, stock locations."
            )
        return result
