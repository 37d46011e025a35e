# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import Command, api, fields, models

# Transactions of the same amount are offered from so many days around the movement, others from fewer.
_SAME_AMOUNT = timedelta(days=60)
_OTHERS = timedelta(days=7)
_MOST = 40


class SyncBankChooseLine(models.TransientModel):
    """Say which transaction of the journal a movement of the bank is."""

    _name = "sync.bank.choose.line"
    _description = "Link to an Existing Line"

    transaction_id = fields.Many2one(
        "sync.bank.transaction", string="Bank Movement", required=True, readonly=True, ondelete="cascade"
    )
    booking_date = fields.Date(related="transaction_id.booking_date")
    label = fields.Char(related="transaction_id.label")
    counterparty = fields.Char(related="transaction_id.counterparty")
    amount = fields.Monetary(related="transaction_id.amount")
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    journal_id = fields.Many2one(related="transaction_id.journal_id")
    option_ids = fields.One2many(
        "sync.bank.choose.line.option", "choose_id", compute="_compute_option_ids", store=True, string="Transactions"
    )

    @api.depends("transaction_id")
    def _compute_display_name(self):
        for choose in self:
            choose.display_name = choose.transaction_id.display_name

    @api.depends("transaction_id")
    def _compute_option_ids(self):
        for choose in self:
            choose.option_ids = [Command.clear()] + [
                Command.create({"line_id": line.id}) for line in choose._candidates()
            ]

    def _candidates(self):
        """Lines of the journal for which no movement of this account answers: same amount first, nearest day first."""
        row = self.transaction_id
        Line = self.env["account.bank.statement.line"]
        foreign = self.env["sync.bank.recognition"]._foreign_domain(row.account_id)
        half = row.currency_id.rounding / 2
        of_amount = [("amount", ">", row.amount - half), ("amount", "<", row.amount + half)]

        def around(span: timedelta) -> list:
            return [("date", ">=", row.booking_date - span), ("date", "<=", row.booking_date + span)]

        def nearest(lines):
            return lines.sorted(lambda line: (abs((line.date - row.booking_date).days), line.id))

        same = nearest(Line.search([*foreign, *of_amount, *around(_SAME_AMOUNT)]))
        others = nearest(Line.search([*foreign, *around(_OTHERS)]) - same)
        return (row.suggested_line_id | same | others)[:_MOST]


class SyncBankChooseLineOption(models.TransientModel):
    _name = "sync.bank.choose.line.option"
    _description = "Transaction to Link to"

    choose_id = fields.Many2one("sync.bank.choose.line", required=True, ondelete="cascade")
    line_id = fields.Many2one("account.bank.statement.line", required=True, ondelete="cascade")
    date = fields.Date(related="line_id.date")
    payment_ref = fields.Char(related="line_id.payment_ref", string="Label")
    partner_name = fields.Char(related="line_id.partner_name", string="Counterparty")
    amount = fields.Monetary(related="line_id.amount")
    currency_id = fields.Many2one(related="line_id.currency_id")
    is_reconciled = fields.Boolean(related="line_id.is_reconciled", string="Matched")
    same_amount = fields.Boolean(compute="_compute_same_amount")

    @api.depends("line_id", "choose_id")
    def _compute_same_amount(self):
        for option in self:
            row = option.choose_id.transaction_id
            option.same_amount = not row.currency_id.compare_amounts(option.amount, row.amount)

    def action_link(self):
        """Button: this is the one."""
        self.ensure_one()
        row = self.choose_id.transaction_id
        row.check_access("write")
        row._check_can_be_linked(self.line_id)
        row._link_to_line(self.line_id)
        return {"type": "ir.actions.act_window_close"}
