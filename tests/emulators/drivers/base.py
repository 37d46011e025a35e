# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the contract asks of a service, whichever it is: its user, its bank, its bad days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers.protocol import BankProvider
from odoo.addons.sync_hub_bank.providers.values import (
    Authorization,
    AuthorizationRequest,
    Consent,
    Institution,
    WebhookCall,
)

from emulators.enablebanking import Movement

PATIENT = RetryPolicy(tries=3, random=lambda: 0.0, sleep=lambda seconds: None)
BACK = "https://books.example/sync_hub_bank/return"
HOOK = "https://books.example/sync_hub_bank/webhook/7"


@dataclass(frozen=True)
class Abilities:
    """What a service has. The contract asserts both: what is there works, what is not is answered as the protocol says.

    cursor: a complete fetch leaves one. cursor_alone: with it nothing comes but what changed since, whatever its day.
    names_removed: rows that were taken back are named in ``Page.removed``; otherwise they are listed no more.
    names_pending: a pending row that was booked or has vanished is named there too.
    renews_session: a renewed consent keeps its session. rotates_session: every use changes it.
    banks_need_keys: the list of banks is for customers only.
    ends_consent: a consent can be ended through the interface. tells_end: the end of a consent is told.
    secret_session: the session opens accounts for whoever has it.
    cancel: a user who does not agree is sent back.
    webhooks: ``none``, ``signed`` (signature over the body) or ``address`` (only the address is secret).
    """

    cursor: bool = True
    cursor_alone: bool = False
    names_removed: bool = False
    names_pending: bool = False
    renews_session: bool = True
    rotates_session: bool = False
    banks_need_keys: bool = True
    ends_consent: bool = True
    tells_end: bool = True
    secret_session: bool = True
    cancel: bool = True
    webhooks: str = "none"


class Driver:
    """A service with a sandbox behind it, and one user of its main bank.

    Everything is about the first account of that bank. ``calls`` maps what the contract calls a read to the emulator's
    name of the request behind it, ``faults`` the contract's name of a fault to the emulator's where it differs.
    """

    code: ClassVar[str]
    abilities: ClassVar[Abilities]
    calls: ClassVar[Mapping[str, str]]
    faults: ClassVar[Mapping[str, str]] = {}
    bank_name: ClassVar[str] = "Banca Sandbox Italia"
    signature_header: ClassVar[str] = ""
    emulator_class: ClassVar[Callable[..., Any]]

    def __init__(self) -> None:
        self.emulator = self.emulator_class(**self.emulator_options())
        self.sessions_kept: list[str] = []
        # Our address for messages, as the service knows it.
        self.hook = HOOK

    def emulator_options(self) -> dict[str, Any]:
        return {"today": self.today()}

    def today(self) -> date:
        return datetime.now(UTC).date()

    def now(self) -> datetime:
        """The present of the service."""
        return datetime.now(UTC)

    def __enter__(self) -> "Driver":
        self.emulator.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.emulator.stop()

    def reset(self) -> None:
        """As on the first day."""
        self.emulator.reset()
        self.sessions_kept.clear()

    # Ours

    def access(self) -> dict[str, Any]:
        """Address, settings and secrets with which an adapter is made."""
        return self.emulator.access()

    def wrong_secrets(self) -> dict[str, str]:
        """Secrets of the right form that are not ours."""
        raise NotImplementedError

    def make(self, settings: dict[str, str], secrets: dict[str, str], http: HttpSession) -> BankProvider:
        """The adapter itself."""
        raise NotImplementedError

    def adapter(
        self, *, wrong_key: bool = False, url: str = "", retry: RetryPolicy = PATIENT, timeout: float = 20
    ) -> BankProvider:
        """A new adapter, as every use of it makes one."""
        access = self.access()
        secrets = access["secrets"] | (self.wrong_secrets() if wrong_key else {})
        http = HttpSession(url or access["url"], retry=retry, timeout=(timeout, timeout))
        return self.make(access["settings"], secrets, http)

    def secrets(self) -> list[str]:
        """What never may be shown."""
        return [value for value in self.access()["secrets"].values() if value]

    # The user

    def institution(self, provider: BankProvider) -> Institution:
        return next(bank for bank in provider.institutions() if bank.name == self.bank_name)

    def request(self, provider: BankProvider, session: str = "", webhook_url: str = "") -> AuthorizationRequest:
        return AuthorizationRequest(
            self.institution(provider), "business", BACK, "state-1", "it", "company-7", session, webhook_url
        )

    def visit(self, authorization: Authorization) -> dict[str, str]:
        """The user agrees to everything; the parameters of the way back."""
        raise NotImplementedError

    def cancel(self, authorization: Authorization) -> dict[str, str]:
        """The user does not agree."""
        raise NotImplementedError

    def answer(self, authorization: Authorization, came_back: dict[str, str], session: str = "") -> dict[str, str]:
        """What the caller hands over of the way back: with what it kept itself, over what a browser may have sent."""
        return {**came_back, "reference": authorization.reference, "session": session}

    def connect(self, provider: BankProvider, session: str = "", webhook_url: str = "") -> Consent:
        """A first consent, or the renewal of ``session``."""
        authorization = provider.authorize(self.request(provider, session, webhook_url))
        return provider.open_session(self.answer(authorization, self.visit(authorization), session))

    def uid(self, consent: Consent) -> str:
        """The provider's handle of the first account."""
        raise NotImplementedError

    # The bank

    def booked(self) -> list[Movement]:
        return self.emulator.booked()

    def balance(self) -> Decimal:
        return self.emulator.balance()

    def several_pages(self) -> None:
        """Let a listing of all rows have several pages."""
        raise NotImplementedError

    def limit_history(self, days: int) -> None:
        """Let the bank refuse days that lie further back, where the service passes such a refusal on."""

    def empty(self) -> None:
        """The account has no rows at all."""
        self.emulator.set_history(0)

    def add_row(self, amount: Decimal, day: date | None = None, text: str = "Cancelleria Rossi") -> Movement:
        """A booked row."""
        day = day or self.today()
        row = Movement(
            booking_date=day, value_date=day, amount=amount, counterparty="Rossi & C.", remittance=(text,)
        )
        return self.emulator.add_movement(row) or row

    def add_pending(self, amount: Decimal) -> None:
        self.emulator.add_pending(amount=amount)

    def book_pending(self, amount: Decimal) -> None:
        self.emulator.book_pending(amount=amount)

    def drop_pending(self) -> None:
        self.emulator.drop_pending()

    def change_row(self, row: Movement, amount: Decimal) -> None:
        """The bank changes the newest row, which is ``row``."""
        self.emulator.change_movement(row, amount=amount)

    def remove_row(self, row: Movement) -> None:
        """The bank, or the service, takes the newest row back."""
        raise NotImplementedError

    def expire(self) -> None:
        """The consent comes to its end."""
        self.emulator.expire_consents()

    # Bad days

    def fail(self, fault: str, call: str = "", times: int | None = None, **options: Any) -> None:
        """Switch a fault on, for a read of the contract or for all."""
        known = {"call": self.calls[call]} if call else {}
        self.emulator.fail(self.faults.get(fault, fault), times=times, **known, **options)

    def recover(self) -> None:
        """Every fault is over."""
        self.emulator.clear_faults()
        self.emulator.calm()
        self.emulator.latency(0)

    def chaos(self, seed: int, share: float) -> None:
        self.emulator.chaos(seed, share, retry_after=0)

    # Messages

    def message(self, provider: BankProvider, consent: Consent) -> WebhookCall:
        """A message that there is something to fetch, as the service sends it."""
        raise NotImplementedError

    def forged(self, call: WebhookCall) -> WebhookCall:
        """The same message by somebody who has no key."""
        signature = call.headers[self.signature_header]
        place = len(signature) - 20
        other = "A" if signature[place] != "A" else "B"
        headers = call.headers | {self.signature_header: signature[:place] + other + signature[place + 1 :]}
        return replace(call, headers=headers)

    def unsigned(self, call: WebhookCall) -> WebhookCall:
        return replace(call, headers={n: v for n, v in call.headers.items() if n != self.signature_header})

    def post(self, headers: Mapping[str, str], body: bytes, url: str = "") -> WebhookCall:
        """A message as it reaches our address."""
        lowered = {name.lower(): text for name, text in headers.items()}
        return WebhookCall("POST", url or self.hook, lowered, body, self.now())
