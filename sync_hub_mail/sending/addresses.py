# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The recipients that a user typed."""

from collections.abc import Iterator

import idna
from odoo.addons.sync_hub.outcome import AddressError, Flaw, parse_addresses

# A pasted column of a sheet has an address on each line. One character for one: columns stay what they are.
_SEPARATORS = str.maketrans({",": ";", "\n": ";", "\r": ";"})


def parse_recipients(text: str) -> tuple[str, ...]:
    """The addresses of a list separated by semicolons, commas or line ends, each once, in their order.

    Two addresses are one when they differ in case only, or in how the letters of their domain are written.

    >>> parse_recipients("anna@example.com, bruno@città.example; ANNA@example.com; bruno@xn--citt-3na.example")
    ('anna@example.com', 'bruno@città.example')

    :raises AddressError: for the first entry that is no address; ``position`` counts entries from 1, ``column``
        characters
    """
    found: dict[str, str] = {}
    entries = text.translate(_SEPARATORS)
    for address in parse_addresses(entries):
        try:
            wire = wire_address(address)
        except UnicodeError as error:
            # Letters that IDNA 2008 does not know any more.
            raise AddressError(*_place(entries, address), address, Flaw.DOMAIN) from error
        found.setdefault(wire.casefold(), address)
    return tuple(found.values())


def wire_address(address: str) -> str:
    """The address as it travels: the domain in ASCII (RFC 5891), after the lower-casing of UTS 46.

    IDNA 2008 and not the older mapping of Python's own codec, which would send what is for straße.example to
    strasse.example, whose owner may be another.

    >>> wire_address("Anna@Straße.example")
    'Anna@xn--strae-oqa.example'

    :raises UnicodeError: for a domain that cannot be written so
    """
    local_part, _, domain = address.rpartition("@")
    return f"{local_part}@{domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()}"


def _place(entries: str, address: str) -> tuple[int, int]:
    """Number of an address among the entries, and its column, both from 1."""
    typed = [(start, entry.strip()) for start, entry in _spans(entries) if entry.strip()]
    position = next(number for number, (_start, entry) in enumerate(typed, start=1) if entry == address)
    return position, entries.index(address, typed[position - 1][0]) + 1


def _spans(entries: str) -> Iterator[tuple[int, str]]:
    start = 0
    for entry in entries.split(";"):
        yield start, entry
        start += len(entry) + 1
