# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: an empty vault, then so many secrets in it."""

import json
import os

given = json.loads(os.environ["SCRIPT_ARGUMENTS"])
vault = env["sync.secret"]  # noqa: F821 (Odoo's shell has it)
vault.search([]).unlink()
for number in range(given["secrets"]):
    vault._keep(env.company, f"field_{number}", f"secret {number}")  # noqa: F821
env.cr.commit()  # noqa: F821
