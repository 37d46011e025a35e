# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A partner's application at the emulated Ponto, and a user who gives it consent."""

from typing import Any

from emulators.drivers.ponto import came_back
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.ponto import PontoConnect
from odoo.addons.sync_hub_bank.providers.values import (
    AuthorizationRequest,
    Consent,
    Institution,
    Page,
    TransactionQuery,
)
from ponto_link import BACK, PATIENT


class Partnered:
    """The calls of a partner. ``kept`` are the sessions that were to be stored."""

    def __init__(self, ponto: Any, url: str = "", clock: Any = None, settings: Any = (), secrets: Any = ()):
        self.ponto = ponto
        self.http = HttpSession(url or ponto.connect_url, retry=PATIENT)
        self.kept: list[str] = []
        self.calls_before_keeping: list[str] = []
        addresses = {"redirect_url": BACK, "authorization_url": ponto.authorization_url}
        self.provider = PontoConnect(
            {**ponto.partner.settings, **addresses, **dict(settings)},
            {**ponto.partner.secrets, **ponto.identity, **dict(secrets)},
            self.http,
            keep_session=self.keep,
            sleep=lambda seconds: None,
            **({"clock": clock} if clock else {}),
        )

    def keep(self, session: str) -> None:
        self.kept.append(session)
        self.calls_before_keeping.append(self.ponto.requests()[-1]["call"])

    def request(self, **known: Any) -> AuthorizationRequest:
        bank = Institution(self.ponto.institution_id(), "Bank", "IT")
        return AuthorizationRequest(bank, "business", BACK, "s-1", **known)

    def answer(self, accounts: Any = None, **known: Any) -> dict[str, str]:
        """What a user does on the page of consent; the parameters of the way back."""
        url = self.provider.authorize(self.request(**known)).url
        chosen = [self.ponto.account_uid(None, slug) for slug in accounts or ("current", "savings")]
        return came_back(url, {"username": "demo", "password": "demo", "consent": "1", "accounts": chosen})

    def connect(self, accounts: Any = None, **known: Any) -> Consent:
        return self.provider.open_session(self.answer(accounts, **known))

    def pages(self, session: str, **query: Any) -> list[Page]:
        uid = self.ponto.account_uid()
        pages = [self.provider.transactions(session, TransactionQuery(uid, **query))]
        while pages[-1].continuation:
            following = TransactionQuery(uid, continuation=pages[-1].continuation, **query)
            pages.append(self.provider.transactions(session, following))
        return pages
