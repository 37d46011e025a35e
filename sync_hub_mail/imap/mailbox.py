# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A folder that is read, message by message, and left as it was."""

import imaplib
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from imapclient import SEEN
from imapclient.exceptions import ProtocolError
from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..pec.mime import MAX_BYTES, read_entity
from ..reaching import Clock, Lost, Stopped
from ..smtp import Meaning, fault_kind_of
from .account import ImapAccount
from .answers import code_of, meaning_of, words_of
from .opening import ImapOpening
from .wire import LARGEST_HEADERS, Client, TooLarge, Wire

# What tells a receipt, and what of: RFC 6109, appendix A. The others are for a person who looks at what was left.
HEADERS = (
    "Message-ID",
    "X-Ricevuta",
    "X-Trasporto",
    "X-Riferimento-Message-ID",
    "From",
    "To",
    "Subject",
    "Date",
)
# A piece of the headers, not all of them: the limit is the server's work, so that a monster stops nobody.
_ASKED = f"BODY.PEEK[HEADER.FIELDS ({' '.join(HEADERS).upper()})]<0.{LARGEST_HEADERS}>"
_AT_ONCE = 50
_FLAGGED_AT_ONCE = 500


class Trouble(StrEnum):
    """``Fault.provider_code`` of what concerns a message or the folder, not the way to it."""

    # One message: the mailbox can be read on, in a new connection if need be.
    MESSAGE_TOO_LARGE = "message_too_large"
    # The folder was set up anew while it was read: numbers mean other messages now.
    RENUMBERED = "renumbered"
    FOLDER_READ_ONLY = "folder_read_only"
    UNREADABLE_ANSWER = "unreadable_answer"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message in the folder. ``size``: bytes that the server counts; ``headers``: those of :data:`HEADERS` that it
    has, decoded, by the names that they have there."""

    uid: int
    size: int
    headers: Mapping[str, str]


class Mailbox:
    """The account's folder between ``open`` and ``close``, or inside ``with``.

    Reading opens it with EXAMINE and asks with PEEK, so nothing is flagged by it. All methods raise a ``Fault`` whose
    ``values`` have ``host``, ``port`` and ``folder``; after one that is about the connection only ``close`` is left.
    """

    def __init__(self, account: ImapAccount):
        self._account = account
        self._wire: Wire | None = None
        self._client: Client | None = None
        self._writing = False
        self.uid_validity = 0
        self.uid_next = 0
        self.messages = 0

    def open(self) -> None:
        """:raises Fault: at the first step that fails
        :raises OSError: when the account's ``ca_file`` cannot be read
        """
        timeouts = self._account.timeouts
        opening = ImapOpening(self._account, Clock(3 * timeouts.connect + 4 * timeouts.reply))
        try:
            self._client = opening.run()
        except Stopped:
            raise opening.steps[-1].as_fault() from None
        self._wire = opening.wire
        self._wire.clock = Clock(math.inf)
        self.uid_validity = _number(opening.folder, b"UIDVALIDITY")
        self.uid_next = _number(opening.folder, b"UIDNEXT")
        self.messages = _number(opening.folder, b"EXISTS")

    def close(self) -> None:
        if self._wire:
            self._wire.part(politely=True)
        self._wire = self._client = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def headers_after(self, uid: int, limit: int = 200) -> tuple[Waiting, ...]:
        """Messages whose UID is greater than ``uid``, lowest first, at most ``limit`` of them.

        One that disappears meanwhile is left out.
        """
        with self._speaking(self._account.timeouts.reply) as client:
            # Servers tell what has come since they were last asked only now.
            client.noop()
            # "5:*" also names the last message when its number is lower (RFC 9051, 9, seq-range).
            found = sorted(one for one in client.search(["UID", f"{uid + 1}:*"]) if one > uid)[:limit]
        waiting: list[Waiting] = []
        for some in _in_pieces(found, _AT_ONCE):
            with self._speaking(self._account.timeouts.content) as client:
                answers = client.fetch(some, ["RFC822.SIZE", _ASKED])
                waiting.extend(_waiting(one, answers[one]) for one in some if b"RFC822.SIZE" in answers.get(one, {}))
        return tuple(waiting)

    def content(self, uid: int, largest: int = MAX_BYTES) -> bytes | None:
        """The message's bytes as the server has them; None when it is not there any more.

        :param largest: bytes; of a larger message nothing is fetched
        :raises Fault: with ``Trouble.MESSAGE_TOO_LARGE`` and its ``bytes``, besides those of every method
        """
        try:
            with self._speaking(self._account.timeouts.reply, uid=str(uid)) as client:
                size = client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE")
            if size is None:
                return None
            if size > largest:
                raise self._too_large(uid, size)
            with self._speaking(self._account.timeouts.content, uid=str(uid)) as client:
                self._wire.largest = largest
                try:
                    return client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
                finally:
                    self._wire.largest = LARGEST_HEADERS
        except _Gone:
            return None

    def flag_seen(self, uids: Iterable[int]) -> None:
        r"""Flag messages \Seen, and nothing else.

        :raises Fault: with ``Trouble.RENUMBERED`` when the numbers mean other messages by now, with
            ``Trouble.FOLDER_READ_ONLY`` when the account may not flag, besides those of every method
        """
        numbers = sorted(set(uids))
        if not numbers:
            return
        self._begin_writing()
        for some in _in_pieces(numbers, _FLAGGED_AT_ONCE):
            with self._speaking(self._account.timeouts.reply) as client:
                client.add_flags(some, [SEEN], silent=True)

    def _begin_writing(self) -> None:
        if self._writing:
            return
        with self._speaking(self._account.timeouts.reply) as client:
            answer = client.select_folder(self._account.folder)
        if _number(answer, b"UIDVALIDITY") != self.uid_validity:
            raise self._fault(FaultKind.BAD_DATA, Trouble.RENUMBERED)
        self._writing = True

    @contextmanager
    def _speaking(self, seconds: float, **values: str) -> Iterator[Client]:
        """Raises every mishap as a fault."""
        if not self._wire or not self._client:
            raise ValueError("The mailbox is not open.")
        wire = self._wire
        try:
            wire.grant(seconds)
            yield self._client
        except TooLarge as error:
            raise self._too_large(int(values.get("uid", 0)), error.size) from error
        except Lost as error:
            if farewell := wire.farewell():
                raise self._hung_up(wire.readable(farewell)) from error
            meaning = Meaning.SERVER_SILENT if error.timed_out else Meaning.CONNECTION_LOST
            raise self._fault(fault_kind_of(meaning), meaning, **values) from error
        except imaplib.IMAP4.readonly as error:
            raise self._fault(FaultKind.REQUEST_REFUSED, Trouble.FOLDER_READ_ONLY) from error
        except (ProtocolError, ValueError, TypeError, LookupError) as error:
            # What the library makes of an answer that follows no grammar. It would quote the mailbox: it is not told.
            raise self._fault(FaultKind.BAD_DATA, Trouble.UNREADABLE_ANSWER, **values) from error
        except imaplib.IMAP4.error as error:
            words = wire.readable(words_of(error).encode())
            if words.startswith("unexpected "):
                raise self._fault(FaultKind.BAD_DATA, Trouble.UNREADABLE_ANSWER, **values) from error
            if "uid" in values and code_of(words) == "EXPUNGEISSUED":
                raise _Gone from error
            if isinstance(error, imaplib.IMAP4.abort):
                raise self._hung_up(words) from error
            meaning = meaning_of(words)
            raise self._fault(fault_kind_of(meaning), meaning, words, **values) from error

    def _hung_up(self, words: str) -> Fault:
        return self._fault(FaultKind.PROVIDER_DOWN, Meaning.SERVER_UNAVAILABLE, words)

    def _too_large(self, uid: int, size: int) -> Fault:
        return self._fault(FaultKind.BAD_DATA, Trouble.MESSAGE_TOO_LARGE, uid=str(uid), bytes=str(size))

    def _fault(self, kind: FaultKind, code: str, words: str = "", **values: str) -> Fault:
        account = self._account
        known = {"host": account.host, "port": str(account.port), "folder": account.folder}
        return Fault(kind, provider_code=str(code), detail=words, values=known | values)


class _Gone(Exception):
    """The message was removed while it was asked for."""


def _in_pieces(numbers: list[int], size: int) -> Iterator[list[int]]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


def _number(answer: Mapping[bytes, object] | None, name: bytes) -> int:
    value = (answer or {}).get(name)
    return value if isinstance(value, int) else 0


def _waiting(uid: int, answer: Mapping[bytes, object]) -> Waiting:
    piece = next((value for name, value in answer.items() if name.startswith(b"BODY[HEADER")), None)
    entity = read_entity(piece if isinstance(piece, bytes) else b"")
    headers = {name: value for name in HEADERS if (value := entity.header(name))}
    return Waiting(uid, int(str(answer[b"RFC822.SIZE"])), headers)
