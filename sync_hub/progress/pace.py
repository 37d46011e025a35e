# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """How work goes on: rows per second, and seconds until all of it is done. None: not known yet."""

    rate: float | None = None
    seconds_left: int | None = None


def pace(done: int, total: int, seconds: float) -> Pace:
    """The pace of work of which ``done`` of ``total`` rows took so many seconds.

    Only time in which rows were worked on counts: what a run waits in the queue between two slices says nothing about
    how fast it is.

    >>> pace(50, 250, 10.0)
    Pace(rate=5.0, seconds_left=40)
    >>> pace(0, 250, 10.0), pace(50, 250, 0.0)
    (Pace(rate=None, seconds_left=None), Pace(rate=None, seconds_left=None))

    Rows that came meanwhile may make more done than was expected:

    >>> pace(260, 250, 52.0)
    Pace(rate=5.0, seconds_left=0)
    """
    if done <= 0 or seconds <= 0:
        return Pace()
    rate = done / seconds
    return Pace(rate=round(rate, 1), seconds_left=math.ceil(max(total - done, 0) / rate))
