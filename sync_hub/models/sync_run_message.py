# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncRun(models.Model):
    """What the log says of a run in one sentence, for lists."""

    _inherit = "sync.run"

    message = fields.Char(compute="_compute_message", help="What failed last or, if nothing did, what was noted last.")

    @api.depends("line_ids.severity", "line_ids.message", "child_ids.line_ids.message")
    @api.depends_context("lang", "tz", "uid")
    def _compute_message(self):
        errors = (self | self.child_ids)._last_lines([("severity", "=", "error")])
        notes = self._last_lines([])
        for run in self:
            # What failed of a sum is in the logs of its connections.
            failed = [errors[child.id] for child in run._present_children().sorted("id") if child.id in errors]
            line = errors.get(run.id) or (failed[-1] if failed else notes.get(run.id))
            run.message = line.message if line else False

    def _last_lines(self, domain: list) -> dict:
        """The last entry of each log that fulfils a domain, by run: a log may be long, and a list has many of them."""
        line = self.env["sync.run.line"]
        groups = line._read_group([("run_id", "in", self.ids), *domain], ["run_id"], ["id:max"])
        return {run.id: line.browse(last).with_prefetch([last for _run, last in groups]) for run, last in groups}
