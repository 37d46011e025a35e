# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class SyncExchangeSeriesDocument(models.Model):
    """A document that is an invoice of this database."""

    _inherit = "sync.exchange.series.document"

    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _move_unique = models.UniqueIndex("(move_id) WHERE move_id IS NOT NULL", "This invoice is listed already.")
