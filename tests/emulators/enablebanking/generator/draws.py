# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random numbers of one row: cheap to start, since every row starts anew."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """Numbers that follow from ``seed`` and ``index``. One digest of 512 bits is taken apart
    digit by digit, enough for some forty draws (seeding ``random.Random`` costs five times
    more, and a page of a thousand rows seeds a thousand times)."""

    __slots__ = ("_left",)

    def __init__(self, seed: int, index: int) -> None:
        self._left = int.from_bytes(blake2b(b"%d:%d" % (seed, index)).digest(), "big")

    def choice(self, values: Sequence[T]) -> T:
        """One of ``values``."""
        self._left, place = divmod(self._left, len(values))
        return values[place]

    def randint(self, low: int, high: int) -> int:
        """A number from ``low`` to ``high``, both included."""
        self._left, place = divmod(self._left, high - low + 1)
        return low + place

    def random(self) -> float:
        """A number from 0 (included) to 1 (excluded)."""
        self._left, place = divmod(self._left, 1 << 20)
        return place / (1 << 20)
