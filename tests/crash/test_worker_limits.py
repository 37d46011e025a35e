# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo gives a worker so much processor time and no more: all rows arrive whatever it is."""

from __future__ import annotations

from pathlib import Path

from company import Company
from prefork import Prefork

LIMIT = 12  # seconds of processor time; Odoo's default is 60
ROWS = 900  # more than a worker can book in that time


def test_a_synchronization_longer_than_the_limit_is_done_in_several_units_without_a_kill(
    company: Company, tmp_path: Path
) -> None:
    company.bank.set_history(ROWS, None, "current")
    with Prefork(company, tmp_path / "server.log", cpu_limit=LIMIT) as server:
        company.run("synchronize_now", connection=company.connection)
        company.wait_until(lambda: len(server.workers()) > 1 or None not in outcomes(company))
        assert "CPU time limit" not in server.log()
        assert len(server.workers()) == 1, "The worker was ended, and another one took its place."
        assert server.processor_seconds() > LIMIT, "These rows are too few to reach the limit."
        assert server.units() > 1
    assert outcomes(company) == ["done"]
    assert company.number("SELECT created_count FROM sync_run") == company.booked() == ROWS
    assert fetches(company) == 1, "Each unit goes on where the one before stopped."
    company.assert_books_equal_bank()


def test_a_worker_that_reaches_its_limit_while_it_books_is_replaced_and_no_row_is_missing(
    company: Company, tmp_path: Path
) -> None:
    company.bank.set_history(300, None, "current")
    with Prefork(company, tmp_path / "server.log", cpu_limit=60) as server:
        company.run("synchronize_now", connection=company.connection)
        company.wait_until(lambda: company.booked() > 0)
        server.reach_limit()
        company.wait_until(lambda: len(server.workers()) == 2)
        assert "CPU time limit (60) reached" in server.log()
        assert 0 < company.booked() < 300
        # Odoo's new worker would look around by itself a minute later. The button might begin another run.
        company.run("wake_queue")
        company.wait_until(lambda: None not in outcomes(company))
    assert outcomes(company) == ["interrupted", "done"]
    company.assert_books_equal_bank()


def test_a_bank_that_never_answers_is_a_fault_before_its_worker_is_killed(company: Company, tmp_path: Path) -> None:
    company.bank.fail("slow", call="transactions", times=None, seconds=300)
    with Prefork(company, tmp_path / "server.log", cpu_limit=60, real_limit=80) as server:
        company.run("synchronize_now", connection=company.connection)
        company.wait_until(lambda: len(server.workers()) > 1 or None not in outcomes(company))
        assert len(server.workers()) == 1, "The worker was killed, and another one took its place."
    assert outcomes(company) == ["failed"]
    assert company.execute("SELECT kind FROM sync_run_line WHERE severity = 'error'") == [("network_unreachable",)]
    ((state, retry_at),) = company.execute("SELECT state, retry_at FROM sync_bank_connection")
    assert state == "connected"
    assert retry_at is not None, "It is tried again by itself."


def outcomes(company: Company) -> list[str | None]:
    """How the runs ended, oldest first; None for one that has not ended."""
    return [outcome for (outcome,) in company.execute("SELECT outcome FROM sync_run ORDER BY id")]


def fetches(company: Company) -> int:
    """How often the bank was asked for a first page of transactions."""
    asked = [request["query"] for request in company.bank.requests() if request["call"] == "transactions"]
    return sum("continuation_key" not in query for query in asked)
