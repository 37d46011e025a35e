# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import format_date, format_datetime


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _fill_bank_cash_dashboard_data(self, dashboard_data):
        """Override of ``account``: how the synchronization of each journal stands."""
        result = super()._fill_bank_cash_dashboard_data(dashboard_data)
        journals = self.filtered(lambda journal: journal.type in ("bank", "credit"))
        if not self.env["sync.bank.account"].has_access("read"):
            # Who may see accounting is not yet a user of Sync Hub.
            for journal in journals:
                dashboard_data[journal.id]["sync"] = False
            return result
        accounts = self.env["sync.bank.account"].search([("journal_id", "in", journals.ids)])
        counts = dict(
            self.env["sync.bank.transaction"]._read_group(
                [("account_id", "in", accounts.ids), ("state", "=", "proposed")], ["account_id"], ["__count"]
            )
        )
        by_journal = {account.journal_id.id: account for account in accounts}
        states = dict(self.env["sync.bank.connection"]._fields["state"]._description_selection(self.env))
        for journal in journals:
            account = by_journal.get(journal.id)
            dashboard_data[journal.id]["sync"] = (
                self._sync_dashboard_data(account, states, counts.get(account, 0)) if account else False
            )
        return result

    def _sync_dashboard_data(self, account, states, waiting_count) -> dict:
        connection = account.connection_id
        run = connection.current_run_id
        balance_day = account.bank_balance_date
        return {
            "connection_model": connection._name,
            "connection_id": connection.id,
            "state": connection.state,
            "state_label": states[connection.state],
            "automatic": connection.automatic and account.automatic,
            "last_run": connection.last_run_id.id,
            "last_success": self._sync_instant(connection.last_success),
            "result": self._sync_result(connection.last_success_run_id),
            "next_run": self._sync_instant(connection.next_run) if account.automatic else "",
            "not_before": self._sync_instant(connection.not_before) if connection._is_held_back() else "",
            "error": connection.fault_message or "",
            "remedy": connection.fault_remedy or "",
            "reference": connection.fault_reference or "",
            "button": connection.fault_button or "",
            "waiting_count": waiting_count,
            "bank_balance": account._journal_currency().format(account.bank_balance) if balance_day else "",
            "bank_balance_date": self._sync_day(balance_day),
            "consent_until": self._sync_day(connection.consent_last_day) if connection.state == "connected" else "",
            "consent_soon": connection.consent_soon,
            "run": run._live_progress() if run else False,
        }

    def _sync_day(self, day) -> str:
        """A day as the card has room for."""
        return format_date(self.env, day, date_format="short") if day else ""

    def _sync_instant(self, instant) -> str:
        """An instant as the card has room for: without seconds, in the user's time zone."""
        return format_datetime(self.env, instant, dt_format="short") if instant else ""

    def _sync_result(self, run) -> str:
        if not run:
            return ""
        return self.env._("%s new", run.created_count) if run.created_count else self.env._("nothing new")
