# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""OCA's importers and OCA's reconciliation in the same database.

The tests themselves stand in ``addons/sync_hub_coexistence``: they run inside Odoo.
"""

from __future__ import annotations

import re

import pytest
from beside import Beside


@pytest.mark.parametrize("name", ["TestOcaImporter", "TestFilesOfOca", "TestReconcileOca"])
def test_what_is_promised_beside_ocas_addons_holds(beside: Beside, name: str) -> None:
    outcome = beside.outcome(name)
    assert outcome.ran
    assert not outcome.failed, outcome.log[-8000:]


def test_nothing_is_logged_as_an_error_while_they_are_installed_and_tested(beside: Beside) -> None:
    log = beside.outcome("TestReconcileOca").log
    assert not re.findall(r"^.* (?:ERROR|CRITICAL) .*$", log, re.MULTILINE)


def test_ocas_addons_were_really_there(beside: Beside) -> None:
    beside.outcome("TestReconcileOca")
    assert beside.installed() >= {
        "account_reconcile_oca",
        "account_statement_import_camt",
        "account_statement_import_online",
        "account_statement_import_online_ponto",
        "sync_hub_bank",
    }
