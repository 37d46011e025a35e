# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A snapshot that is verified and read in pieces is verified as strictly as in one go."""

import io

import pytest
from odoo.addons.sync_hub_exchange.snapshot import Place, Proof, Tampered, prove, reopen, verify
from snapshot_files import partner, rebuilt, written

ROWS = [partner(number) for number in range(40)]
FILE, MANIFEST = written(ROWS, part_bytes=1000)
PARTS = len(MANIFEST.models[0].parts)


def proven_in_pieces(file: io.BytesIO) -> tuple[Proof, int]:
    """What is proven at the end, and how many pieces it took."""
    proof, complete, pieces = None, False, 0
    while not complete:
        proof, complete = prove(file, proof=proof, is_over=lambda: True)
        pieces += 1
    return proof, pieces


def test_each_piece_proves_one_part_more() -> None:
    proof, pieces = proven_in_pieces(FILE)
    assert pieces == PARTS + 1 > 4
    assert [row for _place, row in reopen(FILE, proof=proof).rows_from("res.partner")] == ROWS


def test_rows_go_on_behind_any_place() -> None:
    snapshot = verify(FILE)
    placed = list(snapshot.rows_from("res.partner"))
    for number, (place, _row) in enumerate(placed, 1):
        assert [row for _place, row in snapshot.rows_from("res.partner", place)] == ROWS[number:]
    assert placed[-1][0].part == PARTS - 1
    assert list(snapshot.rows_from("res.partner", Place(PARTS, 0))) == []


def test_another_file_is_not_gone_on_with() -> None:
    other, _manifest = written(ROWS[:-1], part_bytes=1000)
    proof, _complete = prove(FILE, is_over=lambda: True)
    with pytest.raises(Tampered):
        prove(other, proof=proof, is_over=lambda: False)
    proof, _pieces = proven_in_pieces(FILE)
    with pytest.raises(Tampered):
        reopen(other, proof=proof)


def test_what_was_not_proven_to_its_end_is_not_opened() -> None:
    proof, complete = prove(FILE, is_over=lambda: True)
    assert not complete
    with pytest.raises(Tampered):
        reopen(FILE, proof=proof)


def test_a_part_that_is_changed_between_two_pieces_is_refused() -> None:
    proof, _pieces = proven_in_pieces(FILE)

    def change(members: dict[str, bytes]) -> None:
        first, second = "data/res.partner/00001.ndjson.gz", "data/res.partner/00002.ndjson.gz"
        members[first], members[second] = members[second], members[first]

    changed = rebuilt(FILE, change)
    with pytest.raises(Tampered):
        list(reopen(changed, proof=proof).rows("res.partner"))
    begun, _complete = prove(FILE, is_over=lambda: True)
    with pytest.raises(Tampered):
        prove(changed, proof=begun, is_over=lambda: False)
