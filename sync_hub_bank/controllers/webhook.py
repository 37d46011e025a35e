# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import UTC, datetime

from odoo import api, http
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.http import request

from ..models.sync_bank_provider import WEBHOOK_PATH
from ..providers.values import WebhookCall

_logger = logging.getLogger(__name__)

# Many times the longest message that a service documents.
LONGEST_MESSAGE = 256 * 1024


class Webhook(http.Controller):
    @http.route(
        f"{WEBHOOK_PATH}/<int:provider_id>/<string:token>",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def receive(self, provider_id: int, token: str, **_parameters):
        """Where services say that there is something to fetch.

        200 for a message of theirs, also one that concerns nothing here; 401 for one that cannot be proved to be
        theirs; 404 for an address that was given to nobody; 503 when the proof could not be asked for, so that the
        service repeats it.
        """
        length = request.httprequest.content_length
        if length is None:
            return self._answer(411)
        if length > LONGEST_MESSAGE:
            return self._answer(413)
        # Nobody is signed in: the token of the address says whose it is, and the message must prove where it is from.
        messages = request.env(user=api.SUPERUSER_ID)["sync.bank.message"]
        provider = messages._provider_of(provider_id, token)
        if not provider:
            return self._answer(404)
        messages = messages.with_company(provider.company_id)
        try:
            messages._receive(provider.with_company(provider.company_id), self._call(provider))
        except Fault as fault:
            _logger.info("A message of %s was not taken up: %s", provider.display_name, fault)
            return self._answer(401 if fault.kind is FaultKind.BAD_DATA else 503)
        return self._answer(200)

    def _call(self, provider) -> WebhookCall:
        """The message as it was sent. Services sign the address that they were given, whatever a proxy made of it."""
        asked = request.httprequest
        query = asked.query_string.decode("latin-1")
        return WebhookCall(
            method=asked.method,
            url=f"{provider.webhook_url}?{query}" if query else provider.webhook_url,
            headers={name.lower(): value for name, value in asked.headers.items()},
            body=asked.get_data(),
            received_at=datetime.now(UTC),
        )

    def _answer(self, status: int):
        return request.make_response("", [("Cache-Control", "no-store")], status=status)
