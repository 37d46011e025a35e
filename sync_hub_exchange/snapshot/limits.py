# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass

MEBIBYTE = 1024 * 1024

# Where a part is full, uncompressed. Larger parts compress no better; each is held in memory once.
PART_BYTES = 8 * MEBIBYTE
# The longest line: a record with a large file in one of its fields. It is a part of its own.
LONGEST_LINE = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may ask of whoever reads it, whatever it says about itself. All in bytes.

    :param part: one part, uncompressed; it is held in memory
    :param total: all parts, uncompressed
    :param manifest: ``manifest.json``: 8 MiB name about 60 000 parts
    :param directory: the ZIP file's list of its members, which is held in memory as well
    """

    part: int = LONGEST_LINE
    total: int = 1024 * 1024 * MEBIBYTE
    manifest: int = 8 * MEBIBYTE
    directory: int = 8 * MEBIBYTE


def most_compressed(size: int) -> int:
    """Most bytes that ``size`` bytes can have as gzip: zlib's own bound, rounded up, and the header.

    >>> most_compressed(0), most_compressed(1_000_000)
    (64, 1001064)
    """
    return size + size // 1000 + 64
