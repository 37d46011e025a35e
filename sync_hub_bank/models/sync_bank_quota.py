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
        return self._used_up_until(run, (scope,)).get(self.id, False)

    def _used_up_until(self, run=None, scopes: tuple[str, ...] = COUNTED_SCOPES) -> dict:
        """Until when accounts of one connection may not be asked without their user: naive UTC instants by id.

        Those that may be asked for all of it are not in it. See :meth:`_next_unattended_call`.
        """
        limit = self.connection_id.provider_id.calls_per_day
        if limit <= 0 or (run and run.attended):
            return {}
        asked = self.env["sync.bank.audit"]._accesses_since(self, scopes, fields.Datetime.now() - _DAY)
        until: dict = {}
        for (account_id, _scope), times in asked.items():
            if len(times) >= limit:
                free = times[limit - 1] + _DAY
                until[account_id] = max(free, until.get(account_id, free))
        return until


class SyncBankAudit(models.Model):
    _inherit = "sync.bank.audit"

    @api.model
    def _accesses_since(self, accounts, scopes: tuple[str, ...], since) -> dict[tuple[int, str], list]:
        """When accounts were asked for some data after an instant while nobody was present, the newest first.

        :return: by id of the account and kind of data
        """
        # Quotas hold for whoever synchronizes; only the times leave this method.
        entries = self.sudo().search_fetch(
            [
                ("event", "=", "access"),
                ("account_id", "in", accounts.ids),
                ("scope", "in", scopes),
                ("attended", "=", False),
                ("at", ">", since),
            ],
            ["account_id", "scope", "at"],
            order="at desc",
        )
        times: dict[tuple[int, str], list] = {}
        for entry in entries:
            times.setdefault((entry.account_id.id, entry.scope), []).append(entry.at)
        return times


class SyncBankConnection(models.Model):
    _inherit = "sync.bank.connection"

    def _is_due(self):
        """Override of ``sync_hub``: not while no account may be asked without its user."""
        return super()._is_due() and not self._has_used_up_calls()

    def _has_used_up_calls(self) -> bool:
        fed = self.account_ids.filtered(lambda account: account.journal_id and account.automatic)
        return bool(fed) and len(fed._used_up_until(scopes=COUNTED_SCOPES[:1])) == len(fed)
