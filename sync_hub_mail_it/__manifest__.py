# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Sync Hub: FatturaPA by Certified Mail",
    "summary": "Electronic invoices reach the Italian exchange system (SdI) by the company's own certified mail (PEC)",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations/EDI",
    "author": "Sync Hub contributors",
    "website": "https://github.com/sync-hub/sync-hub",
    "license": "LGPL-3",
    "countries": ["it"],
    "depends": ["sync_hub_mail", "l10n_it_edi"],
    "data": [
        "security/ir.model.access.csv",
        "security/sync_hub_mail_it_rules.xml",
        "data/mail_activity_type_data.xml",
        "views/sync_mail_sdi_notification_views.xml",
        "views/sync_mail_sdi_file_views.xml",
        "views/sync_mail_account_views.xml",
        "views/sync_mail_message_views.xml",
        "views/account_move_views.xml",
        "views/res_partner_views.xml",
    ],
    "auto_install": True,
}
