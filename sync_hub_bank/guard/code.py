# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A code of six digits that proves that somebody reads a mailbox or a telephone: given out, checked, used up."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DIGITS = 6
LIFETIME = timedelta(minutes=15)
TRIES = 5
# A new code is sent no sooner than this after the one before.
PAUSE = timedelta(minutes=1)


class Verdict(StrEnum):
    """What came of a code that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    # Too many tries: a new code is needed.
    SPENT = "spent"
    # None was asked for, or it was used already.
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Challenge:
    """A code that was given out. The code itself is kept nowhere.

    :param digest: of code and salt, in hexadecimal digits
    :param sent_at: instant; all instants of a challenge are aware, or all are naive UTC
    :param tries: how often somebody typed a wrong one
    """

    digest: str
    salt: str
    sent_at: datetime
    tries: int = 0

    @property
    def expires_at(self) -> datetime:
        """From this instant on the code counts no more."""
        return self.sent_at + LIFETIME

    def check(self, typed: str, now: datetime) -> Verdict:
        """What a code that somebody typed is worth. Spaces do not count.

        A wrong one has to be counted by the caller before another is checked.
        """
        if not self.digest:
            return Verdict.NONE
        if self.tries >= TRIES:
            return Verdict.SPENT
        if now >= self.expires_at:
            return Verdict.EXPIRED
        # As many steps for a wrong code as for the right one: the time that it takes tells nothing.
        same = hmac.compare_digest(self.digest, digest_of("".join(typed.split()), self.salt))
        return Verdict.RIGHT if same else Verdict.WRONG


def issue(now: datetime) -> tuple[str, Challenge]:
    """A new code, and what is kept of it."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    salt = secrets.token_hex(16)
    return code, Challenge(digest_of(code, salt), salt, now)


def digest_of(code: str, salt: str) -> str:
    """Digest of a code: HMAC-SHA256 with the salt as key."""
    return hmac.new(salt.encode(), code.encode(), hashlib.sha256).hexdigest()


def seconds_to_wait(sent_at: datetime | None, now: datetime) -> int:
    """How long it takes until another code may be sent; 0: now.

    >>> noon = datetime(2026, 5, 4, 12, 0)
    >>> seconds_to_wait(None, noon), seconds_to_wait(noon - timedelta(seconds=20), noon)
    (0, 40)
    """
    if sent_at is None:
        return 0
    return max(0, -((now - sent_at - PAUSE) // timedelta(seconds=1)))
