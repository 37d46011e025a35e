# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_bus,
    test_fault_texts,
    test_removal,
    test_rpc_borders,
    test_run,
    test_run_alone,
    test_run_faults,
    test_run_parents,
    test_schedule,
    test_schedule_changes,
    test_schedule_clock,
    test_schedule_key,
    test_schedule_late,
    test_schedule_list,
    test_schedule_operator,
    test_schedule_pause,
    test_schedule_rule,
    test_vault,
    test_worker_limits,
)
