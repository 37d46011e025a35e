# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError

# What banks count by itself, in the order in which it is asked for: without transactions there is nothing to compare.
COUNTED_SCOPES = ("transactions", "balances")
# Entries that are deleted and committed together.
CHUNK = 5000


class SyncBankAudit(models.Model):
    """Who had access to which bank data, and when. Written once: nobody changes an entry or deletes it before its time.

    An access is written, and committed, before the bank is called: neither a fault nor a killed worker hides a call
    that the bank has counted. What an entry says in words survives the records that it points to.
    """

    _name = "sync.bank.audit"
    _description = "Bank Access Log"
    _inherit = ["sync.company.mixin"]
    _order = "id desc"
    _rec_name = "event"

    at = fields.Datetime(string="Time", required=True, readonly=True, default=fields.Datetime.now)
    event = fields.Selection(
        selection=[
            ("consent_asked", "Consent asked"),
            ("consent_given", "Consent given"),
            ("consent_refused", "Consent refused"),
            ("consent_expired", "Consent ended"),
            ("access", "Access"),
            ("more_pages", "Further pages"),
            ("disconnected", "Disconnected"),
            ("deleted", "Connection deleted"),
            ("keys_changed", "Keys changed"),
            ("export", "Data exported"),
            ("erasure", "Data erased"),
            ("purge", "Old records deleted"),
        ],
        required=True,
        readonly=True,
    )
    scope = fields.Selection(
        selection=[("accounts", "Accounts"), ("balances", "Balances"), ("transactions", "Transactions")],
        string="Of",
        readonly=True,
    )
    attended = fields.Boolean(readonly=True, help="A user asked for it and was present.")
    calls = fields.Integer(readonly=True, help="Calls of the bank; of transactions, each page is one.")
    movements = fields.Integer(readonly=True, help="Movements that were exported, erased or purged.")
    fault = fields.Char(string="Reason", readonly=True, help="Kind of fault, with the bank's own code.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    user_name = fields.Char(string="Name of the User", readonly=True)
    ip_address = fields.Char(string="IP Address", readonly=True)
    connection_id = fields.Many2one(
        "sync.bank.connection", readonly=True, ondelete="set null", index="btree_not_null"
    )
    connection_name = fields.Char(string="Bank", readonly=True)
    provider_id = fields.Many2one("sync.bank.provider", readonly=True, ondelete="set null", index="btree_not_null")
    provider_name = fields.Char(string="Service", readonly=True)
    account_id = fields.Many2one("sync.bank.account", readonly=True, ondelete="set null", index="btree_not_null")
    # The number alone: banks name accounts after their holder, and this log outlives an erasure.
    account_number = fields.Char(string="IBAN or Number", readonly=True)
    run_id = fields.Many2one("sync.run", readonly=True, ondelete="set null", index="btree_not_null")
    run_reference = fields.Char(string="Reference of the Run", readonly=True)

    _quota_index = models.Index("(account_id, scope, attended, at) WHERE event = 'access'")

    # -- Append only -----------------------------------------------------------------------------------------------

    def write(self, vals):  # pylint: disable=method-required-super
        """Override of ``base``: what was written stays as it is, whoever asks."""
        raise AccessError(self.env._("Entries of the bank access log cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_when_time_is_over(self):
        """What was written stays until its time is over, whoever asks."""
        for company, entries in self.grouped("company_id").items():
            limit = company._sync_audit_limit()
            if not limit or max(entries.mapped("at")) >= limit:
                raise AccessError(self.env._("Entries of the bank access log cannot be deleted before their time."))

    # -- To write entries --------------------------------------------------------------------------------------------

    @api.model
    def _record(self, connection, event: str, account=None, *, provider=None, run=None, fault=None, **values):
        """Write an entry. It is committed with the step that it tells of.

        :param connection: a ``sync.bank.connection``; empty for what concerns a whole service
        :param account: the ``sync.bank.account`` concerned, if it is one
        :param provider: the ``sync.bank.provider``, where there is no connection
        :param run: the ``sync.run`` in which it happens: who asked for it, and whether they are present
        :param fault: why it was refused; of its words only the code is kept
        :param values: ``scope``, ``calls``, ``movements``
        """
        # Closed to everybody, and to be written by whoever is at work: the values are made here, not by the user.
        return self.sudo().create(
            self._values(connection, event, account, provider=provider, run=run, fault=fault, **values)
        )

    @api.model
    def _values(self, connection, event: str, account=None, *, provider=None, run=None, fault=None, **values) -> dict:
        """Values of an entry. See :meth:`_record`."""
        provider = provider or connection.provider_id
        present = run.attended if run else connection._attended_user()
        # Whoever waits for a run; else as whom it is worked on.
        user = run.user_id if run and present and run.user_id else self.env.user
        return {
            "event": event,
            "attended": bool(present),
            "company_id": (connection or provider).company_id.id,
            "user_id": user.id,
            "user_name": user.sudo().name,
            "ip_address": (present or {}).get("ip_address") or False,
            "connection_id": connection.id,
            "connection_name": connection.name,
            "provider_id": provider.id,
            "provider_name": provider.sudo().name,
            "account_id": account.id if account else False,
            "account_number": (account.iban or account.number) if account else False,
            "run_id": run.id if run else False,
            "run_reference": run.reference if run else False,
            "fault": " ".join(filter(None, (fault.kind, fault.provider_code))) if fault else False,
            **values,
        }

    @api.model
    def _record_access(self, accounts, scope: str | tuple[str, ...], run=None):
        """Write that data of accounts are asked for now. To be committed before the bank is called.

        :param scope: which data, or several of them
        """
        scopes = (scope,) if isinstance(scope, str) else scope
        # Closed to everybody, and to be written by whoever is at work: see ``_record``.
        return self.sudo().create(
            [
                self._values(account.connection_id, "access", account, scope=scope, run=run, calls=1)
                for account in accounts
                for scope in scopes
            ]
        )

    @api.model
    def _record_pages(self, account, run, pages: int) -> None:
        """Write how many pages an access went on for, beside its first."""
        if pages > 0:
            values = {"scope": "transactions", "run": run, "calls": pages}
            self._record(account.connection_id, "more_pages", account, **values)

    # -- How long entries are kept -----------------------------------------------------------------------------------

    @api.autovacuum
    def _delete_old_entries(self):
        """Delete entries that are older than their company keeps them; 0 keeps them for ever.

        :return: how many were deleted, and whether more are left
        """
        deleted = 0
        for company in self.env["res.company"].search([("sync_audit_months", ">", 0)]):
            domain = [("company_id", "=", company.id), ("at", "<", company._sync_audit_limit())]
            old = self.search(domain, order="id", limit=CHUNK - deleted)
            old.unlink()
            deleted += len(old)
            if deleted >= CHUNK:
                return deleted, 1
        return deleted, 0
