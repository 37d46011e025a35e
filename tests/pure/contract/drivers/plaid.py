# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal
from typing import Any

from emulators.enablebanking import Movement
from emulators.plaid import Emulator
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.plaid import Plaid
from odoo.addons.sync_hub_bank.providers.protocol import BankProvider
from odoo.addons.sync_hub_bank.providers.values import Authorization, Consent, WebhookCall
from plaid_link import cancel, visit

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

    def drop_pending(self) -> None:
        self.emulator.drop_pending()

    def change_row(self, row: Movement, amount: Decimal) -> None:
        self.emulator.change_movement(row.key or "", amount=amount)

    def remove_row(self, row: Movement) -> None:
        self.emulator.remove_movement(row.key or "")

    def message(self, provider: BankProvider, consent: Consent) -> WebhookCall:
        told = {"webhook_type": "TRANSACTIONS", "webhook_code": "SYNC_UPDATES_AVAILABLE", "environment": "sandbox"}
        return self.post(*self.emulator.signed(told | {"item_id": consent.reference}))
