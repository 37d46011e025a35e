# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The emulated Ponto for the tests of both its forms."""

from collections.abc import Iterator
from typing import Any

import pytest

from . import Emulator


@pytest.fixture(scope="session")
def _running_ponto() -> Iterator[Any]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def ponto(_running_ponto: Any) -> Any:
    """Ponto as on its first day."""
    _running_ponto.reset()
    return _running_ponto


@pytest.fixture
def own(ponto: Any) -> Any:
    """A company's own integration."""
    from ponto_link import Own  # here: it needs the packages that conftest makes importable

    return Own(ponto)
