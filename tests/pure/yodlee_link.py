# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connection to the sandbox bank, for the tests that read through Yodlee over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from emulators.drivers.yodlee import browse
from emulators.yodlee import Emulator
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers.values import (
    AuthorizationRequest,
    Consent,
    Institution,
    Page,
    Transaction,
    TransactionQuery,
)
from odoo.addons.sync_hub_bank.providers.yodlee import Yodlee

PATIENT = RetryPolicy(tries=3, random=lambda: 0.0, sleep=lambda seconds: None)
BACK = "https://books.example/sync_hub_bank/return"
SCRAPED = "Banca Sandbox Italia"
OAUTH = "Musterbank Lindenau"


def provider_of(bank: Emulator, url: str = "", secret: str = "", **settings: str) -> Yodlee:
    known = {"client_id": bank.client_id, "admin_login": bank.admin_login, "fastlink_url": bank.fastlink_url}
    return Yodlee(
        known | settings,
        {"secret": secret or bank.secret},
        HttpSession(url or bank.url, retry=PATIENT),
        clock=bank.now,
        pause=lambda seconds: None,
    )


def fault_of(call: Callable[[], object]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def institution(provider: Yodlee, name: str = SCRAPED) -> Institution:
    return next(item for item in provider.institutions() if item.name == name)


def asked(provider: Yodlee, name: str = SCRAPED, **known: Any) -> AuthorizationRequest:
    values = {"psu_type": "business", "redirect_url": BACK, "state": "s-1", "customer": "company 7"}
    return AuthorizationRequest(institution(provider, name), **values | known)



def connect(provider: Yodlee, name: str = SCRAPED, **known: Any) -> Consent:
    return provider.open_session(browse(provider.authorize(asked(provider, name, **known))))


class Link:
    """A connection to one account of a bank, and the calls that need it."""

    def __init__(self, bank: Emulator, name: str = SCRAPED, account: str = "current"):
        self.bank = bank
        self.provider = provider_of(bank)
        self.consent = connect(self.provider, name)
        self.session = self.consent.session
        slugs = next(i["accounts"] for i in bank.items() if i["number"] == self.consent.reference)
        self.uid = next(number for number, slug in slugs.items() if slug == account)

    def page(self, **query: Any) -> Page:
        return self.provider.transactions(self.session, TransactionQuery(self.uid, **query))

    def pages(self, **query: Any) -> list[Page]:
        pages = [self.page(**query)]
        while pages[-1].continuation:
            pages.append(self.page(continuation=pages[-1].continuation, **query))
            assert len(pages) < 400
        return pages

    def rows(self, **query: Any) -> list[Transaction]:
        return [row for page in self.pages(**query) for row in page.transactions]
