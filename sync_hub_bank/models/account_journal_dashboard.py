# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.tools import format_datetime


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _fill_bank_cash_dashboard_data(self, dashboard_data):
        """Override of ``account``: how the synchronization of each journal stands."""
        result = super()._fill_bank_cash_dashboard_data(dashboard_data)
        journals = self.filtered(lambda journal: journal.type in ("bank", "credit"))
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
        return {
            "connection_model": connection._name,
            "connection_id": connection.id,
            "state": connection.state,
            "state_label": states[connection.state],
            "automatic": connection.automatic,
            "last_success": format_datetime(self.env, connection.last_success) if connection.last_success else "",
            "next_run": format_datetime(self.env, connection.next_run) if connection.next_run else "",
            "not_before": format_datetime(self.env, connection.not_before) if connection.not_before else "",
            "outcome": connection.last_outcome or "",
            "error": connection.fault_message or "",
            "remedy": connection.fault_remedy or "",
            "reference": connection.fault_reference or "",
            "waiting_count": waiting_count,
            "run": {"state": run.state, "done": run.progress_done, "total": run.progress_total} if run else False,
        }
