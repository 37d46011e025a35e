# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows that change: pending ones, late ones, new ids, loaded statements."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from emulators.enablebanking import BankCode, Exchange, Movement
from emulators.visitor import TODAY
from hypothesis import given
from hypothesis import strategies as st

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


@pytest.fixture
def uid(visitor):
    return visitor.connect()["accounts"][0]["uid"]


def today_rows(visitor, uid):
    return visitor.rows(uid, date_from=TODAY.isoformat())


def test_a_pending_row_is_booked_with_another_id_and_amount(bank, visitor, uid):
    pending = bank.add_pending(amount=Decimal("-100.00"))
    before = today_rows(visitor, uid)[0]
    assert before["status"] == "PDNG" and before["booking_date"] is None
    balance = bank.balance()
    booked = bank.book_pending(key=pending.key)
    after = today_rows(visitor, uid)[0]
    assert after["status"] == "BOOK" and after["booking_date"] == TODAY.isoformat()
    assert after["entry_reference"] != before["entry_reference"]
    assert after["transaction_amount"]["amount"] == "105.00"
    assert bank.balance() == balance - 105 == balance + booked.amount
    assert bank.pending() == []


def test_the_booked_amount_and_day_can_be_given(bank):
    bank.add_pending(amount=Decimal("-100.00"))
    booked = bank.book_pending(amount=Decimal("-99.90"), day=date(2026, 6, 28))
    assert (booked.amount, booked.day) == (Decimal("-99.90"), date(2026, 6, 28))


def test_a_pending_row_can_vanish(bank, visitor, uid):
    bank.add_pending()
    count = len(today_rows(visitor, uid))
    bank.drop_pending()
    assert len(today_rows(visitor, uid)) == count - 1
    with pytest.raises(ValueError, match="Nothing is pending"):
        bank.drop_pending()
    with pytest.raises(ValueError, match="No pending row"):
        bank.book_pending(key="u99")


def test_a_late_row_appears_among_the_old_ones(bank, visitor, uid):
    before = visitor.rows(uid)
    late = bank.add_late(days_ago=12)
    after = visitor.rows(uid)
    new = [row for row in after if row not in [row | {} for row in before]]
    assert [row["booking_date"] for row in new] == ["2026-06-18"]
    assert new[0]["entry_reference"] == late.entry_reference
    days = [row["booking_date"] for row in after]
    assert days == sorted(days, reverse=True)


def test_a_row_may_lie_in_the_future(bank, visitor, uid):
    day = TODAY + timedelta(days=9)
    bank.add_movement(Movement(booking_date=day, amount=Decimal("-3")))
    assert visitor.rows(uid)[0]["booking_date"] == day.isoformat()


def test_the_bank_can_change_all_ids_and_only_them(bank, visitor, uid):
    pending = bank.add_pending()
    before = visitor.rows(uid)
    bank.renumber()
    after = visitor.rows(uid)
    ids = [{row["entry_reference"] for row in rows} for rows in (before, after)]
    assert not ids[0] & ids[1] and len(ids[1]) == len(after) and pending.key

    def without_id(rows):
        return [row | {"entry_reference": None} for row in rows]

    assert without_id(before) == without_id(after)
    bank.renumber()
    assert not ids[1] & {row["entry_reference"] for row in visitor.rows(uid)}


def test_ten_more_rows_are_dated_today_and_different_each_time(bank, visitor, uid):
    before = len(today_rows(visitor, uid))
    first = bank.add_movements(10)
    second = bank.add_movements(10)
    assert len(today_rows(visitor, uid)) == before + 20
    assert {row.day for row in first + second} == {TODAY}
    assert [row.amount for row in first] != [row.amount for row in second]
    assert len({row.entry_reference for row in first + second}) == 20


def test_rows_can_be_added_to_any_account(bank):
    for account in ("usd", "card"):
        before = bank.balance(account=account)
        rows = bank.add_movements(3, account=account)
        assert bank.balance(account=account) == before + sum(row.amount for row in rows)
    assert len(bank.add_movements(500)) == 500


def test_a_customer_can_pay_although_no_invoices_are_known(bank):
    row = bank.customer_pays_invoice("Bank Testowy Wisła")
    assert row.amount > 0 and row.currency == "PLN" and row.day == TODAY
    with pytest.raises(ValueError, match="card"):
        bank.customer_pays_invoice(account="card")


def test_a_loaded_account_serves_its_rows_as_they_are(bank, visitor):
    rows = [
        Movement(
            booking_date=date(2020, 2, 29),
            value_date=date(2020, 3, 2),
            amount=Decimal("-1234.56"),
            currency="PLN",
            counterparty="Żółw S.A.",
            counterparty_account="61109010140000071219812874",
            counterparty_scheme="BBAN",
            remittance=("Zapłata", "FV 1/2020"),
            entry_reference="REF-1",
            bank_code=BankCode("PMNT", "ICDT-ESCT", "Przelew"),
            exchange=Exchange("EUR", Decimal("4.30"), Decimal("287.11"), "EUR"),
            note="!",
        ),
        Movement(booking_date=None, value_date=date(2020, 3, 3), amount=Decimal("0.5"),
                 currency="PLN"),
        Movement(booking_date=None, transaction_date=date(2020, 3, 4), amount=Decimal("-7"),
                 currency="PLN", status="PDNG"),
    ]  # fmt: skip
    bank.load_account("Bank Testowy Wisła", "PL-1", "PLN", Decimal("2000.00"), rows)
    session = visitor.connect("Bank Testowy Wisła", "PL", accounts=["PL-1"])
    account = session["accounts"][0]
    assert account["all_account_ids"][0]["identification"] == "PL-1"
    pending, second, first = visitor.rows(account["uid"], strategy="longest")
    assert first["entry_reference"] == "REF-1"
    assert first["creditor"]["name"] == "Żółw S.A."
    assert first["creditor_account"]["other"]["scheme_name"] == "BBAN"
    assert first["exchange_rate"]["instructed_amount"] == {"currency": "EUR", "amount": "287.11"}
    assert first["remittance_information"] == ["Zapłata", "FV 1/2020"]
    assert first["note"] == "!"
    assert second["booking_date"] is None and second["entry_reference"]
    assert pending["status"] == "PDNG"
    assert bank.balance("Bank Testowy Wisła", "PL-1") == Decimal("765.94")


def test_loading_again_replaces_the_account(bank):
    row = Movement(booking_date=TODAY, amount=Decimal(1))
    for count in (3, 2):
        bank.load_account(None, "IT-9", "EUR", Decimal(0), [row] * count)
        assert bank.balance(account="IT-9") == count
    slugs = [account["slug"] for account in bank.list_banks()[0]["accounts"]]
    assert slugs.count("IT-9") == 1


def test_a_row_needs_a_date():
    with pytest.raises(ValueError):
        Movement(booking_date=None, amount=Decimal(1)).day  # noqa: B018


days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
movements = st.builds(
    Movement,
    booking_date=st.none() | days,
    value_date=st.none() | days,
    amount=st.decimals(-(10**9), 10**9, places=2),
    currency=st.sampled_from(["EUR", "PLN"]),
    counterparty=st.none() | st.text(),
    remittance=st.lists(st.text(), max_size=3).map(tuple),
    entry_reference=st.none() | st.text(),
    bank_code=st.none() | st.builds(BankCode, st.text(), st.none(), st.text()),
    exchange=st.none()
    | st.builds(
        Exchange, st.just("EUR"), st.decimals(1, 9, places=4), st.decimals(1, 9), st.just("USD")
    ),
    status=st.sampled_from(["BOOK", "PDNG"]),
)


@given(movements)
def test_a_row_survives_the_way_through_json(movement):
    assert Movement.from_json(movement.to_json()) == movement
