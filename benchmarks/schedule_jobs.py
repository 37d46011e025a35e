# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Jobs of the worker that concern schedules."""

from itertools import cycle, islice, product

from odoo import fields

# Rules of every kind, so that no shortcut for one of them hides the others.
RULES = (
    {"interval_number": 10, "interval_type": "minutes", "hour_from": 6.0, "hour_to": 23.0, "sun": False},
    {"interval_number": 12, "interval_type": "hours"},
    {"interval_number": 1, "interval_type": "hours", "hour_from": 22.0, "hour_to": 5.0},
    {"interval_number": 1, "interval_type": "days", "exact_start": True, "start_time": 7.5, "sat": False, "sun": False},
    {"interval_number": 2, "interval_type": "weeks"},
)
ZONES = ("Europe/Rome", "Europe/Warsaw", "America/Sao_Paulo")


def make_schedules(env, number: int, services: int) -> dict:
    """So many schedules of so many services, over as many companies as that takes, each with a last run."""
    kinds = env["sync.service"].create(
        [
            {"name": f"Service {index}", "code": f"bench_{index}", "connection_model": "sync.bank.connection"}
            for index in range(services)
        ]
    )
    companies = env["res.company"].create([{"name": f"Company {index:04d}"} for index in range(-(-number // services))])
    env.ref("base.user_admin").company_ids += companies
    places = islice(product(companies, kinds), number)
    schedules = env["sync.schedule"].with_context(tracking_disable=True).create(
        [
            {"service_id": service.id, "company_id": company.id, "tz": zone, **rule}
            for (company, service), zone, rule in zip(places, cycle(ZONES), cycle(RULES), strict=False)
        ]
    )
    runs = env["sync.run"].create(
        [
            {
                "service_id": schedule.service_id.id,
                "company_id": schedule.company_id.id,
                "schedule_id": schedule.id,
                "trigger": "scheduled",
                "state": "finished",
                "outcome": "done",
                "date_end": fields.Datetime.now(),
            }
            for schedule in schedules
        ]
    )
    for schedule, run in zip(schedules, runs, strict=True):
        schedule.last_run_id = run
    return {"schedules": len(schedules)}


def _as_admin(env):
    admin = env.ref("base.user_admin")
    context = {"allowed_company_ids": admin.company_ids.ids, "active_test": False, "lang": "it_IT"}
    return env(user=admin.id, su=False, context=context)


def compute_next_runs(env, meter) -> dict:
    """The next run of every schedule, from the database to the instant."""
    schedules = _as_admin(env)["sync.schedule"].search([("service_id.code", "=like", "bench_%")])
    env.invalidate_all()
    now = fields.Datetime.now()
    with meter() as measured:
        for schedule in schedules:
            schedule._next_occurrence(now)
    return {**measured.result, "schedules": len(schedules)}


def open_list(env, meter, limit: int) -> dict:
    """What the server does when the list is opened: the view, and its groups with their records.

    :param limit: records that each group shows at once; the web client asks for 80
    """
    Schedule = _as_admin(env)["sync.schedule"]
    names = Schedule.get_view(view_type="list")["arch"]
    columns = _columns(Schedule, names)
    env.invalidate_all()
    with meter() as measured:
        Schedule.get_views([(False, "list"), (False, "form"), (False, "search")])
        answer = Schedule.web_read_group(
            [],
            ["service_id"],
            ["__count"],
            limit=80,
            auto_unfold=True,
            unfold_read_specification=columns,
            unfold_read_default_limit=limit,
        )
    shown = sum(len(group.get("__records", ())) for group in answer["groups"])
    return {**measured.result, "schedules": shown}


def _columns(Schedule, arch: str) -> dict:
    """The columns of the list, as the web client asks for them."""
    from lxml import etree

    names = etree.fromstring(arch).xpath("/list/field/@name")
    kinds = Schedule.fields_get(names, ["type"])
    return {name: {"fields": {"display_name": {}}} if kinds[name]["type"] == "many2one" else {} for name in names}
