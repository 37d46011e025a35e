# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time


class Turn:
    """The time that a slice of a synchronization has.

    Its first step is done in any case: slices that are over before they have begun, on a machine that is busy, would
    never come to an end together.
    """

    def __init__(self, deadline: float):
        self._deadline = deadline
        self._steps = 0

    def is_over(self) -> bool:
        """Whether no further step is to be begun."""
        return bool(self._steps) and time.monotonic() >= self._deadline

    def count(self) -> None:
        """A step was done and committed."""
        self._steps += 1
