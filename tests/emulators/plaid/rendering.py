# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is kept, as the JSON that Plaid shows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from ..enablebanking.banks import Account, Bank
from ..enablebanking.movement import Movement
from .book import Book
from .errors import ApiError
from .world import PERSISTENT, Item, Visit, World, opaque


def instant(moment: datetime | None) -> str | None:
    """RFC 3339, UTC."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def number(amount: Decimal | None) -> float | int | None:
    """A JSON number with the digits of ``amount``."""
    return None if amount is None else float(amount)


def institution(world: World, bank: Bank) -> dict[str, Any]:
    """Schema Institution."""
    return {
        "country_codes": [bank.country],
        "institution_id": world.institution_id(bank),
        "name": bank.name,
        "oauth": bank.country != "US",
        "products": ["auth", "balance", "transactions"],
        "routing_numbers": [],
        "dtc_numbers": [],
    }


def account(world: World, item: Item, kept: Account) -> dict[str, Any]:
    """Schema AccountBase. What is owed on a card is a positive balance."""
    book = world.book(kept)
    card = kept.kind == "CARD"
    shown = {
        "account_id": item.account_id(kept.slug),
        "balances": {
            "available": None if card else number(book.available()),
            "current": number(-book.balance() if card else book.balance()),
            "limit": 5000 if card else None,
            "iso_currency_code": kept.currency,
            "unofficial_currency_code": None,
        },
        "holder_category": "business",
        "mask": kept.identification[-4:],
        "name": kept.label,
        "official_name": kept.product or None,
        "type": "credit" if card else "depository",
        "subtype": "credit card" if card else "checking",
    }
    if kept.bank in PERSISTENT:
        shown["persistent_account_id"] = opaque("persistent", kept.bank, kept.slug)
    return shown


def item(world: World, kept: Item) -> dict[str, Any]:
    """Schema ItemWithConsentFields."""
    bank = world.banks[kept.bank]
    error = ApiError(kept.error, error_code_reason=kept.reason).body if kept.error else None
    return {
        "available_products": ["auth", "balance"],
        "billed_products": kept.products,
        "consent_expiration_time": instant(kept.expires),
        "consented_products": kept.consented,
        "created_at": instant(kept.created),
        "error": error,
        "institution_id": world.institution_id(bank),
        "institution_name": bank.name,
        "item_id": kept.item_id,
        "products": kept.products,
        "update_type": "background",
        "webhook": kept.webhook or "",
    }


def transaction(kept: Item, book: Book, row: Movement, original: bool) -> dict[str, Any]:
    """Schema Transaction. Money that leaves the account is positive.

    :param original: whether the bank's own words were asked for
    """
    slug, key = book.account.slug, row.key or ""
    words = " ".join(row.remittance) or row.counterparty or "-"
    pending_key = book.follows.get(key)
    iban = None
    if row.counterparty_account and not row.counterparty_scheme:
        iban = {"iban": row.counterparty_account, "bic": row.counterparty_bic}
    party = {
        "account_numbers": {"bacs": None, "international": iban} if iban else None,
        "confidence_level": "HIGH",
        "entity_id": None,
        "logo_url": None,
        "name": row.counterparty,
        "type": "merchant",
        "website": None,
    }
    return {
        "account_id": kept.account_id(slug),
        "account_owner": None,
        "amount": number(-row.amount),
        "authorized_date": row.transaction_date.isoformat() if row.transaction_date else None,
        "authorized_datetime": None,
        "check_number": None,
        "counterparties": [party] if row.counterparty else [],
        "date": row.day.isoformat(),
        "datetime": None,
        "iso_currency_code": row.currency,
        "location": dict.fromkeys(
            ("address", "city", "country", "lat", "lon", "postal_code", "region", "store_number")
        ),
        "logo_url": None,
        "merchant_entity_id": None,
        "merchant_name": row.counterparty,
        "name": words[:60],
        "original_description": words if original else None,
        "payment_channel": "other",
        "payment_meta": dict.fromkeys(
            (
                "by_order_of", "payee", "payer", "payment_method", "payment_processor", "ppd_id", "reason",
                "reference_number",
            )
        ),
        "pending": row.status != "BOOK",
        "pending_transaction_id": kept.transaction_id(slug, pending_key) if pending_key else None,
        "personal_finance_category": None,
        "transaction_code": "transfer" if row.bank_code else None,
        "transaction_id": kept.transaction_id(slug, key),
        "transaction_type": "place",
        "unofficial_currency_code": None,
        "website": None,
    }  # fmt: skip


def link_sessions(world: World, visit: Visit) -> list[dict[str, Any]]:
    """``link_sessions`` of ``/link/token/get``: none before the user opened the page."""
    if visit.started is None:
        return []
    bank = world.banks[visit.bank]
    shown = {"institution_id": world.institution_id(bank), "name": bank.name}
    session: dict[str, Any] = {
        "link_session_id": visit.session_id,
        "started_at": instant(visit.started),
        "finished_at": instant(visit.finished),
        "events": [],
    }
    left = None
    if visit.stage == "cancelled":
        metadata = {
            "institution": shown,
            "status": "requires_credentials",
            "link_session_id": visit.session_id,
            "request_id": visit.session_id[:15],
        }
        left = {"error": visit.exit_error, "metadata": metadata}
    added = []
    if visit.public_token:
        accounts = [
            {"id": slug, "name": world.account(visit.bank, slug).label, "mask": None, "type": "depository"}
            for slug in visit.slugs
        ]
        added = [{"public_token": visit.public_token, "accounts": accounts, "institution": shown}]
    if world.early_results:
        early = {"public_token": added[0]["public_token"], "metadata": {"institution": shown}} if added else None
        return [session | {"on_success": early, "on_exit": left}]
    none = ("cra_item_add_results", "cra_update_results", "bank_income_results", "payroll_income_results")
    results = {"item_add_results": added, **{name: [] for name in none}, "document_income_results": None}
    return [session | {"results": results if visit.finished else None, "exit": left}]
