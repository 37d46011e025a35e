# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs of the worker that concern lists of banks."""

import statistics
import time
from itertools import product

KINDS = ("Sparkasse", "Volksbank", "Raiffeisenbank", "Crédit Mutuel", "Banca di Credito Cooperativo", "Savings Bank")
SYLLABLES = ("ba", "be", "dorf", "fel", "heim", "kö", "lan", "mün", "ro", "stadt", "tal", "wei")
# What people type, as far as they have got at each pause.
TYPED = ("s", "sp", "spark", "sparkasse", "sparkasse ko", "sparkasse koheim", "credit", "CREDITO coop", "heim")
COMPANY = "Banks of the benchmark"


def _institutions(number: int, service: int, renamed: int = 0):
    from odoo.addons.sync_hub_bank.providers.values import Institution

    countries = ("IT", "DE", "FR", "US")
    names = product(SYLLABLES, SYLLABLES, SYLLABLES, KINDS)
    for index, (*town, kind) in zip(range(number), names, strict=False):
        name = f"{kind} {''.join(town).title()}{' AG' * (service > 0)}"
        if index < renamed:
            name = f"{name} Neu"
        yield Institution(
            key=f"bank-{index}",
            name=name,
            country=countries[index % len(countries)],
            bic=f"BK{index:04d}XX"[:8] if service else "",
            logo_url=f"https://logos.example/{index}.png",
            consent_seconds=180 * 86400,
        )


def store_institutions(env, number: int, services: int, meter) -> dict:
    """Lists of so many banks in all, of all countries: stored for the first time, again, and with 50 new names."""
    company = env["res.company"].create({"name": COMPANY})
    admin = env.ref("base.user_admin")
    admin.company_ids += company
    providers = env["sync.bank.provider"].create(
        [{"company_id": company.id, "name": f"Service {index}", "sequence": index} for index in range(services)]
    )
    env.cr.commit()
    results = {}
    for title, renamed in (("first time", 0), ("again", 0), ("50 new names", 50)):
        with meter() as measured:
            for index, provider in enumerate(providers):
                listed = _institutions(number // services, index, renamed)
                env["sync.bank.institution"]._store(provider, env["res.country"], listed)
                env.cr.commit()
        results[title] = measured.result
    env.cr.execute("ANALYZE sync_bank_institution")
    results["rows"] = env["sync.bank.institution"].search_count([("company_id", "=", company.id)])
    return results


def search_institutions(env, rounds: int, meter) -> dict:
    """Milliseconds of each search that the page makes while somebody types, as it is asked over the wire."""
    company = env["res.company"].search([("name", "=", COMPANY)])
    admin = env.ref("base.user_admin")
    institutions = env(user=admin.id, su=False, context={"allowed_company_ids": company.ids, "lang": "it_IT"})[
        "sync.bank.institution"
    ]
    results = {}
    with meter() as measured:
        for title, country in (("of one country", env.ref("base.de").id), ("of all countries", None)):
            for words in ("", *TYPED):
                taken = []
                for _round in range(rounds):
                    institutions.env.invalidate_all()
                    begin = time.perf_counter()
                    institutions.find_banks(company.id, words, country, "business")
                    taken.append(1000 * (time.perf_counter() - begin))
                # The first one also fills what a process keeps for all others.
                results[f"{words or '(nothing typed)'}, {title}"] = (statistics.median(taken), max(taken[1:]))
    return {"searches": results, **measured.result}
