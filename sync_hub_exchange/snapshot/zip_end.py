# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The end of a ZIP file, looked at before the library reads the list of members into memory.

Layout: APPNOTE.TXT of PKWARE, sections 4.3.14 to 4.3.16 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
"""

import io
import struct
from typing import BinaryIO

from .errors import Damaged, Tampered, TooLarge, Truncated

_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_LOCATOR = struct.Struct("<4sLQL")
_LOCATOR_SIGNATURE = b"PK\x06\x07"
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LARGE_END_SIGNATURE = b"PK\x06\x06"
_LONGEST_COMMENT = 0xFFFF


def check_end(file: BinaryIO, most: int) -> int:
    """Where the list of members begins; it reaches to the records that end the file, as our writer leaves it.

    :param most: bytes that the list may have

    Raises :class:`Truncated`, :class:`Tampered` (something stands behind the end), :class:`Damaged`, :class:`TooLarge`.
    """
    total = file.seek(0, io.SEEK_END)
    tail_begin = max(total - _END.size - _LONGEST_COMMENT, 0)
    file.seek(tail_begin)
    tail = file.read(total - tail_begin)
    found = tail.rfind(_END_SIGNATURE)
    if found < 0 or len(tail) - found < _END.size:
        raise Truncated("the end of the file is missing")
    if len(tail) - found > _END.size:
        raise Tampered("something was added behind the end of the file")
    _signature, _disk, _disks, _here, _members, size, begin, comment = _END.unpack(tail[found:])
    if comment:
        raise Damaged("the end of the file announces more")
    end = total - _END.size
    # As the library does it: where these records stand they count, whatever the last one says.
    if large := _large_end(file, end):
        size, begin, end = large
    if size > most:
        raise TooLarge(f"the list of members has {size} bytes")
    if begin + size != end:
        raise Damaged("the list of members is not where it should be")
    return begin


def _large_end(file: BinaryIO, end: int) -> tuple[int, int, int] | None:
    """Size and begin of the list of members, and the begin of the records that say so; None in a file without these."""
    begin = end - _LOCATOR.size
    if begin < 0:
        return None
    file.seek(begin)
    signature, _disk, offset, _disks = _LOCATOR.unpack(file.read(_LOCATOR.size))
    if signature != _LOCATOR_SIGNATURE:
        return None
    begin -= _LARGE_END.size
    if begin < 0 or begin != offset:
        raise Damaged("the end of the file is damaged")
    file.seek(begin)
    record = _LARGE_END.unpack(file.read(_LARGE_END.size))
    if record[0] != _LARGE_END_SIGNATURE:
        raise Damaged("the end of the file is damaged")
    return record[8], record[9], begin
