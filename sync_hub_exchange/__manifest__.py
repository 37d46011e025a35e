# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Sync Hub: Record Exchange",
    "summary": "Company databases that stay in step: contacts, products, prices, taxes and invoices, both ways",
    "version": "19.0.1.0.0",
    "category": "Services/Sync Hub",
    "author": "Sync Hub contributors",
    "website": "https://github.com/sync-hub/sync-hub",
    "license": "LGPL-3",
    "depends": ["sync_hub"],
    "external_dependencies": {"python": ["cryptography"]},
    "data": [
        "security/sync_hub_exchange_groups.xml",
        "security/ir.model.access.csv",
        "security/sync_hub_exchange_rules.xml",
        "data/sync_service_data.xml",
        "views/sync_exchange_mapping_views.xml",
        "views/sync_exchange_sending_views.xml",
        "views/sync_exchange_peer_views.xml",
        "views/sync_hub_exchange_menus.xml",
    ],
    "application": True,
    "post_init_hook": "post_init_hook",
}
