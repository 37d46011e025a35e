# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.protocol import BankProvider
from odoo.addons.sync_hub_bank.providers.saltedge import SaltEdge
from odoo.addons.sync_hub_bank.providers.values import Authorization, Consent, WebhookCall

from emulators.enablebanking import Movement
from emulators.saltedge import Emulator
from emulators.saltedge.faults import ROW_FAULTS
from emulators.visitor import Visitor

from .base import Abilities, Driver


class SaltEdgeDriver(Driver):
    """A connection that keeps its number, rows by number, callbacks signed with RSA."""

    code = "saltedge"
    abilities = Abilities(names_removed=True, webhooks="signed")
    calls = {
        "check": "countries",
        "institutions": "providers",
        "consent_status": "connection",
        "accounts": "accounts",
        "balances": "accounts",
        "transactions": "transactions",
    }
    signature_header = "signature"
    emulator_class = Emulator

    def wrong_secrets(self) -> dict[str, str]:
        return {"application_secret": "not-the-secret-of-this-key"}

    def make(self, settings: dict[str, str], secrets: dict[str, str], http: HttpSession) -> SaltEdge:
        kept = self.sessions_kept.append
        return SaltEdge(settings, secrets, http, keep_session=kept, sleep=lambda seconds: None)

    def visit(self, authorization: Authorization) -> dict[str, str]:
        return consent_at(self.emulator, authorization.url)

    def cancel(self, authorization: Authorization) -> dict[str, str]:
        return cancel_at(authorization.url)

    def uid(self, consent: Consent) -> str:
        found = next(item for item in self.emulator.sessions() if item["number"] == consent.session)
        return next(number for number, slug in found["accounts"].items() if slug == "current")

    def several_pages(self) -> None:
        self.emulator.configure(page_size=50)

    def limit_history(self, days: int) -> None:
        self.emulator.configure(history_days=days)

    def remove_row(self, row: Movement) -> None:
        """Salt Edge finds out that the row is there twice: this is what it tells of."""
        self.emulator.mark_duplicated(self.emulator.number_of(row.amount))

    def fail(self, fault: str, call: str = "", times: int | None = None, **options: Any) -> None:
        # Pending rows come first, in a list of their own, and there are none.
        later = {"after": 1} if fault in ROW_FAULTS else {}
        super().fail(fault, call, times, **later, **options)

    def message(self, provider: BankProvider, consent: Consent) -> WebhookCall:
        return self.post(*self.emulator.callback(self.hook, connection_id=consent.session, stage="finish"))


def consent_at(edge: Any, url: str, accounts: list[str] | None = None) -> dict[str, str]:
    """What a user does at the bank's pages; the parameters of the way back."""
    return Visitor(edge).consent(url, accounts)


def cancel_at(url: str) -> dict[str, str]:
    back = requests.post(url, data={"cancel": "1"}, allow_redirects=False, timeout=20).headers["Location"]
    return dict(parse_qsl(urlsplit(back).query))
