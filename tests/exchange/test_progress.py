# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whoever waits for a run sees how much of it is done."""

from __future__ import annotations

from offices import Link, Office

_SHORT = 0.01


def new_contacts(office: Office, prefix: str, number: int) -> list[int]:
    rows = [{"name": f"{prefix} {each}", "ref": f"{prefix}{each}"} for each in range(number)]
    return office.call("res.partner", "create", (), rows)


def test_receiving_shows_how_much_of_all_records_has_come(line: Link, milan: Office) -> None:
    new_contacts(milan, "P", 1200)
    run = line.in_slices("receive", _SHORT)
    assert run["outcome"] == "done"
    assert [500, 1200] in run["progress"] and [1000, 1200] in run["progress"]
    assert run["progress"][-1] == [1200, 1200]


def test_sending_shows_how_much_of_all_records_was_looked_at(line: Link, rome: Office) -> None:
    """Those that came from there are passed over, and count too."""
    new_contacts(rome, "Q", 300)
    run = line.in_slices("send", _SHORT)
    assert run["outcome"] == "done"
    assert [500, 1500] in run["progress"] and run["progress"][-1] == [1500, 1500]


def test_later_only_what_has_changed_counts(line: Link, rome: Office, milan: Office) -> None:
    line.both()
    rome.call("res.partner", "write", [rome.partner(f"P{each}")["id"] for each in range(3)], {"city": "Roma"})
    changed = [milan.partner(f"Q{each}")["id"] for each in range(4)]
    milan.call("res.partner", "write", changed, {"city": "Milano"})
    # One that is exchanged no more, and one that was deleted.
    milan.call("res.partner", "write", changed[:1], {"ref": False})
    milan.delete("res.partner", changed[1])
    assert line.in_slices("receive", _SHORT)["progress"][-1] == [3, 3]
    assert line.in_slices("send", _SHORT)["progress"][-1] == [3, 3]


def test_a_record_that_was_changed_many_times_counts_once(line: Link, milan: Office) -> None:
    line.both()
    for number in range(5):
        milan.change("P7", city=f"City {number}")
    assert line.in_slices("receive", _SHORT)["progress"][-1] == [1, 1]
