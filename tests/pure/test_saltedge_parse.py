# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows, accounts, balances and banks of Salt Edge as values."""

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.transport import Answer
from odoo.addons.sync_hub_bank.providers.saltedge.connection import failed_with, is_fetching, status_of, valid_until
from odoo.addons.sync_hub_bank.providers.saltedge.parse import (
    day_of,
    parse_account,
    parse_balances,
    parse_institution,
    parse_transaction,
)
from odoo.addons.sync_hub_bank.providers.values import (
    Balance,
    BalanceKind,
    BankAccount,
    ConsentStatus,
    Institution,
    RejectedRow,
    Transaction,
    TransactionStatus,
)

ROW: dict[str, Any] = {
    "id": "1227390285000000789",
    "account_id": "1227390281937200123",
    "duplicated": False,
    "mode": "normal",
    "status": "posted",
    "made_on": "2026-06-02",
    "amount": Decimal("-72.10"),
    "currency_code": "EUR",
    "description": " CB OFFICE SUPPLY 221 PARIS ",
    "category": "office_supplies",
    "extra": {
        "posting_date": "2026-06-03",
        "payee": " Office Supply ",
        "payee_information": "Customer 17",
        "payer": "Acme SARL",
        "account_number": "fr76 3000 6000 0112 3456 7890 189",
        "end_to_end_id": "E2E-1",
        "original_amount": Decimal("-77.95"),
        "original_currency_code": "USD",
        "exchange_rate": Decimal("1.0812"),
        "type": "card",
        "original_category": "Bureau",
        "reference": "RF07850352502356628678117",
        "additional": "Till 4",
        "account_balance_snapshot": Decimal("2007.20"),
    },
    "created_at": "2026-06-03T10:51:50Z",
    "updated_at": "2026-06-03T10:51:50Z",
}
ACCOUNT: dict[str, Any] = {
    "id": "1227390281937200123",
    "connection_id": "1227390280000000456",
    "name": "Compte courant",
    "nature": "checking",
    "balance": Decimal("2007.20"),
    "currency_code": "EUR",
    "extra": {
        "iban": "FR76 3000 6000 0112 3456 7890 189",
        "swift": "agrifrpp",
        "client_name": "Acme SARL",
        "available_amount": Decimal("1950.00"),
        "closing_balance": Decimal("2000.00"),
        "current_date": "2026-06-03",
    },
    "created_at": "2026-06-03T10:51:44Z",
    "updated_at": "2026-06-04T04:12:09Z",
}


def changed(base: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """``base`` with another value at ``path`` ("a.b")."""
    row = copy.deepcopy(base)
    target, *names = row, *path.split(".")
    for name in names[:-1]:
        target = target[name]
    target[names[-1]] = value
    return row


def one(row: Any) -> Transaction:
    found = parse_transaction(row)
    assert isinstance(found, Transaction)
    return found


def refused(row: Any) -> RejectedRow:
    found = parse_transaction(row)
    assert isinstance(found, RejectedRow)
    return found


# Rows


def test_every_field_of_a_row_has_its_place() -> None:
    assert one(ROW) == Transaction(
        booking_date=date(2026, 6, 3),
        amount=Decimal("-72.10"),
        currency="EUR",
        status=TransactionStatus.BOOKED,
        references=("1227390285000000789",),
        transaction_date=date(2026, 6, 2),
        counterparty="Office Supply",
        counterparty_account="FR7630006000011234567890189",
        remittance=("CB OFFICE SUPPLY 221 PARIS", "RF07850352502356628678117", "Till 4", "Customer 17"),
        creditor_reference="RF07850352502356628678117",
        end_to_end_id="E2E-1",
        transaction_code="card",
        transaction_label="Bureau",
        instructed_amount=Decimal("-77.95"),
        instructed_currency="USD",
        exchange_rate=Decimal("1.0812"),
        balance_after=Decimal("2007.20"),
    )
    assert one(ROW).raw is ROW


def test_the_payer_is_the_counterparty_of_money_that_comes_in() -> None:
    row = one(changed(ROW, "amount", Decimal("72.10")))
    assert (row.amount, row.instructed_amount) == (Decimal("72.10"), Decimal("77.95"))
    assert (row.counterparty, row.counterparty_account) == ("Acme SARL", "")
    assert "Customer 17" not in row.remittance


def test_the_smallest_row_is_enough() -> None:
    row = {"status": "pending", "made_on": "2026-06-02", "amount": 5, "currency_code": "eur"}
    assert one(row) == Transaction(
        date(2026, 6, 2), Decimal(5), "EUR", TransactionStatus.PENDING, transaction_date=date(2026, 6, 2)
    )


def test_a_row_as_the_service_writes_it_keeps_every_digit() -> None:
    text = b'{"amount": -72.10, "status": "posted", "made_on": "2026-06-02", "currency_code": "EUR"}'
    assert str(one(Answer(200, {}, text).json()).amount) == "-72.10"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (Decimal("-72.10"), "-72.10"),
        (72, "72"),
        ("-72.10", "-72.10"),
        (" 72.1 ", "72.1"),
        (Decimal("1.5E+3"), "1500"),
        (Decimal("-0.00"), "0.00"),
        ("-0", "0"),
    ],
)
def test_an_amount_is_a_number_or_a_text(written: Any, amount: str) -> None:
    assert str(one(changed(ROW, "amount", written)).amount) == amount


@pytest.mark.parametrize(
    "written",
    [None, "", "abc", "1,5", "NaN", "1e5", "١٢", True, 1.5, [], {}, Decimal("NaN"), Decimal("1E+400"), 10**30],
    ids=str,
)
def test_what_is_no_amount_is_not_guessed(written: Any) -> None:
    row = refused(changed(ROW, "amount", written))
    assert row.field == "amount"
    assert row.value == ("" if written is None else str(written))


@pytest.mark.parametrize("written", [None, "", "EURO", "E1R", 978, []])
def test_a_row_without_a_currency_is_refused(written: Any) -> None:
    assert refused(changed(ROW, "currency_code", written)).field == "currency_code"


@pytest.mark.parametrize(
    ("posting_date", "made_on", "booked"),
    [
        ("2026-06-03", "2026-06-02", date(2026, 6, 3)),
        (None, "2026-06-02", date(2026, 6, 2)),
        ("", "2026-06-02", date(2026, 6, 2)),
        ("2026-06-03T23:59:00-12:00", "2026-06-02", date(2026, 6, 3)),
        ("2026-06-03 00:01", None, date(2026, 6, 3)),
        ("2026-06-03", "yesterday", date(2026, 6, 3)),
    ],
)
def test_the_day_of_posting_counts_or_else_the_day_it_was_made(posting_date: Any, made_on: Any, booked: date) -> None:
    row = changed(changed(ROW, "extra.posting_date", posting_date), "made_on", made_on)
    assert one(row).booking_date == day_of(row) == booked


@pytest.mark.parametrize(
    ("posting_date", "made_on", "field"),
    [
        ("2026-02-30", "2026-06-02", "extra.posting_date"),
        (None, "2026-02-30", "made_on"),
        (None, None, "made_on"),
        (None, "02/06/2026", "made_on"),
        (None, 20260602, "made_on"),
        (None, "2026-06-021", "made_on"),
    ],
)
def test_a_day_that_does_not_exist_is_not_guessed(posting_date: Any, made_on: Any, field: str) -> None:
    row = changed(changed(ROW, "extra.posting_date", posting_date), "made_on", made_on)
    assert refused(row).field == field


@pytest.mark.parametrize("status", [None, "", "POSTED", "booked", 1, ["posted"]])
def test_an_unknown_status_is_not_guessed(status: Any) -> None:
    assert refused(changed(ROW, "status", status)).field == "status"


@pytest.mark.parametrize(
    ("path", "value", "field", "expected"),
    [
        ("extra.end_to_end_id", "NOTPROVIDED", "end_to_end_id", ""),
        ("extra.reference", "Ref 5", "creditor_reference", ""),
        ("extra.original_currency_code", "EUR", "instructed_amount", None),
        ("extra.original_currency_code", "EUR", "exchange_rate", None),
        ("extra.original_amount", "x", "instructed_currency", ""),
        ("extra.account_balance_snapshot", "x", "balance_after", None),
        ("extra.payee", ["x"], "counterparty", ""),
        ("extra", None, "booking_date", date(2026, 6, 2)),
        ("extra", [], "counterparty", ""),
        ("id", None, "references", ()),
        ("id", 1227390285000000789, "references", ("1227390285000000789",)),
        ("description", None, "remittance", ("RF07850352502356628678117", "Till 4", "Customer 17")),
    ],
)
def test_what_is_odd_in_a_row_is_left_out(path: str, value: Any, field: str, expected: Any) -> None:
    assert getattr(one(changed(ROW, path, value)), field) == expected


def test_a_national_reference_is_taken_where_there_is_no_other() -> None:
    row = changed(changed(ROW, "extra.reference", None), "extra.variable_code", "2026001")
    assert one(row).creditor_reference == "2026001"


@pytest.mark.parametrize(("mode", "code"), [("normal", ""), ("fee", "fee"), ("transfer", "transfer"), (None, "")])
def test_the_mode_of_a_row_is_its_code_where_the_bank_gives_none(mode: Any, code: str) -> None:
    assert one(changed(changed(ROW, "extra.type", None), "mode", mode)).transaction_code == code


@pytest.mark.parametrize("row", [None, 5, "x", []])
def test_what_is_no_row_is_kept_as_it_came(row: Any) -> None:
    found = refused(row)
    assert (found.field, found.raw) == ("transaction", {"row": row})
    assert day_of(row) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.decimals(allow_nan=True),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ROW, *ROW["extra"]]), inner),
    max_leaves=6,
)


@given(st.sampled_from([*ROW, *(f"extra.{name}" for name in ROW["extra"])]), JSON)
def test_no_row_is_too_odd_to_be_told_apart(path: str, value: Any) -> None:
    row = changed(ROW, path, value)
    assert isinstance(parse_transaction(row), Transaction | RejectedRow)
    day_of(row)


@given(JSON)
def test_no_answer_is_too_odd_to_be_read(value: Any) -> None:
    for entry in (value, ACCOUNT | {"extra": value}, ACCOUNT | {"currency_code": value}):
        parse_account(entry)
        parse_institution(entry)
        if isinstance(entry, dict):
            parse_balances(entry)
            is_fetching({"last_attempt": entry})
            failed_with({"last_attempt": entry})
    valid_until([value])


# Accounts and balances


def test_every_field_of_an_account_has_its_place() -> None:
    account = parse_account(ACCOUNT)
    assert account == BankAccount(
        uid="1227390281937200123",
        identifiers=("1227390281937200123", account.identifiers[1]),
        iban="FR7630006000011234567890189",
        bic="AGRIFRPP",
        holder="Acme SARL",
        name="Compte courant",
        currency="EUR",
        kind="CACC",
    )


def test_the_second_identifier_depends_on_the_account_alone() -> None:
    again = ACCOUNT | {"id": "5", "name": "Renamed", "balance": 0, "connection_id": "6"}
    assert parse_account(again).identifiers[1] == parse_account(ACCOUNT).identifiers[1]
    for path, value in (("currency_code", "USD"), ("extra.iban", "FR7612345678901234567890123")):
        other = parse_account(changed(ACCOUNT, path, value))
        assert other.identifiers[1] != parse_account(ACCOUNT).identifiers[1]


@pytest.mark.parametrize(
    ("name", "iban"),
    [
        ("FR7630006000011234567890189", "FR7630006000011234567890189"),
        ("FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("FR7630006000011234567890188", ""),
        ("Compte courant", ""),
        ("", ""),
    ],
)
def test_a_bank_may_give_the_iban_as_the_name(name: str, iban: str) -> None:
    assert parse_account(changed(ACCOUNT, "extra", {}) | {"name": name}).iban == iban


def test_an_account_without_an_iban_has_a_number() -> None:
    account = parse_account(changed(ACCOUNT, "extra", {"account_number": "12345678", "sort_code": "04-00-04"}))
    assert (account.iban, account.number, len(account.identifiers)) == ("", "12345678", 2)
    bare = parse_account(changed(ACCOUNT, "extra", None))
    assert (bare.number, bare.identifiers) == ("", ("1227390281937200123",))


@pytest.mark.parametrize(
    ("nature", "kind"),
    [("savings", "SVGS"), ("credit_card", "CARD"), ("mortgage", "LOAN"), ("ewallet", "OTHR"), ("else", ""), (None, "")],
)
def test_the_nature_of_an_account_is_told_in_iso_words(nature: Any, kind: str) -> None:
    assert parse_account(ACCOUNT | {"nature": nature}).kind == kind


@pytest.mark.parametrize("entry", [None, [], {}, {"id": ""}, {"id": None, "name": "x"}])
def test_an_account_without_a_number_at_the_service_is_none(entry: Any) -> None:
    assert parse_account(entry) is None


def test_balances_are_told_by_the_account() -> None:
    instant = datetime(2026, 6, 4, 4, 12, 9, tzinfo=UTC)
    assert parse_balances(ACCOUNT) == (
        Balance(BalanceKind.CLOSING_BOOKED, Decimal("2000.00"), "EUR", date(2026, 6, 3)),
        Balance(BalanceKind.INTERIM_BOOKED, Decimal("2007.20"), "EUR", None, instant),
        Balance(BalanceKind.AVAILABLE, Decimal("1950.00"), "EUR", None, instant),
    )
    bare = ACCOUNT | {"extra": None, "balance": "x"}
    assert parse_balances(bare) == parse_balances(ACCOUNT | {"currency_code": None}) == ()


# Banks


def test_every_field_of_a_bank_has_its_place() -> None:
    entry = {
        "id": "1",
        "code": "some_bank_fr",
        "name": "Some Bank",
        "country_code": "fr",
        "status": "active",
        "logo_url": "https://logos.example/x.svg",
        "max_consent_days": 180,
        "max_fetch_interval": 365,
        "bic_codes": ["AGRIFRPP", "OTHER"],
        "supported_account_types": ["personal", "business", "shared"],
        "supported_fetch_scopes": ["accounts", "transactions"],
    }
    assert parse_institution(entry) == Institution(
        key="some_bank_fr",
        name="Some Bank",
        country="FR",
        bic="AGRIFRPP",
        logo_url="https://logos.example/x.svg",
        psu_types=("personal", "business"),
        consent_seconds=180 * 86400,
        history_days=365,
    )
    assert parse_institution(entry | {"country_code": "XF"}).beta
    assert parse_institution(entry | {"supported_account_types": ["business"]}).psu_types == ("business",)
    for odd in ({"max_consent_days": None}, {"max_consent_days": 10**9}, {"max_consent_days": "x"}):
        assert parse_institution(entry | odd).consent_seconds is None
    for odd in ({"max_fetch_interval": None}, {"max_fetch_interval": 10**9}, {"max_fetch_interval": "x"}):
        assert parse_institution(entry | odd).history_days is None
    for gone in (
        {"status": "inactive"},
        {"status": "disabled"},
        {"code": ""},
        {"name": None},
        {"country_code": "FRA"},
        {"supported_fetch_scopes": ["accounts"]},
    ):
        assert parse_institution(entry | gone) is None
    least = {name: entry[name] for name in ("code", "name", "country_code")}
    assert parse_institution(least).psu_types == ("business", "personal")


# Connections


NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "consents", "expected"),
    [
        ("active", [], ConsentStatus.VALID),
        ("active", [{"status": "active", "expires_at": None}], ConsentStatus.VALID),
        ("active", [{"status": "active", "expires_at": "2026-06-03T12:00:01Z"}], ConsentStatus.VALID),
        ("active", [{"status": "active", "expires_at": "2026-06-03T12:00:00Z"}], ConsentStatus.ENDED),
        ("active", [{"status": "expired"}, {"status": "revoked"}], ConsentStatus.ENDED),
        ("active", [{"status": "expired"}, {"status": "active"}], ConsentStatus.VALID),
        ("inactive", [{"status": "active"}], ConsentStatus.ENDED),
        ("disabled", [], ConsentStatus.ENDED),
    ],
)
def test_a_connection_stands_as_long_as_a_consent_of_it(status: str, consents: list, expected: ConsentStatus) -> None:
    assert status_of({"status": status}, consents, NOW) is expected


def test_a_connection_that_is_being_made_is_waited_for() -> None:
    connection = {"status": "inactive", "last_attempt": {"finished": False, "fail_error_class": "Old"}}
    assert status_of(connection, [], NOW) is ConsentStatus.WAITING
    assert (is_fetching(connection), failed_with(connection)) == (True, "")


@pytest.mark.parametrize(
    ("attempt", "failed"),
    [
        ({"finished": True, "success_at": "2026-06-03T12:00:00Z", "fail_error_class": None}, ""),
        ({"finished": True, "success_at": None, "fail_at": "x", "fail_error_class": "ProviderError"}, "ProviderError"),
        ({"fail_error_class": "ProviderError"}, "ProviderError"),
        ({"success_at": "2026-06-03T12:00:00Z", "fail_error_class": "ProviderError"}, ""),
        ({}, ""),
        (None, ""),
    ],
)
def test_an_attempt_failed_unless_it_succeeded(attempt: Any, failed: str) -> None:
    assert failed_with({"last_attempt": attempt}) == failed


def test_the_last_end_of_the_active_consents_counts() -> None:
    ends = ["2026-06-03T12:00:00Z", "2026-09-03T12:00:00Z"]
    active = [{"status": "active", "expires_at": end} for end in ends]
    assert valid_until([{"status": "revoked", "expires_at": "2027-01-01T00:00:00Z"}, *active]) == datetime(
        2026, 9, 3, 12, tzinfo=UTC
    )
    assert valid_until([*active, {"status": "active", "expires_at": None}]) is None
    assert valid_until([]) is None


def test_a_raw_row_can_be_kept_as_json() -> None:
    assert json.loads(json.dumps(one(ROW).raw, default=str))["amount"] == "-72.10"
