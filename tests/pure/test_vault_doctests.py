# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The examples in the vault's docstrings are true."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("module", ["keyring", "sealing", "masking", "opened"])
def test_the_examples_of_the_vault_hold(module):
    result = doctest.testmod(import_module(f"odoo.addons.sync_hub.vault.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
