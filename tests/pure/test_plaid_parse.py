# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Plaid writes, as values: odd records are left out or set aside, and nothing raises."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import Answer
from odoo.addons.sync_hub_bank.providers.plaid.link import link_outcome
from odoo.addons.sync_hub_bank.providers.plaid.parse import (
    parse_accounts,
    parse_balances,
    parse_institutions,
    parse_numbers,
    parse_removed,
    parse_transactions,
)
from odoo.addons.sync_hub_bank.providers.values import BalanceKind, Transaction, TransactionStatus

ROW = {
    "transaction_id": "t-1",
    "account_id": "a-1",
    "amount": 72,
    "iso_currency_code": "EUR",
    "date": "2026-06-03",
    "pending": False,
}
ACCOUNT = {
    "account_id": "a-1",
    "type": "depository",
    "subtype": "checking",
    "mask": "4321",
    "name": "Business Current",
    "balances": {"current": 10, "iso_currency_code": "EUR"},
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def parsed(row: Any) -> Transaction:
    (transaction,), rejected = parse_transactions([row], "a-1")
    assert rejected == ()
    return transaction


# Rows


def test_an_answer_of_the_interface_is_read_whole() -> None:
    row = {
        **ROW,
        "amount": Decimal("72.10"),
        "authorized_date": "2026-06-02",
        "pending_transaction_id": "t-0",
        "name": "OFFICE SUPPLY 221 PARIS",
        "merchant_name": "Office Supply",
        "original_description": None,
        "transaction_code": "purchase",
        "counterparties": [{"name": "Office Supply SA", "type": "merchant", "account_numbers": None}],
        "payment_meta": {"reason": "Invoice 7", "payee": "Someone", "reference_number": "x"},
    }
    assert parsed(row) == Transaction(
        date(2026, 6, 3),
        Decimal("-72.10"),
        "EUR",
        TransactionStatus.BOOKED,
        ("t-1",),
        transaction_date=date(2026, 6, 2),
        counterparty="Office Supply",
        remittance=("OFFICE SUPPLY 221 PARIS", "Invoice 7"),
        transaction_code="purchase",
    )
    assert parsed(row).raw is row


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("72.10", "-72.10"),
        ("-72.1", "72.1"),
        ("0", "0"),
        ("-0.0", "0.0"),
        ("1.5E+3", "-1500"),
        ("12345678901234567890.123456789012", "-12345678901234567890.123456789012"),
        ("0.1", "-0.1"),
    ],
)
def test_money_that_leaves_is_negative_to_the_last_digit(sent: str, expected: str) -> None:
    body = json.dumps({**ROW, "amount": 0}).replace('"amount": 0', f'"amount": {sent}')
    amount = parsed(Answer(200, {}, body.encode()).json()).amount
    assert str(amount) == expected


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": "abc"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": Decimal("Infinity")}, "amount"),
        ({"amount": Decimal("1E+400")}, "amount"),
        ({"amount": "١"}, "amount"),
        ({"date": "2026-02-30"}, "date"),
        ({"date": "03/06/2026"}, "date"),
        ({"date": "20260603"}, "date"),
        ({"date": "2026-W23-3"}, "date"),
        ({"date": None}, "date"),
        ({"iso_currency_code": None}, "iso_currency_code"),
        ({"iso_currency_code": "EURO"}, "iso_currency_code"),
        ({"transaction_id": ""}, "transaction_id"),
        ({"pending": "false"}, "pending"),
        ({"pending": None}, "pending"),
    ],
    ids=str,
)
def test_a_row_without_a_meaning_is_set_aside_with_the_field_that_made_it_so(
    change: dict[str, Any], field: str
) -> None:
    row = {**ROW, **change}
    transactions, (rejected,) = parse_transactions([row], "a-1")
    assert transactions == ()
    assert (rejected.field, rejected.raw) == (field, row)


@given(ANYTHING, st.sampled_from(sorted(ROW)))
def test_no_row_stops_the_others(odd: Any, field: str) -> None:
    transactions, rejected = parse_transactions([odd, {**ROW, field: odd}, ROW], "a-1")
    assert transactions[-1] == parsed(ROW)
    assert len(transactions) + len(rejected) <= 3


@given(ANYTHING)
def test_nothing_odd_beside_the_money_costs_a_row(odd: Any) -> None:
    extras = ("counterparties", "payment_meta", "name", "merchant_name", "authorized_date", "original_description")
    for extra in extras:
        assert parsed({**ROW, extra: odd}).amount == Decimal(-72)
    for party in (odd, {"account_numbers": odd}, {"account_numbers": {"international": odd, "bacs": odd}}):
        assert parsed({**ROW, "counterparties": [party]}).amount == Decimal(-72)


def test_who_only_carried_the_payment_is_the_other_side_only_when_nobody_else_is() -> None:
    carrier = {"name": "Pay App", "type": "payment_app"}
    bacs = {"bacs": {"account": "66374958", "sort_code": "089999"}, "international": None}
    shop = {"name": "Shop", "type": "merchant", "account_numbers": bacs}
    found = parsed({**ROW, "counterparties": [carrier, shop]})
    assert (found.counterparty, found.counterparty_account) == ("Shop", "66374958")
    assert parsed({**ROW, "counterparties": [carrier]}).counterparty == "Pay App"


@pytest.mark.parametrize(("amount", "name"), [(5, "Payee"), (-5, "Payer")])
def test_the_other_side_of_a_transfer_depends_on_its_direction(amount: int, name: str) -> None:
    meta = {"payee": "Payee", "payer": "Payer", "by_order_of": "Agent"}
    assert parsed({**ROW, "amount": amount, "payment_meta": meta}).counterparty == name
    arrived = parsed({**ROW, "amount": -5, "payment_meta": {"by_order_of": "Agent"}})
    assert arrived.counterparty == "Agent"


def test_the_words_of_the_bank_come_before_those_of_plaid() -> None:
    row = {**ROW, "original_description": "AC-OFFICE SUPPLY/221", "name": "Office Supply"}
    assert parsed(row).remittance == ("AC-OFFICE SUPPLY/221",)


def test_rows_of_another_account_are_not_taken() -> None:
    other = {**ROW, "account_id": "a-2"}
    assert parse_transactions([other, ROW], "a-1")[0] == (parsed(ROW),)
    gone = [{"transaction_id": "t-1", "account_id": "a-1"}, {"transaction_id": "t-2", "account_id": "a-2"}]
    odd = [None, {}, {"transaction_id": 5}, {"transaction_id": "t-3"}, gone[0]]
    assert parse_removed([*gone, *odd], "a-1") == ("t-1", "t-3")


# Accounts, balances, banks


def test_accounts_without_transactions_are_left_out() -> None:
    kinds = [
        ("depository", "savings"), ("credit", "credit card"), ("loan", "student"), ("loan", "mortgage"),
        ("investment", "401k"), ("brokerage", "brokerage"), ("other", "other"), (None, None),
    ]  # fmt: skip
    entries = [
        {**ACCOUNT, "account_id": f"a-{place}", "type": kind, "subtype": subtype}
        for place, (kind, subtype) in enumerate(kinds)
    ]
    found = parse_accounts([*entries, "odd", {"type": "depository"}], "ins_1", {})
    assert [(account.uid, account.kind) for account in found] == [("a-0", "SVGS"), ("a-1", "CARD"), ("a-2", "LOAN")]


def test_an_account_is_known_again_by_its_last_digits_unless_two_share_them() -> None:
    def names(institution: str, *entries: dict[str, Any]) -> list[tuple[str, ...]]:
        return [account.identifiers for account in parse_accounts(entries, institution, {})]

    ((uid, digest),) = names("ins_1", ACCOUNT)
    assert uid == "a-1"
    assert names("ins_1", {**ACCOUNT, "account_id": "b-1", "name": "Renamed"}) == [("b-1", digest)]
    for change in ({"mask": "9999"}, {"subtype": "savings"}, {"balances": {"iso_currency_code": "USD"}}):
        assert digest not in names("ins_1", {**ACCOUNT, **change})[0]
    assert digest not in names("ins_2", ACCOUNT)[0]
    assert names("ins_1", ACCOUNT, {**ACCOUNT, "account_id": "a-2"}) == [("a-1",), ("a-2",)]
    assert names("ins_1", {**ACCOUNT, "mask": None}) == [("a-1",)]
    assert names("", ACCOUNT) == [("a-1",)]
    assert names("ins_1", {**ACCOUNT, "persistent_account_id": "p"}) == [("p", "a-1", digest)]


def test_account_numbers_of_every_country_are_understood() -> None:
    numbers = parse_numbers(
        {
            "ach": [{"account_id": "us", "account": "1111222233330000", "routing": "011401533"}],
            "eft": [{"account_id": "ca", "account": "111122223333", "branch": "01140", "institution": "533"}],
            "bacs": [{"account_id": "uk", "account": "66374958", "sort_code": "089999"}, "odd"],
            "international": [
                {"account_id": "uk", "iban": "GB33 BUKB 2020 1555 5555 55", "bic": "bukbgb22"},
                {"account_id": "it", "iban": "IT60X0542811101000000123456", "bic": None},
            ],
        }
    )
    assert numbers == {
        "us": ("", "1111222233330000", ""),
        "ca": ("", "111122223333", ""),
        "uk": ("GB33BUKB20201555555555", "66374958", "BUKBGB22"),
        "it": ("IT60X0542811101000000123456", "", ""),
    }
    (account,) = parse_accounts([{**ACCOUNT, "account_id": "us"}], "ins_1", numbers)
    assert (account.iban, account.number) == ("", "1111222233330000")
    assert parse_numbers(None) == parse_numbers({"ach": None}) == {}


def test_a_balance_that_cannot_be_read_is_left_out() -> None:
    changed = datetime(2026, 6, 3, 8, 0, tzinfo=UTC)
    balances = {
        "current": Decimal("1250.10"),
        "available": None,
        "iso_currency_code": "EUR",
        "last_updated_datetime": "2026-06-03T10:00:00+02:00",
    }
    (booked,) = parse_balances({**ACCOUNT, "balances": balances})
    assert (booked.kind, booked.amount, booked.changed_at) == (
        BalanceKind.INTERIM_BOOKED,
        Decimal("1250.10"),
        changed,
    )
    for odd in (None, {"balances": None}, {"balances": {"current": 5}}, {"balances": {"iso_currency_code": "EUR"}}):
        assert parse_balances(odd) == ()
    crypto = {"current": 5, "iso_currency_code": None, "unofficial_currency_code": "BTC"}
    assert parse_balances({**ACCOUNT, "balances": crypto}) == ()


@given(ANYTHING)
def test_nothing_that_a_bank_writes_raises(odd: Any) -> None:
    parse_institutions(odd)
    parse_institutions({"institution_id": "i", "name": "n", "country_codes": odd})
    parse_balances(odd)
    parse_balances({"balances": odd})
    parse_numbers(odd)
    parse_numbers({"ach": odd, "international": [odd, {"iban": odd, "account_id": "a"}]})
    parse_accounts([odd, {**ACCOUNT, "mask": odd, "balances": odd}], "ins_1", {})
    parse_removed([odd], "a-1")
    link_outcome({"link_sessions": odd})
    link_outcome({"link_sessions": [odd, {"results": odd, "exit": odd, "started_at": odd}]})


# Visits to Link


def session(started: str, **more: Any) -> dict[str, Any]:
    return {"started_at": f"2026-06-03T{started}:00Z", "finished_at": f"2026-06-03T{started}:30Z", **more}


LEFT = {"error": None, "metadata": {"status": "requires_credentials"}}


def added(token: str) -> dict[str, Any]:
    return {"item_add_results": [{"public_token": token, "accounts": [], "institution": None}]}


def test_a_visit_after_one_that_was_cancelled_counts() -> None:
    outcome = link_outcome({"link_sessions": [session("10:00", exit=LEFT), session("11:00", results=added("p-1"))]})
    assert (outcome.finished, outcome.public_tokens, outcome.fault) == (True, ("p-1",), None)


def test_a_bank_that_was_connected_counts_though_the_user_came_again_and_left() -> None:
    outcome = link_outcome({"link_sessions": [session("11:00", exit=LEFT), session("10:00", results=added("p-1"))]})
    assert (outcome.finished, outcome.public_tokens) == (True, ("p-1",))


def test_the_newest_of_several_banks_comes_first() -> None:
    sessions = [session("10:00", results=added("p-1")), session("11:00", results=added("p-2"))]
    assert link_outcome({"link_sessions": sessions}).public_tokens == ("p-2", "p-1")


def test_a_visit_that_goes_on_is_not_finished() -> None:
    for sessions in ([], None, [{"started_at": "2026-06-03T10:00:00Z", "finished_at": None, "results": None}]):
        outcome = link_outcome({"link_sessions": sessions})
        assert (outcome.finished, outcome.fault) == (False, None)


def test_a_visit_that_was_left_last_is_cancelled() -> None:
    outcome = link_outcome({"link_sessions": [session("10:00"), session("11:00", exit=LEFT)]})
    assert outcome.fault.kind is FaultKind.AUTHORIZATION_CANCELLED
    assert not outcome.finished
