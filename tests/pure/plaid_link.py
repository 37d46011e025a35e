# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A consent at the sandbox behind Plaid, for the tests that read through it over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from emulators.drivers.plaid import visit
from emulators.plaid import Emulator
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers.plaid import Plaid
from odoo.addons.sync_hub_bank.providers.values import (
    AuthorizationRequest,
    Consent,
    Institution,
    Page,
    TransactionQuery,
)

PATIENT = RetryPolicy(tries=3, random=lambda: 0.0, sleep=lambda seconds: None)
BACK = "https://books.example/sync_hub_bank/return"
MAIN = "Banca Sandbox Italia"


def provider_of(plaid: Emulator, url: str = "", clock: Callable[[], datetime] | None = None, **settings: str) -> Plaid:
    known = {"clock": clock} if clock else {}
    return Plaid(
        {"client_id": plaid.client_id, **settings},
        {"secret": plaid.secret},
        HttpSession(url or plaid.url, retry=PATIENT),
        **known,
    )


def fault_of(call: Callable[[], object]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def institution(provider: Plaid, name: str = MAIN) -> Institution:
    return next(item for item in provider.institutions() if item.name == name)


def asked(provider: Plaid, name: str = MAIN, **known: Any) -> AuthorizationRequest:
    known = {"state": "s-1", "customer": "company-1", **known}
    return AuthorizationRequest(institution(provider, name), "business", BACK, **known)





def connect(provider: Plaid, name: str = MAIN, **known: Any) -> Consent:
    return provider.open_session(visit(provider.authorize(asked(provider, name, **known))))


class Link:
    """A consent at one bank and the calls that need it."""

    def __init__(self, plaid: Emulator, name: str = MAIN, webhook_url: str = ""):
        self.plaid = plaid
        self.provider = provider_of(plaid)
        self.consent = connect(self.provider, name, webhook_url=webhook_url)
        self.session = self.consent.session
        self.item = plaid.items()[-1]
        self.uid = self.item.account_id("current")

    def page(self, **query: Any) -> Page:
        return self.provider.transactions(self.session, TransactionQuery(self.uid, **query))

    def pages(self, **query: Any) -> list[Page]:
        pages = [self.page(**query)]
        while pages[-1].continuation:
            pages.append(self.page(**{**query, "continuation": pages[-1].continuation}))
        return pages
