# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A connection whose other side answers what a test says."""

import time
from collections.abc import Callable

from odoo import models
from odoo.addons.sync_hub.models.sync_secret_mixin import Secret
from odoo.orm.model_classes import add_to_registry

MODEL = "sync.test.connection"

# What the other side does when a connection of that name synchronizes: gets connection, run and deadline, and
# returns whether the work is finished.
SCRIPTS: dict[str, Callable] = {}


class SyncTestConnection(models.Model):
    """The engine has no connection of its own: this one is added to the registry while its tests run."""

    # Belongs to no addon: Odoo must not load it by itself.
    _module = None
    _name = MODEL
    _description = "Connection of the Tests"
    _inherit = ["sync.connection.mixin"]
    _schedule_key = "api_key"

    api_key = Secret("API Key")
    pin = Secret("PIN")

    def _sync_service_xmlid(self):
        return "sync_hub.service_of_tests"

    def _synchronize(self, run, deadline):
        return SCRIPTS.get(self.name, nothing_new)(self, run, deadline)


def nothing_new(connection, run, deadline):
    return True


def brings(number: int) -> Callable:
    """The other side has so many new records."""

    def script(connection, run, deadline):
        run._count(fetched=number, created=number)
        return True

    return script


def fails(error: Exception) -> Callable:
    """The other side, or our own code, fails."""

    def script(connection, run, deadline):
        raise error

    return script


def in_steps(number: int, seen: list) -> Callable:
    """The work takes so many slices; each brings one record and leaves a checkpoint, which ``seen`` collects."""

    def script(connection, run, deadline):
        seen.append((run.checkpoint or {}).get("step", 0))
        run._count(fetched=1, created=1)
        run.checkpoint = {"step": seen[-1] + 1}
        connection.env.cr.commit()
        return seen[-1] + 1 == number

    return script


def add_model(case) -> None:
    """Add the model to the registry of a test class, and take it away when the class is done."""
    registry, cr = case.registry, case.env.cr
    add_to_registry(registry, SyncTestConnection)

    def remove():
        del registry[MODEL]
        # Odoo sets the registry up anew after the class.
        registry.registry_invalidated = True

    case.addClassCleanup(remove)
    registry._setup_models__(cr, [MODEL])
    registry.init_models(cr, [MODEL], {})
    model = case.env["ir.model"]._get(MODEL)
    case.env["ir.model.access"].create(
        [
            {"name": f"{MODEL} {group}", "model_id": model.id, "group_id": case.env.ref(group).id, **rights}
            for group, rights in {
                "sync_hub.group_user": {"perm_read": True, "perm_write": False},
                "sync_hub.group_operator": {"perm_read": True, "perm_write": True},
                "sync_hub.group_manager": dict.fromkeys(("perm_read", "perm_write", "perm_create"), True),
            }.items()
        ]
    )
    case.env["ir.rule"].create(
        {"name": MODEL, "model_id": model.id, "domain_force": "[('company_id', 'in', company_ids)]"}
    )


def far() -> float:
    """A deadline that no test reaches."""
    return time.monotonic() + 3600
