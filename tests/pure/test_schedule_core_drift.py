# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why Sync Hub computes the next call of its crons itself: core's arithmetic drifts by an hour."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, timezone
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from odoo.addons.sync_hub.schedule import Recurrence, Unit, occurrences

ROME = ZoneInfo("Europe/Rome")
DAY = timedelta(days=1)


def pinned_offset(nextcall: datetime) -> datetime:
    """What a pytz datetime is: local time with the offset of that instant, which adding keeps."""
    offset = nextcall.replace(tzinfo=UTC).astimezone(ROME).utcoffset()
    return nextcall.replace(tzinfo=UTC).astimezone(timezone(offset))


def with_pytz(nextcall: datetime) -> datetime:
    """``fields.Datetime.context_timestamp`` of Odoo 19 for a user in Rome."""
    pytz = pytest.importorskip("pytz")
    return pytz.utc.localize(nextcall, is_dst=False).astimezone(pytz.timezone("Europe/Rome"))


def core_reschedule_later(
    nextcall: datetime, now: datetime, context_timestamp: Callable[[datetime], datetime]
) -> datetime:
    """The loop of ``ir.cron._reschedule_later`` in Odoo 19.0 (base/models/ir_cron.py), one day."""
    while nextcall <= now:
        nextcall = context_timestamp(nextcall)
        nextcall += DAY
        nextcall = nextcall.astimezone(UTC).replace(tzinfo=None)
    return nextcall


@pytest.mark.parametrize("context_timestamp", [pinned_offset, with_pytz])
@pytest.mark.parametrize(
    ("eve", "drifted"),
    [
        (datetime(2026, 3, 28, 6, tzinfo=ROME), ["07:00", "07:00"]),
        (datetime(2026, 10, 24, 6, tzinfo=ROME), ["05:00", "05:00"]),
    ],
)
def test_core_moves_a_daily_cron_by_an_hour_for_good_and_a_schedule_does_not(
    eve, drifted, context_timestamp
):
    nextcall, core = eve.astimezone(UTC).replace(tzinfo=None), []
    for _ in drifted:
        nextcall = core_reschedule_later(nextcall, nextcall, context_timestamp)
        core.append(f"{nextcall.replace(tzinfo=UTC).astimezone(ROME):%H:%M}")
    assert core == drifted

    daily = Recurrence(1, Unit.DAYS, "Europe/Rome", time(6))
    ours = [f"{start.astimezone(ROME):%H:%M}" for start in islice(occurrences(daily, eve), 2)]
    assert ours == ["06:00", "06:00"]
