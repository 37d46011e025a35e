# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError

_DECISIONS = [
    ("delete_line", "Delete the first"),
    ("delete_other", "Delete the second"),
    ("keep_line", "Keep the first of both"),
    ("keep_other", "Keep the second of both"),
]


class SyncBankDuplicateSearch(models.TransientModel):
    """Which transactions of a journal may be there twice, since a day."""

    _name = "sync.bank.duplicate.search"
    _description = "Find Duplicate Transactions"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        ondelete="cascade",
        domain="[('type', 'in', ('bank', 'credit', 'cash')), ('company_id', '=', company_id)]",
    )
    date_from = fields.Date(string="Since", required=True, default=lambda self: self._three_months_ago())
    pair_ids = fields.One2many("sync.bank.duplicate", "search_id", string="Suspects")

    @api.depends("journal_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for search in self:
            search.display_name = self.env._("Duplicates: %s", search.journal_id.display_name)

    @api.model
    def _three_months_ago(self):
        return fields.Date.subtract(fields.Date.context_today(self), months=3)

    def action_find(self):
        """Button: look for transactions that may be there twice."""
        self.ensure_one()
        self._find()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_duplicate")
        return {
            **action,
            # The web client prefers the second.
            "name": self.display_name,
            "display_name": self.display_name,
            "domain": [("search_id", "=", self.id)],
            "context": {"default_search_id": self.id},
            "target": "main",
        }

    def _find(self) -> None:
        duplicates = self.env["sync.bank.duplicates"]
        taken_back = duplicates._taken_back(self.journal_id, self.date_from)
        values = [{"kind": "withdrawn", "line_id": line.id} for line in taken_back]
        values += [
            {
                "kind": "together" if pair.together and pair.kind == "content" else pair.kind,
                "line_id": pair.line_id,
                "other_id": pair.other_id,
                "alike": pair.alike,
            }
            for pair in duplicates._suspects(self.journal_id, self.date_from)
        ]
        self.write({"pair_ids": [Command.clear(), *(Command.create(pair) for pair in values)]})


class SyncBankDuplicate(models.TransientModel):
    """Two transactions that may be one, side by side; or one that the bank has taken back."""

    _name = "sync.bank.duplicate"
    _description = "Possible Duplicate"
    _order = "id"
    _rec_name = "line_label"

    search_id = fields.Many2one("sync.bank.duplicate.search", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(
        selection=[
            ("withdrawn", "The bank took it back"),
            ("id", "Same id of the bank"),
            ("content", "Same day and amount"),
            ("together", "Same day and amount, listed together by the bank"),
        ],
        string="Why",
        required=True,
        readonly=True,
    )
    alike = fields.Boolean(string="Same Label", readonly=True)
    line_id = fields.Many2one("account.bank.statement.line", required=True, readonly=True, ondelete="cascade")
    other_id = fields.Many2one("account.bank.statement.line", readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="line_id.currency_id")
    line_date = fields.Date(related="line_id.date", string="Date")
    line_amount = fields.Monetary(related="line_id.amount", string="Amount")
    line_label = fields.Char(related="line_id.payment_ref", string="Label")
    line_partner = fields.Char(compute="_compute_sides", string="Partner")
    line_account = fields.Char(related="line_id.account_number", string="Account of the Other Party")
    line_matched = fields.Boolean(related="line_id.is_reconciled", string="Matched")
    line_origin = fields.Char(compute="_compute_sides", string="Origin")
    line_statement_id = fields.Many2one(related="line_id.statement_id", string="Statement")
    line_run_id = fields.Many2one(related="line_id.sync_transaction_id.run_id", string="Received by")
    line_move_id = fields.Many2one(related="line_id.move_id", string="Journal Entry")
    other_date = fields.Date(related="other_id.date", string="Date of the Second")
    other_amount = fields.Monetary(related="other_id.amount", string="Amount of the Second")
    other_label = fields.Char(related="other_id.payment_ref", string="Label of the Second")
    other_partner = fields.Char(compute="_compute_sides", string="Partner of the Second")
    other_account = fields.Char(related="other_id.account_number", string="Other Party's Account of the Second")
    other_matched = fields.Boolean(related="other_id.is_reconciled", string="Second Is Matched")
    other_origin = fields.Char(compute="_compute_sides", string="Origin of the Second")
    other_statement_id = fields.Many2one(related="other_id.statement_id", string="Statement of the Second")
    other_run_id = fields.Many2one(related="other_id.sync_transaction_id.run_id", string="Second Received by")
    other_move_id = fields.Many2one(related="other_id.move_id", string="Journal Entry of the Second")
    # A decision that would undo a matching is asked twice.
    decision = fields.Selection(selection=_DECISIONS, readonly=True)
    undone = fields.Char(readonly=True)

    @api.depends("line_id", "other_id")
    @api.depends_context("lang")
    def _compute_sides(self):
        for pair in self:
            for side in ("line", "other"):
                line = pair[f"{side}_id"]
                pair[f"{side}_partner"] = line.partner_id.display_name or line.partner_name
                pair[f"{side}_origin"] = self._where_from(line)

    @api.model
    def _where_from(self, line) -> str:
        if not line:
            return ""
        if line.sync_transaction_id:
            return self.env._("From the bank: %s", line.sync_transaction_id.account_id.display_name)
        if line.statement_id.attachment_ids:
            return self.env._("From a file: %s", line.statement_id.attachment_ids[0].name)
        return self.env._("By hand or from a file: %s", line.create_uid.display_name)

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_delete_line(self):
        """Button: delete the first transaction."""
        return self._decide("delete_line")

    def action_delete_other(self):
        """Button: delete the second transaction."""
        return self._decide("delete_other")

    def action_keep_line(self):
        """Button: make one of both, the first."""
        return self._decide("keep_line")

    def action_keep_other(self):
        """Button: make one of both, the second."""
        return self._decide("keep_other")

    def action_confirm(self):
        """Button: do what was asked for, and undo the matching."""
        self.ensure_one()
        if not self.decision:
            raise UserError(self.env._("Say first which transaction is to be deleted."))
        return self._do(self.decision)

    def action_never_mind(self):
        """Button: leave the matched transaction as it is."""
        self.write({"decision": False, "undone": False})
        return True

    def action_are_two(self):
        """Button: remember that they are two movements; or that the one that was taken back is right."""
        for pair in self:
            if pair.other_id:
                self.env["sync.bank.duplicates"]._are_two(pair.line_id, pair.other_id)
            else:
                pair.line_id.sync_transaction_id.reason = False
        return self._next()

    def action_open_line(self):
        """Button: the first transaction."""
        return self.line_id.get_formview_action()

    def action_open_other(self):
        """Button: the second transaction."""
        return self.other_id.get_formview_action()

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _decide(self, decision: str):
        self.ensure_one()
        duplicates = self.env["sync.bank.duplicates"]
        goes = self._goes(decision)
        duplicates._check_may_go(goes)
        undone = duplicates._what_is_undone(goes)
        if undone:
            self.write({"decision": decision, "undone": undone})
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("It is matched"),
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "views": [(self.env.ref("sync_hub_bank.view_sync_bank_duplicate_confirm").id, "form")],
                "target": "new",
            }
        return self._do(decision)

    def _goes(self, decision: str):
        return self.line_id if decision in ("delete_line", "keep_other") else self.other_id

    def _do(self, decision: str):
        duplicates = self.env["sync.bank.duplicates"]
        search = self.search_id
        goes = self._goes(decision)
        if decision in ("keep_line", "keep_other"):
            duplicates._merge((self.line_id | self.other_id) - goes, goes)
        else:
            duplicates._remove(goes)
        return search.action_find()

    def _next(self):
        return self.search_id[:1].action_find()


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def action_find_duplicates(self):
        """Menu of the dashboard card, and button: look for transactions that are there twice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_duplicate_search")
        action["context"] = {"default_journal_id": self.id, "default_company_id": self.company_id.id}
        return action
