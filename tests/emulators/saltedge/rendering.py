# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The JSON objects of the API. Shapes: https://docs.saltedge.com/v6/api_reference"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..enablebanking.banks import Account, Bank
from ..enablebanking.ledger import Ledger, Row
from .store import Connection, country_of, provider_code

NATURES = {"CACC": "checking", "CARD": "card"}


def instant(value: datetime | None) -> str | None:
    """An instant as Salt Edge writes it."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def render_provider(bank: Bank, base_url: str, number: str, history_days: int | None) -> dict[str, Any]:
    """A bank as GET /providers lists it."""
    return {
        "id": number,
        "code": provider_code(bank),
        "name": bank.name,
        "country_code": country_of(bank),
        "status": "active",
        "mode": "oauth",
        "regulated": True,
        "logo_url": f"{base_url}/logos/{bank.slug}.svg",
        "timezone": "Europe/Rome",
        "bic_codes": [bank.bic],
        "identification_codes": [],
        "group_code": None,
        "group_name": bank.group,
        "max_consent_days": bank.consent_days,
        "max_fetch_interval": history_days or 730,
        "refresh_timeout": 60,
        "custom_pendings_period": 0,
        "automatic_fetch": True,
        "supported_account_types": list(bank.psu_types),
        "supported_account_natures": ["account", "card"],
        "supported_fetch_scopes": ["accounts", "balance", "transactions"],
        "created_at": "2024-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
    }


def render_connection(connection: Connection, bank: Bank, identifier: str, version: int) -> dict[str, Any]:
    """A connection. Version 5 names the time of the last success beside it, and no customer by our name."""
    finished = connection.unfinished <= 0
    attempt = connection.attempt
    last = {
        "id": attempt["id"],
        "finished": finished,
        "created_at": instant(connection.created),
        "success_at": instant(attempt["success_at"]) if finished else None,
        "fail_at": instant(attempt["fail_at"]) if finished else None,
        "fail_error_class": attempt["fail_error_class"] if finished else None,
        "fail_message": attempt["fail_message"] if finished else None,
        "fetch_scopes": ["accounts", "balance", "transactions"],
        "last_stage": {"name": "finish" if finished else "fetch_accounts"},
    }
    rendered = {
        "id": connection.number,
        "customer_id": connection.customer,
        "provider_code": provider_code(bank),
        "provider_name": bank.name,
        "country_code": country_of(bank),
        "status": connection.status,
        "categorization": "none",
        "next_refresh_possible_at": instant(connection.next_refresh),
        "last_consent_id": connection.consents[-1]["id"],
        "last_attempt": last,
        "created_at": instant(connection.created),
        "updated_at": instant(connection.created),
    }
    if version == 5:
        return rendered | {"daily_refresh": True, "last_success_at": last["success_at"], "secret": "not-used"}
    return rendered | {"automatic_refresh": True, "customer_identifier": identifier}


def render_consent(connection: Connection, consent: dict[str, Any]) -> dict[str, Any]:
    """A consent of a connection."""
    return {
        **consent,
        "connection_id": connection.number,
        "customer_id": connection.customer,
        "from_date": consent["from_date"].isoformat(),
        "to_date": None,
        "collected_by": "client",
        "expires_at": instant(consent["expires_at"]),
        "revoked_at": instant(consent["revoked_at"]),
        "created_at": instant(consent["created_at"]),
        "updated_at": instant(consent["created_at"]),
    }


def render_account(
    account: Account, ledger: Ledger, number: str, connection: Connection, kinds: tuple[str, ...], now: datetime
) -> dict[str, Any]:
    """An account with its balances. ``kinds``: the balances that the bank gives (ISO 20022 codes)."""
    by_iban = account.scheme == "IBAN"
    extra: dict[str, Any] = {
        "client_name": account.holder,
        "swift": account.bic,
        "current_date": now.date().isoformat(),
        "status": "active",
        "transactions_count": {"posted": ledger.count(None, None, "BOOK"), "pending": len(ledger.unbooked)},
    }
    extra |= {"iban": account.iban} if by_iban else {"account_number": account.identification}
    if "ITAV" in kinds:
        extra["available_amount"] = float(ledger.available())
    if "CLBD" in kinds:
        extra["closing_balance"] = float(ledger.balance(now.date()))
    return {
        "id": number,
        "connection_id": connection.number,
        "name": account.label,
        "nature": NATURES.get(account.kind, "account"),
        "balance": float(ledger.balance()),
        "currency_code": account.currency,
        "extra": extra,
        "created_at": instant(connection.created),
        "updated_at": instant(now),
    }


def render_transaction(number: str, row: Row, account_number: str, changes: dict[str, Any]) -> dict[str, Any]:
    """A row. ``changes`` replace fields of it, those in "extra" one by one."""
    move = row.movement
    outgoing = move.amount < 0
    booked = move.status == "BOOK"
    extra: dict[str, Any] = {
        "posting_date": move.booking_date.isoformat() if booked and move.booking_date else None,
        "payee" if outgoing else "payer": move.counterparty,
        "account_number": move.counterparty_account if outgoing and not move.counterparty_scheme else None,
        "type": move.bank_code.sub_code if move.bank_code else None,
        "mcc": move.merchant_category_code,
        "reference": move.reference_number,
        "account_balance_snapshot": None if row.balance is None else float(row.balance),
    }
    if move.exchange:
        sign = -1 if outgoing else 1
        extra["original_amount"] = sign * float(abs(move.exchange.instructed_amount))
        extra["original_currency_code"] = move.exchange.instructed_currency
        extra["exchange_rate"] = float(move.exchange.rate)
    made_on = move.transaction_date or move.value_date or move.day
    rendered = {
        "id": number,
        "account_id": account_number,
        "duplicated": False,
        "mode": "normal",
        "status": "posted" if booked else "pending",
        "made_on": made_on.isoformat(),
        "amount": float(move.amount),
        "currency_code": move.currency,
        "description": " ".join(move.remittance),
        "category": "uncategorized",
        "created_at": f"{move.day.isoformat()}T04:00:00Z",
        "updated_at": f"{move.day.isoformat()}T04:00:00Z",
    }
    rendered |= {name: value for name, value in changes.items() if name != "extra"}
    known = {name: value for name, value in extra.items() if value is not None}
    return rendered | {"extra": known | changes.get("extra", {})}
