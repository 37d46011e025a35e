# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Listings of transactions: pages, keys, filters, order, handles."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from emulators.enablebanking import Movement
from emulators.visitor import TODAY, error_of

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


FIELDS = {
    "entry_reference", "merchant_category_code", "transaction_amount", "creditor",
    "creditor_account", "creditor_agent", "debtor", "debtor_account", "debtor_agent",
    "bank_transaction_code", "credit_debit_indicator", "status", "booking_date", "value_date",
    "transaction_date", "balance_after_transaction", "reference_number",
    "reference_number_schema", "remittance_information",
    "debtor_account_additional_identification", "creditor_account_additional_identification",
    "exchange_rate", "note", "transaction_id",
}  # fmt: skip


@pytest.fixture
def uid(visitor):
    return visitor.connect()["accounts"][0]["uid"]


def listing(visitor, uid, **query):
    return visitor.get(f"/accounts/{uid}/transactions", **query)


def test_rows_have_all_documented_fields_and_match_what_the_bank_keeps(bank, visitor, uid):
    rows = visitor.rows(uid, strategy="longest")
    kept = bank.booked()
    assert len(rows) == len(kept) == 240
    for row, known in zip(rows, reversed(kept), strict=True):
        assert row.keys() == FIELDS
        sign = 1 if row["credit_debit_indicator"] == "CRDT" else -1
        assert not row["transaction_amount"]["amount"].startswith("-")
        assert sign * Decimal(row["transaction_amount"]["amount"]) == known.amount
        assert row["entry_reference"] == known.entry_reference
        assert row["booking_date"] == known.booking_date.isoformat()
        assert row["status"] == "BOOK"
        party, holder = ("debtor", "creditor") if sign > 0 else ("creditor", "debtor")
        assert row[holder] == {"name": "Officina Aurora S.r.l."}
        assert (row[party] or {}).get("name") == known.counterparty
        assert "".join(row["remittance_information"]) == "".join(known.remittance)


def test_pages_have_the_banks_size_and_a_key_until_the_last(bank, visitor, uid):
    assert [len(page) for page in visitor.pages(uid, strategy="longest")] == [100, 100, 40]
    bank.configure(page_size=240)
    assert [len(page) for page in visitor.pages(uid, strategy="longest")] == [240]
    bank.configure(page_size=7)
    pages = visitor.pages(uid, strategy="longest")
    assert len(pages) == 35
    references = [row["entry_reference"] for page in pages for row in page]
    assert len(set(references)) == 240


def test_an_account_without_rows_has_one_empty_page(bank, visitor, uid):
    bank.set_history(0)
    assert listing(visitor, uid).json() == {"transactions": [], "continuation_key": None}
    assert bank.balance() == bank.opening_balance()


def test_a_key_belongs_to_its_parameters_account_and_session(bank, visitor):
    bank.configure(page_size=5)
    bank.set_older_sessions("AUTHORIZED")
    session = visitor.connect()
    one, other = (item["uid"] for item in session["accounts"][:2])
    key = listing(visitor, one, date_from="2026-05-01").json()["continuation_key"]
    good = {"date_from": "2026-05-01", "continuation_key": key}
    assert listing(visitor, one, **good).status_code == 200
    wrong = [
        (one, good | {"date_from": "2026-05-02"}),
        (one, good | {"date_to": "2026-06-01"}),
        (one, good | {"transaction_status": "BOOK"}),
        (one, good | {"strategy": "longest"}),
        (one, {"continuation_key": key}),
        (one, good | {"continuation_key": "abc"}),
        (one, good | {"continuation_key": key[:-4] + "AAAA"}),
        (other, good),
        (visitor.connect()["accounts"][0]["uid"], good),
    ]
    for uid, query in wrong:
        assert error_of(listing(visitor, uid, **query)) == (422, "WRONG_CONTINUATION_KEY")


def test_days_are_included_on_both_ends(bank, visitor, uid):
    days = sorted({row.day for row in bank.booked()})
    start, end = days[-8], days[-3]
    rows = visitor.rows(uid, date_from=start.isoformat(), date_to=end.isoformat())
    expected = [row for row in bank.booked() if start <= row.day <= end]
    assert len(rows) == len(expected)
    assert {row["booking_date"] for row in rows} >= {start.isoformat(), end.isoformat()}


def test_without_a_date_the_bank_gives_ninety_days_and_longest_all(bank, visitor, uid):
    recent = [row for row in bank.booked() if row.day >= TODAY - timedelta(days=90)]
    assert len(visitor.rows(uid)) == len(recent) < 240
    assert len(visitor.rows(uid, strategy="longest")) == 240
    since = visitor.rows(uid, strategy="longest", date_from="2026-06-01", date_to="2026-06-02")
    assert max(row["booking_date"] for row in since) > "2026-06-02"  # date_to is ignored
    assert min(row["booking_date"] for row in since) >= "2026-06-01"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"date_to": "2026-06-01"}, "DATE_TO_WITHOUT_DATE_FROM"),
        ({"date_from": "2026-07-01"}, "DATE_FROM_IN_FUTURE"),
        ({"date_from": "2026-06-02", "date_to": "2026-06-01"}, "WRONG_DATE_INTERVAL"),
        ({"date_from": "01/06/2026"}, "WRONG_REQUEST_PARAMETERS"),
        ({"date_from": "2026-02-30"}, "WRONG_REQUEST_PARAMETERS"),
        ({"date_from": "20260601"}, "WRONG_REQUEST_PARAMETERS"),
        ({"transaction_status": "DONE"}, "WRONG_REQUEST_PARAMETERS"),
        ({"strategy": "shortest"}, "WRONG_REQUEST_PARAMETERS"),
    ],
)
def test_wrong_periods_and_values_are_refused(visitor, uid, query, error):
    assert error_of(listing(visitor, uid, **query)) == (422, error)


def test_rows_can_be_asked_by_status(bank, visitor, uid):
    bank.add_pending()
    bank.add_pending(status="HOLD")
    bank.add_pending(status="SCHD", day=TODAY + timedelta(days=5))
    for status, count in (("PDNG", 1), ("HOLD", 1), ("SCHD", 1), ("CNCL", 0)):
        rows = visitor.rows(uid, transaction_status=status)
        assert [row["status"] for row in rows] == [status] * count
    booked = visitor.rows(uid, transaction_status="BOOK", strategy="longest")
    assert len(booked) == 240
    assert len(visitor.rows(uid, strategy="longest")) == 243


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_across_pending_and_booked_rows_lose_nothing(bank, visitor, uid, order):
    bank.configure(page_size=3, order=order)
    for _ in range(4):
        bank.add_pending()
    rows = visitor.rows(uid, date_from="2026-06-01")
    ends = rows[:4] if order == "newest" else rows[-4:]
    assert [row["status"] for row in ends] == ["PDNG"] * 4
    days = [row["booking_date"] for row in rows if row["booking_date"]]
    assert days == sorted(days, reverse=order == "newest")
    assert len({row["entry_reference"] for row in rows}) == len(rows)


def test_a_handle_opens_the_row_in_its_session_only(bank, visitor):
    bank.set_older_sessions("AUTHORIZED")
    uid = visitor.connect()["accounts"][0]["uid"]
    pending = bank.add_pending()
    rows = visitor.rows(uid, date_from="2026-06-01")
    for row in rows[:5]:
        answer = visitor.get(f"/accounts/{uid}/transactions/{row['transaction_id']}")
        assert answer.json() == row
    assert rows[0]["status"] == "PDNG" and pending.key
    second = visitor.connect()["accounts"][0]["uid"]
    again = visitor.rows(second, date_from="2026-06-01")
    assert [row["entry_reference"] for row in again] == [row["entry_reference"] for row in rows]
    assert not {row["transaction_id"] for row in again} & {row["transaction_id"] for row in rows}
    for handle in (rows[0]["transaction_id"], "nothing", "%00", again[0]["transaction_id"][:-2]):
        answer = visitor.get(f"/accounts/{second}/transactions/{handle}")
        assert error_of(answer) == (404, "TRANSACTION_DOES_NOT_EXIST")
    bank.drop_pending()
    answer = visitor.get(f"/accounts/{uid}/transactions/{rows[0]['transaction_id']}")
    assert error_of(answer) == (404, "TRANSACTION_DOES_NOT_EXIST")


def test_a_hundred_thousand_rows_are_paged_without_loss(bank, visitor, uid):
    bank.set_history(100_000, days=700)
    query = {"date_from": "2026-06-15", "date_to": "2026-06-26"}
    bank.configure(page_size=5000)
    whole = listing(visitor, uid, **query).json()
    assert whole["continuation_key"] is None
    bank.configure(page_size=1000)
    rows = visitor.rows(uid, **query)
    references = [row["entry_reference"] for row in rows]
    assert references == [row["entry_reference"] for row in whole["transactions"]]
    assert len(set(references)) == len(references) > 1000
    first = listing(visitor, uid, strategy="longest").json()
    assert len(first["transactions"]) == 1000 and first["continuation_key"]


def test_long_remittance_comes_in_pieces(bank, visitor, uid):
    text = "Fattura già saldata, " * 12
    bank.add_movement(Movement(booking_date=TODAY, amount=Decimal(5), remittance=(text, "È")))
    row = visitor.rows(uid, date_from=TODAY.isoformat())[0]
    pieces = row["remittance_information"]
    assert [len(piece) for piece in pieces] == [140, 112, 1]
    assert "".join(pieces) == text + "È"


def test_the_order_of_rows_of_one_day_is_kept(bank, visitor, uid):
    day = date(2026, 6, 20)
    for place in range(3):
        bank.add_movement(Movement(booking_date=day, amount=Decimal(1), remittance=(f"n{place}",)))
    rows = visitor.rows(uid, date_from=day.isoformat(), date_to=day.isoformat())
    assert [row["remittance_information"] for row in rows][:3] == [["n2"], ["n1"], ["n0"]]
