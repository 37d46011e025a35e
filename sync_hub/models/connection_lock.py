# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import hashlib
from collections.abc import Iterator

import psycopg2
from odoo.tools import SQL


def lock_key(connection) -> int:
    """The number by which PostgreSQL knows the lock of a connection: 64 bits, signed, the same on every host."""
    name = f"{connection._name},{connection.id}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@contextlib.contextmanager
def connection_lock(connection) -> Iterator[bool]:
    """Hold the right to work on a connection: True for one worker, of all hosts, at a time.

    A session-level advisory lock on a database session of its own: it outlives the commits of the work, leaves no
    transaction open while a bank is waited for, and PostgreSQL lets it go when the worker is killed.
    """
    key = lock_key(connection)
    with connection.env.registry.cursor() as cr:
        # Advisory locks have no place in the ORM.
        cr.execute(SQL("SELECT pg_try_advisory_lock(%s)", key))
        (taken,) = cr.fetchone()
        cr.commit()
        try:
            yield taken
        finally:
            if taken:
                # A session that died meanwhile has let the lock go by itself.
                with contextlib.suppress(psycopg2.OperationalError, psycopg2.InterfaceError):
                    cr.execute(SQL("SELECT pg_advisory_unlock(%s)", key))
                    cr.commit()
