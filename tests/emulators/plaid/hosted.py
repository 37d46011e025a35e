# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hosted Link: the pages through which a user connects a bank, or signs in again."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ..bank_pages import BankPages
from ..enablebanking.banks import Account, Bank
from ..enablebanking.pages import html
from .world import CONSENT, Visit, World


class HostedPages(BankPages):
    """The pages of every visit."""

    world: World

    def hosted(self, request: Request, visit_id: str) -> Response:
        """The page of a visit."""
        with self.world.lock:
            visit = self.world.visits.get(visit_id)
            language = "en" if visit is None or visit.request["language"] != "it" else "it"
            if visit is None or visit.expires <= self.world.now() or visit.finished:
                return html("over.html", language, 404 if visit is None else 410)
            visit.started = visit.started or self.world.now()
            return self._visited(request, visit, language)

    def _otp(self, request: Request, visit: Visit, bank: Bank) -> str | Response | None:
        wrong = super()._otp(request, visit, bank)
        if wrong or not visit.item:
            return wrong
        # Update mode: the same token works again.
        item = self.world.item(visit.item)
        item.error = item.reason = None
        item.expires = self.world.now() + CONSENT
        return self._over(visit, "done")

    def _agreed(self, visit: Visit, slugs: list[str]) -> Response:
        visit.slugs = slugs
        visit.public_token = f"public-{self.world.environment}-{uuid.uuid4()}"
        return self._over(visit, "done")

    def _cancelled(self, visit: Visit) -> Response:
        return self._over(visit, "cancelled")

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

    def _balance(self, account: Account) -> Decimal:
        return self.world.book(account).balance()

    def _until(self, visit: Visit) -> datetime:
        return self.world.now() + CONSENT

    def _for(self, visit: Visit) -> str:
        return visit.request["client_name"]
