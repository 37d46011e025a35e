# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

_MOST_PROBLEMS = 20
_COUNTS = ("create", "update", "same", "gone", "error", "missing")


class SyncExchangeRestoreLine(models.Model):
    """What became, or would become, of one kind of data of one snapshot."""

    _name = "sync.exchange.restore.line"
    _description = "Restored Kind of Data"
    _inherit = ["sync.company.mixin"]
    _order = "restore_id, id"
    _rec_name = "model"

    restore_id = fields.Many2one("sync.exchange.restore", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="restore_id.company_id", store=True, index=True)
    kind = fields.Selection([("full", "Full"), ("incremental", "Incremental")], string="Snapshot", readonly=True)
    made_at = fields.Datetime(string="Date", readonly=True, help="The moment of which the snapshot is.")
    model = fields.Char(readonly=True)
    data_name = fields.Char(string="Data", compute="_compute_data_name")
    create_count = fields.Integer(string="New", readonly=True)
    update_count = fields.Integer(string="Changed", readonly=True)
    same_count = fields.Integer(string="Unchanged", readonly=True)
    gone_count = fields.Integer(string="Deleted", readonly=True, help="Archived, where others need them.")
    error_count = fields.Integer(string="Refused", readonly=True)
    missing_count = fields.Integer(
        string="Incomplete", readonly=True, help="They lead to something that is not here: see “Codes”."
    )
    problems = fields.Text(readonly=True, help="The first of them.")

    @api.depends("model")
    @api.depends_context("lang")
    def _compute_data_name(self):
        for line in self:
            line.data_name = data_name(self.env, line.model)

    def _add(self, tally) -> None:
        """Count what became of further rows.

        :param tally: numbers named as the counts are, and ``problems``
        """
        told = (self.problems or "").splitlines()
        texts = [text.replace("\n", " ") for text in tally.problems]
        self.write(
            {
                **{f"{name}_count": self[f"{name}_count"] + getattr(tally, name) for name in _COUNTS},
                "problems": "\n".join([*told, *texts][:_MOST_PROBLEMS]) or False,
            }
        )


def data_name(env, model: str) -> str:
    """What people call a kind of data; its technical name where it is not known here."""
    return env["ir.model"]._get(model).name or model
