# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company's own integration at the emulated Ponto, for the tests that read through it over HTTP."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers.ponto import Ponto
from odoo.addons.sync_hub_bank.providers.values import (
    AttendedUser,
    AuthorizationRequest,
    Institution,
    Page,
    Transaction,
    TransactionQuery,
)

PATIENT = RetryPolicy(tries=3, random=lambda: 0.0, sleep=lambda seconds: None)
BACK = "https://books.example/sync_hub_bank/return"
USER = AttendedUser("203.0.113.7", user_agent="Browser/1.0")


class Own:
    """The calls of one company. ``session`` is the main bank, ``uid`` its first account."""

    def __init__(self, ponto: Any, url: str = "", secret: str = "", **known: Any):
        self.ponto = ponto
        self.http = HttpSession(url or ponto.url, retry=PATIENT)
        self.pauses: list[float] = []
        self.provider = Ponto(
            {"client_id": ponto.client_id},
            {"client_secret": secret or ponto.client_secret},
            self.http,
            sleep=self.pauses.append,
            **known,
        )
        self.session = ponto.institution_id()
        self.uid = ponto.account_uid()

    def request(self, bank: str | None = None, **known: Any) -> AuthorizationRequest:
        chosen = Institution(self.ponto.institution_id(bank), "Bank", "IT")
        return AuthorizationRequest(chosen, "business", BACK, "s-1", **known)

    def page(self, **query: Any) -> Page:
        uid = query.pop("uid", self.uid)
        return self.provider.transactions(self.session, TransactionQuery(uid, **query))

    def pages(self, **query: Any) -> list[Page]:
        pages = [self.page(**query)]
        while pages[-1].continuation:
            assert len(pages) < 50
            pages.append(self.page(continuation=pages[-1].continuation, **query))
        return pages

    def rows(self, **query: Any) -> list[Transaction]:
        return [row for page in self.pages(**query) for row in page.transactions]


def fault_of(call: Callable[[], object]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)
