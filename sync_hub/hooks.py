# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .models.sync_connection_activities import ACTIVITY_OF_STATE, SILENCE_ACTIVITY


def post_init_hook(env):
    """Let the operator into every company that is there already."""
    env["res.company"].search([])._admit_sync_operator()


def uninstall_hook(env):
    """Take away what Odoo would leave behind."""
    # No addon's data names the scheduled actions of schedules.
    env["sync.schedule"].with_context(active_test=False).search([]).unlink()
    # An activity, also one that is done, keeps its type from being deleted.
    for xmlid in (*ACTIVITY_OF_STATE.values(), SILENCE_ACTIVITY):
        kind = env.ref(xmlid, raise_if_not_found=False)
        if kind:
            env["mail.activity"].with_context(active_test=False).search([("activity_type_id", "=", kind.id)]).unlink()
