# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.protocol import BankProvider
from odoo.addons.sync_hub_bank.providers.values import Authorization, Consent, WebhookCall
from odoo.addons.sync_hub_bank.providers.yodlee import Yodlee

from emulators.enablebanking import Movement
from emulators.yodlee import Emulator

from .base import Abilities, Driver


class YodleeDriver(Driver):
    """A provider account that keeps its number, rows by day, removals by the hour, notifications by a secret address.

    Its bank is one of open banking, whose consents end.
    """

    code = "yodlee"
    abilities = Abilities(names_removed=True, names_pending=True, webhooks="address")
    calls = {
        "check": "count",
        "institutions": "providers",
        "consent_status": "item",
        "accounts": "accounts",
        "balances": "accounts",
        "transactions": "transactions",
    }
    bank_name = "Musterbank Lindenau"
    bank = "musterbank-lindenau"
    emulator_class = Emulator

    def now(self) -> datetime:
        return self.emulator.now()

    def reset(self) -> None:
        super().reset()
        # Whole account numbers, as contracts for bookkeeping have them.
        self.emulator.configure(full_numbers=True)

    def wrong_secrets(self) -> dict[str, str]:
        return {"secret": "not-the-secret-of-this-contract"}

    def make(self, settings: dict[str, str], secrets: dict[str, str], http: HttpSession) -> Yodlee:
        kept = self.sessions_kept.append
        return Yodlee(
            settings, secrets, http, keep_session=kept, clock=self.emulator.now, pause=lambda seconds: None
        )

    def visit(self, authorization: Authorization) -> dict[str, str]:
        return browse(authorization)

    def cancel(self, authorization: Authorization) -> dict[str, str]:
        return browse(authorization, cancel="1")

    def uid(self, consent: Consent) -> str:
        found = next(item for item in self.emulator.items() if item["number"] == consent.reference)
        return next(number for number, slug in found["accounts"].items() if slug == "current")

    def booked(self) -> list[Movement]:
        return self.emulator.booked(self.bank)

    def balance(self) -> Decimal:
        return self.emulator.balance(self.bank)

    def several_pages(self) -> None:
        """Pages have at most 500 rows."""
        self.emulator.set_history(1100, self.bank, days=200)

    def empty(self) -> None:
        self.emulator.set_history(0, self.bank)

    def add_row(self, amount: Decimal, day: object = None, text: str = "Cancelleria Rossi") -> Movement:
        day = day or self.today()
        row = Movement(booking_date=day, value_date=day, amount=amount, counterparty="Rossi", remittance=(text,))
        return self.emulator.add_movement(row, self.bank)

    def add_pending(self, amount: Decimal) -> None:
        self.emulator.add_pending(self.bank, amount=amount)

    def book_pending(self, amount: Decimal) -> None:
        self._later()
        self.emulator.book_pending(self.bank, amount=amount)
        self._later()

    def drop_pending(self) -> None:
        self._later()
        self.emulator.remove_movement(self.emulator.pending(self.bank)[0])
        self._later()

    def remove_row(self, row: Movement) -> None:
        self._later()
        self.emulator.remove_movement(row)
        self._later()

    def message(self, provider: BankProvider, consent: Consent) -> WebhookCall:
        provider.authorize(self.request(provider, webhook_url=self.hook))
        url = self.emulator.subscriptions()["REFRESH"]
        item = {"id": int(consent.reference), "status": "SUCCESS"}
        event = {"info": "REFRESH.PROCESS_COMPLETED", "data": {"providerAccount": [item]}}
        event["notificationTime"] = self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.post({}, json.dumps({"event": event}).encode(), url)

    def forged(self, call: WebhookCall) -> WebhookCall:
        key = call.url[-4:]
        return replace(call, url=call.url[:-4] + ("0000" if key != "0000" else "1111"))

    def unsigned(self, call: WebhookCall) -> WebhookCall:
        return replace(call, url=call.url.partition("?")[0])

    def _later(self) -> None:
        # Changes are told by the second.
        self.emulator.advance(minutes=2)


def browse(authorization: Authorization, **typed: Any) -> dict[str, str]:
    """What a user's browser does with the form, as far as the address that it comes back to: its parameters.

    ``accounts``: those to tick, all unless said; any other field is sent as it is.
    """
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.post(authorization.url, data=dict(authorization.form), timeout=10)
        assert page.status_code == 200, page.text
        target = requests.compat.urljoin(page.url, re.search(r'action="([^"]+)"', page.text)[1])
        ticked = re.findall(r'name="accounts" value="([^"]+)"', page.text)
        fields = {"username": "demo", "password": "demo", "accounts": ticked} | typed
        back = browser.post(target, data=fields, allow_redirects=False, timeout=10).headers["Location"]
    return dict(parse_qsl(urlsplit(back).query))
