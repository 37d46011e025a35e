# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two Odoo processes with the job runner on one database."""

from __future__ import annotations

from hosts import Hosts


def test_the_addon_comes_by_itself_beside_the_job_queue(hosts: Hosts) -> None:
    state = "SELECT state FROM ir_module_module WHERE name = 'sync_hub_queue'"
    assert hosts.execute(state) == [("installed",)]
    assert hosts.number("SELECT count(*) FROM queue_job_channel WHERE complete_name LIKE 'root.sync_hub.%%'") >= 1


def test_both_work_on_different_connections_as_many_at_once_as_the_channel_allows(hosts: Hosts) -> None:
    hosts.connect(rows=40, accounts=6)
    hosts.bank.fail("slow", call="transactions", times=None, seconds=1)
    hosts.start(2, capacity=2)
    seen = [0]
    jobs = [0]

    def watch() -> None:
        seen.append(hosts.at_work())
        jobs.append(hosts.most_waiting_jobs())

    hosts.ask(times=3)
    hosts.wait_until(hosts.all_done, watch)
    assert max(seen) == 2, "two at once, never three"
    assert max(jobs) == 1, "never two jobs for one connection"
    assert hosts.workers() == {process.pid for process in hosts.processes}
    assert hosts.booked() == 6 * 40
    hosts.assert_books_equal_bank()
    for account in hosts.accounts:
        assert set(hosts.outcomes(account["connection"])) <= {"done", "nothing_new"}


def test_what_a_killed_host_was_at_is_finished_by_the_other_one(hosts: Hosts) -> None:
    """Twice: also the one that took over is not needed for the books to be right."""
    rows = 1500
    hosts.connect(rows=rows, accounts=1)
    (account,) = hosts.accounts
    hosts.start(2, capacity=2)
    hosts.ask()
    first = hosts.kill_at_work(lambda: hosts.booked() >= 300)
    left = hosts.booked()
    assert left < rows
    # One account alone: what comes now is what the other host does with it.
    second = hosts.kill_at_work(lambda: hosts.booked() > left)
    assert second != first
    assert hosts.booked() < rows
    hosts.start(1, capacity=2)
    hosts.wait_until(lambda: hosts.all_done() and hosts.booked() == rows)
    hosts.assert_books_equal_bank()
    runs = hosts.outcomes(account["connection"])
    assert "interrupted" in runs
    # One that died after its last row leaves nothing to the next.
    assert runs[-1] in ("done", "nothing_new")


def test_without_the_job_runner_scheduled_actions_do_the_work(hosts: Hosts) -> None:
    """The addon is there, but the server was started without the runner."""
    hosts.connect(rows=20, accounts=2)
    hosts.start_without_runner()
    hosts.ask()
    hosts.wait_until(hosts.all_done)
    assert hosts.number("SELECT count(*) FROM queue_job") == 0
    assert hosts.booked() == 2 * 20
    hosts.assert_books_equal_bank()
