# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In an Odoo shell: let the administrator come from another database, and let nothing happen by itself."""

from datetime import UTC, datetime, timedelta

env["ir.cron"].search([]).active = False  # noqa: F821 (Odoo's shell has it)
# What is told is compared with the words of the code.
env["res.users"].with_context(active_test=False).search([]).lang = "en_US"  # noqa: F821
env["res.company"].search([]).partner_id.lang = "en_US"  # noqa: F821
admin = env.ref("base.user_admin")  # noqa: F821
admin.group_ids |= env.ref("sync_hub_exchange.group_exchange") | env.ref("sync_hub.group_manager")  # noqa: F821
key = env["res.users.apikeys"].with_user(admin)._generate(  # noqa: F821
    "rpc", "exchange", datetime.now(UTC).replace(tzinfo=None) + timedelta(days=80)
)
env["ir.config_parameter"].set_param("exchange_tests.key", key)  # noqa: F821
env.cr.commit()  # noqa: F821
