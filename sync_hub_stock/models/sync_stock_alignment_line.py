# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..aligning import Flaw, Kind
from .stock_texts import flaw_text

LINE_STATES = [
    ("ready", "To set"),
    ("aside", "Set aside"),
    ("applied", "Set"),
    ("already", "Already so"),
    ("restoring", "To restore"),
    ("restored", "Restored"),
    ("kept", "Not restored"),
]
# Nothing has been done for these lines: another preview takes their place.
OPEN_STATES = ("ready", "aside", "already")


class SyncStockAlignmentLine(models.Model):
    """One quantity that differs, or a line of the source that cannot be followed, and what became of it."""

    _name = "sync.stock.alignment.line"
    _description = "Line of a Stock Alignment"
    _inherit = ["sync.company.mixin"]
    _order = "alignment_id desc, state, id"
    _rec_name = "source"

    alignment_id = fields.Many2one("sync.stock.alignment", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="alignment_id.company_id", store=True, index=True)
    round = fields.Integer(readonly=True, help="Which preview of the document it comes from.")
    # -- What it is about.
    source = fields.Char(string="Goods", readonly=True, help="As the source calls them.")
    row = fields.Integer(readonly=True, aggregator=None, help="Row of the file, as spreadsheets count.")
    product_id = fields.Many2one("product.product", readonly=True, index="btree_not_null", ondelete="restrict")
    location_id = fields.Many2one("stock.location", readonly=True, ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", string="Lot/Serial Number", readonly=True, ondelete="set null")
    lot_name = fields.Char(readonly=True)
    owner_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    package_id = fields.Many2one("stock.package", readonly=True, ondelete="set null")
    package_name = fields.Char(readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    # -- How much of it. Goods of different kinds have no sum.
    quantity_there = fields.Float(
        string="There",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="What the source says, in the unit used here.",
    )
    quantity_here = fields.Float(
        string="Here",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="What was here when the preview was made.",
    )
    reserved = fields.Float(
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="How much of it transfers had reserved when the preview was made.",
    )
    difference = fields.Float(
        digits="Product Unit", readonly=True, aggregator=None, help="What is added; with a minus, what is taken away."
    )
    shortage = fields.Float(
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="How much of what is reserved could not be delivered any more once the quantity is lowered.",
    )
    quantity_now = fields.Float(
        string="Now", digits="Product Unit", compute="_compute_quantity_now", help="What is here at this moment."
    )
    quantity_before = fields.Float(
        digits="Product Unit", readonly=True, aggregator=None, help="What was here when it was set."
    )
    quantity_set = fields.Float(digits="Product Unit", readonly=True, aggregator=None)
    # -- What becomes of it.
    kind = fields.Selection(
        selection=[
            (Kind.RAISE.value, "Raise"),
            (Kind.LOWER.value, "Lower"),
            (Kind.UNLISTED.value, "Not in the source"),
            (Kind.REFUSED.value, "Not followed"),
        ],
        readonly=True,
        required=True,
    )
    state = fields.Selection(LINE_STATES, readonly=True, required=True, index=True)
    reason = fields.Selection(
        selection=[
            (Flaw.PRODUCT_UNKNOWN.value, "Product missing"),
            (Flaw.PRODUCT_SEVERAL.value, "Product not clear"),
            (Flaw.PRODUCT_ARCHIVED.value, "Product archived"),
            (Flaw.NOT_STORABLE.value, "Product without stock"),
            (Flaw.LOCATION_UNKNOWN.value, "Location missing"),
            (Flaw.LOCATION_SEVERAL.value, "Location not clear"),
            (Flaw.OWNER_UNKNOWN.value, "Owner missing"),
            (Flaw.OWNER_SEVERAL.value, "Owner not clear"),
            (Flaw.OWNER_UNUSED.value, "Owners not used here"),
            (Flaw.UNIT_UNKNOWN.value, "Unit missing"),
            (Flaw.UNIT_SEVERAL.value, "Unit not clear"),
            (Flaw.UNIT_OTHER.value, "Unit of another kind"),
            (Flaw.LOT_UNKNOWN.value, "Lot unknown"),
            (Flaw.LOT_MISSING.value, "Lot not named"),
            (Flaw.LOT_UNUSED.value, "Not tracked here"),
            (Flaw.PACKAGE_UNKNOWN.value, "Package missing"),
            (Flaw.PACKAGE_SEVERAL.value, "Package not clear"),
            (Flaw.PACKAGE_UNUSED.value, "Packages not used here"),
            (Flaw.SERIAL_QUANTITY.value, "Serial number more than once"),
            (Flaw.SERIAL_TWICE.value, "Serial number in several places"),
            (Flaw.SERIAL_ELSEWHERE.value, "Serial number elsewhere"),
            (Flaw.NEGATIVE.value, "Less than nothing"),
            (Flaw.DUPLICATE.value, "Twice in the source"),
            (Flaw.UNREADABLE.value, "Row not readable"),
            (Flaw.DOUBTFUL.value, "Perhaps listed"),
            (Flaw.SHORTAGE.value, "Shortage"),
            (Flaw.COUNTED.value, "Being counted"),
            (Flaw.MOVED.value, "Moved"),
            (Flaw.MOVED_THERE.value, "Moved there"),
            (Flaw.UNKNOWN_THERE.value, "Product missing there"),
            (Flaw.BUSY.value, "In use"),
            (Flaw.REJECTED.value, "Refused by Odoo"),
        ],
        readonly=True,
        index="btree_not_null",
    )
    values = fields.Json(readonly=True, help="What the sentence about it needs.")
    explanation = fields.Text(compute="_compute_explanation")
    remedy = fields.Text(string="What to Do", compute="_compute_explanation")

    @api.depends("reason", "values", "state")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for line in self:
            texts = ("", "")
            if line.reason:
                texts = flaw_text(self.env, line.reason, line.values or {}, restoring=line.state == "kept")
            line.explanation, line.remedy = texts

    @api.depends("product_id", "location_id", "lot_id", "owner_id", "package_id", "state")
    def _compute_quantity_now(self):
        self.quantity_now = 0.0
        known = self.filtered(lambda line: line.product_id and line.location_id)
        groups = self.env["stock.quant"]._read_group(
            [("product_id", "in", known.product_id.ids), ("location_id", "in", known.location_id.ids)],
            ["product_id", "location_id", "lot_id", "owner_id", "package_id"],
            ["quantity:sum"],
        )
        found = {tuple(record.id for record in records): quantity for *records, quantity in groups}
        for line in known:
            if not (line.lot_name and not line.lot_id) and not (line.package_name and not line.package_id):
                key = (line.product_id, line.location_id, line.lot_id, line.owner_id, line.package_id)
                line.quantity_now = found.get(tuple(record.id for record in key), 0.0)

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_open_moves(self):
        """Button: what moved these goods, and when."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.stock_move_line_action")
        return {
            **action,
            "domain": [
                ("product_id", "=", self.product_id.id),
                ("lot_id", "=", self.lot_id.id),
                "|",
                ("location_id", "=", self.location_id.id),
                ("location_dest_id", "=", self.location_id.id),
            ],
            "context": {"search_default_done": 1},
        }
