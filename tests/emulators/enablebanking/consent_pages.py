# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The bank's own pages: sign in, one-time code, choice of accounts and consent."""

from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from .banks import Bank
from .consents import Authorization
from .pages import html
from .texts import TEXTS
from .world import World

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">
<rect width="96" height="96" rx="20" fill="{colour}"/>
<path d="M20 42 48 22l28 20v5H20z M25 52h8v18h-8z M44 52h8v18h-8z M63 52h8v18h-8z M20 74h56v6H20z"
 fill="#fff"/></svg>
"""


class ConsentPages:
    """The pages of every bank. One authorization is at one stage, wherever it is looked at."""

    def __init__(self, world: World) -> None:
        self.world = world

    def logo(self, request: Request, slug: str) -> Response:
        """The bank's logo."""
        with self.world.lock:
            bank = self.world.banks.get(slug)
        if bank is None:
            return Response("", status=404)
        return Response(LOGO.format(colour=bank.colour), mimetype="image/svg+xml")

    def consent(self, request: Request, authorization_id: str) -> Response:
        """GET shows the page of the stage, POST takes what the user entered there."""
        with self.world.lock:
            authorization = self.world.consents.authorizations.get(authorization_id)
            asked = request.args.get("lang") or (authorization and authorization.language)
            language = "en" if asked == "en" else "it"
            if authorization is None or authorization.stage in ("done", "cancelled"):
                return html("over.html", language, 404 if authorization is None else 410)
            bank = self.world.banks[authorization.bank]
            problem = None
            if request.method == "POST":
                if "cancel" in request.form:
                    return self._cancelled(authorization)
                step = {"login": self._login, "otp": self._otp, "accounts": self._accounts}
                outcome = step[authorization.stage](request, authorization, bank)
                if isinstance(outcome, Response):
                    return outcome
                if outcome is None:
                    self.world.save()
                    return redirect(request.full_path.rstrip("?"), 303)
                problem = getattr(TEXTS[language], outcome)
            return self._page(authorization, bank, language, problem, request)

    def _login(self, request: Request, authorization: Authorization, bank: Bank) -> str | None:
        user = self.world.user(bank, request.form.get("username", "").strip())
        password = request.form.get("password", "")
        if user is None or not secrets.compare_digest(user.password.encode(), password.encode()):
            return "wrong_login"
        authorization.username, authorization.stage = user.username, "otp"
        return None

    def _otp(self, request: Request, authorization: Authorization, bank: Bank) -> str | None:
        user = self.world.user(bank, authorization.username)
        if user is None or request.form.get("otp", "").strip() != user.otp:
            return "wrong_otp"
        authorization.stage = "accounts"
        return None

    def _accounts(
        self, request: Request, authorization: Authorization, bank: Bank
    ) -> str | Response:
        if "consent" not in request.form:
            return "consent_missing"
        offered = [item.slug for item in self.world.accounts_of(bank, authorization.username)]
        ticked = request.form.getlist("accounts")
        chosen = [slug for slug in offered if slug in ticked]
        code = authorization.issue_code(chosen, self.world.now())
        self.world.save()
        return _back(authorization, {"code": code, "state": authorization.state})

    def _cancelled(self, authorization: Authorization) -> Response:
        authorization.stage = "cancelled"
        self.world.save()
        return _back(
            authorization,
            {
                "error": "access_denied",
                "error_description": "The user cancelled the authorization",
                "state": authorization.state,
            },
        )

    def _page(
        self,
        authorization: Authorization,
        bank: Bank,
        language: str,
        problem: str | None,
        request: Request,
    ) -> Response:
        wanted = {item.get("iban") for item in authorization.access.get("accounts") or ()}
        accounts = self.world.accounts_of(bank, authorization.username)
        until = datetime.fromisoformat(authorization.access["valid_until"])
        return html(
            f"{authorization.stage}.html",
            language,
            bank=bank,
            problem=problem,
            prefilled=request.form.get("username", authorization.prefilled),
            users=bank.users,
            accounts=[
                {
                    "slug": item.slug,
                    "label": item.label,
                    "number": item.identification,
                    "currency": item.currency,
                    "balance": format(self.world.ledger(item).balance(), ",.2f"),
                    "ticked": not wanted or item.iban in wanted,
                }
                for item in accounts
            ]
            if authorization.stage == "accounts"
            else [],
            until=until.strftime("%d/%m/%Y"),
            app=self.world.application.name,
        )


def _back(authorization: Authorization, parameters: dict[str, str]) -> Response:
    joint = "&" if "?" in authorization.redirect_url else "?"
    return redirect(f"{authorization.redirect_url}{joint}{urlencode(parameters)}", 303)
