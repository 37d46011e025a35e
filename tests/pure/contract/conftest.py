# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The contract of ``BankProvider``: each test runs against every service.

The tests know the protocol and the drivers, and nothing of a single service. What a service does not have, its driver
declares (``Abilities``), and the test says what the adapter does then.
"""

from collections.abc import Iterator

import pytest
from emulators.drivers import DRIVERS, Driver
from reading import Connection


@pytest.fixture(scope="session", params=DRIVERS)
def _running(request: pytest.FixtureRequest) -> Iterator[Driver]:
    with DRIVERS[request.param]() as driver:
        yield driver


@pytest.fixture
def driver(_running: Driver) -> Driver:
    """A service as on its first day."""
    _running.recover()
    _running.reset()
    return _running


@pytest.fixture
def connection(driver: Driver) -> Connection:
    """A consent of the user of the main bank."""
    return Connection(driver)
