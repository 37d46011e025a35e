# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Sync Hub: Stock Alignment",
    "summary": "Stock set to what another database or a file says: previewed, applied as adjustments, reversible",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "Sync Hub contributors",
    "website": "https://github.com/sync-hub/sync-hub",
    "license": "LGPL-3",
    "depends": ["sync_hub_exchange", "stock"],
    "data": [
        "security/sync_hub_stock_groups.xml",
        "security/ir.model.access.csv",
        "security/sync_hub_stock_rules.xml",
        "data/ir_sequence_data.xml",
        "data/ir_cron_data.xml",
        "views/sync_stock_alignment_line_views.xml",
        "views/sync_stock_alignment_views.xml",
        "views/sync_exchange_peer_views.xml",
        "views/sync_hub_stock_menus.xml",
    ],
    "external_dependencies": {"python": ["openpyxl"]},
    "auto_install": True,
}
