# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The examples in the pure packages of the exchange are true."""

import doctest
import importlib
import pkgutil

import pytest
from odoo.addons.sync_hub_exchange import planning, records, remote, snapshot, verification

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (records, planning, remote, snapshot, verification)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) > 25
