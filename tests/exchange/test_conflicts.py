# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Both sides have changed the same record: who is right, by each of the rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from offices import Link, Office


@pytest.fixture
def rule(line: Link, rome: Office) -> Callable[..., None]:
    """Sets the rules of the contacts."""
    [mapping] = rome.call("sync.exchange.mapping", "search", (), [["model", "=", "res.partner"]])

    def choose(policy: str, **values: object) -> None:
        rome.write("sync.exchange.mapping", mapping, policy=policy, **values)

    return choose


def _clash(line: Link, rome: Office, milan: Office, ref: str) -> list[tuple]:
    """Both sides change the city, each side one field more; Milan is the last to write.

    :return: city, phone and ZIP code on both sides, when they have exchanged
    """
    rome.add(ref, city="old")
    line.both()
    rome.change(ref, city="Roma", phone="1")
    milan.change(ref, city="Milano", zip="20100")
    line.both()
    line.both()
    return [tuple(office.partner(ref)[name] for name in ("city", "phone", "zip")) for office in (rome, milan)]


def test_the_other_database_wins(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("peer")
    assert _clash(line, rome, milan, "P1") == [("Milano", False, "20100")] * 2


def test_this_database_wins(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("local")
    assert _clash(line, rome, milan, "P2") == [("Roma", "1", False)] * 2


def test_the_newer_record_wins(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("newest")
    assert _clash(line, rome, milan, "P3") == [("Milano", False, "20100")] * 2


def test_field_by_field_the_newer_wins(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields")
    assert _clash(line, rome, milan, "P4") == [("Milano", "1", "20100")] * 2


def test_a_conflict_stands_in_the_log_of_the_run(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields")
    rome.add("P5", city="old")
    line.both()
    rome.change("P5", city="Roma")
    milan.change("P5", city="Milano")
    [[kind, text, _detail]] = line.receive()["log"]
    assert kind == "exchange_clash_there"
    assert "Contact P5" in text


def test_a_person_is_asked_and_until_then_nothing_happens_to_the_field(
    rule, line: Link, rome: Office, milan: Office
) -> None:
    rule("ask")
    assert _clash(line, rome, milan, "P6") == [("Roma", "1", "20100"), ("Milano", "1", "20100")]
    [conflict] = line.conflicts()
    of_it = [["conflict_id", "=", conflict["id"]]]
    lines = rome.call("sync.exchange.conflict.line", "search_read", (), of_it, ["name", "here", "there"])
    assert [(row["name"], row["here"], row["there"]) for row in lines] == [("city", "Roma", "Milano")]
    # The rest of the record goes on.
    milan.change("P6", phone="2")
    line.both()
    assert rome.partner("P6")["phone"] == "2"
    rome.call("sync.exchange.conflict", "action_keep_here", [conflict["id"]])
    line.both()
    assert not line.conflicts()
    assert (rome.partner("P6")["city"], milan.partner("P6")["city"]) == ("Roma", "Roma")
    assert line.send()["updated"] == 0


def test_what_stands_there_is_taken_if_a_person_says_so(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("ask")
    for ref in ("P7", "P8"):
        _clash(line, rome, milan, ref)
    conflicts = [conflict["id"] for conflict in line.conflicts()]
    assert len(conflicts) == 2
    rome.call("sync.exchange.conflict", "action_take_there", conflicts)
    assert not line.conflicts()
    line.both()
    assert {office.partner(ref)["city"] for ref in ("P7", "P8") for office in (rome, milan)} == {"Milano"}
    assert line.send()["updated"] == 0


def test_a_conflict_ends_when_both_sides_have_become_the_same(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("ask")
    _clash(line, rome, milan, "P9")
    milan.change("P9", city="Roma")
    line.receive()
    assert not line.conflicts()
    _clash(line, rome, milan, "P10")
    rome.change("P10", city="Milano")
    line.send()
    assert not line.conflicts()
    assert line.send()["updated"] == 0


def test_quantities_that_both_sides_have_changed_are_added_up(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields")
    [mapped] = rome.call("sync.exchange.mapping.field", "search", (), [["name", "=", "color"]])
    rome.write("sync.exchange.mapping.field", mapped, additive=True)
    tag = rome.create("res.partner.category", name="Stock", color=10)
    line.both()
    [there] = milan.call("res.partner.category", "search", (), [["name", "=", "Stock"]], context={"lang": "en_US"})
    rome.write("res.partner.category", tag, color=13)
    milan.write("res.partner.category", there, color=6)
    line.both()
    line.both()
    amounts = [
        office.call("res.partner.category", "read", [number], ["color"])[0]["color"]
        for office, number in ((rome, tag), (milan, there))
    ]
    assert amounts == [9, 9]


def test_what_was_deleted_there_and_changed_here_is_kept(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields", deletion="delete")
    rome.add("X1", city="old")
    line.both()
    rome.change("X1", city="Roma")
    milan.delete("res.partner", milan.partner("X1")["id"])
    line.both()
    assert rome.partner("X1")["city"] == "Roma"


@pytest.mark.parametrize("choice", ["here", "there"])
def test_a_person_decides_about_a_record_that_was_deleted_there(
    rule, line: Link, rome: Office, milan: Office, choice: str
) -> None:
    rule("ask", deletion="delete")
    ref = f"X-{choice}"
    rome.add(ref, city="old")
    line.both()
    rome.change(ref, city="Roma")
    milan.delete("res.partner", milan.partner(ref)["id"])
    line.both()
    [conflict] = line.conflicts()
    assert conflict["kind"] == "deleted_there"
    assert rome.partner(ref) and not milan.partner(ref)
    button = {"here": "action_keep_here", "there": "action_take_there"}[choice]
    rome.call("sync.exchange.conflict", button, [conflict["id"]])
    line.both()
    assert not line.conflicts()
    kept = {office.letter: (office.partner(ref) or {}).get("city") for office in (rome, milan)}
    assert kept == ({"a": "Roma", "b": "Roma"} if choice == "here" else {"a": None, "b": None})
    line.both()
    assert line.send()["updated"] == 0


@pytest.mark.parametrize(("deletion", "left"), [("keep", True), ("archive", False), ("delete", None)])
def test_what_was_deleted_there_is_kept_archived_or_deleted_here(
    rule, line: Link, rome: Office, milan: Office, deletion: str, left: bool | None
) -> None:
    rule("fields", deletion=deletion)
    rome.add(f"Y-{deletion}")
    line.both()
    milan.delete("res.partner", milan.partner(f"Y-{deletion}")["id"])
    line.both()
    line.both()
    found = rome.partner(f"Y-{deletion}")
    assert (found["active"] if found else None) is left
    # Nor does it come back.
    assert milan.partner(f"Y-{deletion}") is None


def test_what_others_need_is_archived_instead_of_deleted(rule, line: Link, rome: Office, milan: Office) -> None:
    rule("fields", deletion="delete")
    number = rome.add("Y-needed")
    line.both()
    # A user of the database is one who needs the contact.
    rome.create("res.users", name="Somebody", login="somebody", partner_id=number)
    line.both()
    milan.delete("res.partner", milan.partner("Y-needed")["id"])
    run = line.receive()
    found = rome.partner("Y-needed")
    assert found is not None, run
