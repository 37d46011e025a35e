# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Sync Hub beside OCA's Addons",
    "summary": "Tests of Sync Hub in a database in which OCA's bank addons are installed too",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Sync Hub contributors",
    "website": "https://github.com/sync-hub/sync-hub",
    "license": "LGPL-3",
    "depends": [
        "sync_hub_bank",
        "account_reconcile_oca",
        "account_statement_import_camt",
        "account_statement_import_online_ponto",
    ],
}
