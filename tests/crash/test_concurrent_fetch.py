# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fetches at the same time, and workers that are killed: nothing is lost and nothing comes twice."""

from __future__ import annotations

import signal
from pathlib import Path

from company import Company


def test_two_workers_at_the_same_time_book_each_row_once(company: Company, tmp_path: Path) -> None:
    company.bank.fail("slow", call="transactions", times=None, seconds=0.2)
    go = tmp_path / "go"
    workers = [company.start("work", connection=company.connection, wait_for=str(go)) for _worker in range(2)]
    company.wait_until(
        lambda: company.number("SELECT count(*) FROM sync_run WHERE connection_id = %s", (company.connection,)) >= 1
    )
    go.touch()
    for worker in workers:
        company.finish(worker)
    company.assert_books_equal_bank()
    runs = company.run("work", connection=company.connection)["runs"]
    assert sum(created for _outcome, created in runs) == company.booked()
    assert runs[-1] == ["nothing_new", 0]


def test_without_the_lock_the_database_itself_keeps_each_row_once(company: Company, tmp_path: Path) -> None:
    go = tmp_path / "go"
    arguments = {"connection": company.connection, "wait_for": str(go), "without_lock": True}
    workers = [company.start("work", **arguments) for _worker in range(2)]
    company.wait_until(
        lambda: company.number("SELECT count(*) FROM sync_run WHERE connection_id = %s", (company.connection,)) == 2
    )
    go.touch()
    for worker in workers:
        company.finish(worker)
    company.run("work", connection=company.connection)
    company.assert_books_equal_bank()


def test_two_who_ask_at_the_same_moment_get_one_run(company: Company) -> None:
    """Two people, or a person and the schedule: neither sees the other's run before it is committed."""
    assert company.run("ask_at_once", connection=company.connection) == {"press": 1, "schedule": 1}


def test_a_worker_killed_twice_while_it_books_is_resumed_twice(company: Company) -> None:
    company.bank.set_history(400, None, "current")
    # A worker books 50 rows, and then all others together.
    for rows in (50, 100):
        worker = company.start("work", connection=company.connection)
        company.wait_until(lambda rows=rows: company.booked() >= rows)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert rows <= company.booked() < 400
        assert company.received() == 400
    runs = company.run("work", connection=company.connection)["runs"]
    assert [outcome for outcome, _created in runs] == ["interrupted", "interrupted", "done"]
    assert all(created for _outcome, created in runs), "Each has done its part."
    assert sum(created for _outcome, created in runs) == company.booked() == 400
    company.assert_books_equal_bank()


def test_a_worker_killed_while_pages_arrive_loses_no_row(company: Company) -> None:
    company.bank.configure(None, page_size=20)
    company.bank.fail("slow", call="transactions", times=None, seconds=0.2)
    worker = company.start("work", connection=company.connection)
    company.wait_until(lambda: company.received() >= 60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert company.booked() == 0
    company.bank.clear_faults()
    company.bank.renumber(None, "current")
    company.run("work", connection=company.connection)
    company.assert_books_equal_bank()
