# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.technical_fields import refuse_technical
from odoo.exceptions import AccessError, UserError

from .sync_stock_alignment_line import OPEN_STATES

# What a preview rests on: once one of them changes it is worth nothing.
_BASIS = {
    "company_id",
    "warehouse_id",
    "location_ids",
    "location_id",
    "source",
    "peer_id",
    "warehouse_there",
    "file",
    "decimal_mark",
    "unlisted",
    "create_lots",
    "create_packages",
}
# What a quantity that was set rests on: it could not be restored any more.
_GROUND = {"company_id", "warehouse_id"}
_TECHNICAL = (
    "name",
    "state",
    "work",
    "worker_id",
    "work_total",
    "round",
    "same_count",
    "moving_there",
    "state_there",
    "previewed_at",
    "applied_at",
    "applied_by_id",
    "reversed_at",
)


class SyncStockAlignment(models.Model):
    """A document by which the stock of a warehouse is set to what another database or a file says.

    It holds what differs, line by line, sets the quantities by inventory adjustments that carry its number, and can
    take them back.
    """

    _name = "sync.stock.alignment"
    _description = "Stock Alignment"
    _inherit = ["mail.thread", "sync.company.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default=lambda self: self.env._("New")
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    # -- What is aligned.
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        check_company=True,
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    view_location_id = fields.Many2one(related="warehouse_id.view_location_id")
    location_ids = fields.Many2many(
        "stock.location",
        string="Only in These Locations",
        check_company=True,
        domain="[('id', 'child_of', view_location_id), ('usage', 'in', ('internal', 'transit'))]",
        compute="_compute_location_ids",
        store=True,
        readonly=False,
        help="Only these, with all that is inside them. Empty: the whole warehouse.",
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Usual Location",
        check_company=True,
        domain="[('id', 'child_of', view_location_id), ('usage', 'in', ('internal', 'transit'))]",
        compute="_compute_location_id",
        store=True,
        readonly=False,
        help="Where goods lie for which the source names no location.",
    )
    # -- The source.
    source = fields.Selection(
        selection=[("peer", "Another database"), ("file", "A file")], required=True, default="peer", tracking=True
    )
    peer_id = fields.Many2one(
        "sync.exchange.peer",
        string="Other Database",
        check_company=True,
        tracking=True,
        help="One with which this company exchanges records. The user of its key must see the stock there.",
    )
    warehouse_there = fields.Char(
        help="The short name of the warehouse in the other database, such as WH. Empty: the same as here.",
    )
    file = fields.Binary(
        attachment=True,
        copy=False,
        help="A list of goods with headings, as CSV or Excel workbook (.xlsx): at least a product and a quantity.",
    )
    file_name = fields.Char(copy=False)
    decimal_mark = fields.Selection(
        selection=[(",", "Comma: 1.234,50"), (".", "Point: 1,234.50")],
        string="Decimals",
        help="How decimals are written in a CSV file. Empty: it is found out, and asked for where it is not clear.",
    )
    # -- How far it goes.
    unlisted = fields.Selection(
        selection=[("keep", "Stay as they are"), ("empty", "Are set to zero")],
        string="Goods Not in the Source",
        required=True,
        compute="_compute_unlisted",
        store=True,
        readonly=False,
        precompute=True,
        help="A database lists all that it has, a file perhaps not.",
    )
    create_lots = fields.Boolean(
        string="Make unknown lots", help="Lots and serial numbers of the source that are not known here are made."
    )
    create_packages = fields.Boolean(
        string="Make unknown packages", help="Packages of the source that are not known here are made."
    )
    below_reserved = fields.Boolean(
        string="Lower below what is reserved",
        help="Quantities are lowered even where transfers have reserved more. Odoo takes the goods away from them.",
    )
    # -- Its way.
    state = fields.Selection(
        selection=[("draft", "New"), ("previewed", "Previewed"), ("applied", "Applied"), ("reversed", "Restored")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    round = fields.Integer(readonly=True, copy=False)
    line_ids = fields.One2many("sync.stock.alignment.line", "alignment_id", string="Lines", readonly=True)
    # The same lines, as the pages of the form show them.
    ready_line_ids = fields.One2many(
        "sync.stock.alignment.line", "alignment_id", domain=[("state", "in", ("ready", "restoring"))], readonly=True
    )
    aside_line_ids = fields.One2many(
        "sync.stock.alignment.line", "alignment_id", domain=[("state", "in", ("aside", "kept"))], readonly=True
    )
    done_line_ids = fields.One2many(
        "sync.stock.alignment.line",
        "alignment_id",
        domain=[("state", "in", ("applied", "already", "restored"))],
        readonly=True,
    )
    same_count = fields.Integer(
        string="Equal Quantities", readonly=True, copy=False, help="Quantities of the source that are the same here."
    )
    ready_count = fields.Integer(string="To Set", compute="_compute_counts")
    aside_count = fields.Integer(string="Set Aside", compute="_compute_counts")
    shortage_count = fields.Integer(string="Shortages", compute="_compute_counts")
    set_count = fields.Integer(string="Quantities Set", compute="_compute_counts")
    kept_count = fields.Integer(string="Not Restored", compute="_compute_counts")
    moving_there = fields.Boolean(readonly=True, copy=False)
    state_there = fields.Char(readonly=True, copy=False, help="In which state the other database was read.")
    previewed_at = fields.Datetime(string="Previewed on", readonly=True, copy=False)
    applied_at = fields.Datetime(string="Applied on", readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", string="Applied by", readonly=True, copy=False)
    reversed_at = fields.Datetime(string="Restored on", readonly=True, copy=False)
    # What goes on in the background, and as whom.
    work = fields.Selection(
        selection=[("apply", "Setting quantities"), ("restore", "Restoring quantities")],
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    worker_id = fields.Many2one("res.users", readonly=True, copy=False)
    work_total = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_counts")

    _name_unique = models.Constraint("UNIQUE (name, company_id)", "Two alignments cannot have the same number.")

    # -- Computes ------------------------------------------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for alignment in self:
            if alignment.warehouse_id.company_id != alignment.company_id:
                alignment.warehouse_id = self.env["stock.warehouse"].search(
                    [("company_id", "=", alignment.company_id.id)], limit=1
                )

    @api.depends("warehouse_id")
    def _compute_location_ids(self):
        self.location_ids = False

    @api.depends("warehouse_id")
    def _compute_location_id(self):
        for alignment in self:
            alignment.location_id = alignment.warehouse_id.lot_stock_id

    @api.depends("source")
    def _compute_unlisted(self):
        for alignment in self:
            alignment.unlisted = "empty" if alignment.source == "peer" else "keep"

    @api.depends("line_ids.state", "line_ids.reason", "work", "work_total")
    def _compute_counts(self):
        groups = self.env["sync.stock.alignment.line"]._read_group(
            [("alignment_id", "in", self.ids)], ["alignment_id", "state"], ["__count"]
        )
        counts = {(alignment.id, state): count for alignment, state, count in groups}
        short = dict(
            self.env["sync.stock.alignment.line"]._read_group(
                [("alignment_id", "in", self.ids), ("shortage", ">", 0), ("state", "in", ("ready", "aside"))],
                ["alignment_id"],
                ["__count"],
            )
        )
        for alignment in self:
            number = alignment._origin.id
            alignment.ready_count = counts.get((number, "ready"), 0)
            alignment.aside_count = counts.get((number, "aside"), 0)
            alignment.kept_count = counts.get((number, "kept"), 0)
            alignment.set_count = counts.get((number, "applied"), 0)
            alignment.shortage_count = short.get(alignment._origin, 0)
            left = counts.get((number, "restoring"), 0) if alignment.work == "restore" else alignment.ready_count
            total = alignment.work_total
            alignment.progress = 100 * (total - left) / total if alignment.work and total else 0

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: its number is the reference of the adjustments."""
        for values in vals_list:
            refuse_technical(self, values, _TECHNICAL)
            company = values.get("company_id") or self.env.company.id
            # Whoever may make a document may take its number.
            sequence = self.env["ir.sequence"].sudo().with_company(company)
            values["name"] = sequence.next_by_code("sync.stock.alignment") or self.env._("New")
        return super().create(vals_list)

    def write(self, vals):
        """Override of ``base``: a preview holds for what it was made of."""
        refuse_technical(self, vals, _TECHNICAL)
        if _GROUND & vals.keys() and any(line.state not in OPEN_STATES for line in self.line_ids):
            raise UserError(
                self.env._(
                    "Quantities were set with this alignment already. Make a new one for another warehouse or company."
                )
            )
        result = super().write(vals)
        if _BASIS & vals.keys():
            self.filtered(lambda alignment: alignment.state != "draft")._forget_preview()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_set(self):
        if any(line.state not in OPEN_STATES for line in self.line_ids):
            raise UserError(
                self.env._(
                    "An alignment that has set quantities cannot be deleted: it is the reference of their adjustments."
                )
            )

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_open_moves(self):
        """Button: the adjustments that carry its number."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.stock_move_line_action")
        references = (self.name, self._restoring_name())
        domain = [("reference", "in", references), ("company_id", "=", self.company_id.id)]
        return {**action, "domain": domain, "context": {}}

    def action_open_lines(self):
        """Button: its lines, to be searched, grouped and exported."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_stock.action_sync_stock_alignment_line")
        return {**action, "domain": [("alignment_id", "=", self.id)]}

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def _locations(self, whole=False):
        """The locations that are aligned, or those of the whole warehouse."""
        self.ensure_one()
        roots = self.location_ids if self.location_ids and not whole else self.view_location_id
        return self.env["stock.location"].search(
            [("id", "child_of", roots.ids), ("usage", "in", ("internal", "transit"))]
        )

    def _restoring_name(self) -> str:
        """The reference of the adjustments that take back what was set."""
        return f"{self.name}-R"

    def _check_manager(self) -> None:
        """:raises AccessError: for whoever may not adjust the stock"""
        if not self.env.user.has_group("stock.group_stock_manager"):
            raise AccessError(
                self.env._("Only an administrator of the Inventory app may align stock. Ask one to press this button.")
            )
        self.check_access("write")

    def _take(self) -> None:
        """Hold this document, so that a second click, or the background, does not work on it at the same time.

        :raises UserError: when somebody else holds it
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Somebody is working on this alignment at this very moment. Wait a little, and reload the page."
                )
            )

    def _note(self, **values) -> None:
        """Write what only the buttons of the document write."""
        # Fields that no interface may write; the button has checked who presses it.
        self.sudo().write(values)
