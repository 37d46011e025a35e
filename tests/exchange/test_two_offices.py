# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two databases on one server, which exchange contacts both ways."""

from __future__ import annotations

from offices import Link, Office


def test_what_one_side_has_comes_to_the_other_and_back(line: Link, rome: Office, milan: Office) -> None:
    rome.add("R1", city="Roma")
    milan.add("M1", city="Milano")
    assert line.receive()["created"] == 1
    assert line.send()["created"] == 1
    assert (rome.partner("M1")["city"], milan.partner("R1")["city"]) == ("Milano", "Roma")


def test_a_second_run_has_nothing_to_do(line: Link) -> None:
    line.both()
    for run in (line.send(), line.receive(), line.send()):
        assert (run["outcome"], run["fetched"], run["created"], run["updated"]) == ("nothing_new", 0, 0, 0), run
