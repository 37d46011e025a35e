# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.plaid import Plaid
from odoo.addons.sync_hub_bank.providers.protocol import BankProvider
from odoo.addons.sync_hub_bank.providers.values import Authorization, Consent, WebhookCall

from emulators.enablebanking import Movement
from emulators.plaid import Emulator

from .base import Abilities, Driver


class PlaidDriver(Driver):
    """An Item for each bank, changes by cursor, messages signed with ES256."""

    code = "plaid"
    abilities = Abilities(cursor_alone=True, names_removed=True, names_pending=True, webhooks="signed")
    calls = {
        "check": "institutions",
        "institutions": "institutions",
        "consent_status": "item",
        "accounts": "accounts",
        "balances": "accounts",
        "transactions": "transactions",
    }
    signature_header = "plaid-verification"
    emulator_class = Emulator

    def access(self) -> dict[str, Any]:
        access = super().access()
        # IBANs are asked for where the user wants them.
        return access | {"settings": access["settings"] | {"account_numbers": "1"}}

    def wrong_secrets(self) -> dict[str, str]:
        return {"secret": "0123456789abcdef0123456789abcd"}

    def make(self, settings: dict[str, str], secrets: dict[str, str], http: HttpSession) -> Plaid:
        return Plaid(settings, secrets, http, keep_session=self.sessions_kept.append)

    def visit(self, authorization: Authorization) -> dict[str, str]:
        return visit(authorization)

    def cancel(self, authorization: Authorization) -> dict[str, str]:
        return cancel(authorization)

    def uid(self, consent: Consent) -> str:
        item = next(item for item in self.emulator.items() if item.item_id == consent.reference)
        return item.account_id("current")

    def several_pages(self) -> None:
        self.emulator.set_page_limit(50)

    def change_row(self, row: Movement, amount: Decimal) -> None:
        self.emulator.change_movement(row.key or "", amount=amount)

    def remove_row(self, row: Movement) -> None:
        self.emulator.remove_movement(row.key or "")

    def message(self, provider: BankProvider, consent: Consent) -> WebhookCall:
        told = {"webhook_type": "TRANSACTIONS", "webhook_code": "SYNC_UPDATES_AVAILABLE", "environment": "sandbox"}
        return self.post(*self.emulator.signed(told | {"item_id": consent.reference}))


def visit(authorization: Authorization, *, accounts: list[str] | None = None) -> dict[str, str]:
    """What a user does in Link, as a browser would; the answer that the caller makes of the way back."""
    url = authorization.url
    with requests.Session() as browser:
        browser.post(url, data={"username": "demo", "password": "demo"})
        page = browser.post(url, data={"otp": "123456"}, allow_redirects=False)
        if "hosted/" in page.headers["Location"]:
            form = browser.get(url).text
            ticked = accounts if accounts is not None else re.findall(r'name="accounts"[^>]*value="([^"]+)"', form)
            page = browser.post(url, data={"consent": "1", "accounts": ticked}, allow_redirects=False)
    return answer_of(page.headers["Location"], authorization)


def cancel(authorization: Authorization) -> dict[str, str]:
    page = requests.post(authorization.url, data={"cancel": "1"}, allow_redirects=False)
    return answer_of(page.headers["Location"], authorization)


def answer_of(back: str, authorization: Authorization) -> dict[str, str]:
    return {**dict(parse_qsl(urlsplit(back).query)), "reference": authorization.reference}
