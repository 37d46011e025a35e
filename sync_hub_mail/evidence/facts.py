# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What evidence is made of."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file of the document, such as its PDF or its XML. ``mimetype`` is like ``application/pdf``."""

    name: str
    content: bytes
    mimetype: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that left.

    ``message_id``: with or without brackets. ``content``: its bytes, as they were handed to the server. ``sent_at``:
    aware instant at which the server accepted it, None when nobody knows. ``reply``: the server's own words.
    """

    message_id: str
    recipient: str
    content: bytes
    sent_at: datetime | None = None
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's receipt, or an answer of the SdI. ``content``: its bytes, as they were received.

    ``kind``: the code of its kind, such as ``avvenuta-consegna``. ``at``: aware instant that it certifies.
    ``message_id``: of the message that it speaks of, with or without brackets.
    """

    kind: str
    content: bytes
    at: datetime | None = None
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a document's way. ``document``: its name, such as "INV/2026/00007"."""

    document: str
    files: tuple[DocumentFile, ...] = ()
    messages: tuple[SentMessage, ...] = ()
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in the pack. ``path``: from the top of the archive, with slashes."""

    path: str
    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Contents:
    """What of the facts lies where, in the order in which it is shown."""

    document: str
    files: tuple[tuple[Entry, DocumentFile], ...]
    messages: tuple[tuple[Entry, SentMessage], ...]
    receipts: tuple[tuple[Entry, Receipt], ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for entry, _fact in (*self.files, *self.messages, *self.receipts))
