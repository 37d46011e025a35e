# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.exceptions import UserError


class SyncBankLink(models.TransientModel):
    """Last step of a connection: which journal each account feeds."""

    _name = "sync.bank.link"
    _description = "Choose the Journals"

    connection_id = fields.Many2one("sync.bank.connection", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="connection_id.company_id")
    journal_id = fields.Many2one("account.journal", help="The journal from which the user set out.")
    line_ids = fields.One2many(
        "sync.bank.link.line", "link_id", compute="_compute_line_ids", store=True, readonly=False, string="Accounts"
    )

    @api.depends("connection_id")
    def _compute_display_name(self):
        for link in self:
            link.display_name = self.env._("Accounts of %s", link.connection_id.name)

    @api.depends("connection_id", "journal_id")
    def _compute_line_ids(self):
        for link in self:
            taken = self.env["sync.bank.account"].search([("journal_id", "!=", False)]).journal_id
            commands = [Command.clear()]
            for account in link.connection_id.account_ids.filtered(lambda account: not account.gone):
                journal = account.journal_id or account._suggest_journal(taken, link.journal_id)
                taken |= journal
                commands.append(
                    Command.create(
                        {
                            "account_id": account.id,
                            "choice": "journal" if journal else "new",
                            "journal_id": journal.id,
                            "date_from": account.date_from,
                        }
                    )
                )
            link.line_ids = commands

    def action_confirm(self):
        """Button: link the accounts, and fetch at once: many banks give a long history only right after consent."""
        self.ensure_one()
        connection = self.connection_id
        for line in self.line_ids:
            line._apply()
        if not connection.account_ids.journal_id:
            raise UserError(self.env._("Choose a journal for one account at least, or press “Later”."))
        connection.action_sync_now()
        dashboard = self.env["ir.actions.act_window"]._for_xml_id("account.open_account_journal_dashboard_kanban")
        # There is no way back to a choice that has been made.
        return connection._ask_for_contact({**dashboard, "target": "main"})

    def action_later(self):
        """Button: leave the accounts as they are."""
        return self.connection_id.get_formview_action()


class SyncBankLinkLine(models.TransientModel):
    _name = "sync.bank.link.line"
    _description = "Choose the Journal of an Account"

    link_id = fields.Many2one("sync.bank.link", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="link_id.company_id")
    account_id = fields.Many2one("sync.bank.account", required=True, readonly=True, ondelete="cascade")
    iban = fields.Char(related="account_id.iban")
    currency_id = fields.Many2one(related="account_id.currency_id")
    choice = fields.Selection(
        selection=[("journal", "Existing journal"), ("new", "New journal"), ("ignore", "Do not synchronize")],
        string="Synchronize into",
        required=True,
        default="new",
    )
    journal_id = fields.Many2one(
        "account.journal", domain="[('type', 'in', ('bank', 'credit')), ('company_id', '=', company_id)]"
    )
    hint = fields.Char(string="Note", compute="_compute_hint")
    date_from = fields.Date(
        string="Book from", help="Empty: the day after the journal's last transaction, or as far back as the bank goes."
    )

    @api.depends("journal_id", "account_id")
    @api.depends_context("lang")
    def _compute_hint(self):
        for line in self:
            number = line.journal_id.bank_account_id
            own = line.account_id.iban or line.account_id.number
            line.hint = (
                self.env._("The journal belongs to the account %s: is it the right one?", number.acc_number)
                if number and own and number.sanitized_acc_number != sanitize_account_number(own)
                else False
            )

    @api.onchange("choice")
    def _onchange_choice(self):
        if self.choice != "journal":
            self.journal_id = False

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        if self.journal_id:
            self.choice = "journal"

    def _apply(self) -> None:
        account = self.account_id
        if self.choice == "ignore":
            account.journal_id = False
            return
        if self.choice == "journal" and not self.journal_id:
            raise UserError(self.env._("Choose the journal of %s, or let a new one be made.", account.display_name))
        journal = self.journal_id if self.choice == "journal" else account._create_journal()
        try:
            account._require_currency(journal)
        except Fault as fault:
            raise fault_error(self.env, fault) from fault
        if journal != account.journal_id or self.date_from != account.date_from:
            account._link(journal, self.date_from or None)
