# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    sync_bank_choose_line,
    sync_bank_confirm,
    sync_bank_credentials,
    sync_bank_disconnected,
    sync_bank_duplicate,
    sync_bank_erase,
    sync_bank_find,
    sync_bank_link,
    sync_bank_lock_dates,
    sync_bank_takeover,
    sync_bank_undo,
)
