# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Three databases in a ring: each exchanges with the next, and nothing goes round for ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from offices import Link, Office, contents


@pytest.fixture(scope="module")
def ring(new_office: Callable[[str], Office]) -> list[Link]:
    """Each of three offices is driver of the exchange with the next one."""
    offices = [new_office(letter) for letter in "abc"]
    links = [office.connect(offices[(place + 1) % 3]) for place, office in enumerate(offices)]
    for link in links:
        link.exchange("res.partner.category", "name parent_id color", domain="[('color', '!=', 11)]")
        link.exchange()
    return links


def _go_round(ring: list[Link], rounds: int) -> list[dict]:
    return [run for _round in range(rounds) for link in ring for run in (link.receive(), link.send())]


def _assert_equal(ring: list[Link]) -> None:
    first, *others = [contents(link.office) for link in ring]
    for other in others:
        assert other == first


def test_what_is_made_anywhere_comes_everywhere_once(ring: list[Link]) -> None:
    for link in ring:
        letter = link.office.letter
        company = link.office.add(f"{letter}-firm", is_company=True, city=letter)
        link.office.add(f"{letter}-member", parent_id=company)
    _go_round(ring, 2)
    assert len(contents(ring[0].office)) == 6
    _assert_equal(ring)


def test_nothing_goes_round(ring: list[Link]) -> None:
    _go_round(ring, 2)
    for run in _go_round(ring, 1):
        assert (run["created"], run["updated"], run["outcome"]) == (0, 0, "nothing_new"), run


def test_a_change_in_each_of_them_is_everywhere_after_one_or_two_rounds(ring: list[Link]) -> None:
    a, b, c = [link.office for link in ring]
    a.change("a-firm", city="A")
    b.change("a-firm", phone="B")
    c.change("a-firm", zip="C")
    # And all of them the same field.
    for office in (a, b, c):
        office.change("b-firm", city=f"last {office.letter}")
    _go_round(ring, 2)
    assert [a.partner("a-firm")[name] for name in ("city", "phone", "zip")] == ["A", "B", "C"]
    _assert_equal(ring)
    for run in _go_round(ring, 1):
        assert (run["created"], run["updated"]) == (0, 0), run


def test_what_was_deleted_does_not_come_back_by_another_way(ring: list[Link]) -> None:
    a, b, c = [link.office for link in ring]
    a.add("gone")
    _go_round(ring, 2)
    b.delete("res.partner", b.partner("gone")["id"])
    _go_round(ring, 2)
    assert b.partner("gone") is None
    assert (a.partner("gone")["active"], c.partner("gone")["active"]) == (False, False)
