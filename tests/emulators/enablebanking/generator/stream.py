# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The generated history of an account, as a sequence that writes its rows when asked."""

from __future__ import annotations

import functools
from array import array
from bisect import bisect_left
from datetime import date

from ..banks import Account
from ..identifiers import integer_from
from ..movement import Movement
from .draws import Draws
from .kinds import write
from .plan import Kind, Plan, make_plan


class MovementStream:
    """``size`` rows of ``account``, oldest first, the newest on or before ``last_day``.

    ``stream[i]`` depends on the arguments and ``i`` alone. ``seed`` is any text.

    >>> from datetime import date
    >>> from emulators.enablebanking.banks import catalogue
    >>> account = catalogue()["banca-sandbox-italia"].accounts[0]
    >>> stream = MovementStream("seed", account, 1000, date(2026, 6, 30))
    >>> len(stream), stream[7] == MovementStream("seed", account, 1000, date(2026, 6, 30))[7]
    (1000, True)
    """

    def __init__(
        self, seed: str, account: Account, size: int, last_day: date, days: int | None = None
    ) -> None:
        self.account = account
        self.size = size
        self._seed = f"{seed}|{account.bank}|{account.slug}"
        self._row_seed = integer_from(self._seed)
        self._last_day = last_day
        self.span = days

    @functools.cached_property
    def plan(self) -> Plan:
        """Days, kinds and amounts of all rows, made at the first use."""
        account = self.account
        profile = {"CARD": "card"}.get(account.kind) or (
            "current" if account.slug == "current" else "currency"
        )
        return make_plan(
            self._seed,
            profile=profile,
            country=account.country,
            size=self.size,
            last_day=self._last_day,
            days=self.span,
        )

    @property
    def days(self) -> array[int]:
        """The ordinal of each row's booking date."""
        return self.plan.days

    @property
    def cents(self) -> array[int]:
        """Each row's signed amount in hundredths."""
        return self.plan.cents

    def kind(self, index: int) -> Kind:
        """What row ``index`` is."""
        return Kind(self.plan.kinds[index])

    def number_in_day(self, index: int) -> int:
        """The place of row ``index`` among the rows of its day, from 1."""
        return index - bisect_left(self.plan.days, self.plan.days[index]) + 1

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> Movement:
        if not 0 <= index < self.size:
            raise IndexError(index)
        plan = self.plan
        rng = Draws(self._row_seed, index)
        day = date.fromordinal(plan.days[index])
        return write(plan.kinds[index], rng, self.account, day, plan.cents[index])
