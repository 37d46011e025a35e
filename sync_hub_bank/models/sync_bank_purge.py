# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

# Movements whose record is deleted and committed together.
CHUNK = 1000


class SyncBankTransaction(models.Model):
    """The bank's own record of a movement is personal data: it goes when its time is over, its keys stay."""

    _inherit = "sync.bank.transaction"

    _raw_index = models.Index("(company_id, booking_date) WHERE raw IS NOT NULL")

    @api.model
    def _purge_raw(self) -> None:
        """Scheduled action: delete the records of movements that are older than their company keeps them.

        Reference, fingerprint and occurrence stay: the bank may send the movement again, and it is still known.
        """
        # Of all companies: each has its own period.
        for company in self.env["res.company"].search([("sync_raw_months", ">", 0)]):
            if not self._purge_raw_of(company):
                # Time is up; core repeats an action that has work left.
                return

    @api.model
    def _purge_raw_of(self, company) -> bool:
        """Purge chunk by chunk; False when the time of this call was over before the last."""
        limit = fields.Date.context_today(self) - relativedelta(months=company.sync_raw_months)
        domain = [("company_id", "=", company.id), ("booking_date", "<", limit), ("raw", "!=", False)]
        # A run may be at one of them: it is for the next time.
        while rows := self.search(domain, order="booking_date, id", limit=CHUNK).try_lock_for_update():
            for connection, of_connection in rows.grouped("connection_id").items():
                self.env["sync.bank.audit"]._record(connection, "purge", movements=len(of_connection))
            rows.write({"raw": False})
            left = self.env["ir.cron"]._commit_progress(len(rows), remaining=self.search_count(domain))
            self.env.invalidate_all()
            if left <= 0:
                return False
        return True
