# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Opaque texts that the bank gives out: continuation keys and transaction handles.

Both are sealed with the sandbox's secret, so nothing is kept per page and a restarted sandbox
still knows its keys. A key is bound to session, account and parameters; a handle to session and
account.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from hashlib import blake2b

from .errors import ApiError

_PLACE = struct.Struct(">QI?")
_SEAL = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a listing goes on: ``offset`` rows were given, in ``page`` pages. ``empty``: the
    next page is to be an empty one."""

    offset: int = 0
    page: int = 0
    empty: bool = False


def _seal(secret: bytes, binding: str, payload: bytes, size: int) -> bytes:
    return blake2b(binding.encode() + b"\0" + payload, key=secret, digest_size=size).digest()


def continuation_key(secret: bytes, binding: str, place: Place) -> str:
    """The key that leads to ``place`` for requests with the same ``binding``."""
    payload = _PLACE.pack(place.offset, place.page, place.empty)
    # plain base64: its "+", "/" and "=" show whether a client quotes parameters
    return base64.b64encode(_seal(secret, binding, payload, _SEAL) + payload).decode()


def place_of(secret: bytes, binding: str, key: str) -> Place:
    """The inverse. Raises ApiError WRONG_CONTINUATION_KEY for a key of something else."""
    try:
        raw = base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError):
        raise ApiError("WRONG_CONTINUATION_KEY") from None
    seal, payload = raw[:_SEAL], raw[_SEAL:]
    if len(payload) != _PLACE.size or not hmac.compare_digest(
        seal, _seal(secret, binding, payload, _SEAL)
    ):
        raise ApiError("WRONG_CONTINUATION_KEY")
    return Place(*_PLACE.unpack(payload))


class Handles:
    """The ``transaction_id`` texts of one account in one session."""

    def __init__(self, secret: bytes, binding: str) -> None:
        self._start = blake2b(binding.encode() + b"\0", key=secret, digest_size=6)

    def make(self, row: str) -> str:
        """The handle of the row that the ledger calls ``row``."""
        seal = self._start.copy()
        name = row.encode()
        seal.update(name)
        return base64.urlsafe_b64encode(seal.digest() + name).rstrip(b"=").decode()

    def read(self, handle: str) -> str:
        """The inverse. Raises ApiError TRANSACTION_DOES_NOT_EXIST for another's handle."""
        try:
            raw = base64.urlsafe_b64decode(handle + "=" * (-len(handle) % 4))
            row = raw[6:].decode()
        except (binascii.Error, ValueError):
            raise ApiError("TRANSACTION_DOES_NOT_EXIST") from None
        if self.make(row) != handle:
            raise ApiError("TRANSACTION_DOES_NOT_EXIST")
        return row
