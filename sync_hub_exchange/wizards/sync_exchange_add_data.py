# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..models.ready_made import BY_CODE, with_needs

_lt = LazyTranslate(__name__)

# What is said of each kind of data: its name, and what one has to know before choosing it.
_TEXTS = {
    "partner_tags": (_lt("Contact tags"), _lt("The tags of contacts, with their hierarchy.")),
    "partners": (
        _lt("Contacts"),
        _lt("Addresses, tax numbers, tags, languages, terms. The contacts of companies and users stay where they are."),
    ),
    "units": (_lt("Units of measure"), _lt("Recognized by their names.")),
    "product_categories": (_lt("Product categories"), _lt("With their hierarchy and accounts.")),
    "product_attributes": (_lt("Attributes of products"), _lt("Recognized by their names.")),
    "product_attribute_values": (_lt("Values of attributes"), _lt("Recognized by attribute and name.")),
    "products": (
        _lt("Products with their variants"),
        _lt("Recognized by barcode, else by internal reference. Prices, costs, taxes, units, texts, picture."),
    ),
    "price_lists": (_lt("Price lists"), _lt("With their rules.")),
    "tax_groups": (_lt("Tax groups"), _lt("Recognized by their names.")),
    "taxes": (
        _lt("Taxes"),
        _lt("With their distribution. Those of a chart of accounts are recognized and never changed."),
    ),
    "payment_terms": (_lt("Payment terms"), _lt("With their instalments.")),
    "stock_locations": (
        _lt("Stock locations"),
        _lt("Quantities are not exchanged here: “Align stock” sets them through inventory adjustments."),
    ),
    "invoices": (_lt("Invoices"), _lt("Posted invoices, bills and credit notes.")),
}


class SyncExchangeAddData(models.TransientModel):
    """Choose ready-made kinds of data for a peer."""

    _name = "sync.exchange.add.data"
    _description = "Add Data to the Exchange"

    peer_id = fields.Many2one("sync.exchange.peer", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many(
        "sync.exchange.add.data.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )

    @api.depends("peer_id")
    def _compute_line_ids(self):
        for wizard in self:
            there = set(wizard.peer_id.mapping_ids.mapped("model"))
            ready = self.env["sync.exchange.mapping"]._ready_made()
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"code": one.code, "chosen": one.usual and not there})
                    for one in ready
                    if one.model not in there
                ),
            ]

    def action_add(self):
        """Button: exchange these too."""
        self.ensure_one()
        codes = set(self.line_ids.filtered("chosen").mapped("code"))
        if not codes:
            raise UserError(self.env._("Tick what is to be exchanged."))
        mappings = self.env["sync.exchange.mapping"]
        there = set(self.peer_id.mapping_ids.mapped("model"))
        offered = {ready.code for ready in mappings._ready_made()}
        place = max(self.peer_id.mapping_ids.mapped("sequence"), default=0)
        for ready in with_needs(codes & offered):
            if ready.code in offered and ready.model not in there:
                place += 10
                model = self.env["ir.model"]._get(ready.model)
                values = mappings._ready_values(ready)
                mappings.create({**values, "peer_id": self.peer_id.id, "model_id": model.id, "sequence": place})
        return {"type": "ir.actions.act_window_close"}

    def action_other(self):
        """Button: a kind of data that is not in the list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Data"),
            "res_model": "sync.exchange.mapping",
            "views": [(False, "form")],
            "context": {"default_peer_id": self.peer_id.id},
        }


class SyncExchangeAddDataLine(models.TransientModel):
    _name = "sync.exchange.add.data.line"
    _description = "Kind of Data That Can Be Added"
    _order = "wizard_id, id"
    _rec_name = "code"

    wizard_id = fields.Many2one("sync.exchange.add.data", required=True, ondelete="cascade", index=True)
    code = fields.Char(required=True, readonly=True)
    chosen = fields.Boolean(string="Exchange")
    title = fields.Char(string="Data", compute="_compute_text")
    note = fields.Text(compute="_compute_text")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_text(self):
        for line in self:
            title, note = _TEXTS.get(line.code, (line.code, ""))
            line.title, line.note = self.env._(title), self.env._(note)
            if needs := BY_CODE[line.code].needs if line.code in BY_CODE else ():
                names = ", ".join(self.env._(_TEXTS[need][0]) for need in needs)
                line.note = self.env._("%(note)s Brings along: %(names)s.", note=line.note, names=names)
