# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

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
    snapshot = fields.Char(readonly=True, help="Kind and moment of the snapshot.")
    model = fields.Char(string="Data", readonly=True)
    create_count = fields.Integer(string="New", readonly=True)
    update_count = fields.Integer(string="Changed", readonly=True)
    same_count = fields.Integer(string="Unchanged", readonly=True)
    gone_count = fields.Integer(string="Deleted", readonly=True, help="Archived, where others need them.")
    error_count = fields.Integer(string="Refused", readonly=True)
    missing_count = fields.Integer(
        string="Incomplete", readonly=True, help="They lead to something that is not here: see “Codes”."
    )
    problems = fields.Text(readonly=True, help="The first of them.")

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
