# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""As much of ASN.1's BER (ITU-T X.690) as the reading of signed messages needs.

Signing programs write attached signatures with indefinite lengths and strings in pieces (X.690, 8.1.3.6 and 8.7.3),
which readers of DER refuse.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .refusal import PecError

INTEGER, OCTET_STRING, OBJECT_IDENTIFIER, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
_CONSTRUCTED = 0x20
_MAX_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Node:
    """A value. ``tag`` is its first octet (class, constructed or not, number); ``encoded`` is the whole of it."""

    tag: int
    content: bytes
    encoded: bytes

    def __iter__(self) -> Iterator["Node"]:
        """The values inside a constructed one. :raises PecError: when they are not values"""
        offset = 0
        while offset < len(self.content):
            node, offset = _read(self.content, offset, 0)
            if node.tag == 0:
                return
            yield node

    def octets(self, depth: int = 0) -> bytes:
        """A string of octets, put together when it came in pieces."""
        if not self.tag & _CONSTRUCTED:
            return self.content
        if depth > _MAX_DEPTH:
            raise PecError("The signature is nested too deep to be read.")
        return b"".join(piece.octets(depth + 1) for piece in self)

    def integer(self) -> int:
        return int.from_bytes(self.content, "big", signed=True)

    def oid(self) -> str:
        """An object identifier in dots.

        >>> Node(6, bytes.fromhex("2a864886f70d010702"), b"").oid()
        '1.2.840.113549.1.7.2'
        """
        arcs, value = [], 0
        for octet in self.content:
            value = value << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(value)
                value = 0
        if not arcs:
            raise PecError("The signature names something without a name.")
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def read_node(data: bytes) -> Node:
    """The value that ``data`` begins with.

    :raises PecError: when it does not begin with one
    """
    return _read(data, 0, 0)[0]


def _read(data: bytes, offset: int, depth: int) -> tuple[Node, int]:
    if depth > _MAX_DEPTH:
        raise PecError("The signature is nested too deep to be read.")
    try:
        tag, length = data[offset], data[offset + 1]
    except IndexError:
        raise PecError("The signature ends in the middle.") from None
    if tag & 0x1F == 0x1F:
        raise PecError("The signature has a part of an unknown kind.")
    begin = offset + 2
    if length == 0x80:
        return _read_indefinite(data, offset, tag, depth)
    if length > 0x80:
        octets = length & 0x7F
        if octets > 8:
            raise PecError("The signature names a length that no message has.")
        length = int.from_bytes(data[begin : begin + octets], "big")
        begin += octets
    end = begin + length
    if end > len(data):
        raise PecError("The signature ends in the middle.")
    return Node(tag, data[begin:end], data[offset:end]), end


def _read_indefinite(data: bytes, offset: int, tag: int, depth: int) -> tuple[Node, int]:
    if not tag & _CONSTRUCTED:
        raise PecError("The signature has a part without an end.")
    place = offset + 2
    while data[place : place + 2] != b"\0\0":
        _, place = _read(data, place, depth + 1)
    return Node(tag, data[offset + 2 : place], data[offset : place + 2]), place + 2
