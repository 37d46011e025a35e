# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names of files that every system can unpack."""

import re
import unicodedata

# Bytes of a name: eCryptfs takes 143, and a number may be put before.
_LONGEST = 120
# A signed file has two endings: .xml.p7m
_ENDING = re.compile(r"(?:\.[a-z0-9]{1,8})?\.p7m\Z|\.[a-z0-9]{1,8}\Z", re.IGNORECASE)
# Refused by Windows, which also drops dots and spaces at the end; what is no letter for anybody is dropped everywhere.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|\Z)", re.IGNORECASE)


def safe_name(name: str, otherwise: str = "file", longest: int = _LONGEST) -> str:
    """A name without folders, close to the one given, of at most ``longest`` bytes.

    >>> safe_name("INV/2026/00007.pdf"), safe_name("../../etc/passwd"), safe_name("Fattura n° 7.pdf")
    ('INV-2026-00007.pdf', 'etc-passwd', 'Fattura n° 7.pdf')
    >>> safe_name("con.xml"), safe_name(" .. "), safe_name("a\\x00\\u202eb. ")
    ('_con.xml', 'file', 'ab')
    >>> safe_name("A very long title.xml.p7m", longest=20)
    'A very long.xml.p7m'
    """
    plain = unicodedata.normalize("NFC", name)
    plain = "".join(letter for letter in plain if unicodedata.category(letter)[0] != "C")
    plain = _FORBIDDEN.sub("-", plain).strip(" .-") or otherwise
    plain = _DEVICES.sub(r"_\g<0>", plain) if _DEVICES.match(plain) else plain
    return _shortened(plain, longest)


def unique_name(name: str, taken: set[str]) -> str:
    """The name, with a number before its ending where it is taken; ``taken`` knows it afterwards.

    >>> taken = set()
    >>> [unique_name(name, taken) for name in ("a.xml.p7m", "A.xml.p7m", "a.xml.p7m")]
    ['a.xml.p7m', 'A (2).xml.p7m', 'a (3).xml.p7m']
    """
    stem, ending = _parted(name)
    number, free = 1, name
    # Windows and macOS take capital and small letters for the same, however they are composed.
    while _folded(free) in taken:
        number += 1
        free = f"{stem} ({number}){ending}"
    taken.add(_folded(free))
    return free


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _parted(name: str) -> tuple[str, str]:
    """Stem and ending."""
    found = _ENDING.search(name, 1)
    return (name[: found.start()], found[0]) if found else (name, "")


def _shortened(name: str, longest: int) -> str:
    if len(name.encode()) <= longest:
        return name
    stem, ending = _parted(name)
    room = longest - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + ending
