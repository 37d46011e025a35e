# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Sync Hub: Job Queue",
    "summary": "Spreads synchronizations over many workers and hosts with the OCA job queue",
    "version": "19.0.1.0.0",
    "category": "Services/Sync Hub",
    "author": "Sync Hub contributors",
    "website": "https://github.com/sync-hub/sync-hub",
    "license": "LGPL-3",
    "depends": ["sync_hub", "queue_job"],
    "data": [
        "data/queue_job_data.xml",
        "views/sync_service_views.xml",
    ],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
