# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connection at the sandbox of Salt Edge, for the tests that read through it over HTTP."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from emulators.drivers.saltedge import consent_at
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers.saltedge import SaltEdge
from odoo.addons.sync_hub_bank.providers.values import (
    AuthorizationRequest,
    Consent,
    Institution,
    Page,
    Transaction,
    TransactionQuery,
)

PATIENT = RetryPolicy(tries=3, random=lambda: 0.0, sleep=lambda seconds: None)
BACK = "https://books.example/return?db=one"
MAIN = "Banca Sandbox Italia"
COMPANY = "company-7"


def provider_of(edge: Any, url: str = "", **known: Any) -> SaltEdge:
    """An adapter with the good keys of the sandbox; ``private_key`` and ``secret`` may be others."""
    secrets = {
        "application_secret": known.pop("secret", edge.application_secret),
        "private_key": known.pop("private_key", edge.private_key_pem),
    }
    settings = {
        "application_id": known.pop("application_id", edge.application_id),
        "webhook_public_key": edge.callback_public_key_pem,
    }
    known.setdefault("sleep", lambda seconds: None)
    return SaltEdge(settings, secrets, HttpSession(url or edge.url, retry=PATIENT), **known)


def institution(provider: SaltEdge, name: str = MAIN) -> Institution:
    return next(item for item in provider.institutions() if item.name == name)


def asked(provider: SaltEdge, name: str = MAIN, **known: Any) -> AuthorizationRequest:
    values = {"psu_type": "business", "redirect_url": BACK, "state": "s-1", "customer": COMPANY} | known
    return AuthorizationRequest(institution(provider, name), **values)




def connect(edge: Any, provider: SaltEdge, name: str = MAIN, **known: Any) -> Consent:
    url = provider.authorize(asked(provider, name, **known)).url
    return provider.open_session(consent_at(edge, url))


class Link:
    """A connection at one bank and the calls that need it."""

    def __init__(self, edge: Any, name: str = MAIN, account: str = "current", **known: Any):
        self.edge, self.account = edge, account
        self.provider = provider_of(edge, **known)
        self.consent = connect(edge, self.provider, name)
        self.session = self.consent.session
        found = next(item for item in edge.sessions() if item["number"] == self.session)
        self.bank = found["bank"]
        self.uid = next(number for number, slug in found["accounts"].items() if slug == account)

    def page(self, **query: Any) -> Page:
        return self.provider.transactions(self.session, TransactionQuery(self.uid, **query))

    def pages(self, **query: Any) -> list[Page]:
        pages = [self.page(**query)]
        while pages[-1].continuation:
            pages.append(self.page(**{**query, "continuation": pages[-1].continuation}))
        return pages

    def rows(self, **query: Any) -> list[Transaction]:
        return [row for page in self.pages(**query) for row in page.transactions]

    def asked(self, call: str = "transactions") -> list[dict[str, Any]]:
        return [entry for entry in self.edge.requests() if entry["call"] == call]


def fault_of(call: Callable[[], object]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)
