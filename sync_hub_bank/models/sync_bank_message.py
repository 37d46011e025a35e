# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hmac
from collections.abc import Iterable
from datetime import timedelta

import psycopg2
from odoo import api, fields, models
from odoo.fields import Domain

from ..providers.values import WebhookCall, WebhookEvent, WebhookKind

# Services give up repeating a message after days; none accepts to be asked for older ones.
_KEPT = timedelta(days=60)


class SyncBankMessage(models.Model):
    """A message of a service that was acted upon: the same one that comes again is not."""

    _name = "sync.bank.message"
    _description = "Message of a Bank Connection Service"
    _order = "id desc"

    provider_id = fields.Many2one("sync.bank.provider", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    event = fields.Char(required=True, readonly=True, help="The service's own number of the message, or a digest.")

    _event_unique = models.Constraint("UNIQUE (provider_id, event)", "A message is acted upon once.")

    @api.model
    def _provider_of(self, provider_id: int, token: str):
        """The service whose address for messages that is, or an empty recordset."""
        # Nobody is signed in where messages arrive: the token is the proof.
        provider = self.env["sync.bank.provider"].sudo().browse(provider_id).exists()
        good = provider.active and hmac.compare_digest(provider.webhook_token.encode(), token.encode())
        return provider if good else provider.browse()

    @api.model
    def _receive(self, provider, call: WebhookCall) -> None:
        """Take a message up. It carries nothing into the books: at most a fetch is queued, as a schedule would.

        :raises Fault: of kind ``bad_data`` for one that does not come from the service; others when the service could
            not be asked whether it does
        """
        with provider._ask() as adapter:
            events = adapter.read_webhook(call)
        for event in events:
            if event.kind is not WebhookKind.OTHER and self._is_new(provider, event):
                self._queue_fetch(provider, event)

    @api.model
    def _is_new(self, provider, event: WebhookEvent) -> bool:
        if self.search_count([("provider_id", "=", provider.id), ("event", "=", event.id)], limit=1):
            return False
        try:
            with self.env.cr.savepoint():
                self.create({"provider_id": provider.id, "event": event.id})
        except psycopg2.errors.UniqueViolation:
            # It comes twice at the same moment.
            return False
        return True

    @api.model
    def _queue_fetch(self, provider, event: WebhookEvent) -> None:
        """Queue a fetch of each connection that the message names; of all, where it names none."""
        named = _named(event)
        connections = self.env["sync.bank.connection"].search(Domain("provider_id", "=", provider.id) & named)
        queue = self.env["sync.run"]
        due = connections.filtered(lambda connection: connection._is_due())
        for connection in due:
            queue._queue(connection, "webhook", schedule=connection.schedule_id)
        if due:
            queue._wake_queue()

    @api.autovacuum
    def _gc_messages(self):
        self.search([("create_date", "<", fields.Datetime.now() - _KEPT)], limit=10_000).unlink()


def _named(event: WebhookEvent) -> Domain:
    def any_of(accounts: Iterable[str]) -> Domain:
        return Domain("account_ids.uid", "in", list(accounts))

    if event.reference:
        return Domain("consent_reference", "=", event.reference)
    return any_of(event.account_uids) if event.account_uids else Domain.TRUE
