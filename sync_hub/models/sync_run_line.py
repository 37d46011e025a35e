# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..faults import FaultKind
from .fault_texts import FAULT_TEXTS, fault_text, fill
from .schedule_notes import SCHEDULE_NOTES

_lt = LazyTranslate(__name__)

NOTES = {
    "cancelled": _lt("%(user)s cancelled it."),
    "worker_killed": _lt("The process that worked on it ended in the middle. What had been committed is kept."),
}


class SyncRunLine(models.Model):
    """One entry of a run's log. What it says is made from ``kind`` and ``values`` in the reader's language."""

    _name = "sync.run.line"
    _description = "Synchronization Run Log"
    _inherit = ["sync.company.mixin"]
    _order = "id"

    run_id = fields.Many2one("sync.run", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    severity = fields.Selection(
        selection=[("info", "Information"), ("warning", "Warning"), ("error", "Error")],
        required=True,
        default="info",
    )
    kind = fields.Char(required=True, help="Kind of fault, or of note.")
    values = fields.Json()
    message = fields.Char(compute="_compute_text")
    remedy = fields.Char(string="What to Do", compute="_compute_text")
    provider_code = fields.Char(string="Code", help="The other side's own code.")
    detail = fields.Text(help="The other side's own words, masked.")
    record_ref = fields.Reference(selection="_selection_record_model", string="Record")

    @api.model
    def _selection_record_model(self):
        # Without a query: every entry of the log asks whether its record is of one of them.
        return [(name, model._description) for name, model in self.env.registry.items()]

    @api.model
    def _note_texts(self) -> dict[str, str]:
        """Lazily translated sentences of notes that are not faults, by kind; addons add theirs."""
        return {**NOTES, **SCHEDULE_NOTES}

    @api.depends("kind", "values", "run_id.connection_model")
    @api.depends_context("lang", "tz", "uid")
    def _compute_text(self):
        notes = self._note_texts()
        for line in self:
            if line.kind in notes:
                line.message = fill(self.env._(notes[line.kind]), line.values)
                line.remedy = False
            else:
                # A kind of an addon that is not installed any more reads as unknown.
                kind = line.kind if line.kind in FAULT_TEXTS else FaultKind.UNEXPECTED
                line.message, line.remedy = fault_text(self.env, kind, line.values, line._fault_texts())

    def _fault_texts(self):
        """In whose words faults are told: those of the connections of the run's service."""
        model = self.run_id.connection_model
        # The log outlives the addon whose connection ran.
        return self.env[model]._fault_texts() if model in self.env else FAULT_TEXTS
