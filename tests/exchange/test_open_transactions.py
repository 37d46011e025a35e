# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Before the first record is sent, whoever may still write without being noted has ended; nobody else is waited for."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

import pytest
from offices import Link, Office
from psycopg2.extensions import cursor as Cursor

# As Odoo begins a scheduled action.
_BEGIN = (
    "SELECT id FROM ir_cron ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED",
    "DELETE FROM ir_cron_trigger WHERE cron_id = (SELECT id FROM ir_cron ORDER BY id LIMIT 1)",
)
# What nobody does who only keeps an action locked.
_OTHERS = {
    "has written": "UPDATE res_country SET code = code WHERE code = 'IT'",
    "triggers an action": "INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT min(id), '2100-01-01' FROM ir_cron",
}


@pytest.fixture
def new(new_office: Callable[[str], Office]) -> Link:
    """An office that has sent nothing so far."""
    link = new_office("a").connect(new_office("b"))
    link.exchange()
    return link


@contextlib.contextmanager
def transaction(office: Office) -> Iterator[Cursor]:
    """One that somebody else has begun, and that ends with this."""
    with contextlib.closing(office.odoo.server.connect(office.database)) as session:
        session.autocommit = False
        with session.cursor() as cursor:
            yield cursor
        session.commit()


def test_sending_begins_while_a_scheduled_action_is_at_work(new: Link) -> None:
    """Odoo keeps the action locked as long as it works; sending is the work of one."""
    new.office.add("T1")
    with transaction(new.office) as scheduler:
        for statement in _BEGIN:
            scheduler.execute(statement)
        begun = time.monotonic()
        assert new.send()["outcome"] == "done"
        assert time.monotonic() - begun < 15
    assert new.other.partner("T1")


@pytest.mark.parametrize("statement", _OTHERS.values(), ids=_OTHERS)
def test_sending_waits_for_who_may_still_write(new: Link, statement: str) -> None:
    new.office.add("T2")
    with transaction(new.office) as somebody:
        somebody.execute(statement)
        new.begin("send")
        time.sleep(3)
        assert not new.other.execute("SELECT 1 FROM res_partner WHERE ref = 'T2'")
    assert new.office.worker.end()["outcome"] == "done"
    assert new.other.partner("T2")
