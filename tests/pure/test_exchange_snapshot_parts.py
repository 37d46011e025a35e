# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Parts that are packed one by one, long before they become a file."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.snapshot import (
    Link,
    PartLines,
    SnapshotWriter,
    gone_line,
    is_gone,
    line_of,
    only,
    pack_numbers,
    unpack_numbers,
    verify,
)
from snapshot_files import AT, DATABASE, PARTNERS, partner, written

BEFORE = Link("0b9d3f86-0000-4000-8000-000000000000", "0" * 64)


def part_of(rows: list[dict]) -> tuple:
    lines = PartLines()
    for row in rows:
        lines.add(gone_line(row["ids"]) if is_gone(row) else line_of(row))
    return lines.packed()


def put_together(parts: list[tuple], previous: Link | None = None, gone: int = 0) -> io.BytesIO:
    file = io.BytesIO()
    with SnapshotWriter(file, database=DATABASE, created_at=AT, previous=previous, snapshot="same") as writer:
        writer.begin("res.partner", PARTNERS, cursor="17:4")
        for packed, part in parts:
            writer.add_part(packed, part, gone)
        writer.begin("product.template", {"name": "char", "list_price": "float"})
        writer.finish()
    return file


def test_parts_put_together_are_the_file_that_is_written_in_one_go() -> None:
    rows = [partner(number) for number in range(40)]
    in_one_go, manifest = written(rows, part_bytes=1000, snapshot="same")
    sizes = [part.lines for part in manifest.models[0].parts]
    assert len(sizes) > 2
    waiting = list(rows)
    parts = [part_of([waiting.pop(0) for _line in range(size)]) for size in sizes]
    assert put_together(parts).getvalue() == in_one_go.getvalue()


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_what_is_left_out_of_a_part_is_not_in_it_and_the_rest_keeps_its_order(keep: list[bool]) -> None:
    rows = [partner(number) for number in range(len(keep))]
    packed, part = only(part_of(rows)[0], keep)
    stays = [row for row, kept in zip(rows, keep, strict=True) if kept]
    assert part.lines == len(stays)
    assert (packed, part) == part_of(stays)


def test_a_part_that_has_another_number_of_lines_is_noticed() -> None:
    with pytest.raises(ValueError, match="zip"):
        only(part_of([partner(1), partner(2)])[0], [True])


def test_texts_with_line_ends_of_other_scripts_stay_one_line() -> None:
    rows = [{"ids": ["acme.p1"], "values": {"name": "one\u2028two\x85three\x0bfour\x1cfive\r\nsix"}}, partner(2)]
    packed, _part = only(part_of(rows)[0], [True, False])
    [row] = verify(put_together([(packed, _part)])).rows("res.partner")
    assert row == rows[0]


def test_deletions_count_apart_and_a_full_snapshot_has_none() -> None:
    part = part_of([partner(1), {"gone": True, "ids": ["acme.p2"]}])
    snapshot = verify(put_together([part], BEFORE, gone=1))
    data = snapshot.manifest.of("res.partner")
    assert (data.count, data.gone) == (1, 1)
    with pytest.raises(ValueError, match="no deletions"):
        put_together([part], gone=1)


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_numbers_come_out_as_they_were(numbers: list[int]) -> None:
    assert unpack_numbers(pack_numbers(numbers)) == numbers
