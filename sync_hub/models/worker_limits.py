# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
import os

from odoo.http import request
from odoo.service import server
from odoo.tools import config

if os.name == "posix":  # elsewhere Odoo has no prefork workers, and no limit for them
    import resource


def processor_seconds_left() -> float:
    """For how many seconds this process may still begin steps of work; infinite when nobody limits it.

    Odoo gives a prefork worker ``limit_time_cpu`` seconds of processor time for all scheduled actions that are due
    together, and ends it wherever it is once they are used up. Half of them are kept for the step that is begun last.
    They may be taken for seconds of the clock: a single thread does not use up more.
    """
    if os.name != "posix":
        return math.inf
    limit, _hard = resource.getrlimit(resource.RLIMIT_CPU)
    if limit == resource.RLIM_INFINITY:
        return math.inf
    used = resource.getrusage(resource.RUSAGE_SELF)
    return max(limit - used.ru_utime - used.ru_stime - config["limit_time_cpu"] / 2, 0)


def seconds_for_calls() -> float | None:
    """For how many seconds one piece of work may wait for the outside in all; None when nobody limits it.

    Odoo kills a worker that is at one unit of work for longer than ``limit_time_real``, one for scheduled actions after
    ``limit_time_real_cron``: a call that is waited for longer than that never becomes a fault. Half is kept for what
    else the unit is made of: the other actions that are due, the rest of the slice, the step that is begun last.
    """
    if server.server is None:
        # Odoo's shell and its commands.
        return None
    limit = config["limit_time_real"]
    if not request and config["limit_time_real_cron"] > 0:
        limit = config["limit_time_real_cron"]
    return limit / 2 if limit > 0 else None
