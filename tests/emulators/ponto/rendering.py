# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the service knows as JSON:API resources."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from ..enablebanking.ledger import Row
from ..enablebanking.movement import Movement
from .banks import COLOUR, Bank, id_of
from .world import Link, Synchronization, World


def instant(value: datetime) -> str:
    """As the service writes instants: UTC, milliseconds."""
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


def day(value: date | None) -> str | None:
    """A calendar date as the service writes it: midnight UTC."""
    return None if value is None else f"{value.isoformat()}T00:00:00.000Z"


def institution(bank: Bank, host: str) -> dict[str, Any]:
    """A financialInstitution."""
    return {
        "type": "financialInstitution",
        "id": bank.uid,
        "attributes": {
            "name": bank.name,
            "bic": bank.bic,
            "country": bank.country,
            "logoUrl": f"{host}/logos/{bank.slug}.svg",
            "status": bank.status,
            "deprecated": bank.deprecated,
            "maintenanceType": bank.maintenance,
            "maintenanceFrom": None,
            "maintenanceTo": None,
            "sharedBrandName": None,
            "sharedBrandReference": None,
            "primaryColor": COLOUR,
            "secondaryColor": "#ffffff",
            "timeZone": "Europe/Brussels",
        },
    }


def account(world: World, link: Link, root: str) -> dict[str, Any]:
    """An account."""
    found, ledger, bank = link.account, world.ledger(link.account), world.bank(link.account.bank)
    referred = day(world.today())
    changed = instant(link.synchronized)
    attributes: dict[str, Any] = {
        "subtype": found.kind,
        "reference": found.iban,
        "referenceType": "IBAN" if found.iban[:2].isalpha() else "BBAN",
        "currency": found.currency,
        "product": found.product,
        "description": found.label,
        "holderName": found.holder,
        "internalReference": id_of("internal", link.uid),
        "deprecated": link.deprecated,
        "authorizedAt": instant(link.authorized),
        "authorizationExpirationExpectedAt": instant(link.expires),
    }
    for name, amount in (("current", ledger.balance()), ("available", ledger.available())):
        attributes |= {
            f"{name}Balance": float(amount),
            f"{name}BalanceReferenceDate": referred,
            f"{name}BalanceChangedAt": changed,
            f"{name}BalanceVariationObservedAt": changed,
        }
    return {
        "type": "account",
        "id": link.uid,
        "attributes": attributes,
        "relationships": {
            "financialInstitution": {
                "data": {"type": "financialInstitution", "id": bank.uid},
                "links": {"related": f"{root}/financial-institutions/{bank.uid}"},
            },
            "transactions": {
                "links": {"related": f"{root}/accounts/{link.uid}/transactions", "meta": {"type": "transaction"}}
            },
        },
        "meta": {
            "synchronizedAt": instant(link.synchronized),
            "availability": "readonly" if link.expires <= world.now() else "available",
            "latestSynchronization": link.latest and synchronization(link.latest),
        },
    }


def synchronization(sync: Synchronization) -> dict[str, Any]:
    """A synchronization."""
    return {
        "type": "synchronization",
        "id": sync.uid,
        "attributes": {
            "resourceType": "account",
            "resourceId": sync.link,
            "subtype": sync.subtype,
            "status": sync.status,
            "errors": sync.errors,
            "createdAt": instant(sync.created),
            "updatedAt": instant(sync.updated),
        },
    }


def booked(world: World, link: Link, row: Row, root: str) -> dict[str, Any]:
    """A transaction."""
    uid = transaction_id(link, row.handle)
    attributes = _attributes(row.movement, link) | world.changed(link.account, row.handle)
    return _transaction("transaction", uid, attributes, link, root)


def pending(link: Link, movement: Movement, root: str) -> dict[str, Any]:
    """A pendingTransaction; once it is booked it has another id."""
    uid = id_of("pending", link.uid, movement.key)
    return _transaction("pendingTransaction", uid, _attributes(movement, link), link, root)


def transaction_id(link: Link, handle: str) -> str:
    """The id of a row, the same as long as the account stays linked."""
    return id_of("transaction", link.uid, handle)


def _transaction(kind: str, uid: str, attributes: dict[str, Any], link: Link, root: str) -> dict[str, Any]:
    related = {"related": f"{root}/accounts/{link.uid}"}
    return {
        "type": kind,
        "id": uid,
        "attributes": attributes,
        "relationships": {"account": {"data": {"type": "account", "id": link.uid}, "links": related}},
    }


def _attributes(move: Movement, link: Link) -> dict[str, Any]:
    code = move.bank_code
    made = instant(link.synchronized)
    content = f"{move.day}|{move.amount}|{move.currency}|{move.remittance}|{move.counterparty}"
    return {
        "amount": float(move.amount),
        "currency": move.currency,
        "executionDate": day(move.booking_date or move.transaction_date),
        "valueDate": day(move.value_date),
        "counterpartName": move.counterparty,
        "counterpartReference": move.counterparty_account,
        "remittanceInformation": move.reference_number or "\n".join(move.remittance) or None,
        "remittanceInformationType": "structured" if move.reference_number else "unstructured",
        "description": code.description if code else None,
        "endToEndId": "NOTPROVIDED",
        "mandateId": None,
        "creditorId": move.creditor_id,
        "purposeCode": None,
        "bankTransactionCode": f"{code.code}-{code.sub_code}" if code and code.code else None,
        "proprietaryBankTransactionCode": None,
        "additionalInformation": move.note,
        "cardReference": None,
        "cardReferenceType": None,
        "fee": None,
        "internalReference": f"ref-{hashlib.sha256(content.encode()).hexdigest()[:12]}",
        "digest": hashlib.sha256(content.encode()).hexdigest(),
        "createdAt": made,
        "updatedAt": made,
    }
