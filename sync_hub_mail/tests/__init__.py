# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_account_check,
    test_account_domain,
    test_account_faults,
    test_account_form,
    test_account_message,
    test_account_secret,
    test_account_server,
    test_accountant,
    test_borders,
    test_due,
    test_orders,
    test_pec,
    test_sending_batch,
    test_sending_email,
    test_sending_pace,
)
