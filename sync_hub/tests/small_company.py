# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def small_company(env, name, **values):
    """The company of that name, in euro and with a small chart of accounts, for addons that need ``account``.

    Odoo's own fixture for accounting makes products, taxes, partners and currencies besides, for each class.

    :param values: of further fields
    """
    # Where all tests are run together it may be there from the beginning: its chart takes seconds.
    ready = env["res.company"].search([("name", "=", name)], limit=1)
    if ready:
        ready.write(values)
        return ready
    italy = env.ref("base.it")
    company = env["res.company"].create({"name": name, "country_id": italy.id, **values})
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    # The chart brings a currency of its own.
    company.currency_id = italy.currency_id
    return company
