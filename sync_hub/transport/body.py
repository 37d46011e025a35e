# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading the body of an answer without ever holding more than was agreed."""

import zlib

from odoo.addons.sync_hub.faults import Fault, FaultKind
from requests import Response

_CHUNK = 64 * 1024
# zlib's sign for "gzip header and trailer":
# https://docs.python.org/3/library/zlib.html#zlib.decompressobj
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class CutOff(Exception):
    """The connection ended before the announced length was there."""


def read_body(response: Response, max_bytes: int) -> bytes:
    """The decompressed body of a streamed response.

    Decompression is done here and not by urllib3, which inflates each chunk without a limit. Raises
    ``Fault`` BAD_DATA for a body of more than ``max_bytes`` (as sent or decompressed), an encoding
    that was not asked for, or a damaged one; :class:`CutOff`, or urllib3's own exceptions, when the
    network fails.
    """
    announced = _announced_length(response)
    if announced is not None and announced > max_bytes:
        raise _too_large(max_bytes)
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise Fault(
            FaultKind.BAD_DATA, detail=f"answer in an encoding not asked for: {encoding[:40]}"
        )
    inflate = zlib.decompressobj(_GZIP_WINDOW) if encoding.endswith("gzip") else None
    pieces: list[bytes] = []
    received = size = 0
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        received += len(chunk)
        if received > max_bytes:
            raise _too_large(max_bytes)
        if inflate is not None:
            try:
                chunk = inflate.decompress(chunk, max_bytes + 1 - size)
            except zlib.error as error:
                raise _damaged() from error
        pieces.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
    if announced is not None and received < announced:
        raise CutOff
    if inflate is not None and received and not inflate.eof:
        raise _damaged()
    return b"".join(pieces)


def _announced_length(response: Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    # The answer to HEAD announces a body that does not come.
    if response.request.method == "HEAD" or not (length.isascii() and length.isdigit()):
        return None
    return int(length[:18])


def _too_large(max_bytes: int) -> Fault:
    return Fault(FaultKind.BAD_DATA, detail=f"answer larger than {max_bytes / 1048576:g} MiB")


def _damaged() -> Fault:
    return Fault(FaultKind.BAD_DATA, detail="compressed answer is damaged")
