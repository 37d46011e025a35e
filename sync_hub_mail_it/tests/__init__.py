# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_sdi_address,
    test_sdi_mailbox,
    test_sdi_names,
    test_sdi_notifications,
    test_sdi_sending,
    test_sdi_switch,
)
