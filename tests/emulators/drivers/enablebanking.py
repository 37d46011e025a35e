# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.enablebanking import EnableBanking
from odoo.addons.sync_hub_bank.providers.values import Authorization, Consent

from emulators.enablebanking import Emulator, Movement
from emulators.visitor import Visitor

from .base import Abilities, Driver
from .keys import other_key


class EnableBankingDriver(Driver):
    """A session for each consent, rows by day only."""

    code = "enablebanking"
    abilities = Abilities(cursor=False, renews_session=False)
    calls = {
        "check": "application",
        "institutions": "aspsps",
        "consent_status": "get_session",
        "accounts": "get_session",
        "balances": "balances",
        "transactions": "transactions",
    }
    emulator_class = Emulator

    def emulator_options(self) -> dict[str, Any]:
        return {"today": self.today(), "redirect_urls": ["https://books.example/*"]}

    def wrong_secrets(self) -> dict[str, str]:
        return {"private_key": other_key()}

    def make(self, settings: dict[str, str], secrets: dict[str, str], http: HttpSession) -> EnableBanking:
        return EnableBanking(settings, secrets, http, keep_session=self.sessions_kept.append)

    def visit(self, authorization: Authorization) -> dict[str, str]:
        return Visitor(self.emulator).consent(authorization.url)

    def cancel(self, authorization: Authorization) -> dict[str, str]:
        page = requests.post(authorization.url, data={"cancel": "1"}, allow_redirects=False, timeout=20)
        return dict(parse_qsl(urlsplit(page.headers["Location"]).query))

    def uid(self, consent: Consent) -> str:
        wanted = self.emulator.list_banks()[0]["accounts"][0]["identification_hash"]
        return next(item.uid for item in consent.accounts if wanted in item.identifiers)

    def several_pages(self) -> None:
        self.emulator.configure(page_size=50)

    def limit_history(self, days: int) -> None:
        self.emulator.configure(history_days=days)

    def remove_row(self, row: Movement) -> None:
        self.emulator.remove_movement(row)
