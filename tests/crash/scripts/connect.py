# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: connect the sandbox bank's current account to a new journal of the Italian company."""

import json
import os
from types import SimpleNamespace

from emulators.visitor import Visitor

given = SimpleNamespace(**json.loads(os.environ["SCRIPT_ARGUMENTS"]))
italian = env["res.company"].search([("chart_template", "=", "it")], limit=1)  # noqa: F821 (Odoo's shell has it)
admin = env.ref("base.user_admin")  # noqa: F821
admin.company_ids |= italian
env = env(user=admin.id, context={"allowed_company_ids": italian.ids})  # noqa: F821
# The schedules of the demo would work beside the test's own workers.
env["ir.cron"].sudo().search([]).active = False
provider = env["sync.bank.provider"].create(
    {
        "company_id": italian.id,
        "api_url": given.url,
        "application_id": given.application,
        "private_key": given.key,
    }
)
institutions = env["sync.bank.institution"]
institutions._refresh(provider, env.ref("base.it"))
institution = institutions.search([("provider_id", "=", provider.id), ("name", "=", "Banca Sandbox Italia")])
url = institution.action_connect()["url"]
env.cr.commit()
answer = Visitor(SimpleNamespace(url=given.url)).consent(url, ["current"])
account = env["sync.bank.connection"]._return_from_bank(answer).account_ids
account._link(account._create_journal())
env.cr.commit()
print("{}")  # noqa: T201
