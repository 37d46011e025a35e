# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.ponto import Ponto, PontoConnect
from odoo.addons.sync_hub_bank.providers.ponto.webhook import KEYS
from odoo.addons.sync_hub_bank.providers.protocol import BankProvider
from odoo.addons.sync_hub_bank.providers.values import Authorization, Consent, WebhookCall

from emulators.enablebanking import Movement
from emulators.ponto import Emulator

from .base import BACK, Abilities, Driver


class PontoDriver(Driver):
    """A company's own accounts, linked by hand: nothing to agree to, nothing to end, no messages."""

    code = "ponto"
    abilities = Abilities(cursor_alone=True, ends_consent=False, secret_session=False, cancel=False)
    calls = {
        "check": "accounts",
        "institutions": "institutions",
        "consent_status": "accounts",
        "accounts": "accounts",
        "balances": "account",
        "transactions": "transactions",
    }
    faults = {"amount_text": "amount_word"}
    bank_name = "Banca Ponte Italia"
    emulator_class = Emulator

    def reset(self) -> None:
        super().reset()
        KEYS.clear()

    def wrong_secrets(self) -> dict[str, str]:
        return {"client_secret": "not-the-secret-of-this-company"}

    def make(self, settings: dict[str, str], secrets: dict[str, str], http: HttpSession) -> BankProvider:
        kept = self.sessions_kept.append
        return Ponto(settings, secrets, http, keep_session=kept, sleep=lambda seconds: None)

    def visit(self, authorization: Authorization) -> dict[str, str]:
        if not authorization.url.startswith(BACK):
            # It leads to the dashboard, where the user authorizes the accounts again; then it begins anew.
            self.emulator.reauthorize_all()
            return {"code": self.emulator.institution_id(), "state": "state-1"}
        return dict(parse_qsl(urlsplit(authorization.url).query))

    def uid(self, consent: Consent) -> str:
        return self.emulator.account_uid()

    def several_pages(self) -> None:
        """Pages have at most 100 rows, and there are more."""

    def change_row(self, row: Movement, amount: Decimal) -> None:
        self.emulator.modify_movement(0, amount=float(amount))

    def remove_row(self, row: Movement) -> None:
        self.emulator.remove_movement(0)


class PontoConnectDriver(PontoDriver):
    """A partner's application: consent in the browser, refresh tokens that change at every use, signed messages."""

    code = "ponto_connect"
    abilities = Abilities(
        cursor_alone=True, renews_session=False, rotates_session=True, banks_need_keys=False, webhooks="signed"
    )
    calls = {**PontoDriver.calls, "check": "integration_accounts"}
    signature_header = "signature"

    def access(self) -> dict[str, Any]:
        access = self.emulator.access(connect=True)
        return access | {"settings": access["settings"] | {"redirect_url": BACK}}

    def make(self, settings: dict[str, str], secrets: dict[str, str], http: HttpSession) -> BankProvider:
        kept = self.sessions_kept.append
        return PontoConnect(settings, secrets, http, keep_session=kept, sleep=lambda seconds: None)

    def visit(self, authorization: Authorization) -> dict[str, str]:
        accounts = [self.emulator.account_uid(None, slug) for slug in ("current", "savings")]
        form = {"username": "demo", "password": "demo", "consent": "1", "accounts": accounts}
        return came_back(authorization.url, form)

    def cancel(self, authorization: Authorization) -> dict[str, str]:
        return came_back(authorization.url, {"cancel": "1"})

    def message(self, provider: BankProvider, consent: Consent) -> WebhookCall:
        signature, body = self.emulator.webhook("account.transactionsCreated")
        return self.post({"Signature": signature}, body)


def came_back(url: str, form: dict[str, Any]) -> dict[str, str]:
    """The parameters with which the browser is sent back after ``form`` was filled in."""
    with requests.Session() as browser:
        browser.trust_env = False
        assert "<form" in browser.get(url).text
        back = browser.post(url, data=form, allow_redirects=False).headers["Location"]
    return dict(parse_qsl(urlsplit(back).query))
