# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command


def post_init_hook(env):
    """Let the operator into every company."""
    env["res.company"].search([])._admit_sync_operator()


def uninstall_hook(env):
    """Take away what Odoo would leave behind: keys, activities, and the operator's right to change contacts.

    The names by which other databases know records stay: a peer that is connected again recognizes them.
    """
    env["sync.secret"].search([("res_model", "=like", "sync.exchange.%")]).unlink()
    # An activity, also one that is done, keeps its type from being deleted.
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "=like", "sync.exchange.%")]).unlink()
    contacts = env.ref("base.group_partner_manager")
    env.ref("sync_hub.group_operator").write({"implied_ids": [Command.unlink(contacts.id)]})
