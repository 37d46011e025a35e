# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A statement file as customers of the sandbox bank download it."""

from decimal import Decimal

from lxml import etree

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"


def camt053(rows, iban: str, opening: Decimal, currency: str = "EUR") -> str:
    """A CAMT.053 file with one statement of these booked rows (``Movement``), oldest first."""
    document = etree.Element(f"{{{_NAMESPACE}}}Document", nsmap={None: _NAMESPACE})
    message = _add(document, "BkToCstmrStmt")
    header = _add(message, "GrpHdr")
    _add(header, "MsgId", "1")
    _add(header, "CreDtTm", f"{rows[-1].day.isoformat()}T20:00:00")
    statement = _add(message, "Stmt")
    _add(statement, "Id", "2026-06")
    _add(statement, "CreDtTm", f"{rows[-1].day.isoformat()}T20:00:00")
    account = _add(statement, "Acct")
    _add(_add(account, "Id"), "IBAN", iban)
    _add(account, "Ccy", currency)
    closing = opening + sum((row.amount for row in rows), Decimal(0))
    for code, amount, day in (("OPBD", opening, rows[0].day), ("CLBD", closing, rows[-1].day)):
        balance = _add(statement, "Bal")
        _add(_add(_add(balance, "Tp"), "CdOrPrtry"), "Cd", code)
        _add_amount(balance, amount, currency)
        _add(_add(balance, "Dt"), "Dt", day.isoformat())
    for row in rows:
        _add_entry(statement, row, currency)
    return etree.tostring(document, encoding="unicode")


def _add_entry(statement, row, currency: str) -> None:
    entry = _add(statement, "Ntry")
    _add_amount(entry, row.amount, currency)
    _add(entry, "Sts", "BOOK")
    _add(_add(entry, "BookgDt"), "Dt", row.day.isoformat())
    _add(_add(entry, "ValDt"), "Dt", (row.value_date or row.day).isoformat())
    details = _add(_add(entry, "NtryDtls"), "TxDtls")
    if row.entry_reference:
        _add(_add(details, "Refs"), "AcctSvcrRef", row.entry_reference)
    if row.counterparty:
        party = "Dbtr" if row.amount > 0 else "Cdtr"
        _add(_add(_add(details, "RltdPties"), party), "Nm", row.counterparty)
    for text in row.remittance:
        _add(_add(details, "RmtInf"), "Ustrd", text)


def _add_amount(parent, amount: Decimal, currency: str) -> None:
    _add(parent, "Amt", format(abs(amount), "f")).set("Ccy", currency)
    _add(parent, "CdtDbtInd", "CRDT" if amount >= 0 else "DBIT")


def _add(parent, name: str, text: str | None = None):
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    element.text = text
    return element
