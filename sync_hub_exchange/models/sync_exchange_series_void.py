# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..series import NUMBER_LAST, NumberRange


class SyncExchangeSeriesVoid(models.Model):
    """Numbers of a series that no document has and none will have: the tax office was told so (inutilização)."""

    _name = "sync.exchange.series.void"
    _description = "Void Numbers of a Series"
    _inherit = ["sync.company.mixin"]
    _order = "series_id, number_from"

    series_id = fields.Many2one("sync.exchange.series", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="series_id.company_id", store=True, index=True)
    number_from = fields.Integer(string="First Number", required=True, aggregator=None)
    number_until = fields.Integer(
        string="Last Number",
        required=True,
        aggregator=None,
        compute="_compute_number_until",
        store=True,
        precompute=True,
        readonly=False,
    )
    date = fields.Date(required=True, default=fields.Date.context_today, help="When the tax office accepted it.")
    protocol = fields.Char(help="The number of the tax office's answer.")
    reason = fields.Char(help="As it was told to the tax office.")

    _numbers_valid = models.Constraint(
        f"CHECK (1 <= number_from AND number_from <= number_until AND number_until <= {NUMBER_LAST})",
        "Numbers begin with 1 and have nine digits at most, and the first one cannot be above the last one.",
    )

    @api.constrains("series_id", "number_from", "number_until")
    def _check_documents(self):
        for void in self:
            document = self.env["sync.exchange.series.document"].search(
                [
                    ("series_id", "=", void.series_id.id),
                    ("number", ">=", void.number_from),
                    ("number", "<=", void.number_until),
                ],
                order="number",
                limit=1,
            )
            if document:
                raise ValidationError(
                    self.env._(
                        "Number %(number)s of %(series)s has a document, so that it cannot be void. Leave it out of "
                        "the range; to undo the document, cancel it.",
                        number=document.number,
                        series=void.series_id.display_name,
                    )
                )

    @api.depends("number_from")
    def _compute_number_until(self):
        for void in self:
            void.number_until = max(void.number_until, void.number_from)

    @api.depends("number_from", "number_until")
    def _compute_display_name(self):
        for void in self:
            one = void.number_from == void.number_until
            void.display_name = str(void.number_from) if one else f"{void.number_from} - {void.number_until}"

    def _value(self) -> NumberRange:
        self.ensure_one()
        return NumberRange(self.number_from, self.number_until)
