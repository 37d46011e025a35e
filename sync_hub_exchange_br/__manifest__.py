# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Sync Hub: Fiscal Series of Brazilian Journals",
    "summary": "Fiscal series of NF-e and NFC-e number the invoices of their journals, once over all databases",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "author": "Sync Hub contributors",
    "website": "https://github.com/sync-hub/sync-hub",
    "license": "LGPL-3",
    "countries": ["br"],
    "depends": ["sync_hub_exchange", "l10n_br"],
    "data": [
        "views/sync_exchange_series_views.xml",
        "views/sync_exchange_series_document_views.xml",
        "views/account_journal_views.xml",
        "views/account_move_views.xml",
    ],
    "auto_install": True,
}
