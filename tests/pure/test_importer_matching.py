# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever a bank does with its ids and pages, the inbox keeps each of its rows once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.sync_hub_bank.importer import (
    InboxState,
    KnownRow,
    KnownRows,
    MatchKind,
    Verdict,
    fingerprint,
    settle,
)
from odoo.addons.sync_hub_bank.providers.values import Transaction, TransactionStatus

DAY = date(2026, 6, 17)


def bank_row(
    text: str = "coffee",
    reference: str = "",
    *,
    amount: str = "-2.60",
    day: date = DAY,
    pending: bool = False,
) -> Transaction:
    return Transaction(
        booking_date=day,
        amount=Decimal(amount),
        currency="EUR",
        status=TransactionStatus.PENDING if pending else TransactionStatus.BOOKED,
        references=(reference,) if reference else (),
        remittance=(text,),
    )


class Inbox:
    """The rows that are kept, by id, with the content that each stands for: what the database is to the addon."""

    def __init__(self) -> None:
        self.rows: dict[int, KnownRow] = {}
        self.contents: dict[int, str] = {}
        self._next = 1

    def fetch(self, pages: Iterable[Sequence[Transaction]], slices: int = 0) -> KnownRows:
        """Land pages; after every ``slices`` pages all but what a checkpoint holds is forgotten."""
        known = KnownRows(self.rows.values())
        for number, page in enumerate(pages):
            if slices and number and number % slices == 0:
                known = KnownRows(self.rows.values(), known.claimed())
            known.next_page()
            new = []
            for transaction in page:
                match = known.match(transaction, fingerprint(transaction))
                if match.kind is MatchKind.NEW:
                    new.append((transaction, match))
                elif match.kind is MatchKind.SAME:
                    row = self.rows[match.row.id]
                    if match.reference:
                        row = replace(row, references=(match.reference, *row.references))
                    if row.state is InboxState.PENDING and transaction.status == TransactionStatus.BOOKED:
                        row = replace(row, state=InboxState.TO_BOOK)
                        known.keep(row)
                    self.rows[row.id] = row
            for transaction, match in new:
                known.keep(self._keep(transaction, match), transaction.references[0] if transaction.references else "")
        return known

    def _keep(self, transaction: Transaction, match) -> KnownRow:
        pending = transaction.status == TransactionStatus.PENDING
        row = KnownRow(
            self._next,
            match.fingerprint,
            match.occurrence,
            transaction.booking_date,
            InboxState.PENDING if pending else InboxState.TO_BOOK,
            (match.reference,) if match.reference else (),
            match.contested,
        )
        self._next += 1
        taken = {reference for other in self.rows.values() for reference in other.references[:1]}
        assert not taken & set(row.references), "the database refuses one id on two rows"
        places = {(other.fingerprint, other.occurrence) for other in self.rows.values()}
        assert (row.fingerprint, row.occurrence) not in places, "the database refuses one place twice"
        self.rows[row.id] = row
        self.contents[row.id] = transaction.remittance[0]
        return row

    def complete(self, known: KnownRows, covered: date | None = None) -> list[Verdict]:
        """Settle a whole fetch, let pending rows go that did not come, and book the others."""
        verdicts = []
        for settlement in list(settle(known, covered)):
            verdicts.append(settlement.verdict)
            stays, goes = settlement.stays, settlement.goes
            if settlement.verdict is Verdict.DOUBTFUL:
                continue
            if settlement.verdict is Verdict.CHANGED:
                self.contents[stays.id] = self.contents[goes.id]
                changed = {"fingerprint": goes.fingerprint, "occurrence": goes.occurrence}
                state = InboxState.TO_BOOK if stays.state is InboxState.PENDING else stays.state
                self.rows[stays.id] = replace(self.rows[stays.id], **changed, state=state)
            elif known.has_come(goes):
                references = (*self.rows[goes.id].references, *self.rows[stays.id].references)
                self.rows[stays.id] = replace(self.rows[stays.id], references=references)
            del self.rows[goes.id]
        for row in list(self.rows.values()):
            if row.state is InboxState.PENDING and not known.has_come(row):
                del self.rows[row.id]
        self.book()
        return verdicts

    def book(self) -> None:
        for row in self.rows.values():
            if row.state is InboxState.TO_BOOK:
                self.rows[row.id] = replace(row, state=InboxState.BOOKED)

    def kept(self) -> Counter[str]:
        return Counter(self.contents[row_id] for row_id in self.rows)

    def booked(self) -> Counter[str]:
        return Counter(self.contents[row.id] for row in self.rows.values() if row.state is InboxState.BOOKED)


TEXTS = st.sampled_from(["coffee", "coffee", "rent", "salary", "fee", "tax"])
# Ids as banks give them: of their own, none, shared with other rows, or made anew in each fetch.
IDS = st.sampled_from(["own", "none", "shared", "new"])


@st.composite
def fetches(draw: st.DrawFn) -> tuple[list[str], list[tuple[list[list[Transaction]], int, bool]]]:
    """The bank's rows, and several fetches of them: pages, pages per slice, whether the fetch comes to its end."""
    texts = draw(st.lists(TEXTS, min_size=1, max_size=9))
    made = []
    for number in range(draw(st.integers(1, 5))):
        rows = []
        for place, text in enumerate(texts):
            # An id and a content that are both the same are one row, so equal rows do not share one.
            shared = f"S-{text}-{place}" if texts.count(text) > 1 else "S"
            reference = {"own": f"R{place}", "none": "", "shared": shared, "new": f"N{number}-{place}"}[draw(IDS)]
            rows.append(bank_row(text, reference))
        rows = draw(st.permutations(rows))
        size = draw(st.integers(1, len(rows)))
        pages = [rows[start : start + size] for start in range(0, len(rows), size)]
        whole = draw(st.booleans())
        if not whole:
            pages = pages[: draw(st.integers(0, len(pages) - 1))]
        made.append((pages, draw(st.integers(0, 3)), whole))
    return texts, made


@settings(max_examples=300)
@given(fetches())
def test_after_any_fetches_of_the_same_rows_the_inbox_holds_what_the_bank_holds(case) -> None:
    texts, made = case
    inbox = Inbox()
    for pages, slices, whole in made:
        known = inbox.fetch(pages, slices)
        if whole:
            inbox.complete(known)
            assert inbox.booked() == inbox.kept() == Counter(texts)
    last = inbox.fetch([[bank_row(text, f"R{place}") for place, text in enumerate(texts)]])
    inbox.complete(last)
    assert inbox.booked() == Counter(texts)


@settings(max_examples=100)
@given(fetches(), st.lists(TEXTS, max_size=4))
def test_rows_that_the_bank_adds_between_fetches_are_kept_once(case, later) -> None:
    texts, made = case
    inbox = Inbox()
    for pages, slices, whole in made:
        known = inbox.fetch(pages, slices)
        if whole:
            inbox.complete(known)
    rows = [bank_row(text) for text in (*texts, *later)]
    inbox.complete(inbox.fetch([rows]))
    assert inbox.booked() == Counter((*texts, *later))


def test_the_same_fetch_twice_brings_nothing_new() -> None:
    inbox = Inbox()
    rows = [bank_row("rent", "A"), bank_row("coffee"), bank_row("coffee")]
    for _time in range(2):
        inbox.complete(inbox.fetch([rows]))
    assert inbox.booked() == Counter(rent=1, coffee=2)


def test_a_row_that_pages_repeat_while_the_bank_books_is_kept_once() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("rent", "A"), bank_row("fee", "B")], [bank_row("fee", "B")]]))
    assert inbox.booked() == Counter(rent=1, fee=1)


def test_a_repeated_row_is_recognized_across_a_pause_too() -> None:
    inbox = Inbox()
    pages = [[bank_row("rent", "A"), bank_row("fee", "B")], [bank_row("fee", "B")]]
    inbox.complete(inbox.fetch(pages, slices=1))
    assert inbox.booked() == Counter(rent=1, fee=1)


def test_an_id_is_not_taken_for_a_repeated_one_because_its_row_came_without_it_before_a_pause() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("coffee", "A"), bank_row("coffee", "B")]]))
    inbox.complete(inbox.fetch([[bank_row("coffee")], [bank_row("coffee", "A")], [bank_row("coffee", "C")]], slices=1))
    assert inbox.booked() == Counter(coffee=3)


def test_a_row_whose_id_belongs_to_another_is_recognized_when_pages_repeat_it_after_a_pause() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("rent", "0"), bank_row("fee", "B")]]))
    pages = [[bank_row("rent", "0"), bank_row("coffee", "B")], [bank_row("coffee", "B")], [bank_row("fee", "C")]]
    inbox.complete(inbox.fetch(pages, slices=1))
    assert inbox.kept() == Counter(rent=1, fee=1, coffee=1)


def test_two_equal_rows_on_either_side_of_a_pause_are_two() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row()], [bank_row()]], slices=1))
    assert inbox.booked() == Counter(coffee=2)


def test_an_id_that_the_bank_gives_to_every_row_tells_nothing() -> None:
    inbox = Inbox()
    first = [bank_row("rent", "0"), bank_row("coffee", "0"), bank_row("coffee", "0")]
    inbox.complete(inbox.fetch([first]))
    inbox.complete(inbox.fetch([[*reversed(first), bank_row("tax", "0")]]))
    assert inbox.booked() == Counter(rent=1, coffee=2, tax=1)


def test_equal_rows_on_two_pages_under_an_id_that_all_rows_share_are_not_taken_for_one_repeated() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("rent", "0"), bank_row("coffee", "0")], [bank_row("coffee", "0")]]))
    assert inbox.booked() == Counter(rent=1, coffee=2)


def test_the_bank_numbers_all_rows_anew_and_nothing_is_doubled() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("rent", "A"), bank_row("coffee", "B"), bank_row("coffee", "C")]]))
    inbox.complete(inbox.fetch([[bank_row("rent", "X"), bank_row("coffee", "Y"), bank_row("coffee", "Z")]]))
    assert inbox.booked() == Counter(rent=1, coffee=2)
    assert {"A", "X"} in [set(row.references) for row in inbox.rows.values()]


def test_a_fetch_that_broke_off_while_ids_changed_leaves_no_doubles() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("rent", "A"), bank_row("fee", "B")]]))
    inbox.fetch([[bank_row("rent", "X")]])
    inbox.complete(inbox.fetch([[bank_row("rent", "X"), bank_row("fee", "Y")]]))
    assert inbox.booked() == Counter(rent=1, fee=1)


def test_a_row_with_a_known_id_and_another_content_is_that_row_changed() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("fee", "A")]]))
    verdicts = inbox.complete(inbox.fetch([[bank_row("fee of June", "A")]]))
    assert verdicts == [Verdict.CHANGED]
    assert inbox.booked() == Counter({"fee of June": 1})


def test_a_known_id_on_a_row_older_than_the_fetched_days_is_for_a_person_to_judge() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("fee of May", "A", day=DAY - timedelta(days=40))]]))
    verdicts = inbox.complete(inbox.fetch([[bank_row("fee of June", "A")]]), covered=DAY - timedelta(days=10))
    assert verdicts == [Verdict.DOUBTFUL]
    assert inbox.kept() == Counter({"fee of May": 1, "fee of June": 1})


def test_a_row_outside_the_fetched_days_is_not_missed() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("rent", "A", day=DAY - timedelta(days=40))]]))
    assert inbox.complete(inbox.fetch([[]]), covered=DAY) == []
    assert inbox.booked() == Counter(rent=1)


def test_a_pending_row_goes_when_the_booked_one_comes_under_another_id_and_amount() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("hotel", "P1", amount="-84.30", pending=True)]]))
    assert inbox.booked() == Counter()
    inbox.complete(inbox.fetch([[bank_row("hotel", "B1", amount="-88.52")]]))
    assert inbox.kept() == inbox.booked() == Counter(hotel=1)


def test_a_pending_row_that_keeps_its_id_becomes_the_booked_one() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("hotel", "1", amount="-84.30", pending=True)]]))
    inbox.complete(inbox.fetch([[bank_row("hotel", "1", amount="-88.52")]]))
    assert inbox.kept() == inbox.booked() == Counter(hotel=1)


def test_a_pending_row_beside_an_equal_booked_one_stays_pending() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row()]]))
    for page in ([bank_row(pending=True), bank_row()], [bank_row(), bank_row(pending=True)]):
        inbox.complete(inbox.fetch([page]))
        assert inbox.booked() == Counter(coffee=1)
        assert inbox.kept() == Counter(coffee=2)


def test_a_pending_row_that_the_bank_lists_beside_its_booked_self_does_not_double_it() -> None:
    inbox = Inbox()
    inbox.complete(inbox.fetch([[bank_row("hotel", "1")]]))
    inbox.complete(inbox.fetch([[bank_row("hotel", "1", pending=True), bank_row("hotel", "1")]]))
    assert inbox.booked() == Counter(hotel=1)


def test_a_movement_that_a_person_dismissed_stays_dismissed_when_its_id_changes() -> None:
    inbox = Inbox()
    inbox.fetch([[bank_row("fee", "A")]])
    inbox.rows[1] = replace(inbox.rows[1], state=InboxState.DISMISSED)
    inbox.complete(inbox.fetch([[bank_row("fee", "X")]]))
    assert [row.state for row in inbox.rows.values()] == [InboxState.DISMISSED]


def test_of_two_equal_rows_of_which_one_was_dismissed_the_booked_one_stays_when_the_bank_gives_one_a_new_id() -> None:
    row = bank_row(reference="A")
    digest = fingerprint(row)
    booked = KnownRow(1, digest, 1, DAY, InboxState.BOOKED, ("A",))
    dismissed = KnownRow(2, digest, 2, DAY, InboxState.DISMISSED, ("B",))
    known = KnownRows([booked, dismissed])
    match = known.match(bank_row(reference="C"), digest)
    assert match.kind is MatchKind.NEW
    known.keep(KnownRow(3, digest, match.occurrence, DAY, InboxState.TO_BOOK, ("C",)), "C")
    settled = [(settlement.stays.id, settlement.goes.id) for settlement in settle(known, None)]
    assert settled == [(1, 3), (1, 2)]


def test_a_row_that_this_fetch_brought_under_an_id_can_be_let_go() -> None:
    known = KnownRows([KnownRow(1, "other content", 1, DAY, InboxState.BOOKED, ("A",))])
    row = bank_row(reference="C")
    match = known.match(row, fingerprint(row))
    known.keep(KnownRow(2, match.fingerprint, match.occurrence, DAY, InboxState.TO_BOOK, ("C", "A")), "C")
    known.forget([2])
    assert [kept.id for kept in known.rows()] == [1]
    assert known.bearer("A").id == 1
    assert known.claimed() == []
