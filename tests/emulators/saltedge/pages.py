# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The bank's pages: those of the other sandbox, from which the user goes back as from Salt Edge."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ..enablebanking.banks import Bank
from ..enablebanking.consent_pages import ConsentPages
from ..enablebanking.consents import Authorization
from .store import SaltEdgeWorld, Visit


class ConnectPages(ConsentPages):
    """Sign in, one-time code, accounts and consent, as the widget shows them."""

    world: SaltEdgeWorld

    def _accounts(self, request: Request, authorization: Authorization, bank: Bank) -> str | Response:
        if "consent" not in request.form:
            return "consent_missing"
        offered = [item.slug for item in self.world.accounts_of(bank, authorization.username)]
        ticked = request.form.getlist("accounts")
        visit = self.world.visits[authorization.authorization_id]
        chosen = [slug for slug in offered if slug in ticked]
        connection = self.world.connect(visit, authorization.username, chosen)
        authorization.stage = "done"
        more = {"connection_id": connection.number} if visit.return_connection_id else {}
        return _back(visit, {**more, "customer_id": visit.customer})

    def _cancelled(self, authorization: Authorization) -> Response:
        visit = self.world.visits[authorization.authorization_id]
        authorization.stage = "cancelled"
        told = {"error_class": "ProviderAccessNotGranted", "error_message": "Access was denied by the user"}
        return _back(visit, told if visit.return_error_class else {})


def _back(visit: Visit, parameters: dict[str, str]) -> Response:
    parts = urlsplit(visit.return_to)
    query = urlencode([*parse_qsl(parts.query), *parameters.items()])
    return redirect(urlunsplit(parts._replace(query=query)), 303)
