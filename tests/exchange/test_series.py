# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Companies in Brazil with one CNPJ and several databases: no series is numbered by two of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from offices import Link, Office, Refused

CNPJ = "11222333000181"
CLASH = "exchange_series_clash"


@pytest.fixture(scope="module")
def rome(new_office: Callable[[str], Office]) -> Office:
    return _in_brazil(new_office("a"), "Matriz")


@pytest.fixture(scope="module")
def milan(new_office: Callable[[str], Office]) -> Office:
    return _in_brazil(new_office("b"), "Filial Recife")


@pytest.fixture(scope="module")
def genoa(new_office: Callable[[str], Office]) -> Office:
    return _in_brazil(new_office("c"), "Filial Natal")


@pytest.fixture(scope="module")
def line(rome: Office, milan: Office) -> Link:
    link = rome.connect(milan)
    link.exchange()
    return link


def _in_brazil(office: Office, name: str) -> Office:
    place = {
        field: office.call("ir.model.data", "_xmlid_to_res_id", (), xmlid)
        for field, xmlid in (("country_id", "base.br"), ("state_id", "base.state_br_sp"))
    }
    office.write("res.company", 1, name=name, vat="11.222.333/0001-81", **place)
    return office


def _new_series(office: Office, number: int, **values: object) -> int:
    return office.create("sync.exchange.series", **{"document_model": "55", "series_number": number, **values})


def _issue(office: Office, series: int, **values: object) -> int:
    """The number of a new invoice."""
    document = office.create("sync.exchange.series.document", series_id=series, **values)
    return office.call("sync.exchange.series.document", "read", [document], ["number"])[0]["number"]


def _clash(office: Office, series: int) -> str:
    return office.call("sync.exchange.series", "read", [series], ["clash"])[0]["clash"] or ""


def _told(run: dict) -> list[str]:
    return [text for kind, text, _detail in run["log"] if kind == CLASH]


def test_a_run_reserves_here_what_the_peer_numbers(line: Link, rome: Office, milan: Office) -> None:
    _new_series(milan, 7)
    _new_series(milan, 7, document_model="65")
    run = line.receive()
    assert not _told(run)
    names = ["series_number", "document_model", "peer_id", "tax_number"]
    found = rome.call("sync.exchange.series", "search_read", (), [["peer_id", "=", line.peer]], names)
    assert sorted((row["document_model"], row["series_number"], row["tax_number"]) for row in found) == [
        ("55", 7, CNPJ),
        ("65", 7, CNPJ),
    ]
    with pytest.raises(Refused, match="already used by “Office b”"):
        _new_series(rome, 7)
    # Another one is free.
    assert _issue(rome, _new_series(rome, 8)) == 1


def test_a_series_that_both_number_is_told_in_the_run_and_gives_no_more_numbers(
    line: Link, rome: Office, milan: Office
) -> None:
    own, theirs = _new_series(rome, 1), _new_series(milan, 1)
    assert _issue(rome, own) == 1
    [text] = _told(line.receive())
    assert text == "NF-e 1 is also used by Filial Recife. It gives no numbers here until one of the two has ended it."
    assert "End the series in one of the two databases" in _clash(rome, own)
    with pytest.raises(Refused, match="already used by “Filial Recife”, and also by Matriz in this database"):
        _issue(rome, own)
    # What the sentence says helps.
    milan.call("sync.exchange.series", "action_end", [theirs])
    assert not _told(line.receive())
    assert not _clash(rome, own)
    assert _issue(rome, own) == 2
    with pytest.raises(Refused, match="ended"):
        _issue(milan, theirs)


def test_of_three_databases_each_hears_of_the_third_through_its_neighbour(
    line: Link, rome: Office, milan: Office, genoa: Office
) -> None:
    """Rome exchanges with Milan and Milan with Genoa; Rome and Genoa know nothing of each other."""
    second = milan.connect(genoa)
    second.exchange()
    _new_series(genoa, 20)
    own = _new_series(rome, 21)
    _new_series(genoa, 21)
    assert not _told(second.receive())
    [text] = _told(line.receive())
    assert text.startswith("NF-e 21 is also used by ")
    with pytest.raises(Refused, match="End the series in one of the two databases"):
        _issue(rome, own)
    with pytest.raises(Refused, match="already used by"):
        _new_series(rome, 20)
    # And none of them has a conflict with itself, however often it is told of its own series.
    back = genoa.connect(rome)
    back.exchange()
    for link in (second, line, back, second, line, back):
        told = _told(link.receive())
        assert all(text.startswith("NF-e 21 ") for text in told), told


def test_another_tax_number_has_series_of_its_own(line: Link, rome: Office, milan: Office) -> None:
    company = milan.create("res.company", name="Other", vat="59.594.315/0001-57")
    milan.write("res.users", 2, company_ids=[[4, company]])
    theirs = milan.call(
        "sync.exchange.series",
        "create",
        (),
        {"document_model": "55", "series_number": 30, "company_id": company},
        context={"allowed_company_ids": [1, company]},
    )
    assert theirs
    own = _new_series(rome, 30)
    assert not any("NF-e 30 " in text for text in _told(line.receive()))
    assert _issue(rome, own) == 1


def test_missing_numbers_are_listed_with_the_day_until_which_to_settle_them(rome: Office) -> None:
    series = _new_series(rome, 40)
    for number in (1, 2, 5):
        _issue(rome, series, number=number)
    report = rome.call("sync.exchange.series", "action_gaps", [series])["res_id"]
    names = ["number_from", "number_until", "due_on"]
    [gap] = rome.call("sync.exchange.series.gaps.line", "search_read", (), [["report_id", "=", report]], names)
    assert (gap["number_from"], gap["number_until"]) == (3, 4)
    assert str(gap["due_on"]).endswith("-10")


def test_a_document_in_contingency_warns_when_80_percent_of_its_time_have_passed(rome: Office) -> None:
    """The rule of the table gives 168 hours."""
    series = _new_series(rome, 41, kind="contingency")
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    for number, share in ((1, 0.79), (2, 0.81)):
        issued = now - share * timedelta(hours=168)
        _issue(rome, series, number=number, issue="4", issued_at=str(issued))
    rome.call("sync.exchange.series.document", "_watch_deadlines")
    rows = rome.call(
        "sync.exchange.series.document", "search_read", (), [["series_id", "=", series]], ["number", "alert"]
    )
    assert {row["number"]: row["alert"] for row in rows} == {1: False, 2: "warned"}
    domain = [["res_model", "=", "sync.exchange.series"], ["res_id", "=", series]]
    [activity] = rome.call("mail.activity", "search_read", (), domain, ["note"])
    assert "wait to be transmitted: 1. The first is number 2" in activity["note"]
