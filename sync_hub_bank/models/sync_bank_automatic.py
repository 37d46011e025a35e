# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class SyncBankAccount(models.Model):
    """Each account of a connection may be left out by automatic runs."""

    _inherit = "sync.bank.account"

    automatic = fields.Boolean(
        string="Automatic Synchronization",
        default=True,
        help="Off: this account synchronizes only when somebody presses “Synchronize now”.",
    )

    def _link(self, journal, chosen=None):
        """Extension: an account that takes over from the same one at another service keeps to its switch."""
        self.ensure_one()
        former = self._same_elsewhere().filtered(lambda account: account.journal_id == journal)
        if former:
            self.automatic = former.automatic
        return super()._link(journal, chosen)

    def _wanted_by(self, run):
        """Those of these accounts that a run synchronizes."""
        # As somebody asked for it, though it may have waited already for the hour of the schedule.
        asked_for = run.trigger == "manual" or run.user_id
        return self.filtered(
            lambda account: account.journal_id and not account.gone and (asked_for or account.automatic)
        )


class SyncBankConnection(models.Model):
    _inherit = "sync.bank.connection"

    @api.depends("account_ids.automatic", "account_ids.journal_id")
    def _compute_schedule(self):
        """Extension: without an account that runs by itself nothing comes next."""
        return super()._compute_schedule()

    def _runs_by_itself(self):
        """Override of ``sync_hub``: not where each of its accounts is left out."""
        fed = self.account_ids.filtered("journal_id")
        return super()._runs_by_itself() and (not fed or any(fed.mapped("automatic")))


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sync_automatic = fields.Boolean(related="sync_account_ids.automatic", readonly=False)
