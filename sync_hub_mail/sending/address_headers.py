# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Headers with addresses. Python's own writer loses the quotes of a long name with a comma, and with them the address
(python/cpython#100884)."""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from .addresses import wire_address

# RFC 5322, 3.2.4: what may stand between quotes as it is.
_QUOTABLE = re.compile(r"[ -~]{1,60}")
# RFC 2047, 2: an encoded word has at most 75 characters, 12 of them around its base64.
_BYTES_OF_A_WORD = 45
_FOLD = "\r\n "
_ADDRESS = re.compile(r"[!-~]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address, and the name that is shown with it."""

    address: str
    name: str = ""


def address_header(field: str, mailboxes: Iterable[Mailbox]) -> bytes:
    """A header with its line ends.

    >>> address_header("To", [Mailbox("anna@example.com", "Rossi, Anna"), Mailbox("bruno@example.com", "è")]).decode()
    'To: "Rossi, Anna" <anna@example.com>,\\r\\n =?utf-8?b?w6g=?= <bruno@example.com>\\r\\n'

    :raises ValueError: for an address that is none
    """
    return f"{field}: {(',' + _FOLD).join(map(_written, mailboxes))}\r\n".encode("ascii")


def _written(mailbox: Mailbox) -> str:
    address = wire_address(mailbox.address)
    if not _ADDRESS.fullmatch(address) or re.search(r"[<>,;:\"()\[\]\\]", address):
        raise ValueError(f"{mailbox.address!r} is no address.")
    name = " ".join(mailbox.name.split())
    if not name:
        return address
    if _QUOTABLE.fullmatch(name):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_FOLD.join(_encoded_words(name))} <{address}>"


def _encoded_words(name: str) -> Iterable[str]:
    """RFC 2047, 5: no character is parted; the line ends between two words are not read."""
    word = b""
    for character in name:
        encoded = character.encode()
        if len(word) + len(encoded) > _BYTES_OF_A_WORD:
            yield f"=?utf-8?b?{b64encode(word).decode()}?="
            word = b""
        word += encoded
    yield f"=?utf-8?b?{b64encode(word).decode()}?="
