# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which rows of a bank the journal has already."""

from __future__ import annotations

import doctest
import itertools
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_bank.importer import Entry, Likeness, find_twins, fold, twins

DAY = date(2026, 6, 15)
_numbers = itertools.count(1)


def entry(amount: str = "-25.00", day: int = 0, *, also: int | None = None, **more) -> Entry:
    """A row or a line, so many days after ``DAY``, perhaps known under another day too."""
    days = [DAY + timedelta(days=day)]
    if also is not None:
        days.append(DAY + timedelta(days=also))
    more = {name: frozenset([value]) if name in ("ids", "names") else value for name, value in more.items()}
    return Entry(next(_numbers), tuple(days), Decimal(amount), **more)


def likeness(rows: list[Entry], lines: list[Entry]) -> list[tuple[Entry, Entry, Likeness]]:
    return [(twin.row, twin.line, twin.likeness) for twin in find_twins(rows, lines)]


def count(rows: list[Entry], lines: list[Entry]) -> Counter[Likeness]:
    return Counter(twin.likeness for twin in find_twins(rows, lines))


def only(row: Entry, line: Entry) -> Likeness | None:
    """What one row and one line are to each other; None for nothing."""
    return next((twin.likeness for twin in find_twins([row], [line])), None)


def test_the_examples_in_the_documentation_are_true() -> None:
    assert doctest.testmod(twins).attempted


def test_the_same_id_and_amount_some_days_apart_is_the_same_movement() -> None:
    assert only(entry(ids="a-1", words="rent"), entry(day=3, ids="a-1", words="transfer")) is Likeness.SAME


def test_an_id_that_is_used_again_later_or_for_another_amount_says_nothing() -> None:
    assert only(entry(ids="a-1"), entry(day=4, ids="a-1")) is None
    assert only(entry(ids="a-1"), entry("-25.01", ids="a-1")) is None


def test_day_and_label_make_it_the_same_even_where_one_label_says_more() -> None:
    short, long = fold("Saldo FT/2026/00012"), fold("Azure: saldo FT/2026/00012, grazie")
    assert only(entry(words=long), entry(words=short)) is Likeness.SAME
    assert only(entry(words=short), entry(words=long)) is Likeness.SAME


def test_a_short_word_within_a_long_label_is_no_evidence() -> None:
    assert only(entry(words=fold("fee")), entry(words=fold("coffee and cake"))) is Likeness.LIKE


def test_day_and_other_party_make_it_the_same() -> None:
    assert only(entry(names="azureinterior"), entry(names="azureinterior")) is Likeness.SAME
    assert only(entry(account="IT02L123"), entry(account="IT02L123")) is Likeness.SAME


def test_an_account_number_in_a_shorter_form_is_the_same_account() -> None:
    assert only(entry(account="IT02L1234512345123456789012"), entry(account="1234512345123456789012")) is Likeness.SAME


def test_different_accounts_of_the_other_party_leave_it_to_a_person() -> None:
    line = entry(words="salariesjune", account="IT02L999")
    assert only(entry(words="salariesjune", account="IT02L123"), line) is Likeness.LIKE


def test_a_line_under_the_value_date_is_known_by_its_label() -> None:
    assert only(entry(also=2, words="rentofjune"), entry(day=2, words="rentofjune")) is Likeness.SAME


def test_day_and_amount_alone_leave_it_to_a_person() -> None:
    assert only(entry(words="rent"), entry(words="by hand")) is Likeness.LIKE
    assert only(entry(), entry()) is Likeness.LIKE


def test_so_does_the_same_amount_up_to_three_days_off() -> None:
    for days in (-3, -1, 1, 3):
        assert only(entry(words="rentofjune"), entry(day=days, words="rentofjune")) is Likeness.LIKE
    assert only(entry(), entry(day=4)) is None


def test_another_amount_is_another_movement() -> None:
    assert only(entry("-25.00", words="rentofjune"), entry("25.00", words="rentofjune")) is None


def test_of_three_equal_rows_two_find_their_lines_when_there_are_two() -> None:
    rows = [entry("-2.60", words="barcentrale") for _number in range(3)]
    lines = [entry("-2.60", words="barcentrale") for _number in range(2)]
    assert count(rows, lines) == {Likeness.SAME: 2}
    assert count(rows[:1], lines) == {Likeness.SAME: 1}


def test_one_line_by_hand_holds_back_one_of_two_equal_rows() -> None:
    assert count([entry(), entry()], [entry(words="byhand")]) == {Likeness.LIKE: 1}


def test_the_better_reason_wins_whatever_the_order() -> None:
    first, second = entry(names="azure", words="invoice1"), entry(names="azure", words="invoice2")
    one, two = entry(names="azure", words="invoice1"), entry(names="azure", words="invoice2")
    for rows, lines in itertools.product(itertools.permutations((first, second)), itertools.permutations((one, two))):
        assert {(row.id, line.id) for row, line, _likeness in likeness(list(rows), list(lines))} == {
            (first.id, one.id),
            (second.id, two.id),
        }


def test_equal_payments_on_days_in_a_row_find_each_its_own_day() -> None:
    rows = [entry(day=day, words="barcentrale") for day in range(3)]
    lines = [entry(day=day, words="barcentrale") for day in (1, 0)]
    assert [(row.days, line.days) for row, line, _likeness in likeness(rows, lines)] == [
        (rows[0].days, rows[0].days),
        (rows[1].days, rows[1].days),
    ]


def test_a_whole_day_that_agrees_in_number_and_amounts_is_the_same() -> None:
    rows = [entry("-1.00", words="a"), entry("-2.00", words="b"), entry("-2.00", words="c")]
    lines = [entry("-2.00", words="x"), entry("-1.00", words="y"), entry("-2.00", words="z")]
    assert count(rows, lines) == {Likeness.SAME: 3}


def test_different_accounts_of_the_other_party_count_against_a_day_that_agrees() -> None:
    rows = [entry("-1.00", words="a"), entry("-2.00", words="b", account="IT02L123")]
    lines = [entry("-1.00", words="x"), entry("-2.00", words="y", account="IT02L999")]
    assert count(rows, lines) == {Likeness.SAME: 1, Likeness.LIKE: 1}


def test_a_day_with_a_row_more_is_left_to_a_person() -> None:
    rows = [entry("-1.00"), entry("-2.00"), entry("-3.00")]
    assert count(rows, [entry("-1.00"), entry("-2.00")]) == {Likeness.LIKE: 2}


def test_so_is_a_day_of_one_amount_only() -> None:
    assert count([entry(), entry()], [entry(words="x"), entry(words="y")]) == {Likeness.LIKE: 2}


def test_what_was_recognized_already_counts_for_the_day() -> None:
    rows = [entry("-1.00", words="rentofjune"), entry("-2.00", words="b")]
    lines = [entry("-1.00", words="rentofjune"), entry("-2.00", words="x")]
    assert count(rows, lines) == {Likeness.SAME: 2}


def test_a_stretch_of_days_all_of_whose_lines_the_bank_has_is_the_same() -> None:
    lines = [entry(f"-{day}.00", day, words="x") for day in range(1, 5)]
    rows = [entry(f"-{day}.00", day, words="a") for day in range(1, 5)]
    late = entry("-37.45", 2, words="late")
    assert count([*rows, late], lines) == {Likeness.SAME: 4}


def test_one_line_that_the_bank_does_not_have_leaves_the_stretch_to_a_person() -> None:
    lines = [entry(f"-{day}.00", day, words="x") for day in range(1, 5)]
    rows = [entry(f"-{day}.00", day, words="a") for day in range(1, 4)]
    assert count(rows, lines) == {Likeness.LIKE: 3}


ENTRIES = st.lists(
    st.builds(
        lambda amount, day, words, ids: entry(f"{amount}.00", day, words=words, **({"ids": ids} if ids else {})),
        st.integers(-3, 3),
        st.integers(-5, 5),
        st.sampled_from(["", "rentofjune", "barcentrale"]),
        st.sampled_from(["", "a-1", "a-2"]),
    ),
    max_size=15,
)


@given(ENTRIES, ENTRIES)
def test_each_row_and_each_line_is_used_once_and_nothing_equal_is_overlooked(
    rows: list[Entry], lines: list[Entry]
) -> None:
    found = find_twins(rows, lines)
    assert len({twin.row.id for twin in found}) == len({twin.line.id for twin in found}) == len(found)
    used = {twin.row.id for twin in found} | {twin.line.id for twin in found}
    for row, line in itertools.product(rows, lines):
        near = abs((row.days[0] - line.days[0]).days) <= 3
        assert not near or row.amount != line.amount or {row.id, line.id} & used


@given(ENTRIES)
def test_what_came_through_one_service_is_found_whole_when_it_comes_through_another(lines: list[Entry]) -> None:
    rows = [Entry(next(_numbers), line.days, line.amount, words="other" + line.words) for line in lines]
    assert len(find_twins(rows, lines)) == len(lines)
