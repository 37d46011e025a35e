# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Time limits for what a server may take, and what is said of a connection that is of no use any more."""

import time
from collections.abc import Iterable

from odoo.addons.sync_hub.transport.redact import MASK

_LONGEST_WORDS = 500


class Lost(Exception):
    """The connection is of no use any more. ``timed_out``: nothing came, or nothing was taken, in time."""

    def __init__(self, *, timed_out: bool = False):
        super().__init__(timed_out)
        self.timed_out = timed_out


class NotAMailServer(Lost):
    """What came is no reply of a mail server. ``text``: its beginning."""

    def __init__(self, text: str = ""):
        super().__init__()
        self.text = text


class Clock:
    """The moment at which something must have ended, on the monotonic clock."""

    def __init__(self, seconds: float):
        self._end = time.monotonic() + seconds

    def left(self, most: float) -> float:
        """Seconds that an action may take that is granted ``most``. Raises Lost when none are left."""
        left = min(self._end - time.monotonic(), most)
        if left <= 0:
            raise Lost(timed_out=True)
        return left


def readable(words: bytes, secrets: Iterable[str]) -> str:
    """What a server said, for people: at most 500 characters, none of them invisible, no secret.

    :param secrets: forms in which a password may turn up, longest first (``redact.known_forms``)
    """
    text = words.decode("utf-8", "replace")
    # Masked before it is cut: no half of a password is left at the end.
    for form in secrets:
        text = text.replace(form, MASK)
    return "".join(character for character in text if character.isprintable() or character == "\n")[:_LONGEST_WORDS]
