# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A place in a worker's work at which it stops until the test has done what it wants to do there."""

from __future__ import annotations

from contextlib import closing
from typing import Self

from company import Shells

_KEY = 7_201_933  # of the advisory lock, in this database


class Gate:
    """Closed inside ``with``: who writes such a row waits, with nothing of that transaction committed.

    A trigger in the database holds it up, so a worker is met at the very same statement each time.
    """

    def __init__(self, company: Shells, event: str, table: str, row: str):
        """
        :param event: "INSERT" or "UPDATE"
        :param row: which row, as a condition on ``NEW``
        """
        self._company = company
        self._stack = closing(company.odoo.server.connect(company.database))
        self._trigger = (
            f"CREATE TRIGGER gate BEFORE {event} ON {table} FOR EACH ROW WHEN ({row}) EXECUTE FUNCTION gate()"
        )

    def __enter__(self) -> Self:
        self._connection = self._stack.__enter__()
        self._do("DROP FUNCTION IF EXISTS gate() CASCADE")
        self._do(
            "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS"
            f" 'BEGIN PERFORM pg_advisory_xact_lock_shared({_KEY}); RETURN NEW; END'"
        )
        self._do(self._trigger)
        self._do(f"SELECT pg_advisory_lock({_KEY})")
        return self

    def __exit__(self, *exception: object) -> None:
        # With the session its lock goes; whoever comes now passes.
        self._stack.__exit__(*exception)

    def somebody_waits(self) -> bool:
        """Whether somebody stands before it."""
        return bool(
            self._company.number(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                (_KEY,),
            )
        )

    def _do(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
