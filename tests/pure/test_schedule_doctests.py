# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The examples in the schedule's docstrings are its specification: they must be true."""

import doctest
from importlib import import_module

import pytest

PACKAGE = "odoo.addons.sync_hub.schedule"


@pytest.mark.parametrize(
    "module", ["clock", "recurrence", "opening", "arithmetic", "misfire_policy", "spread"]
)
def test_the_examples_of_the_schedule_hold(module):
    result = doctest.testmod(import_module(f"{PACKAGE}.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
