# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
def post_init_hook(env):
    """Let the operator into every company and give each the schedule "every 12 hours"."""
    companies = env["res.company"].search([])
    companies._admit_sync_operator()
    companies._create_bank_schedules()


def uninstall_hook(env):
    """Journals that were fed by us ask for another feed; their lines and statements stay."""
    env["account.journal"].search([("bank_statements_source", "=", "online_sync")]).write(
        {"bank_statements_source": "undefined"}
    )
