# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: open every secret; says which are not what they were."""

import json

vault = env["sync.secret"]  # noqa: F821 (Odoo's shell has it)
wrong = [
    row.field_name
    for row in vault.search([])
    if vault._open(env.company, row.field_name) != row.field_name.replace("field_", "secret ")  # noqa: F821
]
print(json.dumps({"wrong": wrong, "secrets": vault.search_count([])}))  # noqa: T201
