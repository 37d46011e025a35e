# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind

# A bank's own pages give up after some minutes; a decoupled approval in an app may take longer.
LIFETIME = timedelta(hours=1)


class SyncBankAuthorization(models.Model):
    """A user who was sent to a bank: the one-time ``state`` by which the return is known to be ours.

    Only a digest of it is kept, so that nobody who reads the database can forge a return.
    """

    _name = "sync.bank.authorization"
    _description = "Bank Authorization under Way"

    digest = fields.Char(string="Digest of the State", required=True, index=True)
    connection_id = fields.Many2one("sync.bank.connection", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    journal_id = fields.Many2one(
        "account.journal", ondelete="cascade", help="The journal from whose card the user set out."
    )
    reference = fields.Char(help="The service's own number of this authorization.")
    expires_at = fields.Datetime(required=True)
    used_at = fields.Datetime(string="Used on")

    _digest_unique = models.Constraint("UNIQUE (digest)", "A state is given out once.")

    @api.model
    def _issue(self, connection):
        """Give out a state for a return to this connection by the present user.

        :return: the record, and the state
        """
        state = secrets.token_urlsafe(32)
        # Users may begin an authorization of a connection that they may write; the record itself is closed to all.
        connection.check_access("write")
        issued = self.sudo().create(
            {
                "digest": self._digest(state),
                "connection_id": connection.id,
                "user_id": self.env.uid,
                "journal_id": self.env.context.get("sync_journal_id"),
                "expires_at": fields.Datetime.now() + LIFETIME,
            }
        )
        return issued, state

    @api.model
    def _redeem(self, state: str):
        """The connection that a returning user was sent out for. A state is good for one return of one user.

        :return: the connection; in its context the journal from whose card the user set out (``sync_journal_id``), and
            the service's number of the authorization (``sync_reference``)
        :raises Fault: of kind ``authorization_invalid``
        """
        # Closed to all groups: the state itself is the proof, and it is tied to the user who returns.
        found = self.sudo().search([("digest", "=", self._digest(state)), ("user_id", "=", self.env.uid)])
        if not found or not found.try_lock_for_update() or found.used_at or found.expires_at < fields.Datetime.now():
            raise Fault(FaultKind.AUTHORIZATION_INVALID)
        found.used_at = fields.Datetime.now()
        connections = self.env["sync.bank.connection"].with_context(
            sync_journal_id=found.journal_id.id, sync_reference=found.reference
        )
        return connections.browse(found.connection_id.id)

    @api.model
    def _digest(self, state: str) -> str:
        return hashlib.sha256(state.encode()).hexdigest()

    @api.autovacuum
    def _gc_authorizations(self):
        self.search([("expires_at", "<", fields.Datetime.now() - timedelta(days=7))]).unlink()
