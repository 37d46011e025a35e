# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pages of the banks, whichever service leads there: sign in, one-time code, choice of accounts and consent."""

from __future__ import annotations

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from .enablebanking.banks import Account, Bank
from .enablebanking.pages import html
from .enablebanking.texts import TEXTS

LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">
<rect width="96" height="96" rx="20" fill="{colour}"/>
<path d="M20 42 48 22l28 20v5H20z M25 52h8v18h-8z M44 52h8v18h-8z M63 52h8v18h-8z M20 74h56v6H20z"
 fill="#fff"/></svg>
"""


class BankPages:
    """The pages of every bank of a world. A visit has ``bank``, ``username`` and ``stage`` (login, otp, accounts, then
    done or cancelled): it is at one stage, wherever it is looked at. A subclass says what a service makes of it."""

    def __init__(self, world: Any) -> None:
        self.world = world

    def logo(self, request: Request, slug: str) -> Response:
        """The bank's logo."""
        with self.world.lock:
            bank = self.world.banks.get(slug)
        if bank is None:
            return Response("", status=404)
        return logo_in(bank.colour)

    # -- what a service says -------------------------------------------------------------------

    def _agreed(self, visit: Any, slugs: list[str]) -> Response:
        """The user has consented to these accounts."""
        raise NotImplementedError

    def _cancelled(self, visit: Any) -> Response:
        """The user does not want to."""
        raise NotImplementedError

    def _kept(self) -> None:
        """The visit is at another stage."""

    def _balance(self, account: Account) -> Decimal:
        raise NotImplementedError

    def _until(self, visit: Any) -> datetime:
        """The end of the consent."""
        raise NotImplementedError

    def _for(self, visit: Any) -> str:
        """Who asks for the consent."""
        raise NotImplementedError

    def _ticked(self, visit: Any, account: Account) -> bool:
        return True

    # -- the same everywhere -------------------------------------------------------------------

    def _visited(self, request: Request, visit: Any, language: str, prefilled: str = "") -> Response:
        """GET shows the page of the stage, POST takes what the user entered there."""
        bank = self.world.banks[visit.bank]
        problem = None
        if request.method == "POST":
            if "cancel" in request.form:
                return self._cancelled(visit)
            step = {"login": self._login, "otp": self._otp, "accounts": self._accounts}
            outcome = step[visit.stage](request, visit, bank)
            if isinstance(outcome, Response):
                return outcome
            if outcome is None:
                self._kept()
                return redirect(request.full_path.rstrip("?"), 303)
            problem = getattr(TEXTS[language], outcome)
        accounts = self.world.accounts_of(bank, visit.username) if visit.stage == "accounts" else []
        return html(
            f"{visit.stage}.html",
            language,
            bank=bank,
            problem=problem,
            prefilled=request.form.get("username", prefilled),
            users=bank.users,
            accounts=[
                {
                    "slug": item.slug,
                    "label": item.label,
                    "number": item.identification,
                    "currency": item.currency,
                    "balance": format(self._balance(item), ",.2f"),
                    "ticked": self._ticked(visit, item),
                }
                for item in accounts
            ],
            until=self._until(visit).strftime("%d/%m/%Y"),
            app=self._for(visit),
        )

    def _login(self, request: Request, visit: Any, bank: Bank) -> str | None:
        user = self.world.user(bank, request.form.get("username", "").strip())
        password = request.form.get("password", "")
        if user is None or not secrets.compare_digest(user.password.encode(), password.encode()):
            return "wrong_login"
        visit.username, visit.stage = user.username, "otp"
        return None

    def _otp(self, request: Request, visit: Any, bank: Bank) -> str | Response | None:
        user = self.world.user(bank, visit.username)
        if user is None or request.form.get("otp", "").strip() != user.otp:
            return "wrong_otp"
        visit.stage = "accounts"
        return None

    def _accounts(self, request: Request, visit: Any, bank: Bank) -> str | Response:
        if "consent" not in request.form:
            return "consent_missing"
        ticked = request.form.getlist("accounts")
        offered = self.world.accounts_of(bank, visit.username)
        return self._agreed(visit, [item.slug for item in offered if item.slug in ticked])


def logo_in(colour: str) -> Response:
    """A logo in this colour of CSS."""
    return Response(LOGO.format(colour=colour), mimetype="image/svg+xml")


def one_page(request: Request, bank: Any, accounts: list[dict[str, str]], app: str, **more: Any) -> Response:
    """Sign-in and choice of accounts on one page, in the browser's language.

    :param bank: has ``name``, ``slug`` and ``colour``
    :param accounts: ``slug``, ``label`` and ``number`` of each
    :param more: ``action``: where the form leads to, unless here
    """
    language = request.accept_languages.best_match(("en", "it")) or "en"
    # Who has typed something and sees the page again was wrong.
    problem = TEXTS[language].wrong_login if request.form.get("username") else None
    users = [{"username": "demo", "password": "demo", "otp": ""}]
    return html(
        "one_page.html", language, bank=bank, accounts=accounts, app=app, problem=problem, users=users, **more
    )


def back_to(url: str, parameters: dict[str, str]) -> Response:
    """Send the browser to ``url`` with these parameters."""
    joint = "&" if "?" in url else "?"
    return redirect(f"{url}{joint}{urlencode(parameters)}" if parameters else url, 303)
