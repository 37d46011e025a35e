# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Statement files as rows that an emulated bank can serve.

MT940 is read with the library mt-940, camt.053 (versions 02, 04 and 08) with lxml::

    for statement in by_account(read_camt053(path)).values():
        bank.load_account(name, statement.account, statement.currency,
                          statement.implied_opening, statement.rows)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import mt940
from lxml import etree

from .enablebanking.movement import STATUSES, BankCode, Movement

_REVERSALS = {"D": -1, "RC": -1, "C": 1, "RD": 1}
_CODED_DETAILS = re.compile(r"\d{3}([?>])\d\d")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``account`` is an IBAN or another account number; balances are None when
    the file does not tell them in ``currency``."""

    account: str
    currency: str
    opening_balance: Decimal | None
    closing_balance: Decimal | None
    rows: tuple[Movement, ...]

    @property
    def turnover(self) -> Decimal:
        """The sum of the booked rows."""
        booked = (row.amount for row in self.rows if row.status == "BOOK")
        return sum(booked, Decimal(0))

    @property
    def implied_opening(self) -> Decimal:
        """The opening balance with which the rows lead to the closing one. Sample files with
        rows cut out of them have another one printed."""
        if self.closing_balance is None:
            return self.opening_balance or Decimal(0)
        return self.closing_balance - self.turnover


def by_account(statements: Iterable[Statement]) -> dict[tuple[str, str], Statement]:
    """Statements that follow each other, joined by account and currency."""
    joined: dict[tuple[str, str], Statement] = {}
    for statement in statements:
        key = (statement.account, statement.currency)
        before = joined.get(key)
        joined[key] = (
            statement
            if before is None
            else replace(
                before,
                closing_balance=statement.closing_balance,
                rows=(*before.rows, *statement.rows),
            )
        )
    return joined


# -- MT940 -----------------------------------------------------------------------------------


def read_mt940(path: Path) -> list[Statement]:
    """The statements of an MT940 file, in its order."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    # the library keeps one statement's balances only: one message at a time
    return [_mt940_statement(part) for part in re.split(r"(?m)^(?=:20:)", text)[1:]]


def _mt940_statement(text: str) -> Statement:
    # details stay as written: the library knows one bank's way to code them
    parsed = mt940.models.Transactions(processors={"post_transaction_details": []})
    parsed.parse(text)
    opening, closing = (
        parsed.data.get(f"final_{side}_balance") or parsed.data.get(f"intermediate_{side}_balance")
        for side in ("opening", "closing")
    )
    currency = opening.amount.currency
    return Statement(
        account=parsed.data["account_identification"],
        currency=currency,
        opening_balance=opening.amount.amount,
        closing_balance=closing.amount.amount,
        rows=tuple(_mt940_row(item.data, currency) for item in parsed),
    )


def _mt940_row(data: dict[str, object], currency: str) -> Movement:
    details = str(data.get("transaction_details") or "")
    coded = _CODED_DETAILS.match(details)
    fields = _coded_fields(details, coded.group(1)) if coded else {}
    purpose = "".join(text for code, text in fields.items() if "20" <= code <= "29")
    lines = tuple(line.strip() for line in details.splitlines() if line.strip())
    value_date = _plain(data["date"])
    amount = abs(data["amount"].amount)  # type: ignore[attr-defined]
    kind = str(data["id"])
    return Movement(
        booking_date=_plain(data.get("entry_date") or data["date"]),
        value_date=value_date,
        amount=amount * _REVERSALS[str(data["status"])],
        currency=currency,
        counterparty=(fields.get("32", "") + fields.get("33", "")) or None,
        counterparty_account=fields.get("31") or None,
        counterparty_scheme=None if _looks_like_iban(fields.get("31", "")) else "BBAN",
        counterparty_bic=fields.get("30") or None,
        remittance=(purpose,) if purpose else ((fields["00"],) if "00" in fields else lines),
        entry_reference=str(data["bank_reference"]) if data.get("bank_reference") else None,
        bank_code=BankCode("SWIFT", kind, fields.get("00")),
    )


def _plain(day: object) -> date:
    assert isinstance(day, date)
    return date(day.year, day.month, day.day)


def _looks_like_iban(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", text))


def _coded_fields(details: str, separator: str) -> dict[str, str]:
    """``166?00GUTSCHRIFT?20...``: two digits name a field; line ends mean nothing."""
    fields: dict[str, str] = {}
    for part in "".join(details.splitlines()).split(separator)[1:]:
        code, text = part[:2], part[2:]
        fields[code] = fields.get(code, "") + text
    return fields


# -- camt.053 --------------------------------------------------------------------------------


def read_camt053(path: Path) -> list[Statement]:
    """The statements of a camt.053 file, in its order. An entry with several transaction
    details is one row."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.parse(str(path), parser).getroot()
    return [_camt_statement(element) for element in _all(root, "BkToCstmrStmt/Stmt")]


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    """Descendants along ``path``, whatever the namespace (it holds the version)."""
    found = [element]
    for name in path.split("/"):
        found = [
            child
            for parent in found
            for child in parent
            if isinstance(child.tag, str) and etree.QName(child).localname == name
        ]
    return found


def _text(element: etree._Element, *paths: str) -> str | None:
    """The first text that stands at one of ``paths``."""
    for path in paths:
        for found in _all(element, path):
            if found.text and found.text.strip():
                return found.text.strip()
    return None


def _camt_statement(element: etree._Element) -> Statement:
    entries = _all(element, "Ntry")
    balances = list(_camt_balances(element))
    currency = (
        _text(element, "Acct/Ccy")
        or next((item[1] for item in balances if item[0] in ("OPBD", "PRCD")), None)
        or (_all(entries[0], "Amt")[0].get("Ccy") if entries else None)
        or ""
    )
    told = {kind: amount for kind, own, amount in balances if own == currency}
    return Statement(
        account=_text(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id") or "",
        currency=currency,
        opening_balance=told.get("OPBD", told.get("PRCD")),
        closing_balance=told.get("CLBD"),
        rows=tuple(_camt_row(entry) for entry in entries),
    )


def _signed(element: etree._Element) -> Decimal:
    amount = Decimal(_text(element, "Amt") or "0")
    return -amount if _text(element, "CdtDbtInd") == "DBIT" else amount


def _camt_balances(element: etree._Element) -> Iterator[tuple[str, str, Decimal]]:
    for balance in _all(element, "Bal"):
        kind = _text(balance, "Tp/CdOrPrtry/Cd") or ""
        yield kind, _all(balance, "Amt")[0].get("Ccy") or "", _signed(balance)


def _camt_day(element: etree._Element, name: str) -> date | None:
    # the day as written: a date and time keeps the bank's own day, whatever its offset
    text = _text(element, f"{name}/Dt", f"{name}/DtTm")
    return date.fromisoformat(text[:10]) if text else None


def _camt_row(entry: etree._Element) -> Movement:
    amount = _signed(entry)
    details = _all(entry, "NtryDtls/TxDtls")
    side = "Cdtr" if amount < 0 else "Dbtr"
    agent = f"RltdAgts/{side}Agt/FinInstnId"
    # several details are several counterparties: the row then has none
    only = details[0] if len(details) == 1 else None
    iban = other = name = bic = None
    if only is not None:
        name = _text(only, f"RltdPties/{side}/Nm", f"RltdPties/{side}/Pty/Nm")
        iban = _text(only, f"RltdPties/{side}Acct/Id/IBAN")
        other = _text(only, f"RltdPties/{side}Acct/Id/Othr/Id")
        bic = _text(only, f"{agent}/BIC", f"{agent}/BICFI")
    texts = [
        found.text.strip()
        for detail in details
        for found in _all(detail, "RmtInf/Ustrd")
        if found.text and found.text.strip()
    ]
    references = [
        found.text.strip()
        for detail in details
        for found in _all(detail, "RmtInf/Strd/CdtrRefInf/Ref")
        if found.text
    ]
    extra = _text(entry, "NtryDtls/TxDtls/AddtlTxInf", "AddtlNtryInf")
    status = _text(entry, "Sts/Cd", "Sts") or "BOOK"
    code = "BkTxCd/Domn"
    family = _text(entry, f"{code}/Fmly/Cd")
    sub_family = _text(entry, f"{code}/Fmly/SubFmlyCd")
    return Movement(
        booking_date=_camt_day(entry, "BookgDt"),
        value_date=_camt_day(entry, "ValDt"),
        amount=amount,
        currency=_all(entry, "Amt")[0].get("Ccy") or "",
        counterparty=name,
        counterparty_account=iban or other,
        counterparty_scheme=None if iban or not other else "BBAN",
        counterparty_bic=bic,
        remittance=tuple(texts or references or ([extra] if extra else [])),
        entry_reference=_text(entry, "AcctSvcrRef"),
        reference_number=references[0] if len(references) == 1 else None,
        bank_code=BankCode(
            _text(entry, f"{code}/Cd"), f"{family}-{sub_family}" if family else None
        ),
        status=status if status in STATUSES else "OTHR",
    )
