# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Ponto writes, and what Sync Hub understands of it."""

import doctest
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from odoo.addons.sync_hub_bank.providers.ponto import fields, signature
from odoo.addons.sync_hub_bank.providers.ponto.parse import (
    authorization_error,
    parse_account,
    parse_balances,
    parse_institution,
    parse_transactions,
    synchronization_errors,
)
from odoo.addons.sync_hub_bank.providers.values import Balance, BalanceKind, TransactionStatus

ACCOUNT = {
    "type": "account",
    "id": "1c020714-759c-4ee6-ae87-5ce667937e77",
    "attributes": {
        "subtype": "checking",
        "reference": "BE68 5390 0754 7034",
        "referenceType": "IBAN",
        "currency": "EUR",
        "product": "Business account",
        "description": "Zichtrekening",
        "holderName": "Acme BV",
        "deprecated": False,
        "currentBalance": Decimal("1995.07"),
        "currentBalanceReferenceDate": "2026-06-03T00:00:00.000Z",
        "currentBalanceChangedAt": "2026-06-03T22:05:00.000Z",
        "availableBalance": "1990",
    },
    "meta": {"synchronizedAt": "2026-06-04T06:01:00.000Z"},
}
ROW = {
    "type": "transaction",
    "id": "ce1b8ac0-21b3-4e3a-9a0e-0d4e9a3a9c11",
    "attributes": {
        "amount": Decimal("-72.10"),
        "currency": "EUR",
        "executionDate": "2026-06-03T00:00:00.000Z",
        "valueDate": "2026-06-04T00:00:00.000Z",
        "counterpartName": "Office Supply NV",
        "counterpartReference": "BE62510007547061",
        "remittanceInformation": "first\n second ",
        "remittanceInformationType": "unstructured",
        "endToEndId": "INV-1",
    },
}


def account(**told: Any) -> dict[str, Any]:
    return {**ACCOUNT, "attributes": {**ACCOUNT["attributes"], **told}}


def row(**told: Any) -> dict[str, Any]:
    return {**ROW, "attributes": {**ROW["attributes"], **told}}


def one(**told: Any) -> Any:
    transactions, rejected = parse_transactions([row(**told)], TransactionStatus.BOOKED)
    return (*transactions, *rejected)[0]


@pytest.mark.parametrize("module", [fields, signature])
def test_the_examples_in_the_code_are_true(module: Any) -> None:
    outcome = doctest.testmod(module)
    assert outcome.attempted and not outcome.failed


# Banks


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"id": "1", "attributes": {"name": "Bank"}},
        {"id": "", "attributes": {"name": "Bank", "country": "BE"}},
        {"id": "1", "attributes": {"name": "Bank", "country": "BE", "deprecated": True}},
    ],
)
def test_a_bank_that_cannot_be_chosen_is_left_out(entry: Any) -> None:
    assert parse_institution(entry) is None


@pytest.mark.parametrize(("status", "beta"), [("stable", False), ("beta", True), ("experimental", True), (None, False)])
def test_a_bank_on_trial_is_marked(status: Any, beta: bool) -> None:
    told = {"name": "Bank", "country": "be", "status": status, "logoUrl": "javascript:alert(1)"}
    bank = parse_institution({"id": "1", "attributes": told})
    assert (bank.key, bank.country, bank.beta, bank.logo_url) == ("1", "BE", beta, "")


# Accounts


def test_an_account_is_read_whole() -> None:
    found = parse_account(ACCOUNT)
    assert (found.uid, found.iban, found.number) == (ACCOUNT["id"], "BE68539007547034", "")
    assert (found.holder, found.name, found.product) == ("Acme BV", "Zichtrekening", "Business account")
    assert (found.currency, found.kind) == ("EUR", "CACC")


def test_the_same_account_in_another_currency_is_another_one() -> None:
    known = {parse_account(account(currency=code)).identifiers for code in ("EUR", "USD", "EUR")}
    assert len(known) == 2


def test_a_number_is_the_same_however_it_is_spaced() -> None:
    assert parse_account(ACCOUNT).identifiers == parse_account(account(reference="BE68539007547034")).identifiers


@pytest.mark.parametrize(
    ("subtype", "kind"),
    [("savings", "SVGS"), ("card", "CARD"), ("securities", "OTHR"), ("psp", "OTHR"), ("new", ""), (None, "")],
)
def test_a_kind_of_account_has_the_name_of_the_standard(subtype: Any, kind: str) -> None:
    assert parse_account(account(subtype=subtype)).kind == kind


def test_an_account_without_iban_keeps_its_number() -> None:
    found = parse_account(account(reference="shop@acme.example", referenceType="email"))
    assert (found.iban, found.number) == ("", "shop@acme.example")
    assert parse_account(account(reference=None)).identifiers != found.identifiers


@pytest.mark.parametrize("entry", [None, [], {}, {"attributes": {}}, account(deprecated=True)])
def test_an_account_that_cannot_be_used_is_left_out(entry: Any) -> None:
    assert parse_account(entry) is None


def test_balances_say_for_which_day_they_are() -> None:
    assert parse_balances(ACCOUNT) == (
        Balance(
            BalanceKind.INTERIM_BOOKED,
            Decimal("1995.07"),
            "EUR",
            date(2026, 6, 3),
            datetime(2026, 6, 3, 22, 5, tzinfo=UTC),
        ),
        # Without a day of the bank's, that of the question.
        Balance(BalanceKind.AVAILABLE, Decimal(1990), "EUR", date(2026, 6, 4)),
    )


def test_a_balance_that_cannot_be_read_is_left_out() -> None:
    (available,) = parse_balances(account(currentBalance="much"))
    assert available.kind is BalanceKind.AVAILABLE
    assert parse_balances(account(currency=None)) == ()
    assert parse_balances(None) == ()


def test_only_a_synchronization_that_failed_has_errors() -> None:
    errors = [{"code": "authorizationInvalid"}, 7]
    for status, found in (("error", ({"code": "authorizationInvalid"},)), ("success", ()), (None, ())):
        sync = {"attributes": {"status": status, "errors": errors}}
        assert synchronization_errors(sync) == found
        entry = {"meta": {"latestSynchronization": sync}}
        assert authorization_error(entry) == (found[0] if found else {})
    assert synchronization_errors({"attributes": {"status": "error", "errors": None}}) == ()


# Rows


def test_a_row_is_read_whole() -> None:
    found = one()
    assert (found.booking_date, found.value_date) == (date(2026, 6, 3), date(2026, 6, 4))
    assert (found.amount, found.currency, found.references) == (Decimal("-72.10"), "EUR", (ROW["id"],))
    assert found.remittance == ("first", "second")
    assert found.end_to_end_id == "INV-1"
    assert found.raw == ROW


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (5, "5"),
        (Decimal("-0.01"), "-0.01"),
        (" +12.50 ", "12.50"),
        ("-72.10", "-72.10"),
        (Decimal("1.5E+3"), "1500"),
        (Decimal("-0.0"), "0.0"),
        ("-0", "0"),
    ],
)
def test_an_amount_is_read_in_whatever_form_it_comes(written: Any, amount: str) -> None:
    assert str(one(amount=written).amount) == amount


@pytest.mark.parametrize(
    "written", [None, "", "abc", "1,50", "1e5", "NaN", "٣", True, [], 10**30, Decimal("1E+40"), Decimal("Infinity")]
)
def test_an_amount_that_is_no_number_rejects_the_row(written: Any) -> None:
    found = one(amount=written)
    assert (found.field, found.raw["id"]) == ("amount", ROW["id"])


@pytest.mark.parametrize("written", ["2026-02-30T00:00:00.000Z", "03.06.2026", "2026-06-0", 20260603, "2026-06-03x"])
def test_a_day_that_does_not_exist_rejects_the_row(written: Any) -> None:
    found = one(executionDate=written)
    assert (found.field, found.value) == ("executionDate", str(written))


@pytest.mark.parametrize(
    "written", ["2026-06-03", "2026-06-03T00:00:00.000Z", "2026-06-03T00:00:00+02:00", "2026-06-03T23:30:00-10:00"]
)
def test_a_day_is_the_one_that_is_written(written: str) -> None:
    assert one(executionDate=written).booking_date == date(2026, 6, 3)


def test_a_row_without_any_day_is_rejected() -> None:
    assert one(executionDate=None, valueDate=None).field == "executionDate"
    assert one(executionDate=None, valueDate="soon").field == "valueDate"


def test_a_structured_communication_is_a_creditor_reference() -> None:
    found = one(remittanceInformation="RF18539007547034", remittanceInformationType="structured")
    assert (found.creditor_reference, found.remittance) == ("RF18539007547034", ("RF18539007547034",))


@pytest.mark.parametrize("written", ["NOTPROVIDED", "notprovided", "NONREF", None, ""])
def test_a_reference_that_says_nothing_is_none(written: Any) -> None:
    assert one(endToEndId=written).end_to_end_id == ""


def test_further_information_stands_in_for_a_missing_text() -> None:
    assert one(remittanceInformation=None, additionalInformation="Carta 1234").remittance == ("Carta 1234",)
    assert one(additionalInformation="Carta 1234").remittance == ("first", "second")


def test_the_banks_own_code_stands_in_for_a_missing_one() -> None:
    assert one(bankTransactionCode=None, proprietaryBankTransactionCode="48").transaction_code == "48"
    assert one(bankTransactionCode="PMNT", proprietaryBankTransactionCode="48").transaction_code == "PMNT"


@pytest.mark.parametrize("entry", [None, 7, [], "text", {"id": "1"}, {"id": "1", "attributes": []}])
def test_what_is_no_row_is_kept_apart_whole(entry: Any) -> None:
    (transactions, (rejected,)) = parse_transactions([entry], TransactionStatus.PENDING)
    assert transactions == ()
    assert rejected.field == "transaction"
    assert rejected.raw == (entry if isinstance(entry, dict) else {"row": entry})


def test_a_row_without_an_id_has_no_reference() -> None:
    ((found,), _rejected) = parse_transactions([{**ROW, "id": None}], TransactionStatus.PENDING)
    assert (found.references, found.status) == ((), TransactionStatus.PENDING)
