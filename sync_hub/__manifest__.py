# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Sync Hub",
    "summary": "Synchronizations on a schedule that never drifts, with errors that say what to do",
    "version": "19.0.1.0.0",
    "category": "Services/Sync Hub",
    "author": "Sync Hub contributors",
    "website": "https://github.com/sync-hub/sync-hub",
    "license": "LGPL-3",
    "depends": ["mail"],
    "external_dependencies": {"python": ["cryptography", "requests"]},
    "data": [
        "security/sync_hub_groups.xml",
        "security/ir.model.access.csv",
        "security/sync_hub_rules.xml",
        "data/res_users_data.xml",
        "data/ir_cron_data.xml",
        "views/sync_run_views.xml",
        "views/sync_schedule_views.xml",
        "views/sync_service_views.xml",
        "views/sync_hub_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["sync_hub/static/src/**/*"],
    },
    "application": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
