# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fixtures of the sandbox behind Yodlee: ``pytest_plugins = ["yodlee_fixtures"]`` in a test module."""

from collections.abc import Iterator

import pytest
from emulators.yodlee import Emulator
from yodlee_link import Link


@pytest.fixture(scope="session")
def _running_yodlee() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def yodlee(_running_yodlee: Emulator) -> Emulator:
    """The sandbox behind Yodlee, as on its first day."""
    _running_yodlee.reset()
    return _running_yodlee


@pytest.fixture
def yodlee_link(yodlee: Emulator) -> Link:
    """A connection to the sandbox bank's current account."""
    return Link(yodlee)
