# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fixtures of the sandbox behind Plaid: ``pytest_plugins = ["plaid_fixtures"]`` in a test module."""

from collections.abc import Iterator

import pytest
from emulators.plaid import Emulator
from plaid_link import Link


@pytest.fixture(scope="session")
def _running_plaid() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def plaid(_running_plaid: Emulator) -> Emulator:
    """The sandbox as on its first day."""
    _running_plaid.reset()
    return _running_plaid


@pytest.fixture
def access(plaid: Emulator) -> Link:
    """A consent at the sandbox's main bank."""
    return Link(plaid)
