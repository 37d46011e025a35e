# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How the engine stands, told from signs that cannot be faked by a good will; and the token of a monitor."""

import doctest
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.status import (
    EngineFacts,
    EngineState,
    EngineStatus,
    Part,
    engine_status,
    fingerprint,
    new_token,
    token_fits,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIVE = timedelta(minutes=5)


@pytest.mark.parametrize("module", ["engine", "token"])
def test_the_examples_of_the_package_hold(module):
    result = doctest.testmod(import_module(f"odoo.addons.sync_hub.status.{module}"))
    assert result.attempted > 0
    assert result.failed == 0


def facts(**values) -> EngineFacts:
    return EngineFacts(**({"now": NOON, "interval": FIVE, "due": NOON, "heartbeat": NOON - FIVE} | values))


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, EngineStatus(EngineState.RUNNING)),
        ({"heartbeat": None}, EngineStatus(EngineState.RUNNING)),
        ({"heartbeat": None, "due": NOON - timedelta(hours=1)}, EngineStatus(EngineState.LATE, 60)),
        ({"heartbeat": NOON - timedelta(minutes=10)}, EngineStatus(EngineState.RUNNING)),
        ({"heartbeat": NOON - timedelta(minutes=11)}, EngineStatus(EngineState.LATE, 6)),
        ({"heartbeat": NOON - 3 * FIVE, "interval": timedelta(hours=1)}, EngineStatus(EngineState.RUNNING)),
        ({"overdue": NOON - timedelta(minutes=4)}, EngineStatus(EngineState.RUNNING)),
        ({"overdue": NOON - timedelta(minutes=40)}, EngineStatus(EngineState.LATE, 40, part=Part.SCHEDULES)),
        ({"waiting": NOON - timedelta(minutes=4)}, EngineStatus(EngineState.RUNNING)),
        ({"waiting": NOON - timedelta(minutes=6)}, EngineStatus(EngineState.LATE, 6, part=Part.SCHEDULES)),
        (
            {"waiting": NOON - timedelta(minutes=6), "overdue": NOON - timedelta(minutes=9)},
            EngineStatus(EngineState.LATE, 9, part=Part.SCHEDULES),
        ),
        ({"active": False, "failures": 3}, EngineStatus(EngineState.OFF)),
        ({"failures": 1, "heartbeat": NOON - timedelta(days=1)}, EngineStatus(EngineState.FAILING)),
        ({"failing": 1, "switched_off": 1}, EngineStatus(EngineState.FAILING, part=Part.SCHEDULES)),
        ({"switched_off": 1}, EngineStatus(EngineState.OFF, part=Part.SCHEDULES)),
        ({"switched_off": 1, "helpers_failing": 1}, EngineStatus(EngineState.OFF, part=Part.SCHEDULES)),
        ({"helpers_off": 1, "helpers_failing": 1}, EngineStatus(EngineState.FAILING, part=Part.HELPERS)),
        ({"helpers_off": 1}, EngineStatus(EngineState.OFF, part=Part.HELPERS)),
        ({"switched_off": 1, "heartbeat": NOON - timedelta(days=1)}, EngineStatus(EngineState.LATE, 1435)),
    ],
)
def test_what_stops_everything_is_told_before_what_stops_some_schedules(values, status):
    assert engine_status(facts(**values)) == status


@given(st.integers(0, 10**6))
def test_an_engine_without_a_sign_of_life_gets_later_and_later(seconds):
    earlier = engine_status(facts(heartbeat=NOON - timedelta(seconds=seconds)))
    later = engine_status(facts(heartbeat=NOON - timedelta(seconds=seconds + 60)))
    assert later.late_minutes >= earlier.late_minutes
    assert (later.state is EngineState.LATE) == (seconds + 60 > 600)


def test_only_the_token_itself_fits_and_its_fingerprint_does_not():
    token = new_token()
    assert len(token) >= 43
    assert token_fits(token, fingerprint(token))
    for other in ("", token[:-1], token + "x", new_token(), fingerprint(token), "é", "\ud800"):
        assert not token_fits(other, fingerprint(token))
    assert not token_fits(token, "")
