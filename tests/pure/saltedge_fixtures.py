# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fixtures of the sandbox of Salt Edge: ``pytest_plugins = ["saltedge_fixtures"]`` in a test module."""

from collections.abc import Iterator

import pytest
from emulators.saltedge import Emulator
from odoo.addons.sync_hub_bank.providers.saltedge import SaltEdge
from saltedge_link import Link, days_ago, provider_of


@pytest.fixture(scope="session")
def _running_edge() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def edge(_running_edge: Emulator) -> Emulator:
    """The sandbox as on its first day."""
    _running_edge.reset()
    _running_edge.set_today(days_ago(0))
    return _running_edge


@pytest.fixture
def edge_provider(edge: Emulator) -> SaltEdge:
    return provider_of(edge)


@pytest.fixture
def edge_link(edge: Emulator) -> Link:
    """A connection at the ordinary bank."""
    return Link(edge)
