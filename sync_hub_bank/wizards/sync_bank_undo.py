# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models


class SyncBankUndo(models.TransientModel):
    """Asks before fetches are undone, and says afterwards what stayed."""

    _name = "sync.bank.undo"
    _description = "Undo a Fetch"

    fetch_ids = fields.Many2many("sync.bank.fetch", string="Fetches", readonly=True)
    state = fields.Selection([("ask", "To be undone"), ("done", "Undone")], default="ask", required=True, readonly=True)
    removed_count = fields.Integer(
        string="Transactions that go", compute="_compute_removed_count", store=True, readonly=True
    )
    # The bank may give less than it gave right after the consent.
    from_the_beginning = fields.Boolean(compute="_compute_from_the_beginning")
    line_ids = fields.One2many("sync.bank.undo.line", "undo_id", string="Transactions that stay", readonly=True)

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for undo in self:
            undo.display_name = self.env._("Undo a Fetch")

    @api.depends("fetch_ids")
    def _compute_from_the_beginning(self):
        for undo in self:
            undo.from_the_beginning = not all(undo.fetch_ids.mapped("complete_until_before"))

    @api.depends("fetch_ids")
    def _compute_removed_count(self):
        for undo in self:
            open_fetches = undo.fetch_ids.filtered(lambda fetch: fetch.state != "undone")
            undo.removed_count = sum(
                len(lines) - len(fetch._reasons_to_keep(lines))
                for fetch, lines in ((fetch, fetch._booked_lines()) for fetch in open_fetches)
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: list what would stay."""
        undos = super().create(vals_list)
        for undo in undos:
            kept = {}
            for fetch in undo.fetch_ids:
                fetch.account_id.check_access("write")
                if fetch.state != "undone":
                    fetch._check_can_be_undone()
                    kept |= fetch._reasons_to_keep(fetch._booked_lines())
            undo._keep(kept)
        return undos

    def action_undo(self):
        """Button: undo, and say what stayed."""
        self.ensure_one()
        kept, removed = self.fetch_ids._undo()
        if self.state == "ask":
            self._keep(kept)
            self.write({"state": "done", "removed_count": removed})
        return self._action_open()

    def _keep(self, kept: dict) -> None:
        self.line_ids = [
            Command.clear(),
            *(Command.create({"statement_line_id": line.id, "reason": reason}) for line, reason in kept.items()),
        ]

    def _action_open(self) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo a Fetch"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class SyncBankUndoLine(models.TransientModel):
    _name = "sync.bank.undo.line"
    _description = "Transaction that Stays"

    undo_id = fields.Many2one("sync.bank.undo", required=True, ondelete="cascade")
    statement_line_id = fields.Many2one(
        "account.bank.statement.line", string="Transaction", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(related="statement_line_id.date")
    payment_ref = fields.Char(related="statement_line_id.payment_ref")
    amount = fields.Monetary(related="statement_line_id.amount")
    currency_id = fields.Many2one(related="statement_line_id.currency_id")
    reason = fields.Char(readonly=True)
