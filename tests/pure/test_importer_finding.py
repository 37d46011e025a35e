# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A look at the bank says what a fetch would do, and writes nothing."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_bank.importer import (
    Decision,
    Finding,
    InboxState,
    KnownRow,
    KnownRows,
    Reason,
    Survey,
    decide,
    fingerprint,
    read_back,
    write_down,
)
from odoo.addons.sync_hub_bank.providers.values import Transaction, TransactionStatus

DAY = date(2026, 6, 17)
FIRST, LOCKED = DAY - timedelta(days=10), DAY - timedelta(days=20)


def bank_row(text: str = "coffee", reference: str = "", *, day: date = DAY, **values) -> Transaction:
    return Transaction(
        booking_date=day,
        amount=values.pop("amount", Decimal("-2.60")),
        currency=values.pop("currency", "EUR"),
        status=values.pop("status", TransactionStatus.BOOKED),
        references=(reference,) if reference else (),
        remittance=(text,),
        **values,
    )


def kept(number: int, row: Transaction, state: InboxState = InboxState.BOOKED, occurrence: int = 1) -> KnownRow:
    return KnownRow(number, fingerprint(row), occurrence, row.booking_date, state, row.references)


def rule(row: Transaction) -> Decision:
    return decide(
        row.status, row.booking_date, row.currency, first=FIRST, lock_date=LOCKED, journal_currency="EUR"
    )


def look(rows, known=(), covered: date | None = None, until: date | None = None):
    """Finding, reason and known row of each row of one page."""
    rows_known = KnownRows(known)
    survey = Survey(rows_known, rule)
    rows_known.next_page()
    survey.take([(row, rows_known.match(row, fingerprint(row))) for row in rows])
    return [
        (found.finding, found.reason, found.row and found.row.id)
        for found in survey.findings(covered, until)
    ]


def test_rows_that_nobody_knows_are_new_or_wait_for_their_reason() -> None:
    assert look(
        [
            bank_row("new"),
            bank_row("old", day=FIRST - timedelta(days=1)),
            bank_row("locked", day=LOCKED),
            bank_row("francs", currency="CHF"),
            bank_row("pending", status=TransactionStatus.PENDING),
        ]
    ) == [
        (Finding.NEW, None, None),
        (Finding.ASIDE, Reason.BEFORE_START, None),
        (Finding.ASIDE, Reason.LOCKED_PERIOD, None),
        (Finding.ASIDE, Reason.OTHER_CURRENCY, None),
        (Finding.PENDING, Reason.PENDING, None),
    ]


def test_rows_that_are_known_are_what_the_inbox_made_of_them() -> None:
    states = {
        InboxState.BOOKED: Finding.BOOKED,
        InboxState.TO_BOOK: Finding.WAITING,
        InboxState.PROPOSED: Finding.WAITING,
        InboxState.DISMISSED: Finding.DISMISSED,
    }
    rows = [bank_row(str(number)) for number in range(len(states))]
    known = [kept(number + 1, row, state) for number, (row, state) in enumerate(zip(rows, states, strict=True))]
    assert [finding for finding, *_more in look(rows, known)] == list(states.values())


def test_two_equal_coffees_of_which_one_is_known_are_one_missing_row() -> None:
    assert look([bank_row(), bank_row()], [kept(7, bank_row())]) == [
        (Finding.BOOKED, None, 7),
        (Finding.NEW, None, None),
    ]


def test_a_bank_that_numbers_its_rows_anew_has_nothing_new() -> None:
    assert look([bank_row(reference="NEW")], [kept(7, bank_row(reference="OLD"))]) == [(Finding.BOOKED, None, 7)]


def test_a_row_whose_content_the_bank_changed_is_the_row_that_it_was() -> None:
    changed = bank_row("corrected", "ID-1")
    assert look([changed], [kept(7, bank_row("typo", "ID-1"))]) == [(Finding.BOOKED, None, 7)]


def test_a_row_with_the_id_of_one_outside_the_days_that_were_asked_for_is_new_and_names_it() -> None:
    later = bank_row("rent", "ID-1", day=DAY + timedelta(days=3))
    earlier = bank_row("rent", "ID-1", day=DAY - timedelta(days=60))
    for known in (later, earlier):
        rows_known = KnownRows([kept(7, known)])
        survey = Survey(rows_known, rule)
        row = bank_row("sale", "ID-1")
        survey.take([(row, rows_known.match(row, fingerprint(row)))])
        (found,) = survey.findings(DAY - timedelta(days=1), DAY + timedelta(days=1))
        assert (found.finding, found.bearer.id) == (Finding.NEW, 7)


def test_a_pending_row_that_the_bank_has_booked_is_new() -> None:
    known = kept(7, bank_row(reference="ID-1"), InboxState.PENDING)
    assert look([bank_row(reference="ID-1")], [known]) == [(Finding.NEW, None, 7)]


def test_what_comes_on_two_pages_is_counted_once() -> None:
    known = KnownRows()
    survey = Survey(known, rule)
    for _page in range(2):
        known.next_page()
        row = bank_row(reference="ID-1")
        survey.take([(row, known.match(row, fingerprint(row)))])
    assert len([*survey.findings(None)]) == 1


AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9)
TEXTS = st.text(max_size=20)


@given(
    st.builds(
        Transaction,
        booking_date=st.dates(),
        amount=AMOUNTS,
        currency=st.sampled_from(["EUR", "USD"]),
        status=st.sampled_from(TransactionStatus),
        references=st.lists(TEXTS, max_size=2).map(tuple),
        value_date=st.none() | st.dates(),
        counterparty=TEXTS,
        remittance=st.lists(TEXTS, max_size=3).map(tuple),
        instructed_amount=st.none() | AMOUNTS,
        exchange_rate=st.none() | AMOUNTS,
        raw=st.dictionaries(TEXTS, st.none() | TEXTS | st.integers()),
    )
)
def test_a_row_that_is_written_down_is_read_back_as_it_was(row: Transaction) -> None:
    again = read_back(json.loads(json.dumps(write_down(row))))
    assert (again, again.raw) == (row, row.raw)
