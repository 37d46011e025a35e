# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The API of partners, and the page on which a user gives consent to one."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from ..bank_pages import back_to, one_page
from .api import Call
from .banks import COLOUR, id_of
from .errors import bad_token, not_found
from .partner import Partner
from .rendering import instant
from .signature import check_signature
from .web import SHARED, Web
from .world import World

ORGANIZATION = id_of("organization")
CLIENT_CALLS = frozenset({"integration_accounts", "integration"})
# Signed by nobody: the token endpoint looks at its callers itself.
OAUTH_CALLS = frozenset({"token", "revoke"})
PUBLIC_CALLS = frozenset({"institutions", "webhook_keys"})
# Whoever gives consent is at Ponto, not at a bank.
PONTO = SimpleNamespace(name="Ponto", slug="ponto", colour=COLOUR)


class ConnectWeb(Web):
    """The WSGI callable of the partners' API."""

    product = "connect"
    root = "/ponto-connect"
    calls = (
        *SHARED,
        ("POST", "/oauth2/revoke", "revoke"),
        ("GET", "/userinfo", "userinfo"),
        ("GET", "/integration-accounts", "integration_accounts"),
        ("DELETE", "/organizations/<organization>/integration", "integration"),
    )

    def __init__(self, world: World, partner: Partner) -> None:
        self._partner = partner
        super().__init__(world, lambda: partner.tokens)

    def pages(self) -> list[Rule]:
        """Of the host, not of the product."""
        return [Rule("/webhooks/keys", endpoint="webhook_keys", methods=["GET"])]

    def check(self, request: Request, call: Call) -> None:
        """Signature, then token: of a user or of the application, as the call wants it."""
        if call.name in OAUTH_CALLS:
            return
        check_signature(request, self._partner.signature_key.public_key(), self._partner.signature_key_id)
        if call.name in PUBLIC_CALLS:
            return
        super().check(request, call)
        if call.access is None or (call.access.kind == "client") is not (call.name in CLIENT_CALLS):
            raise bad_token()

    def answer_webhook_keys(self, request: Request, call: Call) -> dict[str, Any]:
        """GET /webhooks/keys"""
        return self._partner.signer.listed()

    def answer_revoke(self, request: Request, call: Call) -> dict[str, Any]:
        """POST /oauth2/revoke"""
        self._partner.tokens.check_client(request.headers.get("Authorization"))
        self._partner.tokens.revoke(request.form.get("token", ""))
        return {}

    def answer_userinfo(self, request: Request, call: Call) -> dict[str, Any]:
        """GET /userinfo"""
        return {
            "sub": ORGANIZATION,
            "name": "Officina Aurora S.r.l.",
            "representativeOrganizationId": None,
            "representativeOrganizationName": None,
            "onboardingComplete": self._partner.onboarded,
            "paymentsActivated": False,
            "paymentsActivationRequested": False,
        }

    def answer_integration_accounts(self, request: Request, call: Call) -> dict[str, Any]:
        """GET /integration-accounts"""
        links = [link for link in self.world.links.values() if link.integrated]
        now = instant(self.world.now())
        data = [
            {"type": "integrationAccount", "id": id_of("integration", link.uid)}
            | {"attributes": {"createdAt": instant(link.authorized), "lastAccessedAt": now}}
            | {"relationships": {"account": {"data": {"type": "account", "id": link.uid}}}}
            for link in links
        ]
        return {"data": data, "meta": {"paging": {"limit": 100}}, "links": {"first": call.url}}

    def answer_integration(self, request: Request, call: Call) -> dict[str, Any]:
        """DELETE /organizations/{id}/integration"""
        links = [link for link in self.world.links.values() if link.integrated]
        if call.arguments["organization"] != ORGANIZATION or not links:
            raise not_found("integration")
        for link in links:
            link.integrated = False
        self._partner.tokens.end()
        return {"data": {"type": "integration", "id": id_of("integration")}}


class AuthorizationWeb(Web):
    """The WSGI callable of a company's own API, with the partners' page of consent beside it."""

    def __init__(self, world: World, tokens: Any, partner: Partner) -> None:
        self._partner = partner
        super().__init__(world, tokens)

    def pages(self) -> list[Rule]:
        """The page on the host for authorizations."""
        return [Rule("/oauth2/auth", endpoint="authorization", methods=["GET", "POST"])]

    def page_authorization(self, request: Request) -> Response:
        """GET shows the accounts of the company, POST takes its decision. A good password is ``demo``."""
        asked, client = request.args, self._partner.tokens.client
        back = asked.get("redirect_uri", "")
        if asked.get("client_id") != client.client_id or not client.allows(back):
            return _refused_page("The application or its address is not known.")
        if asked.get("response_type") != "code" or not asked.get("state") or "ai" not in asked.get("scope", "").split():
            return _refused_page("The request is not valid.")
        if asked.get("code_challenge_method") != "S256" or len(asked.get("code_challenge", "")) != 43:
            return _refused_page("A code challenge (S256) is needed.")
        if request.method == "POST":
            if "cancel" in request.form:
                said = {"error": "access_denied", "error_description": "The resource owner denied the request"}
                return back_to(back, {**said, "state": asked["state"]})
            if request.form.get("password") == "demo":
                self._integrate(request.form.getlist("accounts"))
                code = self._partner.tokens.give_code(back, asked["code_challenge"], asked["scope"], time.time())
                return back_to(back, {"code": code, "scope": asked["scope"], "state": asked["state"]})
        accounts = [
            {
                "slug": link.uid,
                "label": f"{link.account.bank_name}: {link.account.label}",
                "number": link.account.identification,
            }
            for link in self.world.links.values()
            if not link.deprecated
        ]
        return one_page(request, PONTO, accounts, "Sync Hub")

    def _integrate(self, chosen: list[str]) -> None:
        """The partner may read what was chosen; an account that had expired is authorized again on the way."""
        for link in self.world.links.values():
            link.integrated = link.uid in chosen
            if link.integrated and link.expires <= self.world.now():
                self.world.reauthorize(link)


def _refused_page(problem: str) -> Response:
    return Response(problem, status=400, mimetype="text/plain")
