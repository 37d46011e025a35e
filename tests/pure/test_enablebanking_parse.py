# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows, accounts, balances and banks of Enable Banking as values."""

import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_bank.providers.enablebanking import const, parse
from odoo.addons.sync_hub_bank.providers.enablebanking.parse import parse_transactions
from odoo.addons.sync_hub_bank.providers.values import (
    Balance,
    BalanceKind,
    BankAccount,
    Institution,
    RejectedRow,
    Transaction,
    TransactionStatus,
)

ROW: dict[str, Any] = {
    "entry_reference": "5561990681",
    "transaction_id": "bm9yZGVhXzEyMw",
    "transaction_amount": {"currency": "EUR", "amount": "72.10"},
    "credit_debit_indicator": "DBIT",
    "status": "BOOK",
    "booking_date": "2026-06-03",
    "value_date": "2026-06-04",
    "transaction_date": "2026-06-02",
    "creditor": {"name": " Office Supply Oy "},
    "creditor_account": {"iban": "fi17 3763 1867 6134 65", "other": None},
    "creditor_agent": {"bic_fi": "NDEAFIHH"},
    "debtor": {"name": "Acme Oy"},
    "debtor_account": {"iban": "FI2112345600000785"},
    "debtor_agent": None,
    "remittance_information": ["RF07850352502356628678117", " Invoice 221 ", "", None],
    "reference_number": "RF07850352502356628678117",
    "reference_number_schema": "INTL",
    "bank_transaction_code": {"description": "Payment", "code": "PMNT", "sub_code": "ICDT-ESCT"},
    "balance_after_transaction": {"currency": "EUR", "amount": "-1995.07"},
    "exchange_rate": {
        "unit_currency": "EUR",
        "exchange_rate": "1.0812",
        "instructed_amount": {"currency": "USD", "amount": "77.95"},
    },
    "merchant_category_code": None,
    "note": None,
}


def changed(path: str = "", value: Any = None) -> dict[str, Any]:
    """ROW with another value at ``path`` ("a.b")."""
    row = copy.deepcopy(ROW)
    target, *names = row, *path.split(".")
    for name in names[:-1]:
        target = target[name]
    target[names[-1]] = value
    return row


def one(row: Any) -> Transaction:
    transactions, rejected = parse_transactions([row])
    assert rejected == ()
    return transactions[0]


def refused(row: Any) -> RejectedRow:
    transactions, rejected = parse_transactions([row])
    assert transactions == ()
    return rejected[0]


def test_every_field_of_a_row_has_its_place() -> None:
    assert one(ROW) == Transaction(
        booking_date=date(2026, 6, 3),
        amount=Decimal("-72.10"),
        currency="EUR",
        status=TransactionStatus.BOOKED,
        references=("5561990681",),
        value_date=date(2026, 6, 4),
        transaction_date=date(2026, 6, 2),
        counterparty="Office Supply Oy",
        counterparty_account="FI1737631867613465",
        counterparty_bic="NDEAFIHH",
        remittance=("RF07850352502356628678117", "Invoice 221"),
        creditor_reference="RF07850352502356628678117",
        end_to_end_id="",
        transaction_code="PMNT-ICDT-ESCT",
        transaction_label="Payment",
        instructed_amount=Decimal("-77.95"),
        instructed_currency="USD",
        exchange_rate=Decimal("1.0812"),
        balance_after=Decimal("-1995.07"),
    )
    assert one(ROW).raw is ROW


def test_the_payer_is_the_counterparty_of_money_that_comes_in() -> None:
    row = one(changed("credit_debit_indicator", "CRDT"))
    assert (row.amount, row.instructed_amount) == (Decimal("72.10"), Decimal("77.95"))
    assert (row.counterparty, row.counterparty_account) == ("Acme Oy", "FI2112345600000785")
    assert row.counterparty_bic == ""


def test_the_smallest_row_the_interface_allows_is_enough() -> None:
    row = {
        "transaction_amount": {"currency": "EUR", "amount": "1"},
        "credit_debit_indicator": "CRDT",
        "status": "BOOK",
        "value_date": "2026-06-04",
    }
    assert one(row) == Transaction(
        date(2026, 6, 4),
        Decimal(1),
        "EUR",
        TransactionStatus.BOOKED,
        value_date=date(2026, 6, 4),
    )


# Money


@pytest.mark.parametrize(
    ("written", "side", "amount"),
    [
        ("72.10", "DBIT", "-72.10"),
        ("-72.10", "DBIT", "-72.10"),
        ("-72.10", "CRDT", "72.10"),
        ("+5", "CRDT", "5"),
        (" 5.00 ", "CRDT", "5.00"),
        ("0.00", "DBIT", "0.00"),
        ("-0.00", "CRDT", "0.00"),
        (".5", "CRDT", "0.5"),
        ("12345678901234567890.12345678901234567890", "DBIT", None),
        (Decimal("72.10"), "DBIT", "-72.10"),
        (Decimal("1.5E+3"), "CRDT", "1500"),
        (72, "DBIT", "-72"),
    ],
)
def test_the_indicator_gives_the_sign_and_no_digit_is_lost(
    written: Any, side: str, amount: str | None
) -> None:
    row = changed("transaction_amount.amount", written)
    row["credit_debit_indicator"] = side
    assert str(one(row).amount) == (amount or f"-{written}")


@pytest.mark.parametrize(
    "written",
    [
        "abc", "", " ", None, "NaN", "Infinity", "-Infinity", "1,50", "1.234,50", "1_000",
        "\uff11\uff12", "1e3", "1e400000000", "--5", "9" * 21, "1.5.0", True, [], {}, 72.1, 10**30,
        Decimal("NaN"), Decimal("Infinity"), Decimal("1E+400000000"), Decimal("1E-400000000"),
    ],
    ids=repr,
)  # fmt: skip
def test_an_amount_that_is_none_rejects_the_row_and_keeps_it(written: Any) -> None:
    row = changed("transaction_amount.amount", written)
    rejected = refused(row)
    assert rejected.field == "transaction_amount.amount"
    assert rejected.value == ("" if written is None else str(written)[:200])
    assert rejected.raw is row


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("transaction_amount", None, "transaction_amount"),
        ("transaction_amount", "72.10", "transaction_amount"),
        ("transaction_amount.currency", None, "transaction_amount.currency"),
        ("transaction_amount.currency", "EURO", "transaction_amount.currency"),
        ("transaction_amount.currency", "€", "transaction_amount.currency"),
        ("transaction_amount.currency", 978, "transaction_amount.currency"),
        ("credit_debit_indicator", None, "credit_debit_indicator"),
        ("credit_debit_indicator", "D", "credit_debit_indicator"),
        ("credit_debit_indicator", [], "credit_debit_indicator"),
        ("status", "XXXX", "status"),
        ("status", None, "status"),
        ("status", ["BOOK"], "status"),
        ("booking_date", "2026-02-30", "booking_date"),
        ("booking_date", "0000-00-00", "booking_date"),
        ("booking_date", "03/06/2026", "booking_date"),
        ("booking_date", 20260603, "booking_date"),
    ],
)
def test_a_row_without_money_day_or_status_is_rejected_with_the_field(
    path: str, value: Any, field: str
) -> None:
    assert refused(changed(path, value)).field == field


def test_a_currency_in_small_letters_is_the_same_currency() -> None:
    assert one(changed("transaction_amount.currency", " eur")).currency == "EUR"


# Days


@pytest.mark.parametrize(
    ("booked", "value", "done", "expected"),
    [
        ("2026-06-03", "2026-06-04", "2026-06-02", date(2026, 6, 3)),
        (None, "2026-06-04", "2026-06-02", date(2026, 6, 4)),
        ("", "2026-06-04", None, date(2026, 6, 4)),
        (None, None, "2026-06-02", date(2026, 6, 2)),
        (None, "0000-00-00", "2026-06-02", date(2026, 6, 2)),
        ("2026-06-03", "2026-02-30", "garbage", date(2026, 6, 3)),
        ("2026-06-03T23:30:00-05:00", None, None, date(2026, 6, 3)),
        ("2026-06-03 00:15:00", None, None, date(2026, 6, 3)),
        (" 2026-06-03 ", None, None, date(2026, 6, 3)),
    ],
)
def test_the_day_is_the_booking_date_then_the_value_date_then_the_transaction_date(
    booked: Any, value: Any, done: Any, expected: date
) -> None:
    row = changed("booking_date", booked)
    row |= {"value_date": value, "transaction_date": done}
    assert one(row).booking_date == expected


@pytest.mark.parametrize(
    ("value", "done", "field", "shown"),
    [
        (None, None, "booking_date", ""),
        ("2026-02-30", None, "value_date", "2026-02-30"),
        (None, "x", "value_date", "x"),
    ],
)
def test_a_row_without_any_possible_day_is_rejected(
    value: Any, done: Any, field: str, shown: str
) -> None:
    row = changed("booking_date")
    row |= {"value_date": value, "transaction_date": done}
    rejected = refused(row)
    assert (rejected.field, rejected.value) == (field, shown)


def test_an_optional_day_that_is_impossible_is_left_out() -> None:
    row = one(changed("value_date", "2026-02-30"))
    assert (row.value_date, row.transaction_date) == (None, date(2026, 6, 2))


# Status


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("BOOK", TransactionStatus.BOOKED),
        ("PDNG", TransactionStatus.PENDING),
        ("HOLD", TransactionStatus.PENDING),
        ("SCHD", TransactionStatus.PENDING),
        ("OTHR", TransactionStatus.PENDING),
        ("CNCL", TransactionStatus.CANCELLED),
        ("RJCT", TransactionStatus.CANCELLED),
    ],
)
def test_only_what_the_bank_calls_booked_is_booked(code: str, status: TransactionStatus) -> None:
    assert one(changed("status", code)).status is status


# References and labels


def test_the_handle_of_a_row_is_never_its_reference() -> None:
    assert one(changed("entry_reference")).references == ()
    assert "bm9yZGVhXzEyMw" not in one(ROW).references


@pytest.mark.parametrize("nothing", ["", " ", "NOTPROVIDED", "notprovided", "NONREF", {}, 1.5])
def test_a_placeholder_is_no_reference(nothing: Any) -> None:
    assert one(changed("entry_reference", nothing)).references == ()


def test_a_reference_that_comes_as_a_number_is_kept_as_text() -> None:
    assert one(changed("entry_reference", 5561990681)).references == ("5561990681",)


def test_the_mandate_of_a_direct_debit_is_no_creditor_reference() -> None:
    row = changed("reference_number", "MANDATE-1")
    assert one(row).creditor_reference == "MANDATE-1"
    row["reference_number_schema"] = "SDDM"
    assert one(row).creditor_reference == ""


@pytest.mark.parametrize(
    ("lines", "remittance"),
    [
        (None, ()),
        ([], ()),
        ("one text", ("one text",)),
        (["a", "a", " b\n"], ("a", "a", "b")),
        ([{"x": 1}, 5], ()),
    ],
)
def test_all_lines_of_the_label_are_kept_in_order(lines: Any, remittance: tuple) -> None:
    assert one(changed("remittance_information", lines)).remittance == remittance


@pytest.mark.parametrize(
    ("line", "end_to_end_id"),
    [
        ("EREF+INV-2026/7 KREF+X SVWZ+Rent", "INV-2026/7"),
        ("SEPA EREF+A1SVWZ+Rent", "A1"),
        ("/TRTP/SEPA/EREF/INV-7//BENM//NAME/Acme/", "INV-7"),
        ("/EREF/INV-7/REMI/text", "INV-7"),
        ("EREF+NOTPROVIDED MREF+1", ""),
        ("SOMEEREF+1", ""),
        ("EREF+", ""),
        ("our EREF is 5", ""),
    ],
)
def test_an_end_to_end_id_is_taken_only_where_the_bank_marks_it(
    line: str, end_to_end_id: str
) -> None:
    assert one(changed("remittance_information", [line])).end_to_end_id == end_to_end_id


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ({"code": "PMNT", "sub_code": "RCDT-ESCT", "description": None}, ("PMNT-RCDT-ESCT", "")),
        ({"code": "12", "description": "Utlandsbetalning"}, ("12", "Utlandsbetalning")),
        ({"sub_code": "32"}, ("32", "")),
        (None, ("", "")),
        ("PMNT", ("", "")),
    ],
)
def test_the_transaction_code_is_joined_as_iso_20022_writes_it(
    code: Any, expected: tuple[str, str]
) -> None:
    row = one(changed("bank_transaction_code", code))
    assert (row.transaction_code, row.transaction_label) == expected


# Counterparty, balance, exchange


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ({"iban": None, "other": {"identification": "123-456", "scheme_name": "BBAN"}}, "123-456"),
        ({"other": {"identification": "FI17 3763", "scheme_name": "IBAN"}}, "FI173763"),
        ({"other": {"identification": "535500******1234", "scheme_name": "CPAN"}}, ""),
        ({"other": "123"}, ""),
        (None, ""),
        ("FI17", ""),
    ],
)
def test_the_account_of_the_counterparty_is_an_account(account: Any, expected: str) -> None:
    assert one(changed("creditor_account", account)).counterparty_account == expected


def test_a_balance_in_another_currency_is_not_the_balance_after_the_row() -> None:
    assert one(changed("balance_after_transaction.currency", "USD")).balance_after is None
    assert one(changed("balance_after_transaction.amount", "x")).balance_after is None


def test_half_an_order_amount_is_left_out() -> None:
    row = one(changed("exchange_rate.instructed_amount.currency"))
    assert (row.instructed_amount, row.instructed_currency) == (None, "")
    assert row.exchange_rate == Decimal("1.0812")


# Nothing breaks the page

ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals()
    | st.text(max_size=12)
    | st.sampled_from(["BOOK", "DBIT", "2026-06-03", "EREF+", "IBAN", "72.10", "EUR"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "iban", "other", "scheme_name", "identification", "amount", "currency",
                 "code", "sub_code", "description", "exchange_rate", "instructed_amount"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(ROW)), ANY_JSON, max_size=6))
def test_whatever_a_bank_writes_is_a_row_or_a_rejected_row(odd: dict[str, Any]) -> None:
    transactions, rejected = parse_transactions([ROW, {**ROW, **odd}, ROW])
    assert len(transactions) + len(rejected) == 3
    assert len(transactions) >= 2
    for row in transactions:
        assert row.amount.is_finite()
        assert isinstance(row.booking_date, date)


@pytest.mark.parametrize("row", [None, "text", 5, [], [ROW]])
def test_an_entry_that_is_no_row_is_kept_too(row: Any) -> None:
    rejected = refused(row)
    assert (rejected.field, rejected.raw) == ("transaction", {"row": row})


def test_rows_keep_the_order_of_the_bank() -> None:
    rows = [changed("entry_reference", name) for name in "cab"]
    rows.insert(1, changed("status"))
    transactions, rejected = parse_transactions(rows)
    assert [row.references[0] for row in transactions] == ["c", "a", "b"]
    assert len(rejected) == 1


# Banks, accounts, balances


def test_a_bank_is_listed_with_what_the_user_must_know() -> None:
    entry = {
        "name": "Nordea ",
        "country": "fi",
        "bic": "NDEAFIHH",
        "logo": "https://enablebanking.com/brands/FI/Nordea/",
        "beta": True,
        "psu_types": ["business"],
        "maximum_consent_validity": 7776000,
        "required_psu_headers": ["Psu-Ip-Address"],
    }
    assert parse.parse_institution(entry) == Institution(
        key="Nordea ",
        name="Nordea",
        country="FI",
        bic="NDEAFIHH",
        logo_url="https://enablebanking.com/brands/FI/Nordea/",
        beta=True,
        psu_types=("business",),
        consent_seconds=7776000,
        attended_headers=("Psu-Ip-Address",),
    )


@pytest.mark.parametrize(
    "entry", [None, {}, {"name": "X"}, {"name": "", "country": "FI"}, {"name": 1, "country": "F"}]
)
def test_a_bank_without_a_name_or_a_country_is_left_out(entry: Any) -> None:
    assert parse.parse_institution(entry) is None


def test_a_logo_is_an_address_and_nothing_else() -> None:
    entry = {"name": "X", "country": "FI", "logo": "javascript:alert(1)"}
    assert parse.parse_institution(entry).logo_url == ""


ACCOUNT = {
    "uid": "07cc67f4-45d6-494b-adac-09b5cbc7e2b5",
    "account_id": {"iban": "FI21 1234 5600 0007 85", "other": None},
    "all_account_ids": [
        {"identification": "FI2112345600000785", "scheme_name": "IBAN"},
        {"identification": "123456-785", "scheme_name": "BBAN"},
    ],
    "account_servicer": {"bic_fi": "NDEAFIHH", "name": "Nordea"},
    "name": "Acme Oy",
    "details": "Operating account",
    "cash_account_type": "CACC",
    "product": "Business account",
    "currency": "EUR",
    "identification_hash": "own",
    "identification_hashes": ["shared", "own"],
}


def test_an_account_is_known_by_its_own_hash_first() -> None:
    assert parse.parse_account(ACCOUNT) == BankAccount(
        uid="07cc67f4-45d6-494b-adac-09b5cbc7e2b5",
        identifiers=("own", "shared"),
        iban="FI2112345600000785",
        number="123456-785",
        bic="NDEAFIHH",
        holder="Acme Oy",
        name="Operating account",
        product="Business account",
        currency="EUR",
        kind="CACC",
    )


def test_an_account_of_several_currencies_has_none() -> None:
    assert parse.parse_account({**ACCOUNT, "currency": "XXX"}).currency == ""


def test_a_card_account_has_its_masked_number() -> None:
    card = {"identification": "535500******1234", "scheme_name": "CPAN"}
    entry = {**ACCOUNT, "account_id": {"other": card}, "all_account_ids": [card]}
    account = parse.parse_account(entry)
    assert (account.iban, account.number) == ("", "535500******1234")


@pytest.mark.parametrize("uid", [None, "", []])
def test_an_account_that_cannot_be_read_is_left_out(uid: Any) -> None:
    assert parse.parse_account({**ACCOUNT, "uid": uid}) is None


def test_every_documented_kind_of_balance_has_its_meaning() -> None:
    expected = {
        "CLBD": BalanceKind.CLOSING_BOOKED,
        "PRCD": BalanceKind.PREVIOUS_BOOKED,
        "ITBD": BalanceKind.INTERIM_BOOKED,
        "OPBD": BalanceKind.OPENING_BOOKED,
        "CLAV": BalanceKind.AVAILABLE,
        "OPAV": BalanceKind.AVAILABLE,
        "ITAV": BalanceKind.AVAILABLE,
        "FWAV": BalanceKind.AVAILABLE,
        "XPCD": BalanceKind.OTHER,
        "VALU": BalanceKind.OTHER,
        "INFO": BalanceKind.OTHER,
        "OTHR": BalanceKind.OTHER,
    }
    for code, kind in expected.items():
        entry = {"balance_type": code, "balance_amount": {"amount": "-1.50", "currency": "EUR"}}
        assert parse.parse_balance(entry) == Balance(kind, Decimal("-1.50"), "EUR")


def test_a_balance_keeps_its_day_and_its_instant() -> None:
    entry = {
        "balance_type": "CLBD",
        "balance_amount": {"amount": "5", "currency": "EUR"},
        "reference_date": "2026-06-03",
        "last_change_date_time": "2026-06-04T08:00:00+02:00",
    }
    balance = parse.parse_balance(entry)
    assert balance.reference_date == date(2026, 6, 3)
    assert balance.changed_at == datetime(2026, 6, 4, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("money", [None, {}, {"amount": "x", "currency": "EUR"}, {"amount": "1"}])
def test_a_balance_without_money_is_left_out(money: Any) -> None:
    assert parse.parse_balance({"balance_type": "CLBD", "balance_amount": money}) is None


@given(st.text(max_size=30) | st.none() | st.integers())
def test_no_instant_breaks_the_reading(text: Any) -> None:
    instant = parse.parse_instant(text)
    assert instant is None or instant.tzinfo is UTC


def test_every_status_of_a_transaction_in_the_documentation_is_known() -> None:
    assert set(const.TRANSACTION_STATUSES) == {
        "BOOK", "CNCL", "HOLD", "OTHR", "PDNG", "RJCT", "SCHD",
    }  # fmt: skip
