# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What books in another database have just said of a connection, and what holds while they say nothing."""

import time
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from enum import StrEnum

# So many answers are kept; those that count no more make room.
_MOST = 10_000


class Word(StrEnum):
    """What the books say of a connection when they are asked."""

    GRANTED = "granted"
    # Both sides have agreed, and the company has switched the access off.
    SWITCHED_OFF = "switched_off"
    # There is no connection, or one that is not agreed to.
    NONE = "none"
    # They were not reached, or could not answer.
    SILENT = "silent"
    # They answered that this site may not ask: its key was withdrawn, or the right of its user.
    REFUSED = "refused"


def allows(word: Word, told_at: datetime | None, now: datetime, silence: timedelta) -> bool:
    """Whether the accountant has access by what the books say.

    While they are silent, what they said last holds for a time; then nobody can tell any more whether it does.

    :param told_at: when they last told of their companies
    :param silence: for how long that holds; none: access rests as soon as they are silent

    >>> noon, hour = datetime(2026, 5, 4, 12), timedelta(hours=1)
    >>> [allows(word, noon - hour, noon, 2 * hour) for word in (Word.GRANTED, Word.SILENT, Word.REFUSED)]
    [True, True, False]
    >>> allows(Word.SILENT, noon - 3 * hour, noon, 2 * hour), allows(Word.SILENT, noon, noon, 0 * hour)
    (False, False)
    """
    if word is not Word.SILENT:
        return word is Word.GRANTED
    return told_at is not None and now < told_at + silence


class Memory:
    """What was heard, for a few seconds, so that one page does not ask ten times. One for a whole process.

    >>> seconds = iter((0, 1, 4))
    >>> memory = Memory(clock=lambda: next(seconds))
    >>> memory.keep("Rossi", Word.GRANTED, 3)
    >>> str(memory.recall("Rossi")), memory.recall("Rossi")
    ('granted', None)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._words: dict[Hashable, tuple[float, Word]] = {}

    def keep(self, subject: Hashable, word: Word, seconds: float) -> None:
        if len(self._words) >= _MOST:
            self._words.clear()
        self._words[subject] = self._clock() + seconds, word

    def recall(self, subject: Hashable) -> Word | None:
        """What was heard of it and still counts."""
        until, word = self._words.get(subject, (0.0, None))
        return word if word and self._clock() < until else None
