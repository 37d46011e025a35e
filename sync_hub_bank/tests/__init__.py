# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_access_log,
    test_access_log_borders,
    test_authorization,
    test_bad_input,
    test_booking,
    test_connection_life,
    test_dashboard,
    test_first_synchronization,
    test_identity,
    test_late_rows,
    test_neutralize,
    test_pending_rows,
    test_run_of_bank,
    test_sample_files,
    test_schedules,
    test_security,
    test_slices,
    test_statements,
    test_vault_key,
)
