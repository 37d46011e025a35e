# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A consent at the sandbox bank, for the tests that read through Enable Banking over HTTP."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers.enablebanking import EnableBanking
from odoo.addons.sync_hub_bank.providers.values import (
    AttendedUser,
    AuthorizationRequest,
    Page,
    Transaction,
    TransactionQuery,
)

PATIENT = RetryPolicy(tries=3, random=lambda: 0.0, sleep=lambda seconds: None)
BACK = "https://books.example/return"
USER = AttendedUser("203.0.113.7", user_agent="Browser/1.0", accept_language="it")


class Link:
    """A consent at one emulated bank and the calls that need it."""

    def __init__(self, bank: Any, name: str = "Banca Sandbox Italia", account: str = "current"):
        self.bank, self.account = bank, account
        self.http = HttpSession(bank.url, retry=PATIENT)
        self.provider = EnableBanking(
            {"application_id": bank.application_id},
            {"private_key": bank.private_key_pem},
            self.http,
        )
        found = next(item for item in self.provider.institutions() if item.name == name)
        url = self.provider.authorize(AuthorizationRequest(found, "business", BACK, "state")).url
        listed = next(item for item in bank.list_banks() if item["name"] == name)
        self.slug = listed["slug"]
        with requests.Session() as browser:
            browser.post(url, data={"username": "demo", "password": "demo"})
            browser.post(url, data={"otp": "123456"})
            ticked = [item["slug"] for item in listed["accounts"]]
            back = browser.post(
                url, data={"consent": "1", "accounts": ticked}, allow_redirects=False
            ).headers["Location"]
        consent = self.provider.open_session(dict(parse_qsl(urlsplit(back).query)))
        self.session = consent.session
        wanted = next(item for item in listed["accounts"] if item["slug"] == account)
        self.uid = next(
            item.uid
            for item in consent.accounts
            if item.identifiers[0] == wanted["identification_hash"]
        )

    def page(self, **query: Any) -> Page:
        return self.provider.transactions(self.session, TransactionQuery(self.uid, **query))

    def pages(self, **query: Any) -> list[Page]:
        pages = [self.page(**query)]
        while pages[-1].continuation:
            pages.append(self.page(continuation=pages[-1].continuation, **query))
        return pages

    def rows(self, **query: Any) -> list[Transaction]:
        return [row for page in self.pages(**query) for row in page.transactions]

    def asked(self, call: str = "transactions") -> list[dict[str, Any]]:
        return [entry for entry in self.bank.requests() if entry["call"] == call]


def fault_of(call: Callable[[], object]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


# Balances
