# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    ir_cron,
    ir_websocket,
    res_company,
    res_users,
    sync_secret,
    sync_secret_mixin,
    sync_service,
    sync_run,
    sync_run_queue,
    sync_run_line,
    sync_connection_mixin,
    sync_schedule,
    sync_schedule_when,
    sync_schedule_automatic,
    sync_connection_schedule,
)
