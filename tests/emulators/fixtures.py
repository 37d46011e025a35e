# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fixtures of the sandbox: ``pytest_plugins = ["emulators.fixtures"]`` in a test module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .enablebanking import Emulator
from .visitor import CALLBACK, TODAY, Visitor


@pytest.fixture(scope="session")
def _running_bank() -> Iterator[Emulator]:
    with Emulator(today=TODAY, redirect_urls=[CALLBACK]) as emulator:
        yield emulator


@pytest.fixture
def june_bank(_running_bank: Emulator) -> Emulator:
    """A sandbox as on its first day, 30 June 2026."""
    _running_bank.reset()
    return _running_bank


@pytest.fixture
def visitor(june_bank: Emulator) -> Visitor:
    """An application and its user at that sandbox."""
    return Visitor(june_bank)
