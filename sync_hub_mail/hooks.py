# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .models.sync_mail_account_server import BY_ACCOUNT


def post_init_hook(env):
    """Let the operator into every company."""
    env["res.company"].search([])._admit_sync_operator()


def uninstall_hook(env):
    """Mail servers of accounts lose the vault, so no mail is given to them any more; whoever enters a password anew
    switches them on again."""
    # Whoever uninstalls may not see mail servers, and they are to send no more all the same.
    servers = env["ir.mail_server"].sudo().with_context(**{BY_ACCOUNT: True})
    servers.search([("sync_account_id", "!=", False)]).write({"active": False, "sync_account_id": False})
