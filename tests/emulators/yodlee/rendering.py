# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON of the interface, from what the sandbox keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ..enablebanking.banks import Account, Bank
from .world import OAUTH_BANKS, Book, Entry, Item, World, transaction_id

_STATUSES = {"BOOK": "POSTED", "PDNG": "PENDING", "HOLD": "PENDING", "SCHD": "SCHEDULED", "RJCT": "FAILED"}


def moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"amount": float(amount), "currency": currency}


def provider(world: World, bank: Bank) -> dict[str, Any]:
    return {
        "id": world.provider_id(bank),
        "name": bank.name,
        "countryISOCode": bank.country,
        "loginUrl": f"https://{bank.slug}.example/login",
        "baseUrl": f"https://{bank.slug}.example",
        "logo": f"https://logos.example/{bank.slug}.png",
        "authType": "OAUTH" if bank.slug in OAUTH_BANKS else "CREDENTIALS",
        "status": "Beta" if bank.beta else "Supported",
        "isAutoRefreshEnabled": True,
        "PRIORITY": "COBRAND",
        "dataset": [{"name": "BASIC_AGG_DATA"}],
    }


def dataset(item: Item) -> dict[str, Any]:
    entry = {
        "name": "BASIC_AGG_DATA",
        "additionalStatus": item.additional,
        "updateEligibility": item.eligibility,
    }
    if item.updated_at:
        entry |= {"lastUpdated": moment(item.updated_at), "lastUpdateAttempt": moment(item.updated_at)}
    return entry


def provider_account(world: World, item: Item) -> dict[str, Any]:
    created = moment(item.created_at)
    entry: dict[str, Any] = {
        "id": item.number,
        "aggregationSource": "USER",
        "providerId": world.provider_id(world.banks[item.bank.slug]),
        "requestId": item.request,
        "status": item.status,
        "isManual": False,
        "createdDate": created[:10] if world.habits.day_only else created,
        "authType": "OAUTH" if item.consent else "CREDENTIALS",
        "dataset": [dataset(item)],
    }
    if item.consent:
        entry["consentId"] = item.consent.number
    return entry


def consent(world: World, item: Item) -> dict[str, Any]:
    given = item.consent
    assert given is not None
    return {
        "consentId": given.number,
        "providerId": world.provider_id(item.bank),
        "providerAccountId": item.number,
        "consentStatus": given.status,
        "startDate": moment(given.starts_at)[:10],
        "startDateTime": moment(given.starts_at),
        "expirationDate": moment(given.ends_at)[:10],
        "expirationDateTime": moment(given.ends_at),
        "dataAccessFrequency": "RECURRING",
        "renewal": {"isReauthorizationRequired": True, "defaultRenewalDuration": 90},
        # Required by the description, though a consent that stands was not revoked.
        "revokeDate": "",
        "revokeDateTime": "",
        "applicationDisplayName": "Books",
        "clientADR": "Books",
        "title": f"Share data of {item.bank.name}",
        "titleBody": "Data that you share",
        "scope": [
            {"scopeId": "ACCOUNT_DETAILS", "title": "Accounts", "titleBody": ["Balances"], "datasetAttributes": []},
            {"scopeId": "TRANSACTION_DETAILS", "title": "Rows", "titleBody": ["Rows"], "datasetAttributes": []},
        ],
        "links": [],
        "preferences": [],
    }


def account(world: World, item: Item, number: int, shown: Account) -> dict[str, Any]:
    book = world.book(shown)
    balance = book.balance()
    card = shown.kind == "CARD"
    entry: dict[str, Any] = {
        "CONTAINER": "creditCard" if card else "bank",
        "providerAccountId": item.number,
        "accountName": shown.label,
        "accountStatus": "ACTIVE",
        "accountNumber": f"xxxx{shown.identification[-4:]}",
        "aggregationSource": "USER",
        "isAsset": not card,
        "balance": money(-balance if card else balance, shown.currency),
        "id": number,
        "includeInNetWorth": True,
        "providerId": str(world.provider_id(world.banks[item.bank.slug])),
        "providerName": shown.bank_name,
        "isManual": False,
        "accountType": "CREDIT" if card else "CHECKING",
        "displayedName": shown.holder,
        "createdDate": moment(item.created_at),
        "lastUpdated": moment(item.updated_at or item.created_at),
        "dataset": [dataset(item)],
    }
    if card:
        entry["runningBalance"] = money(-balance, shown.currency)
        entry["availableCredit"] = money(Decimal(5000), shown.currency)
    else:
        held = sum((e.movement.amount for e in book.rows() if not e.is_booked and e.movement.amount < 0), Decimal(0))
        entry["currentBalance"] = money(balance, shown.currency)
        entry["availableBalance"] = money(balance + held, shown.currency)
    if world.habits.full_numbers:
        entry["fullAccountNumberList"] = {"unmaskedAccountNumber": shown.iban}
    return entry


def transaction(number: int, book: Book, entry: Entry) -> dict[str, Any]:
    row = entry.movement
    done = row.transaction_date or row.value_date or row.day
    shown: dict[str, Any] = {
        "CONTAINER": "creditCard" if book.account.kind == "CARD" else "bank",
        "id": transaction_id(number, entry),
        "amount": money(abs(row.amount), row.currency),
        "baseType": "DEBIT" if row.amount < 0 else "CREDIT",
        "categoryType": "EXPENSE" if row.amount < 0 else "INCOME",
        "categoryId": 45,
        "category": "Office Expenses",
        "categorySource": "SYSTEM",
        "createdDate": moment(entry.changed_at),
        "lastUpdated": moment(entry.changed_at),
        "description": {"original": " ".join(row.remittance) or row.counterparty, "simple": row.counterparty or ""},
        "type": "PURCHASE" if row.amount < 0 else "DEPOSIT",
        "subType": "PURCHASE" if row.amount < 0 else "DEPOSIT",
        "isManual": False,
        "sourceType": "AGGREGATED",
        "date": row.day.isoformat(),
        "transactionDate": done.isoformat(),
        "status": _STATUSES[row.status],
        "accountId": number,
        "checkNumber": None,
    }
    if row.booking_date:
        shown["postDate"] = row.booking_date.isoformat()
    if row.counterparty:
        shown["merchant"] = {"id": "m", "source": "YODLEE", "name": row.counterparty, "categoryLabel": []}
    return shown


def changed_transaction(number: int, book: Book, entry: Entry) -> dict[str, Any]:
    """A row of a data extract: of a deleted one there is little left."""
    if not entry.deleted:
        return transaction(number, book, entry) | {"isDeleted": False}
    shown = transaction(number, book, entry)
    return {name: shown[name] for name in ("CONTAINER", "id", "accountId", "lastUpdated")} | {"isDeleted": True}
