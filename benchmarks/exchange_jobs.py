# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs of ``benchmarks.worker`` that exchange contacts between two databases, and what a plain loop takes for them."""

import datetime

import requests
from odoo import Command, fields
from odoo.tools import SQL

FIELDS = (
    *("name", "is_company", "parent_id", "type", "ref", "vat", "street", "street2", "city", "zip", "country_id"),
    *("state_id", "email", "phone", "website", "lang", "comment", "active", "category_id"),
)
DOMAIN = "[('ref', '=like', 'BENCH%')]"


def open_door(env, uuid: str) -> dict:
    """Give a database an identity of its own and a user whom peers may use; returns the key."""
    env["ir.config_parameter"].set_param("database.uuid", uuid)
    user = env.ref("base.user_admin")
    user.group_ids = [Command.link(env.ref("sync_hub_exchange.group_exchange").id)]
    # Odoo wants it without a zone.
    until = fields.Datetime.now() + datetime.timedelta(days=1)
    return {"key": env["res.users.apikeys"].with_user(user)._generate("rpc", "benchmark", until)}


def meet(env, url: str, database: str, key: str) -> dict:
    """A peer with which contacts are exchanged."""
    peer = env["sync.exchange.peer"].create({"name": database, "url": url, "database": database, "api_key": key})
    peer.write({"state": "connected", "remote_company_id": env.company.id})
    env["sync.exchange.mapping"].search([("peer_id", "=", peer.id)]).unlink()
    env["sync.exchange.mapping"].create(
        {
            "peer_id": peer.id,
            "model_id": env["ir.model"]._get_id("res.partner"),
            "domain": DOMAIN,
            "line_ids": [
                Command.create({"field_id": env["ir.model.fields"]._get("res.partner", name).id}) for name in FIELDS
            ],
        }
    )
    return {}


def contacts(env, number: int, start: int = 0) -> list[dict]:
    """Values of contacts, each another one."""
    italy = env.ref("base.it").id
    return [
        {
            "name": f"Cliente {index}",
            "is_company": True,
            "ref": f"BENCH{index:07d}",
            "street": f"Via Garibaldi {index}",
            "city": "Torino",
            "zip": f"{10000 + index % 90000}",
            "country_id": italy,
            "email": f"cliente{index}@example.com",
            "phone": f"+39 011 {index:07d}",
        }
        for index in range(start, start + number)
    ]


def add_contacts(env, number: int, start: int = 0) -> dict:
    """Contacts that were made by people here."""
    for values in _chunks(contacts(env, number, start)):
        env["res.partner"].with_context(tracking_disable=True).create(values)
        env.cr.commit()
        env.invalidate_all()
    return {"contacts": number}


def change_contacts(env, number: int, turn: int) -> dict:
    """Change a street and a telephone number of the first contacts."""
    found = env["res.partner"].search([("ref", "=like", "BENCH%")], order="ref", limit=number)
    for index, contact in enumerate(found.with_context(tracking_disable=True)):
        contact.write({"street": f"Corso Francia {turn}/{index}", "phone": f"+39 011 {turn}{index:06d}"})
    return {"contacts": len(found)}


def crowd(env, number: int) -> dict:
    """Further contacts that nobody changes, quickly: by SQL, with identities, and in step with the peer."""
    # Millions of rows by the ORM would take hours, and what is measured does not look at them.
    env.cr.execute(
        SQL(
            """
            WITH made AS (
                INSERT INTO res_partner (name, complete_name, ref, active, is_company, type, create_date, write_date,
                                         autopost_bills)
                     SELECT 'Folla ' || n, 'Folla ' || n, 'BENCHX' || n, true, true, 'contact', now(), now(), 'ask'
                       FROM generate_series(1, %s) AS n
                  RETURNING id, ref
            ), named AS (
                INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
                     SELECT '__sync_crowd__', ref, 'res.partner', id, true FROM made
            )
            INSERT INTO sync_exchange_link (peer_id, model, res_id, base, amounts, resend, gone_there)
                 SELECT peer.id, 'res.partner', made.id, '{}', '{}', false, false
                   FROM made CROSS JOIN sync_exchange_peer AS peer
            """,
            number,
        )
    )
    env.cr.commit()
    env.cr.execute(SQL("ANALYZE res_partner, ir_model_data, sync_exchange_link"))
    return {"contacts": number}


def exchange(env, direction: str, *, meter) -> dict:
    """One run of a direction, without a time limit."""
    peer = env["sync.exchange.peer"].search([], limit=1)
    connection = peer if direction == "receive" else peer.sending_ids
    run = env["sync.run"]._queue(connection, "manual")
    env.cr.commit()
    with meter() as measured:
        run._work(float("inf"))
    run.invalidate_recordset()
    counts = {"created": run.created_count, "updated": run.updated_count, "failed": run.failed_count}
    return {**measured.result, **counts, "outcome": run.outcome, "errors": run._errors().mapped("detail")}


def plain_loop(env, url: str, database: str, key: str, number: int, start: int, *, meter) -> dict:
    """What a script does: one call for each contact, over one connection; first ``create``, then ``write``."""
    values = contacts(env, number, start)
    env.cr.commit()
    headers = {"Authorization": f"bearer {key}", "X-Odoo-Database": database}
    with requests.Session() as http:

        def call(method: str, **arguments):
            answer = http.post(f"{url}/json/2/res.partner/{method}", json=arguments, headers=headers, timeout=60)
            answer.raise_for_status()
            return answer.json()

        call("create", vals_list=values[:1])
        with meter() as creating:
            ids = [call("create", vals_list=[row])[0] for row in values[1:]]
        with meter() as writing:
            for index, res_id in enumerate(ids):
                call("write", ids=[res_id], vals={"street": f"Corso Re {index}", "phone": f"+39 011 9{index:06d}"})
    return {"rows": len(ids), "create": creating.result, "write": writing.result}


def _chunks(rows: list, size: int = 500):
    return (rows[start : start + size] for start in range(0, len(rows), size))
