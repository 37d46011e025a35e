# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    sync_mail_send_mixin,
    account_move_send_batch_wizard,
    account_move_send_wizard,
    sync_mail_check,
    sync_mail_credentials,
    sync_mail_disconnect,
)
