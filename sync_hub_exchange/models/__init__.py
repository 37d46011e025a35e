# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    sync_exchange_peer,
    sync_exchange_sending,
    sync_exchange_mapping,
    sync_exchange_door,
)
