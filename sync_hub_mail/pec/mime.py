# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages taken apart without changing a byte of them.

A signature covers the bytes of a part as they came, and evidence must stay what it was; the standard library's parser
gives parts back as it would write them. It also descends into everything, while a stranger's attachment must never be
taken for a part of the envelope. So entities (RFC 2045, 2.4) are cut out here, and the library reads their headers.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import collapse_rfc2231_value
from quopri import decodestring

from .cms import content_of
from .refusal import PecError

# A certified message of 30 MB in base64, inside an envelope.
MAX_BYTES = 100 * 1024 * 1024
_MAX_HEADER_BYTES = 256 * 1024
# Of one header. The library's readers of parameters and encoded words take the square of it in time.
_MAX_VALUE = 8 * 1024
_MAX_PARTS = 1000
# A receipt has three layers. Each one more is another copy in memory.
_MAX_DEPTH = 8
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_SIGNED_TYPES = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
SIGNATURE_TYPES = {"application/pkcs7-signature", "application/x-pkcs7-signature"}


@dataclass(frozen=True, slots=True)
class Entity:
    """A message or a part of one. ``encoded`` are its bytes as they came; ``start`` is where its body begins."""

    headers: Message
    encoded: bytes
    start: int

    @property
    def body(self) -> bytes:
        """The bytes below the blank line."""
        return self.encoded[self.start :]

    def header(self, name: str) -> str:
        """The first header of that name, decoded, in one line; "" without one."""
        # raw_items keeps the bytes of headers that are not ASCII; Message.get replaces them.
        values = (value for key, value in self.headers.raw_items() if key.lower() == name.lower())
        return _decoded(str(next(values, ""))[:_MAX_VALUE])

    @property
    def content_type(self) -> str:
        try:
            return self.headers.get_content_type()
        except (ValueError, LookupError, TypeError, AttributeError):
            return "application/octet-stream"

    @property
    def name(self) -> str:
        """Name of the file that the part is, "" when it has none."""
        for parameter, header in (("filename", "content-disposition"), ("name", "content-type")):
            value = self._parameter(parameter, header)
            if value:
                return value
        return ""

    @property
    def is_attachment(self) -> bool:
        return self.header("Content-Disposition").split(";")[0].strip().lower() == "attachment" or bool(self.name)

    def content(self) -> bytes:
        """The body without its transfer encoding (RFC 2045, 6). Broken base64 is read as far as it goes."""
        encoding = self.header("Content-Transfer-Encoding").strip().lower()
        if encoding == "base64":
            return _from_base64(self.body)
        return decodestring(self.body) if encoding == "quoted-printable" else self.body

    def parts(self) -> list["Entity"]:
        """The parts of a multipart, as they came; none of anything else. :raises PecError: when there are too many"""
        boundary = self._parameter("boundary", "content-type") if self.content_type.startswith("multipart/") else ""
        if not boundary:
            return []
        # RFC 2046, 5.1.1: the line break before a delimiter belongs to the delimiter.
        delimiter = re.compile(
            rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8", "surrogateescape")) + rb"(--)?[ \t]*(?=\r?\n|\Z)"
        )
        found: list[Entity] = []
        begin: int | None = None
        body = self.body
        for line in delimiter.finditer(body):
            if begin is not None:
                found.append(read_entity(_without_first_break(body[begin : line.start()])))
                if len(found) > _MAX_PARTS:
                    raise PecError("The message has more parts than are read.")
            begin = None if line[1] else line.end()
            if line[1]:
                break
        if begin is not None:  # cut off on its way
            found.append(read_entity(_without_first_break(body[begin:])))
        return found

    def leaves(self, depth: int = 0) -> Iterator["Entity"]:
        """All parts that are not multiparts, without looking into attached messages. Opaque signatures (RFC 8551,
        3.5.2) of the entity itself are opened; signed attachments are not.

        :raises PecError: when it is nested too deep
        """
        if depth > _MAX_DEPTH:
            raise PecError("The message is nested too deep to be read.")
        if self._is_wrapped(depth):
            yield from read_entity(content_of(self.content())).leaves(depth + 1)
        elif parts := self.parts():
            for part in parts:
                yield from part.leaves(depth + 1)
        else:
            yield self

    def _is_wrapped(self, depth: int) -> bool:
        """Whether it is a signature around a part, not a signed file. The outermost need not say its name."""
        name = self.name.lower()
        return self.content_type in _SIGNED_TYPES and (name == "smime.p7m" or not (name or depth))

    def _parameter(self, parameter: str, header: str) -> str:
        if len(str(self.headers.get(header, ""))) > _MAX_VALUE:
            return ""
        try:
            value = self.headers.get_param(parameter, "", header)
            if isinstance(value, tuple):
                value = collapse_rfc2231_value(value)
        except (ValueError, LookupError, TypeError, AttributeError):
            return ""
        return _decoded(str(value)).strip()


def read_entity(raw: bytes) -> Entity:
    """A message or a part from its bytes. Whatever has no readable headers is a body without any.

    :raises PecError: when it is too large, or its headers are
    """
    if len(raw) > MAX_BYTES:
        raise PecError(f"The message has {len(raw)} bytes; more than {MAX_BYTES} are not read.")
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        end, start = 0, len(raw) - len(_without_first_break(raw))
    else:
        blank = _END_OF_HEADERS.search(raw)
        end, start = blank.span() if blank else (len(raw), len(raw))
    if end > _MAX_HEADER_BYTES:
        raise PecError("The headers of the message are larger than any that are read.")
    return Entity(BytesHeaderParser().parsebytes(raw[:end] + b"\r\n\r\n"), raw, start)


def _without_first_break(data: bytes) -> bytes:
    return data[2:] if data[:2] == b"\r\n" else data[1:] if data[:1] == b"\n" else data


def _from_base64(data: bytes) -> bytes:
    letters = _NO_BASE64.sub(b"", data)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def _decoded(value: str) -> str:
    """A header's text: encoded words (RFC 2047) read, unknown bytes read as UTF-8 or Windows-1252, folds undone."""
    value = " ".join(_from_octets(value).split())
    try:
        pieces = decode_header(value)
    except (ValueError, LookupError, TypeError, AttributeError, binascii.Error):
        return value
    return "".join(piece if isinstance(piece, str) else _text(piece, charset) for piece, charset in pieces)


def _from_octets(value: str) -> str:
    if value.isascii():
        return value
    octets = value.encode("utf-8", "surrogateescape")
    return _text(octets, "utf-8")


def _text(octets: bytes, charset: str | None) -> str:
    for name in (charset or "ascii", "utf-8"):
        try:
            return octets.decode(name)
        except (LookupError, ValueError):
            continue
    return octets.decode("cp1252", "replace")
