# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults by chance and slow answers, the same switches at every emulator; and each of them as a process of its own."""

from __future__ import annotations

import importlib
import json
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from emulators.enablebanking import Movement

TESTS = Path(__file__).resolve().parent.parent
CODES = ("plaid", "ponto", "saltedge", "yodlee")


@pytest.fixture(scope="module", params=("enablebanking", *CODES))
def running(request: pytest.FixtureRequest) -> Any:
    package = importlib.import_module(f"emulators.{request.param}")
    with package.Emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(running: Any) -> Any:
    running.reset()
    return running


def faults_of(emulator: Any, calls: int, call: str = "transactions") -> list[list[str]]:
    """The faults that strike so many calls, as the emulator's own code takes them."""
    taken = [emulator._world.faults.take(call, None, None) for _call in range(calls)]
    return [[fault.fault for fault in faults] for faults in taken]


def test_the_same_seed_brings_the_same_faults(emulator: Any) -> None:
    emulator.chaos(seed=11, share=0.3)
    first = faults_of(emulator, 200)
    emulator.chaos(seed=11, share=0.3)
    assert faults_of(emulator, 200) == first
    emulator.chaos(seed=12, share=0.3)
    assert faults_of(emulator, 200) != first


def test_about_the_share_that_was_asked_for_is_struck_and_counted(emulator: Any) -> None:
    emulator.chaos(seed=3, share=0.25)
    struck = [faults for faults in faults_of(emulator, 1000) if faults]
    assert 200 < len(struck) < 300
    met = emulator.chaos_met()
    assert sum(met.values()) == len(struck)
    assert {"rate_limit", "server_error", "proxy_error", "html", "truncated", "dropped", "slow"} <= set(met)


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_is_a_share(emulator: Any, share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        emulator.chaos(seed=1, share=share)


def test_after_the_storm_it_is_calm(emulator: Any) -> None:
    emulator.chaos(seed=1, share=1)
    emulator.calm()
    assert not any(faults_of(emulator, 20))


def test_the_first_day_is_calm(emulator: Any) -> None:
    emulator.chaos(seed=1, share=1)
    emulator.latency(5)
    emulator.reset()
    assert not any(faults_of(emulator, 20))


def test_a_fault_that_was_switched_on_strikes_beside_those_by_chance(emulator: Any) -> None:
    emulator.fail("html", times=None)
    emulator.chaos(seed=1, share=1)
    assert all("html" in faults and len(faults) == 2 for faults in faults_of(emulator, 20))


@pytest.mark.parametrize(("code", "call"), [("enablebanking", "create_session"), ("plaid", "exchange")])
def test_what_is_given_once_is_never_lost_on_the_way(code: str, call: str) -> None:
    emulator = importlib.import_module(f"emulators.{code}").Emulator()
    emulator.chaos(seed=1, share=1)
    names = {name for faults in faults_of(emulator, 300, call) for name in faults}
    assert names
    assert not names & {"truncated", "dropped"}


def test_latency_is_a_wait_of_every_call(emulator: Any) -> None:
    emulator.latency(0.05)
    assert faults_of(emulator, 3) == [["slow"]] * 3
    emulator.latency(0)
    assert faults_of(emulator, 3) == [[], [], []]


# As a process


@pytest.fixture(params=CODES)
def process(request: pytest.FixtureRequest) -> Any:
    """A running emulator: its package and the address of its switches."""
    command = [sys.executable, "-m", "emulators", request.param, "--today", "2026-06-30"]
    started = subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        addresses = json.loads(started.stdout.readline())
        yield importlib.import_module(f"emulators.{request.param}"), addresses[request.param]
    finally:
        started.send_signal(signal.SIGTERM)
        _out, errors = started.communicate(timeout=20)
    assert (started.returncode, errors) == (0, "")


def test_an_emulator_in_another_process_has_the_same_switches(process: Any) -> None:
    package, control = process
    remote = package.RemoteControl(control)
    access = remote.access()
    assert set(access) == {"url", "settings", "secrets"}
    assert access["url"].startswith(control)
    before = len(remote.booked())
    remote.add_movements(2)
    day = remote.booked()[-1].day
    remote.add_movement(Movement(booking_date=day, amount=Decimal("-12.34"), remittance=("Cancelleria",)))
    booked = remote.booked()
    assert len(booked) == before + 3
    assert Decimal("-12.34") in [movement.amount for movement in booked]
    remote.chaos(seed=1, share=1)
    assert remote.chaos_met() == {}
    with pytest.raises(ValueError, match="share"):
        remote.chaos(seed=1, share=7)
    with pytest.raises(ValueError, match="fault"):
        remote.fail("storm")
    remote.calm()
    with pytest.raises(ValueError, match="No switch"):
        remote._call("start", {})
    listed = requests.get(f"{control}/_control/api", timeout=10).json()["switches"]
    assert {"chaos", "calm", "latency", "fail", "reset"} <= set(listed)
