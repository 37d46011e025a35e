# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..series import Kind

# Nobody reads more, and the count says how many there are.
_MOST = 500


class SyncExchangeSeriesGaps(models.TransientModel):
    """Numbers of fiscal series that nobody accounts for, as they were when it was asked."""

    _name = "sync.exchange.series.gaps"
    _description = "Missing Numbers"

    line_ids = fields.One2many("sync.exchange.series.gaps.line", "report_id", readonly=True)
    summary = fields.Text(readonly=True)

    @api.model
    def _look_at(self, series):
        """The dialog about series of this database; of the others nothing is known here."""
        told, lines = [], []
        for one in series.filtered(lambda record: not record.peer_id):
            report = one._gap_report()
            told.append(self._sentence(one, report))
            lines += [
                (
                    0,
                    0,
                    {
                        "series_id": one.id,
                        "number_from": gap.numbers.first,
                        "number_until": gap.numbers.last,
                        "noticed_on": gap.noticed_on,
                        "due_on": gap.due_on,
                    },
                )
                for gap in report.gaps[: _MOST - len(lines)]
            ]
        if not told:
            told = [self.env._("These series are numbered by other databases: ask for missing numbers there.")]
        # Written by nobody by hand: whoever may see the series may be told what is missing.
        return self.sudo().create({"summary": "\n".join(told), "line_ids": lines}).sudo(False)

    def _sentence(self, series, report) -> str:
        if not report.missing:
            told = self.env._(
                "%(series)s: no number is missing (used: %(used)s, void: %(void)s).",
                series=series.display_name,
                used=report.used,
                void=report.void,
            )
        else:
            told = self.env._(
                "%(series)s: numbers are missing: %(missing)s (ranges: %(ranges)s, used: %(used)s, void: %(void)s).",
                series=series.display_name,
                missing=report.missing,
                ranges=len(report.gaps),
                used=report.used,
                void=report.void,
            )
        if report.contradicted:
            told += " " + self.env._(
                "Declared void although a document has them: %s.",
                ", ".join(f"{numbers.first}-{numbers.last}" for numbers in report.contradicted[:20]),
            )
        if report.repeated:
            told += " " + self.env._("Documents with a number that another one has, too: %s.", report.repeated)
        return told

    def _action_show(self) -> dict:
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Missing Numbers"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class SyncExchangeSeriesGapsLine(models.TransientModel):
    """A range of missing numbers."""

    _name = "sync.exchange.series.gaps.line"
    _description = "Range of Missing Numbers"
    _order = "series_id, number_from"

    report_id = fields.Many2one(
        "sync.exchange.series.gaps", required=True, readonly=True, ondelete="cascade", index=True
    )
    series_id = fields.Many2one("sync.exchange.series", required=True, readonly=True, ondelete="cascade")
    number_from = fields.Integer(string="First Number", readonly=True, aggregator=None)
    number_until = fields.Integer(string="Last Number", readonly=True, aggregator=None)
    count = fields.Integer(string="Numbers", compute="_compute_count")
    noticed_on = fields.Date(
        string="Noticed", readonly=True, help="The day of the first document after them. Empty: none follows."
    )
    due_on = fields.Date(string="To Settle Until", readonly=True)
    # Text, not lines: lists cut lines off.
    meaning = fields.Text(string="What to Do", compute="_compute_meaning")

    @api.depends("number_from", "number_until")
    def _compute_count(self):
        for line in self:
            line.count = line.number_until - line.number_from + 1

    @api.depends("series_id.kind", "due_on")
    @api.depends_context("lang")
    def _compute_meaning(self):
        today = fields.Date.context_today(self)
        for line in self:
            past = bool(line.due_on) and line.due_on <= today
            if line.series_id.kind == Kind.CONTINGENCY.value and past:
                line.meaning = self.env._(
                    "Count as issued and not transmitted: look for the documents and transmit them, or explain them "
                    "to the tax office."
                )
            elif line.series_id.kind == Kind.CONTINGENCY.value:
                line.meaning = self.env._("Look for documents that were issued offline, and transmit them.")
            else:
                line.meaning = self.env._(
                    "Look for the documents; if there are none, declare the numbers void at the tax office."
                )

    def action_void(self):
        """Button: note that the tax office was told that they are not used."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void Numbers"),
            "res_model": "sync.exchange.series.void",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_series_id": self.series_id.id,
                "default_number_from": self.number_from,
                "default_number_until": self.number_until,
            },
        }
