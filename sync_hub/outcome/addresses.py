# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A list of e-mail addresses separated by semicolons, as a user types it."""

import re
from enum import StrEnum

# RFC 5321, 4.5.3.1: octets of a local part and of a path without its brackets.
_LONGEST_LOCAL_PART = 64
_LONGEST_ADDRESS = 254
# RFC 5322, 3.2.3: a dot-atom. Mail servers without SMTPUTF8 take no other letters before the "@", and Odoo sends none.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# RFC 1035, 2.3.1, after the conversion of other letters to ASCII (RFC 5891).
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class Flaw(StrEnum):
    """Why a text is not an e-mail address."""

    SEPARATOR = "separator"  # two addresses with a comma or a blank between them
    NO_AT = "no_at"
    LOCAL_PART = "local_part"
    DOMAIN = "domain"


class AddressError(ValueError):
    """An entry of a list is not an e-mail address.

    :param position: which entry, counted from 1; empty ones do not count
    :param column: where it begins in the whole text, in characters counted from 1
    :param text: the entry as it was typed
    """

    def __init__(self, position: int, column: int, text: str, flaw: Flaw):
        super().__init__(position, column, text, flaw)
        self.position = position
        self.column = column
        self.text = text
        self.flaw = flaw


def parse_addresses(text: str) -> tuple[str, ...]:
    """The addresses of a list, each once, in their order. Empty entries, such as after a last semicolon, are left out.

    >>> parse_addresses("anna@example.com; bruno@example.com;")
    ('anna@example.com', 'bruno@example.com')
    >>> parse_addresses("anna@example.com; ANNA@Example.com")
    ('anna@example.com',)
    >>> parse_addresses("anna@example.com; bruno")
    Traceback (most recent call last):
    odoo.addons.sync_hub.outcome.addresses.AddressError: (2, 19, 'bruno', <Flaw.NO_AT: 'no_at'>)

    :raises AddressError: for the first entry that is no address
    """
    found: dict[str, str] = {}
    position = 0
    start = 0
    for entry in text.split(";"):
        address = entry.strip()
        if address:
            position += 1
            flaw = _flaw_of(address)
            if flaw:
                raise AddressError(position, start + entry.index(address) + 1, address, flaw)
            found.setdefault(address.casefold(), address)
        start += len(entry) + 1
    return tuple(found.values())


def _flaw_of(address: str) -> Flaw | None:
    local_part, at, domain = address.rpartition("@")
    if not at:
        return Flaw.NO_AT
    if address.count("@") > 1 and re.search(r"[,\s]", address):
        return Flaw.SEPARATOR
    if len(local_part) > _LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local_part):
        return Flaw.LOCAL_PART
    if len(address) > _LONGEST_ADDRESS or not _is_domain(domain):
        return Flaw.DOMAIN
    return None


def _is_domain(domain: str) -> bool:
    try:
        labels = domain.encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    # A name without a dot is almost always one that was not typed to its end.
    return len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
