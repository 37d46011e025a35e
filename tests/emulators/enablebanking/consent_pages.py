# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the bank's pages back to the application, with a code or an error."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from werkzeug.wrappers import Request, Response

from ..bank_pages import BankPages, back_to
from .banks import Account
from .consents import Authorization
from .pages import html
from .world import World


class ConsentPages(BankPages):
    """The pages of every authorization."""

    world: World

    def consent(self, request: Request, authorization_id: str) -> Response:
        """The page of an authorization."""
        with self.world.lock:
            authorization = self.world.consents.authorizations.get(authorization_id)
            asked = request.args.get("lang") or (authorization and authorization.language)
            language = "en" if asked == "en" else "it"
            if authorization is None or authorization.stage in ("done", "cancelled"):
                return html("over.html", language, 404 if authorization is None else 410)
            return self._visited(request, authorization, language, authorization.prefilled)

    def _kept(self) -> None:
        self.world.save()

    def _agreed(self, visit: Authorization, slugs: list[str]) -> Response:
        code = visit.issue_code(slugs, self.world.now())
        self.world.save()
        return back_to(visit.redirect_url, {"code": code, "state": visit.state})

    def _cancelled(self, visit: Authorization) -> Response:
        visit.stage = "cancelled"
        self.world.save()
        told = {"error": "access_denied", "error_description": "The user cancelled the authorization"}
        return back_to(visit.redirect_url, {**told, "state": visit.state})

    def _balance(self, account: Account) -> Decimal:
        return self.world.ledger(account).balance()

    def _until(self, visit: Authorization) -> datetime:
        return datetime.fromisoformat(visit.access["valid_until"])

    def _for(self, visit: Authorization) -> str:
        return self.world.application.name

    def _ticked(self, visit: Authorization, account: Account) -> bool:
        wanted = {item.get("iban") for item in visit.access.get("accounts") or ()}
        return not wanted or account.iban in wanted
