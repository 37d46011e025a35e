# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Make the demo database an Italian company's. Run by ``odoo shell``, with ``env``."""

company = env["res.company"].search([("chart_template", "=", "it")], limit=1)  # noqa: F821
company.write({"name": "Officina Aurora S.r.l."})
company.partner_id.write({"lang": "it_IT", "tz": "Europe/Rome", "city": "Torino", "zip": "10122"})
everyone = [(4, company.id)]
# An invented company is looked up nowhere: Odoo would ask a service on the Internet, and the first page wait for it.
env["res.company"].search([]).write({"iap_enrich_auto_done": True})  # noqa: F821

# Odoo's own demo fills the bank journal until today. A journal that begins empty gets as much as the sandbox bank has.
journals = env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "bank")])  # noqa: F821
env["account.bank.statement"].search([("journal_id", "in", journals.ids)]).unlink()  # noqa: F821
env["account.bank.statement.line"].search([("journal_id", "in", journals.ids)]).unlink()  # noqa: F821

admin = env.ref("base.user_admin")  # noqa: F821
admin.write({"company_ids": everyone, "company_id": company.id, "lang": "it_IT", "tz": "Europe/Rome"})

people = [
    ("contabile", "Carla Contabile", "account.group_account_manager"),
    ("fatturazione", "Franco Fatture", "account.group_account_invoice"),
]
for login, name, group in people:
    env["res.users"].with_context(no_reset_password=True).create(  # noqa: F821
        {
            "name": name,
            "login": login,
            "password": login,
            "lang": "it_IT",
            "tz": "Europe/Rome",
            "company_ids": [(6, 0, company.ids)],
            "company_id": company.id,
            "group_ids": [(6, 0, env.ref(group).ids)],  # noqa: F821
        }
    )

# Scripts and styles of the first pages are compiled here, so that whoever opens them does not wait for it.
for bundle in ("web.assets_frontend_minimal", "web.assets_frontend_lazy", "web.assets_web"):
    env["ir.qweb"]._get_asset_bundle(bundle, css=False, js=True).js()  # noqa: F821
for bundle in ("web.assets_frontend", "web.assets_web", "web.assets_web_print"):
    env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False).css()  # noqa: F821
env.cr.commit()  # noqa: F821
