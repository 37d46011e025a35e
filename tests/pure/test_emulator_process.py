# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox as a process of its own, and what survives its end."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from emulators.enablebanking import Emulator, RemoteControl
from emulators.visitor import CALLBACK, TODAY, Visitor

TESTS = Path(__file__).resolve().parent.parent


def run(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "emulators.enablebanking", *map(str, arguments)],
        cwd=TESTS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_tells_its_url_and_stops_cleanly(tmp_path, number):
    invoices = tmp_path / "invoices.json"
    invoice = {"number": "FT/7", "partner": "Rossi & C.", "amount": "77.70", "currency": "EUR",
               "date": "2026-06-20", "due_date": "2026-07-20", "kind": "out"}  # fmt: skip
    invoices.write_text(json.dumps([invoice]), "utf-8")
    state = tmp_path / "state"
    process = run(
        "--state-dir", state, "--redirect-url", CALLBACK, "--invoices", invoices,
        "--today", "2026-06-30",
    )  # fmt: skip
    try:
        line = process.stdout.readline()
        url = line.split()[0]
        assert url.startswith("http://127.0.0.1:")
        remote = RemoteControl(url)
        row = remote.customer_pays_invoice()
        assert (row.day, str(row.amount)) == (date(2026, 6, 30), "77.70")
    finally:
        process.send_signal(number)
        _out, errors = process.communicate(timeout=10)
    assert process.returncode == 0, errors
    assert errors == ""
    assert (state / "application_id").read_text().strip() in line


def test_a_state_directory_is_required():
    process = run("--port", "0")
    _out, errors = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "--state-dir" in errors


def start(tmp_path, today=TODAY, **more):
    return Emulator(state_dir=tmp_path, redirect_urls=[CALLBACK], today=today, **more)


def test_key_and_application_survive_a_restart_and_the_key_is_private(tmp_path):
    with start(tmp_path) as bank:
        before = (bank.application_id, bank.private_key_pem)
    key = tmp_path / "private_key.pem"
    assert stat.S_IMODE(os.stat(key).st_mode) == 0o600
    with start(tmp_path) as bank:
        assert (bank.application_id, bank.private_key_pem) == before


def test_a_restarted_sandbox_still_knows_sessions_codes_and_rows(tmp_path):
    invoices = [
        {"number": f"FT/{n}", "partner": "Cliente", "amount": "10", "currency": "EUR",
         "date": "2026-05-01", "due_date": f"2026-05-{n:02}", "kind": "out"}
        for n in range(10, 20)
    ]  # fmt: skip
    with start(tmp_path, invoices=invoices) as bank:
        visitor = Visitor(bank)
        uid = visitor.connect()["accounts"][0]["uid"]
        pending = bank.add_pending()
        bank.add_late()
        bank.add_movements(3)
        bank.renumber()
        bank.set_history(500, account="usd")
        bank.load_account(None, "IT-3", "EUR", bank.balance(), bank.booked()[:5])
        bank.set_quota(4)
        rows = visitor.rows(uid, strategy="longest")
        key = visitor.get(f"/accounts/{uid}/transactions", strategy="longest").json()
        balances = [bank.balance(account=name) for name in ("current", "usd", "IT-3")]
        code = visitor.consent(visitor.start().json()["url"])["code"]
        reads = bank.unattended_reads()
    # the next day: old rows keep their dates and ids
    with start(tmp_path, date(2026, 7, 1), invoices=invoices) as bank:
        visitor = Visitor(bank)
        again = visitor.rows(uid, strategy="longest")
        assert again == rows
        query = {"strategy": "longest", "continuation_key": key["continuation_key"]}
        assert visitor.get(f"/accounts/{uid}/transactions", **query).status_code == 200
        assert [bank.balance(account=name) for name in ("current", "usd", "IT-3")] == balances
        assert [row.key for row in bank.pending()] == [pending.key]
        assert bank.add_pending().key != pending.key
        assert reads.items() <= bank.unattended_reads().items()
        answer = visitor.call("POST", "/sessions", json={"code": code})
        assert answer.status_code == 200
        assert bank.customer_pays_invoice().day == date(2026, 7, 1)


def test_a_state_file_is_replaced_whole(tmp_path):
    with start(tmp_path) as bank:
        bank.add_movements(2)
        first = (tmp_path / "state.json").read_text("utf-8")
        bank.add_movements(2)
        second = (tmp_path / "state.json").read_text("utf-8")
    assert len(json.loads(second)["ledgers"]["banca-sandbox-italia/current"]["added"]) == 4
    assert len(json.loads(first)["ledgers"]["banca-sandbox-italia/current"]["added"]) == 2
    assert sorted(item.name for item in tmp_path.iterdir()) == [
        "application_id", "private_key.pem", "state.json",
    ]  # fmt: skip


def test_a_write_that_fails_leaves_the_old_state(tmp_path, monkeypatch):
    with start(tmp_path) as bank:
        before = (tmp_path / "state.json").read_bytes()

        def broken(*_):
            raise OSError("disk full")

        with monkeypatch.context() as patched:
            patched.setattr(os, "replace", broken)
            with pytest.raises(OSError):
                bank.add_movements(2)
        assert (tmp_path / "state.json").read_bytes() == before
        assert len(list(tmp_path.iterdir())) == 3


def test_a_reset_forgets_the_state_but_not_the_key(tmp_path):
    with start(tmp_path) as bank:
        Visitor(bank).connect()
        bank.add_movements(2)
        bank.reset()
        key = bank.private_key_pem
    with start(tmp_path) as bank:
        assert bank.sessions() == []
        assert len(bank.booked()) == 240
        assert bank.private_key_pem == key
