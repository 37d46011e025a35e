# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The values that travel between a provider and Sync Hub: frozen, typed, with ISO 20022's words.

Amounts are signed ``Decimal`` (credit positive, debit negative, seen from the account's owner). Calendar dates are
``date`` exactly as the bank wrote them; instants are aware ``datetime``.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class TransactionStatus(StrEnum):
    """Only BOOKED may become accounting; the others wait in the inbox or are let go."""

    BOOKED = "booked"
    PENDING = "pending"
    CANCELLED = "cancelled"


EVERY_STATUS = frozenset(TransactionStatus)


class BalanceKind(StrEnum):
    """Kinds of balance (ISO 20022 external balance type codes in brackets)."""

    CLOSING_BOOKED = "closing_booked"  # CLBD: end of the day ``reference_date``
    PREVIOUS_BOOKED = "previous_booked"  # PRCD: end of the previous period
    INTERIM_BOOKED = "interim_booked"  # ITBD: booked so far, now
    OPENING_BOOKED = "opening_booked"  # OPBD
    AVAILABLE = "available"  # ITAV, CLAV, ...: may include credit lines and pending rows
    OTHER = "other"


class ConsentStatus(StrEnum):
    VALID = "valid"
    WAITING = "waiting"  # the user has not come back from the bank yet
    ENDED = "ended"  # expired, closed, revoked, cancelled, invalid


@dataclass(frozen=True, slots=True)
class Institution:
    """A bank as the provider lists it. ``(key, country)`` names it towards the provider."""

    key: str
    name: str
    country: str  # ISO 3166-1 alpha-2
    bic: str = ""
    logo_url: str = ""
    beta: bool = False
    psu_types: tuple[str, ...] = ("business", "personal")
    # Longest consent that the bank grants; None when the provider does not say.
    consent_seconds: int | None = None
    # How many days back the service says that transactions go at most; None when it does not say.
    history_days: int | None = None
    # HTTP headers of the present user that the bank insists on; empty: background reads are allowed.
    attended_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttendedUser:
    """The user in front of the screen, as banks want to know them (Berlin Group's PSU headers).

    A fetch with it counts as attended: it is not limited to four a day as background fetches are. ``required_headers``
    is what the bank insists on (:attr:`Institution.attended_headers`): an adapter that cannot fill all of them sends
    none, because a bank refuses a part of them.
    """

    ip_address: str
    user_agent: str = ""
    referer: str = ""
    accept: str = ""
    accept_charset: str = ""
    accept_encoding: str = ""
    accept_language: str = ""
    geo_location: str = ""
    required_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """Answer to "are my keys right?"."""

    name: str
    environment: str  # "sandbox" or "production"
    active: bool
    redirect_urls: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What a consent is asked for. ``state`` comes back with the user and is good for one return.

    ``customer`` is a lasting name of the company, for services that keep customers of their own. ``session`` is the
    one to be renewed, for services that renew instead of beginning anew; empty for a first consent.
    """

    institution: Institution
    psu_type: str
    redirect_url: str
    state: str
    language: str = ""  # ISO 639-1
    customer: str = ""
    session: str = ""
    webhook_url: str = ""


@dataclass(frozen=True, slots=True)
class Authorization:
    """Where to send the browser, and the provider's own number of this authorization.

    ``form``: fields that the browser sends there by POST, some of them secret; empty when it simply goes there.
    ``comes_back`` is False for a page from which nothing leads back: the user does there what is needed, and begins
    anew here.
    """

    url: str
    reference: str = ""
    form: tuple[tuple[str, str], ...] = ()
    comes_back: bool = True


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account that a consent opens.

    ``uid`` is the provider's handle and may die with the session; ``identifiers`` are the names under which the
    same account is known again in the next session (opaque, stable).
    """

    uid: str
    identifiers: tuple[str, ...]
    iban: str = ""
    number: str = ""  # account number where there is no IBAN
    bic: str = ""
    holder: str = ""
    name: str = ""
    product: str = ""
    currency: str = ""  # ISO 4217; empty when the bank says "several" (XXX)
    kind: str = ""  # ISO 20022 cash account type: CACC, CARD, SVGS, ...


@dataclass(frozen=True, slots=True)
class Consent:
    """An opened session: the handle of later calls (a secret) and what it gives access to.

    ``reference`` is the provider's public number of it, by which its webhooks name it; no secret.
    """

    session: str
    valid_until: datetime | None
    accounts: tuple[BankAccount, ...]
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    kind: BalanceKind
    amount: Decimal
    currency: str
    reference_date: date | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement as the bank sent it.

    ``booking_date`` falls back to the value date, then to the transaction date, where the bank leaves it out.
    ``references`` are all ids by which the bank knows the row, strongest first, each unique within the account; empty
    when it sent none. ``raw`` is the provider's own record, kept as the proof of what was sent: JSON values, in which
    a number with a fraction is a ``Decimal`` (``json.dumps`` needs ``default=str``).
    """

    booking_date: date
    amount: Decimal
    currency: str
    status: TransactionStatus
    references: tuple[str, ...] = ()
    value_date: date | None = None
    transaction_date: date | None = None
    counterparty: str = ""
    counterparty_account: str = ""
    counterparty_bic: str = ""
    remittance: tuple[str, ...] = ()
    creditor_reference: str = ""  # structured: ISO 11649 "RF...", or a national scheme
    end_to_end_id: str = ""
    transaction_code: str = ""  # ISO 20022 bank transaction code "PMNT-RCDT-ESCT", or the bank's own
    transaction_label: str = ""  # the bank's words for that code
    instructed_amount: Decimal | None = None  # amount in the currency of the order, same sign as amount
    instructed_currency: str = ""
    exchange_rate: Decimal | None = None
    balance_after: Decimal | None = None
    raw: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that cannot be understood: kept whole, with the field and the value that made it so."""

    field: str
    value: str
    raw: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)


@dataclass(frozen=True, slots=True)
class TransactionQuery:
    """Which transactions are wanted.

    ``date_from`` None asks for the longest history that the bank gives. ``continuation`` is the opaque text of the
    previous page; ``cursor`` is what the last complete fetch left, for providers that work with one.
    """

    account_uid: str
    date_from: date | None = None
    date_to: date | None = None
    continuation: str = ""
    cursor: str = ""
    attended: AttendedUser | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page. An empty page with a continuation is not the end.

    ``date_from`` is the first day really covered (a bank may grant less than was asked), None when unknown.
    ``removed`` are references of rows that the bank has taken back.

    ``lists``: of these statuses the whole fetch brings every row of its period, so a known one that does not come is
    there no more. Of the others it brings what changed.
    """

    transactions: tuple[Transaction, ...]
    rejected: tuple[RejectedRow, ...] = ()
    continuation: str = ""
    cursor: str = ""
    date_from: date | None = None
    removed: tuple[str, ...] = ()
    lists: frozenset[TransactionStatus] = EVERY_STATUS


class WebhookKind(StrEnum):
    """What a message of the other side is about."""

    TRANSACTIONS = "transactions"  # there may be something to fetch
    CONSENT = "consent"  # the consent ends soon, has ended, or was withdrawn
    ACCOUNTS = "accounts"  # accounts came, changed or went
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """A message as it reached our address: header names in lower case, ``url`` as the other side called it."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """What a message that was checked says. It never carries rows: it only lets a fetch be queued.

    ``id`` is the same when the same message comes again. ``reference`` names the consent or item as the provider knows
    it (see :attr:`Consent.reference`), ``account_uids`` the accounts, as far as the message names them.
    """

    kind: WebhookKind
    id: str
    reference: str = ""
    account_uids: tuple[str, ...] = ()
