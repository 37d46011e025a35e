# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signed data of the Cryptographic Message Syntax (RFC 5652, section 5), read without judging it."""

import base64
import binascii
import re
from dataclasses import dataclass

from .asn1 import INTEGER, SEQUENCE, SET, Node, read_node
from .refusal import PecError

_SIGNED_DATA = "1.2.840.113549.1.7.2"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_CONTEXT_0, _CONTEXT_0_PRIMITIVE = 0xA0, 0x80
_PEM = re.compile(rb"-----(BEGIN|END)[^-]*-----")
# A file that was signed by one person after the other, as offices do.
_MOST_LAYERS = 8


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature (RFC 5652, 5.3).

    ``serial`` is its certificate's number, None when ``key_identifier`` names the certificate. ``attributes`` are the
    signed attributes as they are hashed (DER of a SET), None when the content itself is signed.
    """

    serial: int | None
    key_identifier: bytes
    digest_algorithm: str
    attributes: bytes | None
    message_digest: bytes | None
    algorithm: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedData:
    """``content`` is None when the signature is detached. ``certificates`` are X.509 in DER."""

    content: bytes | None
    certificates: tuple[bytes, ...]
    signers: tuple[Signer, ...]


def read_signed_data(data: bytes) -> SignedData:
    """Read CMS in BER, DER, PEM or bare base64, as ``.p7m`` and ``.p7s`` files come.

    :raises PecError: when it is not signed data
    """
    info = list(read_node(_binary(data)))
    if len(info) < 2 or info[0].oid() != _SIGNED_DATA:
        raise PecError("The file is not a signed one (CMS signed data).")
    parts = list(next(iter(info[1]), Node(0, b"", b"")))
    if len(parts) < 4:
        raise PecError("The signed file lacks parts of its signature.")
    enclosed = list(parts[2])
    wrapped = next(iter(enclosed[1]), None) if len(enclosed) > 1 else None
    certificates: tuple[bytes, ...] = ()
    for part in parts[3:-1]:
        if part.tag == _CONTEXT_0:
            certificates = tuple(node.encoded for node in part if node.tag == SEQUENCE)
    return SignedData(
        content=wrapped.octets() if wrapped else None,
        certificates=certificates,
        signers=tuple(_signer(node) for node in parts[-1]) if parts[-1].tag == SET else (),
    )


def content_of(data: bytes) -> bytes:
    """What is inside a file that was signed, once or several times over; signatures are not checked.

    :raises PecError: when it is not signed, or its signature is kept apart from it
    """
    for _ in range(_MOST_LAYERS):
        inner = read_signed_data(data).content
        if inner is None:
            raise PecError("The signature does not contain the file that it signs.")
        if not _looks_signed(inner):
            return inner
        data = inner
    raise PecError("The file is signed more times over than is read.")


def _looks_signed(data: bytes) -> bool:
    try:
        read_signed_data(data)
    except PecError:
        return False
    return True


def _binary(data: bytes) -> bytes:
    if data[:1] == b"\x30" and data[:2] not in (b"0\r", b"0\n"):
        return data
    try:
        return base64.b64decode(b"".join(_PEM.sub(b"", data).split()), validate=True)
    except (binascii.Error, ValueError):
        raise PecError("The file is not a signed one (CMS signed data).") from None


def _signer(node: Node) -> Signer:
    parts = list(node)
    if len(parts) < 5:
        raise PecError("A signature lacks some of its parts.")
    named, digest = parts[1], parts[2]
    rest = parts[3:]
    attributes = rest.pop(0) if rest[0].tag == _CONTEXT_0 else None
    if len(rest) < 2:
        raise PecError("A signature lacks some of its parts.")
    names = list(named) if named.tag == SEQUENCE else []
    return Signer(
        serial=names[1].integer() if len(names) > 1 and names[1].tag == INTEGER else None,
        key_identifier=named.octets() if named.tag in (_CONTEXT_0, _CONTEXT_0_PRIMITIVE) else b"",
        digest_algorithm=_algorithm(digest),
        # RFC 5652, 5.4: hashed with the tag of a SET, not with the one that it stands with.
        attributes=bytes([SET]) + attributes.encoded[1:] if attributes else None,
        message_digest=_message_digest(attributes) if attributes else None,
        algorithm=_algorithm(rest[0]),
        signature=rest[1].octets(),
    )


def _algorithm(node: Node) -> str:
    name = next(iter(node), None)
    if name is None:
        raise PecError("A signature does not name its algorithm.")
    return name.oid()


def _message_digest(attributes: Node) -> bytes | None:
    for attribute in attributes:
        pair = list(attribute)
        if len(pair) == 2 and pair[0].oid() == _MESSAGE_DIGEST:
            value = next(iter(pair[1]), None)
            return value.octets() if value else None
    return None
