# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the second demo database that of a branch office. Run by ``odoo shell``, with ``env``.

``KEY_FILE`` names the file that takes the API key by which the head office reaches it.
"""

import os
import uuid
from pathlib import Path

# Two copies of one database would take each other for themselves.
env["ir.config_parameter"].set_param("database.uuid", str(uuid.uuid4()))  # noqa: F821
company = env["res.company"].search([("chart_template", "=", "it")], limit=1)  # noqa: F821
company.write({"name": "Officina Aurora, filiale di Milano"})
company.partner_id.write({"city": "Milano", "zip": "20121"})
groups = (
    *("sync_hub_exchange.group_exchange", "base.group_partner_manager"),
    "product.group_product_manager",
)
user = env["res.users"].with_context(no_reset_password=True).create(  # noqa: F821
    {
        "name": "Scambio con la sede",
        "login": "scambio",
        "company_ids": [(6, 0, company.ids)],
        "company_id": company.id,
        "group_ids": [(6, 0, [env.ref(group).id for group in groups])],  # noqa: F821
    }
)
file = Path(os.environ["KEY_FILE"])
file.unlink(missing_ok=True)
file.touch(mode=0o600)
file.write_text(env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "Sede", None))  # noqa: F821
# What only the branch has, so that something arrives.
for name, street, city in (
    ("Ferramenta Navigli", "Alzaia Naviglio Grande 12", "Milano"),
    ("Autotrasporti Brera", "Via Solferino 7", "Milano"),
    ("Studio Lambrate", "Via Conte Rosso 21", "Milano"),
):
    env["res.partner"].create(  # noqa: F821
        {
            "name": name,
            "is_company": True,
            "street": street,
            "city": city,
            "country_id": env.ref("base.it").id,  # noqa: F821
            "lang": "it_IT",
        }
    )
env.cr.commit()  # noqa: F821
