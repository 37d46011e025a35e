# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The site of accountants, and the books in another database as its peer. Run by ``odoo shell``, with ``env``.

``URL``, ``BOOKS`` and ``KEY_FILE`` say where the books are, what their database is called and which key opens it;
``SMTP`` is the port of a mail server on this machine.
"""

import os
import uuid
from pathlib import Path

env["ir.config_parameter"].set_param("database.uuid", str(uuid.uuid4()))  # noqa: F821
company = env["res.company"].search([("chart_template", "=", "it")], limit=1)  # noqa: F821
company.write({"name": "Studio Verdi", "email": "studio@verdi.example"})
everywhere = {"company_ids": [(6, 0, company.ids)], "company_id": company.id, "tz": "Europe/Rome"}
env = env(context={**env.context, "allowed_company_ids": company.ids, "no_reset_password": True})  # noqa: F821
env["ir.mail_server"].create({"name": "Studio", "smtp_host": "127.0.0.1", "smtp_port": int(os.environ["SMTP"])})

rights = env.ref("base.user_admin").group_ids | env.ref("sync_hub.group_manager")
for login, lang in (("studio", "it_IT"), ("escritorio", "pt_BR")):
    person = {"name": login.title(), "login": login, "password": login, "lang": lang, **everywhere}
    env["res.users"].create({**person, "email": f"{login}@verdi.example", "group_ids": [(6, 0, rights.ids)]})
# Contacts that the site has had for long: in whose language it writes to them.
for name, address, lang in (
    ("Anna Verdi", "anna@verdi.example", "it_IT"),
    ("Ana Contas", "ana@contas.example", "pt_BR"),
):
    env["res.partner"].create({"name": name, "email": address, "lang": lang, "tz": "Europe/Rome"})
env["sync.exchange.peer"].create(
    {
        "name": "Gestionale",
        "url": os.environ["URL"],
        "database": os.environ["BOOKS"],
        "api_key": Path(os.environ["KEY_FILE"]).read_text(),
        "company_id": company.id,
        "automatic": False,
    }
)
env.cr.commit()
