# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
def post_init_hook(env):
    """Let the operator into every company that is there already."""
    env["res.company"].search([])._admit_sync_operator()


def uninstall_hook(env):
    """Take the scheduled actions of schedules away: no addon's data names them, so Odoo would leave them behind."""
    env["sync.schedule"].with_context(active_test=False).search([]).unlink()
