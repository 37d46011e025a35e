# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from .sync_bank_audit import COUNTED_SCOPES

_DAY = timedelta(hours=24)


class SyncBankAccount(models.Model):
    """Banks answer for each account and kind of data only so often a day while its user is not there.

    What counts is the access log.
    """

    _inherit = "sync.bank.account"

    def _next_unattended_call(self, run=None, scope: str = COUNTED_SCOPES[0]):
        """When this account may be asked next without its user: a naive UTC instant, or False for now.

        :param run: the run that wants to ask; one whose user is present is not limited
        :param scope: what is to be asked for, one of ``COUNTED_SCOPES``
        """
        self.ensure_one()
        limit = self.connection_id.provider_id.calls_per_day
        if limit <= 0 or (run and run.attended):
            return False
        latest = self.env["sync.bank.audit"]._latest_accesses(self, scope, limit)
        if len(latest) < limit or latest[-1] + _DAY <= fields.Datetime.now():
            return False
        return latest[-1] + _DAY

    def _with_calls_left(self, run):
        """Those of these accounts of one connection that a run may ask for everything now."""
        limit = self.connection_id.provider_id.calls_per_day
        if limit <= 0 or run.attended:
            return self
        asked = self.env["sync.bank.audit"]._count_accesses(self, fields.Datetime.now() - _DAY)
        used_up = {account_id for (account_id, _scope), number in asked.items() if number >= limit}
        return self.filtered(lambda account: account.id not in used_up)


class SyncBankAudit(models.Model):
    _inherit = "sync.bank.audit"

    @api.model
    def _count_accesses(self, accounts, since) -> dict[tuple[int, str], int]:
        """How often each account was asked for each kind of data after an instant while nobody was present."""
        # Quotas hold for whoever synchronizes; only the numbers leave this method.
        counted = self.sudo()._read_group(
            [
                ("event", "=", "access"),
                ("account_id", "in", accounts.ids),
                ("scope", "in", COUNTED_SCOPES),
                ("attended", "=", False),
                ("at", ">", since),
            ],
            ["account_id", "scope"],
            ["__count"],
        )
        return {(account.id, scope): number for account, scope, number in counted}

    @api.model
    def _latest_accesses(self, account, scope: str, number: int) -> list:
        """The last times at which an account was asked for some data while nobody was present, the newest first."""
        # Quotas hold for whoever synchronizes; only the times leave this method.
        entries = self.sudo().search_fetch(
            [
                ("event", "=", "access"),
                ("account_id", "=", account.id),
                ("scope", "=", scope),
                ("attended", "=", False),
            ],
            ["at"],
            order="at desc",
            limit=number,
        )
        return entries.mapped("at")


class SyncBankConnection(models.Model):
    _inherit = "sync.bank.connection"

    def _is_due(self):
        """Override of ``sync_hub``: not while no account may be asked without its user."""
        return super()._is_due() and not self._has_used_up_calls()

    def _has_used_up_calls(self) -> bool:
        fed = self.account_ids.filtered(lambda account: account.journal_id and account.automatic)
        return bool(fed) and all(account._next_unattended_call() for account in fed)
