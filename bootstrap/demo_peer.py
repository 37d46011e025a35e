# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Introduce the branch's database to the head office. Run by ``odoo shell``, with ``env``.

``URL``, ``BRANCH`` and ``KEY_FILE`` say where it is, what it is called and which key opens it. Nothing is exchanged
before somebody presses "Connect".
"""

import os
from pathlib import Path

company = env["res.company"].search([("chart_template", "=", "it")], limit=1)  # noqa: F821
peers = env["sync.exchange.peer"].with_context(tracking_disable=True)  # noqa: F821
values = {
    "url": os.environ["URL"],
    "database": os.environ["BRANCH"],
    "api_key": Path(os.environ["KEY_FILE"]).read_text(encoding="utf-8"),
}
peer = peers.search([("company_id", "=", company.id), ("database", "=", os.environ["BRANCH"])], limit=1)
if peer:
    # The branch was made anew.
    peer.write({**values, "remote_uuid": False})
else:
    admin = env.ref("base.user_admin")  # noqa: F821
    told = {"name": "Filiale di Milano", "company_id": company.id, "user_id": admin.id, "automatic": False}
    peer = peers.create({**told, **values})
    peer.send_automatic = False
    # As whom schedules run: products are among the data that is offered.
    env.ref("sync_hub.user_operator").group_ids |= env.ref("product.group_product_manager")  # noqa: F821
env.cr.commit()  # noqa: F821
