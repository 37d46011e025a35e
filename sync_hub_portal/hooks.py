# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def post_init_hook(env):
    """Let the operator into every company."""
    env["res.company"].search([])._admit_sync_operator()
