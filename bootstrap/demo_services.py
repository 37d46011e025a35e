# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Introduce the demo company and the sandboxes of further services to each other. Run by ``odoo shell``, with ``env``.

A sandbox begins anew at each start, at another address and with other keys: the company's services follow.
``ADDRESSES`` names the file that tells where the sandboxes are.
"""

import importlib
import json
import os
from pathlib import Path

from odoo.addons.sync_hub_bank.providers import get_provider

company = env["res.company"].search([("chart_template", "=", "it")], limit=1)  # noqa: F821
providers = env["sync.bank.provider"].with_context(active_test=False, tracking_disable=True)  # noqa: F821
for sandbox, address in json.loads(Path(os.environ["ADDRESSES"]).read_text(encoding="utf-8")).items():
    remote = importlib.import_module(f"emulators.{sandbox}").RemoteControl(address)
    accesses = {sandbox: remote.access()}
    if sandbox == "ponto":
        accesses["ponto_connect"] = remote.access(connect=True)
    for code, access in accesses.items():
        values = {"api_url": access["url"], **access["settings"], **access["secrets"]}
        known = [("company_id", "=", company.id), ("code", "=", code), ("api_url", "like", "http://127.0.0.1:")]
        provider = providers.search(known, limit=1)
        if provider:
            provider.write(values)
            continue
        told = {"name": f"{get_provider(code).title} (sandbox)", "code": code, "environment": "sandbox"}
        provider = providers.create({**told, "company_id": company.id, "account_numbers": True, **values})
    if sandbox == "ponto":
        remote.add_redirect_url(provider.redirect_url)
env.cr.commit()  # noqa: F821
