# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    sync_exchange_add_data,
    sync_exchange_check,
    sync_exchange_check_line,
    sync_exchange_credentials,
    sync_exchange_series_gaps,
    sync_exchange_dry_run,
    sync_exchange_dry_run_line,
    sync_exchange_dry_run_sample,
)
