# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a server does instead of what it would do by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where in a conversation (RFC 5321, section 3) a server can behave otherwise."""

    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    RSET = "RSET"
    DATA = "DATA"
    CONTENT = "content"  # after 354, before the final dot
    VERDICT = "verdict"  # the answer to the final dot


class Act(StrEnum):
    """What the server does there."""

    SAY = "say"  # the reply of the cue, instead of its own
    SAY_MORE = "say_more"  # its own first line, and the reply of the cue right behind it
    SAY_AND_DROP = "say_and_drop"  # the reply, and the connection ends
    SAY_AND_HANG = "say_and_hang"  # the reply, and nothing more is read
    HANG = "hang"  # nothing, for ever
    DRIP = "drip"  # one character of an endless reply after the other
    DROP = "drop"  # the connection ends without a word; a message is lost
    KEEP_AND_DROP = "keep_and_drop"  # at the verdict: the message is kept, and the connection ends without a word
    KEEP_AND_HANG = "keep_and_hang"  # at the verdict: the message is kept, and nothing is said
    CALL = "call"  # what the test wants called at this moment, and then its own reply; a message is kept before


@dataclass
class Cue:
    """One thing to do otherwise.

    ``address``: only for this sender (MAIL) or recipient (RCPT, and messages to it); empty: for all.
    ``times``: how often, then the server is itself again; None: always.
    ``what``: what ``Act.CALL`` calls while the client waits; at commands and at the verdict.
    """

    stage: Stage
    act: Act = Act.SAY
    reply: str = ""
    address: str = ""
    times: int | None = None
    what: Callable[[], object] | None = None


class Script:
    """The cues of a server. Each conversation asks it from the server's thread, tests write into it from theirs."""

    def __init__(self) -> None:
        self._cues: list[Cue] = []
        self._lock = threading.Lock()

    def add(self, cue: Cue) -> None:
        with self._lock:
            self._cues.append(cue)

    def clear(self) -> None:
        with self._lock:
            self._cues.clear()

    def take(self, stage: Stage, addresses: tuple[str, ...] = ()) -> Cue | None:
        """The first cue that fits, used up once; None: the server does as it would."""
        with self._lock:
            for cue in self._cues:
                if cue.stage is not stage or (cue.address and cue.address not in addresses) or cue.times == 0:
                    continue
                if cue.times is not None:
                    cue.times -= 1
                return cue
        return None
