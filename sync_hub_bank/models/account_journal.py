# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

from ..importer import StatementPeriod


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sync_account_ids = fields.One2many("sync.bank.account", "journal_id", string="Online Account")
    sync_statement_period = fields.Selection(
        selection=[
            ("none", "No statements"),
            ("fetch", "One per synchronization"),
            ("day", "One per day"),
            ("week", "One per week"),
            ("month", "One per month"),
        ],
        string="Bank Statements",
        default="month",
        required=True,
        help="How synchronized movements are gathered into statements.",
    )

    def __get_bank_statements_available_sources(self):
        """Extension of ``account``: the name is mangled with the class's, so the class is called like core's."""
        return [
            *super().__get_bank_statements_available_sources(),
            ("online_sync", self.env._("Automated Bank Synchronization")),
        ]

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_sync_now(self):
        """Button of the dashboard card: fetch what is new; the card shows how it goes."""
        self.ensure_one()
        connection = self.sync_account_ids.connection_id
        if not connection:
            return self.action_connect_bank()
        if connection.state in ("reconnect", "credentials", "closed"):
            raise UserError(self.env._("The connection needs you first: press its button on the card."))
        return connection.action_sync_now()

    def action_connect_bank(self):
        """Button: connect this journal to its bank."""
        action = self.env["ir.actions.client"]._for_xml_id("sync_hub_bank.action_choose_bank")
        return {**action, "params": {"journal_id": self.id, "company_id": self.company_id.id}}

    def action_sync_fix(self):
        """Button of the dashboard card: what the state of the connection asks for."""
        self.ensure_one()
        connection = self.sync_account_ids.connection_id
        if connection.state == "reconnect":
            return connection.action_reconnect()
        if connection.state == "credentials":
            return connection.action_update_credentials()
        if connection.fault_button == "action_fetch_accounts":
            return connection.action_fetch_accounts()
        return self.action_open_sync_connection()

    def action_open_sync_connection(self):
        self.ensure_one()
        return self.sync_account_ids.connection_id.get_formview_action()

    def action_open_sync_waiting(self):
        """Link of the dashboard card: what the bank sent and was not booked by itself."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_transaction")
        action["domain"] = [("account_id", "in", self.sync_account_ids.ids)]
        return action

    def open_action(self):
        """Override of ``account``: “Transactions” of a bank journal are its transactions, not its statements."""
        self.ensure_one()
        if self.type in ("bank", "credit", "cash") and not self.env.context.get("action_name"):
            return self.action_open_statement_lines()
        return super().open_action()

    def action_open_statement_lines(self):
        """Button: the transactions of this journal, of which Community has no list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_bank_statement_line")
        action["domain"] = [("journal_id", "=", self.id)]
        action["context"] = {"default_journal_id": self.id}
        return action

    # -- For the importer --------------------------------------------------------------------------------------------

    def _feed_from(self, account) -> None:
        """Become the journal of a synchronized account: feed source and bank account."""
        self.ensure_one()
        values = {"bank_statements_source": "online_sync"}
        if self.type == "bank" and not self.bank_account_id and (account.iban or account.number):
            # Core finds or makes the bank account of the company from the number.
            values["bank_acc_number"] = account.iban or account.number
        self.write(values)

    def _bank_lock_date(self):
        """Last locked day for bank entries of this journal, or None.

        Core's own answer counts the fiscal year's and the hard lock, of parent companies too, with the user's
        exceptions. It moves an entry that is dated earlier to another day instead of refusing it.
        """
        lock_date = self.company_id._get_user_fiscal_lock_date(self)
        return lock_date if lock_date > lock_date.min else None

    def _sync_currency(self):
        return self.currency_id or self.company_id.currency_id

    def _sync_period(self) -> StatementPeriod:
        return StatementPeriod(self.sync_statement_period)
