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
    "external_dependencies": {"python": ["openpyxl"]},
    "auto_install": True,
}
