# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    res_company,
    sync_mail_sdi_file,
    sync_mail_sdi_notification,
    sync_mail_account,
    sync_mail_account_learning,
    sync_mail_message,
    sync_mail_incoming,
    account_move,
    account_move_sending,
    account_move_send,
)
