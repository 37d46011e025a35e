# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A row of the bank as JSON and back: for what a user looks at before anything is imported."""

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from odoo.addons.sync_hub_bank.providers.values import Transaction, TransactionStatus

_DATES = {"booking_date", "value_date", "transaction_date"}
_NUMBERS = {"amount", "instructed_amount", "exchange_rate", "balance_after"}
_LISTS = {"references", "remittance"}


def write_down(transaction: Transaction) -> dict[str, Any]:
    """A row as JSON values; what is empty is left out."""
    values = {field.name: getattr(transaction, field.name) for field in fields(transaction)}
    filled = {name: value for name, value in values.items() if value not in (None, "", ())}
    return json.loads(json.dumps(filled, default=str))


def read_back(values: dict[str, Any]) -> Transaction:
    """The row that was written down. Numbers of the bank's own record stay the texts that they became."""
    given: dict[str, Any] = {}
    for name, value in values.items():
        if name in _DATES:
            value = date.fromisoformat(value)
        elif name in _NUMBERS:
            value = Decimal(value)
        elif name in _LISTS:
            value = tuple(value)
        elif name == "status":
            value = TransactionStatus(value)
        given[name] = value
    return Transaction(**given)
