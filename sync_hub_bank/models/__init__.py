# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    account_bank_statement,
    account_bank_statement_line,
    account_journal,
    account_journal_dashboard,
    res_company,
    sync_run_line,
    sync_bank_keys_mixin,
    sync_bank_provider,
    sync_bank_institution,
    sync_bank_message,
    sync_bank_connection,
    sync_bank_authorization,
    sync_bank_account,
    sync_bank_transaction,
    sync_bank_import,
    sync_bank_booking,
    sync_bank_statement_grouping,
    sync_bank_audit,
    sync_bank_audit_hooks,
    res_company_privacy,
)
