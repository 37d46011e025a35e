# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What comes from the books arrives as it was, and what is not as it has to be is believed by nobody."""

import contextlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_portal.access import Connection, Side, State
from odoo.addons.sync_hub_portal.archive import FileRole
from odoo.addons.sync_hub_portal.wire import (
    KINDS,
    CompanyEntry,
    Cursor,
    DocumentEntry,
    FileEntry,
    Page,
    WireError,
    role_of,
)

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
COMPANY = CompanyEntry(
    key="res.company,1",
    name="Rossi S.r.l.",
    vat="IT12345678901",
    country="IT",
    connection=Connection(State.CONFIRMED, Side.COMPANY, enabled=True),
    accountant_name="Anna Verdi",
    accountant_email="anna@verdi.example",
    since=date(2026, 1, 1),
)
DOCUMENT = DocumentEntry(
    key="account.move,7",
    kind="out_invoice",
    number="INV/2026/00007",
    reference="",
    date=date(2026, 3, 31),
    partner="Bianchi S.p.A.",
    vat="IT00743110157",
    currency="EUR",
    untaxed=Decimal("1000.00"),
    tax=Decimal("220.00"),
    total=Decimal("1220.00"),
    token="0123456789abcdef",
)
PAGE = Page((DOCUMENT,), ("account.move,3",), Cursor.begin(NOON).at(7), True)
FILE = FileEntry("INV_2026_00007.pdf", FileRole.PDF, b"%PDF-1.7 \xff\x00")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def travelled(value: Any) -> Any:
    return json.loads(json.dumps(value))


@pytest.mark.parametrize(
    "entry",
    [COMPANY, replace(COMPANY, connection=Connection(), vat="", country=""), DOCUMENT, PAGE, FILE],
    ids=lambda entry: type(entry).__name__,
)
def test_what_travels_arrives_as_it_was(entry: Any) -> None:
    assert type(entry).from_wire(travelled(entry.to_wire())) == entry


@pytest.mark.parametrize("kind", KINDS)
def test_amounts_stay_decimal(kind: str) -> None:
    wide = replace(DOCUMENT, kind=kind, total=Decimal("-0.10"), untaxed=Decimal("99999999999.99"), tax=Decimal("1E+3"))
    assert DocumentEntry.from_wire(travelled(wide.to_wire())) == wide


@pytest.mark.parametrize(
    ("entry", "field", "value"),
    [
        (COMPANY, "key", ""),
        (COMPANY, "key", "x" * 101),
        (COMPANY, "key", "res.company,1\n"),
        (COMPANY, "state", "confirmed by me"),
        (COMPANY, "requested_by", "nobody"),
        (COMPANY, "enabled", "no"),
        (COMPANY, "name", ["Rossi"]),
        (COMPANY, "accountant", "anna@verdi.example"),
        (COMPANY, "since", "yesterday"),
        (DOCUMENT, "kind", "entry"),
        (DOCUMENT, "date", None),
        (DOCUMENT, "date", "2026-02-30"),
        (DOCUMENT, "total", 1220.0),
        (DOCUMENT, "total", "NaN"),
        (DOCUMENT, "total", "1e400"),
        (DOCUMENT, "total", "a lot"),
        (DOCUMENT, "token", None),
        (PAGE, "more", None),
        (PAGE, "cursor", "7"),
        (PAGE, "cursor", None),
        (PAGE, "gone", [7]),
        (PAGE, "documents", {}),
        (FILE, "role", "virus"),
        (FILE, "content", "%%%"),
        (FILE, "content", None),
        (FILE, "sha256", "0" * 64),
    ],
)
def test_what_is_not_as_it_has_to_be_is_named_and_refused(entry: Any, field: str, value: Any) -> None:
    with pytest.raises(WireError) as error:
        type(entry).from_wire(travelled({**entry.to_wire(), field: value}))
    assert " of a" in str(error.value) or "cursor" in str(error.value) or "hash" in str(error.value)
    # The value may be anything, a secret too.
    assert len(str(error.value)) < 80


@given(json_values, st.sampled_from([CompanyEntry, DocumentEntry, Page, FileEntry]))
def test_whatever_comes_is_taken_or_refused(value: Any, kind: Any) -> None:
    with contextlib.suppress(WireError):
        kind.from_wire(value)


def test_one_document_that_cannot_be_read_does_not_stop_the_others() -> None:
    wire = PAGE.to_wire()
    wire["documents"].insert(0, {**DOCUMENT.to_wire(), "date": "soon"})
    page = Page.from_wire(travelled(wire))
    assert page.documents == (DOCUMENT,)
    assert page.broken == ("“date” of a document is not as it has to be",)


def test_a_file_that_could_not_be_made_says_why() -> None:
    torn = FileEntry("INV_2026_00007.pdf", FileRole.PDF, None, "There is no program that makes PDF files.")
    assert FileEntry.from_wire(travelled(torn.to_wire())) == torn


def test_texts_are_cut_off_where_no_page_could_hold_them() -> None:
    entry = CompanyEntry.from_wire({**COMPANY.to_wire(), "name": "\0" + "x" * 10_000})
    assert entry.name == "x" * 500


def test_what_a_file_is_can_be_told_from_its_name() -> None:
    names = ("a.pdf", "a.XML", "a.xml.p7m", "a.eml", "a.png", "a", "")
    assert [role_of(name) for name in names] == [
        FileRole.PDF,
        FileRole.XML,
        FileRole.XML,
        FileRole.RECEIPT,
        *[FileRole.OTHER] * 3,
    ]


def test_a_cursor_travels_and_comes_back() -> None:
    for cursor in (Cursor.begin(NOON), Cursor.begin(NOON).at(7), Cursor.begin(NOON).at(7).next_pass()):
        assert Cursor.from_wire(cursor.to_wire()) == cursor


@pytest.mark.parametrize("text", ["", "1", "2 - 0 1", "1 - x 1", "1 - 0 999999999999", "1 - ٣ 1"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(WireError):
        Cursor.from_wire(text)


@given(st.data())
def test_no_change_is_lost_whenever_it_is_made_and_committed(data: st.DataObject) -> None:
    """Documents are written at any time and committed up to a day later, while passes go on page by page."""
    minute, numbers = timedelta(minutes=1), range(1, 7)
    # (written at, visible from, number of the document, version)
    written: list[tuple[datetime, datetime, int, int]] = [(NOON, NOON, number, 0) for number in numbers]
    seen = dict.fromkeys(numbers, -1)
    now, cursor = NOON, Cursor.begin(NOON)
    version = 0
    for _step in range(data.draw(st.integers(5, 30))):
        now += data.draw(st.integers(1, 600)) * minute
        if data.draw(st.booleans()):
            version += 1
            held = data.draw(st.integers(0, 23 * 60)) * minute
            written.append((now, now + held, data.draw(st.sampled_from(numbers)), version))
        else:
            cursor = _next_page(cursor, written, seen, now)
    # Two passes after the last commit.
    for days in (1, 2):
        late = now + timedelta(days=days)
        cursor = _next_page(cursor, written, seen, late)
        while cursor.after:
            cursor = _next_page(cursor, written, seen, late)
    assert seen == {number: max(row[3] for row in written if row[2] == number) for number in numbers}


def _next_page(cursor: Cursor, written: list, seen: dict[int, int], now: datetime) -> Cursor:
    """What the books answer at a moment: two documents at most."""
    cursor = cursor.started(now)
    current: dict[int, tuple[datetime, int]] = {}
    for at, visible, number, version in written:
        if visible <= now and current.get(number, (at, -1))[1] < version:
            current[number] = (at, version)
    found = [
        number
        for number, (at, _version) in sorted(current.items())
        if number > cursor.after and (cursor.since is None or at >= cursor.since)
    ]
    for number in found[:2]:
        seen[number] = max(seen[number], current[number][1])
    return cursor.at(found[1]) if len(found) > 2 else cursor.next_pass()
