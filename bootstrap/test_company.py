# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: the company of the bank tests. Its chart of accounts takes seconds, and each class wants it."""

italy = env.ref("base.it")  # noqa: F821 (Odoo's shell has it)
company = env["res.company"].create({"name": "Bianchi e figli S.r.l.", "country_id": italy.id})  # noqa: F821
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)  # noqa: F821
# The chart brings a currency of its own.
company.currency_id = italy.currency_id
env.cr.commit()  # noqa: F821
