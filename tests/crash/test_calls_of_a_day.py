# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Calls of a bank that are limited to so many a day: they are counted in the database, not in a worker."""

from __future__ import annotations

from collections import Counter

from company import Company


def test_after_four_fetches_by_four_processes_a_fifth_process_does_not_call_the_bank(company: Company) -> None:
    company.bank.set_history(20, None, "current")  # one page: each is a call
    company.execute("UPDATE sync_bank_provider SET calls_per_day = 4")
    for fetches in range(1, 5):
        company.run("work", connection=company.connection)
        assert calls(company) == {"transactions": fetches, "balances": fetches}
    assert company.run("work", connection=company.connection)["runs"][-1] == ["nothing_new", 0]
    assert calls(company) == {"transactions": 4, "balances": 4}
    company.assert_books_equal_bank()


def calls(company: Company) -> Counter:
    """How often the bank was asked for what it counts."""
    asked = Counter(request["call"] for request in company.bank.requests())
    return Counter({name: asked[name] for name in ("transactions", "balances")})
