# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What schedules note in the log of a run, translated when it is read."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SCHEDULE_NOTES = {
    "run_late": _lt("Started late: when its time came, nothing could run it."),
    "run_missed": _lt(
        "Its time passed while nothing could run it. The schedule is set to wait for the next time: nothing was done."
    ),
    "run_missed_closed": _lt(
        "Its time passed while nothing could run it, and now is outside the hours and days of the schedule. The next "
        "time will do it."
    ),
    "run_went_on": _lt("The next time of its schedule came while it went on: nothing was begun beside it."),
}
