# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The JSON objects of the API, field by field, with nulls where banks send nulls.

Shapes: https://enablebanking.com/docs/api/reference (AccountResource, BalanceResource,
Transaction).
"""

from __future__ import annotations

import functools
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from .banks import Account, Bank, BankSettings
from .generator.kinds import wrap
from .ledger import Ledger, Row
from .movement import BankCode, Exchange

BALANCE_NAMES = {
    "CLBD": "Closing booked",
    "ITBD": "Interim booked",
    "ITAV": "Interim available",
    "CLAV": "Closing available",
    "PRCD": "Previously closed booked",
    "OPBD": "Opening booked",
    "XPCD": "Expected",
}


def render_aspsp(bank: Bank, settings: BankSettings, base_url: str) -> dict[str, Any]:
    """A bank as GET /aspsps lists it."""
    rendered: dict[str, Any] = {
        "name": bank.name,
        "country": bank.country,
        "logo": f"{base_url}/logos/{bank.slug}.svg",
        "psu_types": list(bank.psu_types),
        "auth_methods": bank.auth_methods,
        "maximum_consent_validity": bank.consent_days * 86400,
        "sandbox": {
            "users": [
                {"username": user.username, "password": user.password, "otp": user.otp}
                for user in bank.users
            ]
        },
        "beta": bank.beta,
        "bic": bank.bic,
        "required_psu_headers": list(settings.required_psu_headers),
        "payments": [],
        "group": None,
    }
    if bank.group:
        rendered["group"] = {"name": bank.group, "logo": f"{base_url}/logos/{bank.slug}.svg"}
    return rendered


def render_account(account: Account, uid: str | None) -> dict[str, Any]:
    """An AccountResource. ``uid`` is None when the account cannot be read."""
    number = {
        "identification": account.identification,
        "scheme_name": account.scheme,
        "issuer": None,
    }
    by_iban = account.scheme == "IBAN"
    return {
        "uid": uid,
        "account_id": {
            "iban": account.iban if by_iban else None,
            "other": None if by_iban else number,
        },
        "all_account_ids": [number],
        "account_servicer": {
            "bic_fi": account.bic,
            "name": account.bank_name,
            "clearing_system_member_id": None,
        },
        "name": account.holder,
        "details": account.label,
        "usage": "ORGA",
        "cash_account_type": account.kind,
        "product": account.product,
        "currency": account.currency,
        "psu_status": "Account Holder",
        "credit_limit": None,
        "legal_age": None,
        "postal_address": None,
        "identification_hash": account.identification_hash,
        "identification_hashes": account.identification_hashes,
    }


def render_balances(
    ledger: Ledger, settings: BankSettings, today: date, now: datetime
) -> list[dict[str, Any]]:
    """The balances the bank sends. A closing one is as of yesterday evening (its
    ``reference_date``), an interim one includes every booked row, an available one also takes
    off what is pending."""
    yesterday = today - timedelta(days=1)
    amounts = {
        "CLBD": lambda: ledger.balance(yesterday),
        "CLAV": lambda: ledger.balance(yesterday),
        "PRCD": lambda: ledger.balance(yesterday - timedelta(days=1)),
        "OPBD": lambda: ledger.balance(yesterday),
        "ITBD": ledger.balance,
        "ITAV": ledger.available,
        "XPCD": ledger.available,
    }
    dates = {
        "CLBD": yesterday,
        "CLAV": yesterday,
        "PRCD": yesterday - timedelta(days=1),
        "OPBD": today,
    }
    rendered = []
    for kind in settings.balances:
        dated = dates.get(kind) if settings.dated_balances else None
        rendered.append(
            {
                "name": BALANCE_NAMES[kind],
                "balance_amount": _amount(amounts[kind](), ledger.account.currency),
                "balance_type": kind,
                "last_change_date_time": (
                    now.strftime("%Y-%m-%dT%H:%M:%SZ") if kind == "ITAV" else None
                ),
                "reference_date": dated.isoformat() if dated else None,
                "last_committed_transaction": (
                    ledger.last_reference()
                    if kind == "ITBD" and settings.entry_references
                    else None
                ),
            }
        )
    return rendered


def _amount(value: Decimal, currency: str) -> dict[str, str]:
    return {"currency": currency, "amount": format(value, "f")}


def render_transaction(
    row: Row, account: Account, settings: BankSettings, transaction_id: str | None
) -> str:
    """A Transaction as JSON text. The holder of the account stands on the other side of the
    counterparty; ``transaction_amount`` has no sign, ``credit_debit_indicator`` tells it.

    Text and not a dict: a history of 100 000 rows is written here, and what repeats (parties,
    accounts, codes) is encoded once.
    """
    move = row.movement
    incoming = move.amount >= 0
    holder = _party(account.holder, None)
    holder_account = _party_account(account.iban, None) if account.scheme == "IBAN" else "null"
    party = _party(move.counterparty, move.creditor_id)
    party_account = _party_account(move.counterparty_account, move.counterparty_scheme)
    agent = _agent(move.counterparty_bic)
    debtor, debtor_account, debtor_agent = party, party_account, agent
    creditor, creditor_account, creditor_agent = holder, holder_account, "null"
    if not incoming:
        debtor, debtor_account, creditor, creditor_account = (
            creditor, creditor_account, debtor, debtor_account,
        )  # fmt: skip
        debtor_agent, creditor_agent = creditor_agent, debtor_agent
    balance = "null"
    if settings.balance_after and row.balance is not None:
        balance = json.dumps(_amount(row.balance, account.currency))
    width = settings.remittance_width
    remittance = ", ".join(
        _text(piece)
        for text in move.remittance
        for piece in ((text,) if len(text) <= width else wrap(text, width))
    )
    return (
        f'{{"entry_reference": {_text(row.reference if settings.entry_references else None)}'
        f', "merchant_category_code": {_text(move.merchant_category_code)}'
        f', "transaction_amount": {{"currency": {_text(move.currency)}'
        f', "amount": "{abs(move.amount):f}"}}'
        f', "creditor": {creditor}, "creditor_account": {creditor_account}'
        f', "creditor_agent": {creditor_agent}, "debtor": {debtor}'
        f', "debtor_account": {debtor_account}, "debtor_agent": {debtor_agent}'
        f', "bank_transaction_code": {_code(move.bank_code)}'
        f', "credit_debit_indicator": "{"CRDT" if incoming else "DBIT"}"'
        f', "status": {_text(move.status)}, "booking_date": {_day(move.booking_date)}'
        f', "value_date": {_day(move.value_date)}'
        f', "transaction_date": {_day(move.transaction_date)}'
        f', "balance_after_transaction": {balance}'
        f', "reference_number": {_text(move.reference_number)}'
        f', "reference_number_schema": {_text(move.reference_number_schema)}'
        f', "remittance_information": [{remittance}]'
        f', "debtor_account_additional_identification": null'
        f', "creditor_account_additional_identification": null'
        f', "exchange_rate": {_exchange(move.exchange)}, "note": {_text(move.note)}'
        f', "transaction_id": {_text(transaction_id)}}}'
    )


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring(value)


@functools.lru_cache(maxsize=4096)
def _day(value: date | None) -> str:
    return "null" if value is None else f'"{value.isoformat()}"'


@functools.lru_cache(maxsize=8192)
def _party(name: str | None, creditor_id: str | None) -> str:
    if name is None:
        return "null"
    party: dict[str, Any] = {"name": name}
    if creditor_id:
        party["organisation_id"] = {
            "identification": creditor_id,
            "scheme_name": "OTHC",
            "issuer": None,
        }
    return json.dumps(party, ensure_ascii=False)


@functools.lru_cache(maxsize=8192)
def _party_account(identification: str | None, scheme: str | None) -> str:
    if not identification:
        return "null"
    if scheme is None:
        return json.dumps({"iban": identification})
    other = {"identification": identification, "scheme_name": scheme, "issuer": None}
    return json.dumps({"iban": None, "other": other}, ensure_ascii=False)


@functools.lru_cache(maxsize=8192)
def _agent(bic: str | None) -> str:
    return json.dumps({"bic_fi": bic}) if bic else "null"


@functools.lru_cache(maxsize=1024)
def _code(code: BankCode | None) -> str:
    if code is None:
        return "null"
    values = {"description": code.description, "code": code.code, "sub_code": code.sub_code}
    return json.dumps(values, ensure_ascii=False)


def _exchange(exchange: Exchange | None) -> str:
    if exchange is None:
        return "null"
    return json.dumps(
        {
            "unit_currency": exchange.unit_currency,
            "exchange_rate": format(exchange.rate, "f"),
            "rate_type": exchange.rate_type,
            "contract_identification": exchange.contract,
            "instructed_amount": _amount(exchange.instructed_amount, exchange.instructed_currency),
        }
    )
