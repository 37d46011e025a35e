# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: connect accounts of the sandbox bank, each with a consent of its own, to a new journal each."""

import json
import os
from types import SimpleNamespace

from emulators.visitor import Visitor

given = SimpleNamespace(**json.loads(os.environ["SCRIPT_ARGUMENTS"]))
italian = env["res.company"].search([("chart_template", "=", "it")], limit=1)  # noqa: F821 (Odoo's shell has it)
admin = env.ref("base.user_admin")  # noqa: F821
admin.company_ids |= italian
env = env(user=admin.id, context={"allowed_company_ids": italian.ids})  # noqa: F821
# What the demo's schedules and Odoo's own scheduled actions do would only stand in the way of a slow machine.
crons = env["ir.cron"].sudo().search([])
(crons - env.ref("sync_hub.ir_cron_queue")).active = False
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
known = []
for number, account in enumerate(given.accounts):
    url = institution.action_connect()["url"]
    env.cr.commit()
    answer = Visitor(SimpleNamespace(url=given.url)).consent(url, [account])
    connection = env["sync.bank.connection"]._return_from_bank(answer)
    connection.name = f"Account {number}"
    linked = connection.account_ids
    linked._link(linked._create_journal())
    env.cr.commit()
    known.append({"connection": connection.id, "journal": linked.journal_id.id, "name": account})
print(json.dumps(known))  # noqa: T201
