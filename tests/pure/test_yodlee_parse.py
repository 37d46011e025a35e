# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the adapter makes of Yodlee's JSON, and what the sandbox refuses."""

import doctest
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests
from emulators.yodlee import Emulator
from odoo.addons.sync_hub_bank.providers import iban
from odoo.addons.sync_hub_bank.providers.values import BalanceKind, TransactionStatus
from odoo.addons.sync_hub_bank.providers.yodlee import parse, token
from odoo.addons.sync_hub_bank.providers.yodlee.fastlink import outcome_of
from yodlee_link import Link

pytest_plugins = ["yodlee_fixtures"]

ACCOUNT = {
    "CONTAINER": "bank",
    "id": 10521451,
    "providerId": "16441",
    "accountName": "Business Checking",
    "accountNumber": "xxxx3456",
    "accountStatus": "ACTIVE",
    "accountType": "CHECKING",
    "balance": {"amount": Decimal("9044.78"), "currency": "USD"},
}
ROW = {
    "CONTAINER": "bank",
    "id": 33562085,
    "accountId": 10521451,
    "amount": {"amount": Decimal("72.10"), "currency": "USD"},
    "baseType": "DEBIT",
    "description": {"original": "POS OFFICE SUPPLY 221 SEATTLE", "simple": "Office Supply"},
    "date": "2026-06-03",
    "transactionDate": "2026-06-02",
    "postDate": "2026-06-03",
    "status": "POSTED",
}


def parsed(**changes: Any) -> Any:
    """The one row that comes of ROW with changes."""
    (row,), rejected = parse.parse_transactions([ROW | changes], "10521451")
    assert rejected == ()
    return row


def rejected(**changes: Any) -> tuple[str, str]:
    rows, (row,) = parse.parse_transactions([ROW | changes], "10521451")
    assert rows == ()
    return row.field, row.value


def test_the_doctests_hold() -> None:
    assert doctest.testmod(token).failed == 0


# Rows


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ("POSTED", TransactionStatus.BOOKED),
        ("CLEARED", TransactionStatus.BOOKED),
        (None, TransactionStatus.BOOKED),
        ("PENDING", TransactionStatus.PENDING),
        ("SCHEDULED", TransactionStatus.PENDING),
        ("FAILED", TransactionStatus.CANCELLED),
    ],
)
def test_every_status_has_its_meaning(status: str | None, meant: TransactionStatus) -> None:
    assert parsed(status=status).status is meant


def test_the_day_of_posting_comes_first_then_the_day_that_yodlee_shows_then_that_of_the_transaction() -> None:
    assert parsed(postDate="2026-06-05").booking_date == date(2026, 6, 5)
    assert parsed(postDate=None, date="2026-06-04").booking_date == date(2026, 6, 4)
    assert parsed(postDate=None, date=None).booking_date == date(2026, 6, 2)
    assert parsed(postDate="2026-06-05T23:30:00-08:00").booking_date == date(2026, 6, 5), "as the bank wrote it"


def test_a_base_type_decides_over_the_sign() -> None:
    assert parsed().amount == Decimal("-72.10")
    assert parsed(baseType="CREDIT").amount == Decimal("72.10")
    assert parsed(amount={"amount": Decimal("-72.10"), "currency": "USD"}).amount == Decimal("-72.10")
    assert parsed(amount={"amount": Decimal("-5"), "currency": "USD"}, baseType="CREDIT").amount == 5
    assert str(parsed(amount={"amount": 0, "currency": "USD"}).amount) == "0"


@pytest.mark.parametrize("amount", [None, "", "abc", "1e5", "NaN", True, 10**30, Decimal("1E+300"), 1.5, [], "١٢"])
def test_an_amount_that_is_no_number_is_refused(amount: Any) -> None:
    field, _value = rejected(amount={"amount": amount, "currency": "USD"})
    assert field == "amount.amount"


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "20260603", 20260603, "2026-06"])
def test_a_day_that_does_not_exist_is_refused(day: Any) -> None:
    assert rejected(postDate=day) == ("postDate", str(day))


def test_the_banks_own_number_stands_behind_yodlees() -> None:
    assert parsed(sourceId="B-77").references == ("33562085", "B-77")
    assert parsed(id="33562085").references == ("33562085",)
    assert parsed(id=None).references == ()


def test_a_cheque_is_named_once() -> None:
    assert parsed(checkNumber="1042").remittance == ("POS OFFICE SUPPLY 221 SEATTLE", "1042")
    assert parsed(checkNumber="1042", description={"original": "CHECK 1042"}).remittance == ("CHECK 1042",)


def test_a_text_that_was_rewritten_stands_in_only_where_the_banks_own_is_missing() -> None:
    assert parsed(description={"simple": "Office", "consumer": "Mine"}).remittance == ("Office",)
    assert parsed(description={"consumer": "Mine"}).remittance == ("Mine",)
    assert parsed(description=None).remittance == ()


def test_the_balance_after_a_row_is_kept_in_the_rows_own_currency_only() -> None:
    after = {"amount": Decimal("9044.78"), "currency": "USD"}
    assert parsed(runningBalance=after).balance_after == Decimal("9044.78")
    assert parsed(runningBalance=after, CONTAINER="creditCard").balance_after == Decimal("-9044.78")
    assert parsed(runningBalance=after | {"currency": "EUR"}).balance_after is None


@pytest.mark.parametrize("typed", [{"isManual": True}, {"sourceType": "MANUAL"}])
def test_rows_that_a_user_typed_are_left_out(typed: dict[str, Any]) -> None:
    assert parse.parse_transactions([ROW | typed], "10521451") == ((), ())


def test_rows_of_another_account_are_left_out() -> None:
    assert parse.parse_transactions([ROW], "5") == ((), ())


# Accounts and banks


@pytest.mark.parametrize(
    "change",
    [{"CONTAINER": "investment"}, {"CONTAINER": "reward"}, {"CONTAINER": None}, {"isManual": True}, {"id": None},
     {"accountStatus": "CLOSED"}, {"accountStatus": "DELETED"}, {"accountStatus": "INACTIVE"}],
)  # fmt: skip
def test_what_holds_no_money_or_is_closed_is_no_account(change: dict[str, Any]) -> None:
    assert parse.parse_accounts([ACCOUNT | change, 5, None]) == ()


def test_a_whole_number_that_is_an_iban_is_told_as_one() -> None:
    assert not doctest.testmod(iban).failed
    german = "DE89 3704 0044 0532 0130 00"
    for shown in ({"accountNumber": german}, {"fullAccountNumberList": {"unmaskedAccountNumber": german}}):
        (account,) = parse.parse_accounts([ACCOUNT | shown])
        assert (account.iban, account.number) == ("DE89370400440532013000", "")
    (account,) = parse.parse_accounts([ACCOUNT | {"accountNumber": "DE89370400440532013001"}])
    assert (account.iban, account.number) == ("", "DE89370400440532013001")


def test_accounts_that_look_the_same_keep_only_the_name_that_tells_them_apart() -> None:
    alone = parse.parse_accounts([ACCOUNT])[0]
    both = parse.parse_accounts([ACCOUNT, ACCOUNT | {"id": 7}])
    assert len(alone.identifiers) == 2
    assert [account.identifiers for account in both] == [("yodlee-10521451",), ("yodlee-7",)]
    assert parse.parse_accounts([ACCOUNT, ACCOUNT]) == (alone,)


def test_a_name_that_the_user_gave_is_shown_but_does_not_name_the_account() -> None:
    plain, named = parse.parse_accounts([ACCOUNT]), parse.parse_accounts([ACCOUNT | {"nickname": "Main"}])
    assert (named[0].name, named[0].product) == ("Main", "Business Checking")
    assert named[0].identifiers == plain[0].identifiers


def test_where_the_ledger_balance_is_missing_what_there_is_stands_in_as_another_kind() -> None:
    (balance,) = parse.parse_balances(ACCOUNT | {"lastUpdated": "2026-06-04T05:01:12Z"})
    assert (balance.kind, balance.amount) == (BalanceKind.OTHER, Decimal("9044.78"))
    assert balance.changed_at == datetime(2026, 6, 4, 5, 1, 12, tzinfo=UTC)
    assert parse.parse_balances({"currentBalance": {"amount": "x"}}) == ()


@pytest.mark.parametrize(
    "change",
    [{"id": None}, {"name": " "}, {"countryISOCode": None}, {"countryISOCode": "USA"}, {"status": "Unsupported"}],
)  # fmt: skip
def test_a_bank_that_cannot_be_connected_is_left_out(change: dict[str, Any]) -> None:
    entry = {"id": 1, "name": "Dag Site", "countryISOCode": "US", "status": "Supported"}
    assert parse.parse_institution(entry).key == "1"
    assert parse.parse_institution(entry | change) is None


# The outcome in the address


def test_of_several_banks_the_one_that_worked_is_taken() -> None:
    sites = '[{"providerAccountId": 5, "status": "SUCCESS"}, {"providerAccountId": 6, "status": "FAILED"}]'
    assert outcome_of({"sites": sites}).item == "5"
    assert outcome_of({"sites": sites.replace("SUCCESS", "FAILED")}).item == "6"


@pytest.mark.parametrize(
    "value",
    ["{", "[" * 5000, "[]", "[[]]", "{}", "[5, null]", '{"a": {"providerAccountId": "x/../1"}}'],
    ids=range(7),
)
def test_an_outcome_that_says_nothing_is_nothing(value: str) -> None:
    assert outcome_of({"sites": value, "providerAccountId": "../5"}).item == ""


# The sandbox


def test_the_sandbox_refuses_what_is_not_signed_or_not_allowed(yodlee: Emulator) -> None:
    link = Link(yodlee)
    user = next(iter(yodlee.tokens()))
    version = {"Api-Version": "1.1"}
    for path, headers, expected in (
        ("/accounts", {}, (401, "Y016")),
        ("/accounts", version, (401, "Y007")),
        ("/accounts", version | {"Authorization": "Basic x"}, (401, "Y008")),
        ("/accounts", version | {"Authorization": "Bearer x"}, (401, "Y020")),
        ("/providers?top=501", version | {"Authorization": f"Bearer {user}"}, (400, "Y804")),
    ):
        answer = requests.get(yodlee.url + path, headers=headers, timeout=10)
        assert (answer.status_code, answer.json()["errorCode"]) == expected
    yodlee.advance(minutes=31)
    late = requests.get(f"{yodlee.url}/providers", headers=version | {"Authorization": f"Bearer {user}"}, timeout=10)
    assert late.json()["errorCode"] == "Y023"
    assert link.rows(), "the adapter has asked for another token"


def test_the_sandbox_refuses_a_form_with_a_token_that_is_not_good(yodlee: Emulator) -> None:
    page = requests.post(yodlee.fastlink_url, data={"accessToken": "Bearer x", "extraParams": ""}, timeout=10)
    assert page.status_code == 401
