# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hosted Link: the pages through which a user connects a bank, or signs in again."""

from __future__ import annotations

import secrets
import uuid

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ..enablebanking.banks import Bank
from ..enablebanking.consent_pages import LOGO
from ..enablebanking.pages import html
from ..enablebanking.texts import TEXTS
from .world import CONSENT, Visit, World


class HostedPages:
    """The pages of every visit. One visit is at one stage, wherever it is looked at."""

    def __init__(self, world: World) -> None:
        self.world = world

    def logo(self, request: Request, slug: str) -> Response:
        """The bank's logo."""
        with self.world.lock:
            bank = self.world.banks.get(slug)
        if bank is None:
            return Response("", status=404)
        return Response(LOGO.format(colour=bank.colour), mimetype="image/svg+xml")

    def hosted(self, request: Request, visit_id: str) -> Response:
        """GET shows the page of the stage, POST takes what the user entered there."""
        with self.world.lock:
            visit = self.world.visits.get(visit_id)
            language = "en" if visit is None or visit.request["language"] != "it" else "it"
            if visit is None or visit.expires <= self.world.now() or visit.finished:
                return html("over.html", language, 404 if visit is None else 410)
            visit.started = visit.started or self.world.now()
            bank = self.world.banks[visit.bank]
            problem = None
            if request.method == "POST":
                if "cancel" in request.form:
                    return self._over(visit, "cancelled")
                step = {"login": self._login, "otp": self._otp, "accounts": self._accounts}
                outcome = step[visit.stage](request, visit, bank)
                if isinstance(outcome, Response):
                    return outcome
                if outcome is None:
                    return redirect(request.full_path.rstrip("?"), 303)
                problem = getattr(TEXTS[language], outcome)
            return self._page(visit, bank, language, problem, request)

    def _login(self, request: Request, visit: Visit, bank: Bank) -> str | None:
        user = self.world.user(bank, request.form.get("username", "").strip())
        password = request.form.get("password", "")
        if user is None or not secrets.compare_digest(user.password.encode(), password.encode()):
            return "wrong_login"
        visit.username, visit.stage = user.username, "otp"
        return None

    def _otp(self, request: Request, visit: Visit, bank: Bank) -> str | Response | None:
        user = self.world.user(bank, visit.username)
        if user is None or request.form.get("otp", "").strip() != user.otp:
            return "wrong_otp"
        if not visit.item:
            visit.stage = "accounts"
            return None
        # Update mode: the same token works again.
        item = self.world.item(visit.item)
        item.error = item.reason = None
        item.expires = self.world.now() + CONSENT
        return self._over(visit, "done")

    def _accounts(self, request: Request, visit: Visit, bank: Bank) -> str | Response:
        if "consent" not in request.form:
            return "consent_missing"
        ticked = request.form.getlist("accounts")
        visit.slugs = [
            item.slug for item in self.world.accounts_of(bank, visit.username) if item.slug in ticked
        ]
        visit.public_token = f"public-{self.world.environment}-{uuid.uuid4()}"
        return self._over(visit, "done")

    def _over(self, visit: Visit, stage: str) -> Response:
        visit.stage, visit.finished = stage, self.world.now()
        webhook = visit.request.get("webhook")
        if webhook:
            tokens = [visit.public_token] if visit.public_token else []
            message = {
                "environment": self.world.environment,
                "link_session_id": visit.session_id,
                "link_token": visit.link_token,
                "public_tokens": tokens,
                "status": "SUCCESS" if stage == "done" else "EXITED",
                "webhook_code": "SESSION_FINISHED",
                "webhook_type": "LINK",
            }
            self.world.outbox.append((webhook, message))
        back = visit.request["hosted_link"].get("completion_redirect_uri")
        return redirect(back, 303) if back else html("over.html", "en")

    def _page(
        self, visit: Visit, bank: Bank, language: str, problem: str | None, request: Request
    ) -> Response:
        offered = self.world.accounts_of(bank, visit.username) if visit.stage == "accounts" else []
        accounts = [
            {
                "slug": item.slug,
                "label": item.label,
                "number": item.identification,
                "currency": item.currency,
                "balance": format(self.world.book(item).balance(), ",.2f"),
                "ticked": True,
            }
            for item in offered
        ]
        return html(
            f"{visit.stage}.html",
            language,
            bank=bank,
            problem=problem,
            prefilled=request.form.get("username", ""),
            users=bank.users,
            accounts=accounts,
            until=(self.world.now() + CONSENT).strftime("%d/%m/%Y"),
            app=visit.request["client_name"],
        )
