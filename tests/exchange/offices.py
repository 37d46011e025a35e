# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Companies with a database each, on one server, that exchange records with each other."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo

WORKER = Path(__file__).resolve().parent / "worker.py"
PATIENCE = 300
PARTNER_FIELDS = "name ref is_company parent_id street city zip phone email vat comment active category_id country_id"


class Refused(AssertionError):
    """What a worker was told to do did not work."""


class Worker:
    """A process that works for all databases; it can be killed, and another one takes its place."""

    def __init__(self, odoo: Odoo, log: Path):
        self._odoo = odoo
        self._log = log
        self._process: subprocess.Popen | None = None

    def do(self, database: str, do: str, **arguments: Any) -> Any:
        """Have something done and wait for it."""
        self.begin(database, do, **arguments)
        return self.end()

    def begin(self, database: str, do: str, **arguments: Any) -> None:
        """Have something done without waiting for it."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        self._process.stdin.write(json.dumps({"database": database, "do": do, **arguments}).encode() + b"\n")
        self._process.stdin.flush()

    def end(self) -> Any:
        """What came of what was begun."""
        line = self._process.stdout.readline()
        assert line, self._log.read_text(encoding="utf-8", errors="replace")[-4000:]
        answer = json.loads(line)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer.get("result")

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _start(self) -> None:
        command = [sys.executable, str(WORKER), str(self._odoo.configuration())]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=self._odoo.environment
            )
        self._process.stdout.readline()


class Server:
    """One Odoo process that answers for every database whose name it is asked for."""

    def __init__(self, odoo: Odoo, log: Path):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = odoo.command(
            *("--http-port", str(self.port), "--max-cron-threads", "0", "--db-filter", "^sync_hub_tmp_.*"),
            *("--log-level", "warn"),
        )
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, env=odoo.environment
            )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < end, log.read_text(encoding="utf-8")[-4000:]
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/version", timeout=5):
                return True
        except OSError:
            return False

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class Office:
    """A company's database."""

    def __init__(self, odoo: Odoo, database: str, worker: Worker, server: Server, letter: str):
        self.odoo = odoo
        self.database = database
        self.worker = worker
        self.server = server
        self.letter = letter
        self.execute(
            "UPDATE ir_config_parameter SET value = %s WHERE key = 'database.uuid' RETURNING 1",
            (f"{letter * 8}-0000-4000-8000-000000000000",),
        )
        self.key = self.execute("SELECT value FROM ir_config_parameter WHERE key = 'exchange_tests.key'")[0][0]

    # -- What somebody does here -----------------------------------------------------------------------------------

    def call(self, model: str, method: str, ids: Any = (), *arguments: Any, **keywords: Any) -> Any:
        return self.worker.do(
            self.database, "call", model=model, method=method, ids=list(ids), arguments=arguments, **keywords
        )

    def create(self, model: str, /, **values: Any) -> int:
        return self.call(model, "create", (), values)[0]

    def write(self, model: str, res_id: int, /, **values: Any) -> None:
        self.call(model, "write", [res_id], values)

    def delete(self, model: str, res_id: int) -> None:
        self.call(model, "unlink", [res_id])

    def partner(self, ref: str) -> dict | None:
        """The one contact of this number, archived or not; None if there is none."""
        found = self.call("res.partner", "search_read", (), [["ref", "=", ref]], PARTNER_FIELDS.split())
        assert len(found) < 2, f"{ref} is there {len(found)} times in {self.letter}"
        return found[0] if found else None

    def add(self, ref: str, /, **values: Any) -> int:
        """A new contact."""
        return self.create("res.partner", **{"name": f"Contact {ref}", "ref": ref, **values})

    def change(self, ref: str, **values: Any) -> None:
        self.write("res.partner", self.partner(ref)["id"], **values)

    # -- The exchange ----------------------------------------------------------------------------------------------

    def connect(self, other: Office, url: str = "", **values: Any) -> Link:
        """Make another database a peer of this one."""
        peer = self.create(
            "sync.exchange.peer",
            name=f"Office {other.letter}",
            url=url or other.server.url,
            database=other.database,
            api_key=other.key,
            **values,
        )
        self.write("sync.exchange.peer", peer, state="connected", remote_company_id=1)
        sending = self.call("sync.exchange.sending", "search", (), [["peer_id", "=", peer]])[0]
        return Link(self, other, peer, sending)

    # -- What is there ---------------------------------------------------------------------------------------------

    def execute(self, statement: str, parameters: tuple = ()) -> list[tuple]:
        return self.odoo.server.execute(statement, parameters, self.database)

    def work_off(self) -> None:
        """Let Odoo's scheduler see to snapshots, restores and verifications."""
        self.worker.do(self.database, "tasks")

    def one_slice(self, model: str, number: int, seconds: float = 0.01, page: int = 0) -> dict:
        """One slice of such work: its state, note and checkpoint then."""
        self.begin_slice(model, number, seconds, page)
        return self.worker.end()

    def work_until_killed(self, model: str, number: int, place: Callable[[], Any], times: int) -> int:
        """Work on it in short slices, and kill whoever does as soon as it is at a further place; how often that was.

        :param place: what tells how far it is; false when it has ended
        """
        seen, kills = place(), 0
        end = time.monotonic() + PATIENCE
        while seen and kills < times:
            self.worker.begin(self.database, "short_slices", model=model, number=number)
            while (now := place()) == seen:
                assert time.monotonic() < end
                time.sleep(0.01)
            seen, kills = now, kills + 1
            self.worker.kill()
        return kills

    def begin_slice(self, model: str, number: int, seconds: float = 0.01, page: int = 0) -> None:
        """Begin one slice of such work without waiting for its end."""
        self.worker.begin(self.database, "one_slice", model=model, number=number, seconds=seconds, page=page)

    def number(self, statement: str, parameters: tuple = ()) -> int:
        return self.execute(statement, parameters)[0][0]


class Link:
    """A peer of an office, with the data that is exchanged."""

    def __init__(self, office: Office, other: Office, peer: int, sending: int):
        self.office = office
        self.other = other
        self.peer = peer
        self.sending = sending

    def exchange(self, model: str = "res.partner", names: str = PARTNER_FIELDS, **values: Any) -> int:
        """Exchange a kind of data; ``lines`` are values of single fields by name."""
        lines = values.pop("lines", {})
        worker, office = self.office.worker, self.office
        fields = {
            row["name"]: row["id"]
            for row in office.call("ir.model.fields", "search_read", (), [["model", "=", model]], ["name"])
        }
        model_id = office.call("ir.model", "search", (), [["model", "=", model]])[0]
        if model == "res.partner":
            values.setdefault("domain", "[('ref', '!=', False)]")
        assert worker
        return office.create(
            "sync.exchange.mapping",
            peer_id=self.peer,
            model_id=model_id,
            line_ids=[[0, 0, {"field_id": fields[name], **lines.get(name, {})}] for name in names.split()],
            **values,
        )

    def receive(self) -> dict:
        return self._run("sync.exchange.peer", self.peer)

    def send(self) -> dict:
        return self._run("sync.exchange.sending", self.sending)

    def both(self) -> None:
        self.receive()
        self.send()

    def begin(self, what: str) -> None:
        """Begin to send or to receive without waiting for the end."""
        model, number = self._connection(what)
        self.office.worker.begin(self.office.database, "run", model=model, connection=number)

    def in_slices(self, what: str, seconds: float) -> dict:
        """Send or receive in slices that are far too short."""
        model, number = self._connection(what)
        return self.office.worker.do(self.office.database, "slices", model=model, connection=number, seconds=seconds)

    def _connection(self, what: str) -> tuple[str, int]:
        peer = ("sync.exchange.peer", self.peer)
        return peer if what == "receive" else ("sync.exchange.sending", self.sending)

    def _run(self, model: str, connection: int) -> dict:
        return self.office.worker.do(self.office.database, "run", model=model, connection=connection)

    def waiting(self) -> list[dict]:
        names = ["direction", "title", "reason", "message", "res_id"]
        return self.office.call("sync.exchange.waiting", "search_read", (), [["peer_id", "=", self.peer]], names)

    def conflicts(self) -> list[dict]:
        domain = [["peer_id", "=", self.peer], ["state", "=", "open"]]
        return self.office.call("sync.exchange.conflict", "search_read", (), domain, ["title", "kind", "res_id"])

    def reconnect(self) -> None:
        """Forget a fault, as a person does who has mended it."""
        self.office.write("sync.exchange.peer", self.peer, state="connected")


def contents(office: Office) -> dict[str, dict]:
    """What all contacts that are exchanged are, by number; nothing in it depends on the database."""
    found = office.call(
        "res.partner", "search_read", (), [["ref", "!=", False]], [*PARTNER_FIELDS.split()], order="ref, id"
    )
    refs = {row["id"]: row["ref"] for row in found}
    assert len(set(refs.values())) == len(refs), "somebody is there twice"
    tags = {row["id"]: row["name"] for row in office.call("res.partner.category", "search_read", (), [], ["name"])}
    result = {}
    for row in found:
        row.pop("id")
        row["parent_id"] = refs.get(row["parent_id"][0]) if row["parent_id"] else None
        row["country_id"] = bool(row["country_id"])
        row["category_id"] = sorted(tags[number] for number in row["category_id"])
        result[row["ref"]] = row
    return result
