# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clock of the other database is five minutes ahead, or behind: who was the last is still told rightly."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from offices import Link, Office


@pytest.fixture(params=[5, -5], ids=["ahead", "behind"])
def late(request: pytest.FixtureRequest, new_office: Callable[[str], Office]) -> Link:
    """An office that exchanges with one whose database has another time."""
    here, there = new_office("a"), new_office("b")
    for name in ("now", "clock_timestamp"):
        # Found before PostgreSQL's own functions by all that is asked without a schema.
        there.execute(
            f"CREATE SCHEMA IF NOT EXISTS clock; CREATE FUNCTION clock.{name}() RETURNS timestamptz LANGUAGE sql"
            f" STABLE AS 'SELECT pg_catalog.{name}() + interval ''{request.param} minutes'''; SELECT 1"
        )
    there.execute(f'ALTER DATABASE "{there.database}" SET search_path = public, clock, pg_catalog; SELECT 1')
    link = here.connect(there)
    link.exchange(policy="newest")
    return link


def test_the_newer_record_wins_whatever_the_clocks_say(late: Link) -> None:
    here, there = late.office, late.other
    here.add("S1", city="old")
    here.add("S2", city="old")
    late.both()
    offset = there.number("SELECT extract(epoch FROM now() - pg_catalog.now())::int")
    assert abs(offset) == 300
    there.change("S1", city="first")
    here.change("S2", city="first")
    time.sleep(1.2)
    here.change("S1", city="second")
    there.change("S2", city="second")
    late.both()
    late.both()
    for office in (here, there):
        assert [office.partner(ref)["city"] for ref in ("S1", "S2")] == ["second", "second"]


def test_what_was_deleted_before_it_was_changed_comes_back_and_otherwise_not(late: Link) -> None:
    here, there = late.office, late.other
    for ref in ("S3", "S4"):
        here.add(ref)
    late.both()
    there.change("S4", city="before")
    time.sleep(1.2)
    for ref in ("S3", "S4"):
        here.delete("res.partner", here.partner(ref)["id"])
    time.sleep(1.2)
    there.change("S3", city="after")
    late.receive()
    assert here.partner("S3")["city"] == "after"
    assert here.partner("S4") is None
