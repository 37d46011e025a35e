# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    sync_exchange_peer,
    sync_stock_alignment,
    sync_stock_alignment_line,
    sync_stock_alignment_preview,
    sync_stock_alignment_setting,
    sync_stock_door,
)
