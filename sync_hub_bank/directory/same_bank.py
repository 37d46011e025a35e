# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which entries of several services are the same bank."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .names import bank_name


class Entry(NamedTuple):
    """A bank in the list of one service in one country."""

    id: int
    service: int
    country: str
    name: str
    bic: str = ""


def bank_keys(entries: Iterable[Entry]) -> dict[int, str]:
    """For each entry, a text that is the same for entries of the same bank.

    The BIC of a country says it, as far as it names the head office (ISO 9362: the first eight letters). A BIC that a
    service gives to banks of different names says nothing: members of a group of cooperative banks share one. Those,
    and banks without a BIC, are known by their names. A name that is also that of a bank with a BIC joins it.

    >>> entries = [Entry(1, 1, "IT", "UniCredit", "UNCRITMM"), Entry(2, 2, "IT", "UNICREDIT BANCA", "UNCRITMMXXX"),
    ...            Entry(3, 3, "IT", "Unicredit S.p.A."), Entry(4, 3, "AT", "Unicredit S.p.A.")]
    >>> bank_keys(entries)
    {1: 'IT bic uncritmm', 2: 'IT bic uncritmm', 3: 'IT bic uncritmm', 4: 'AT name unicredit'}
    >>> bank_keys([Entry(1, 1, "IT", "BCC Roma", "ICRAITRR"), Entry(2, 1, "IT", "BCC Milano", "ICRAITRR")])
    {1: 'IT name bcc roma', 2: 'IT name bcc milano'}
    """
    entries = list(entries)
    names = {entry.id: bank_name(entry.name) for entry in entries}
    names_of_bic: dict[tuple[str, str], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for entry in entries:
        if bic := _head_office(entry.bic):
            names_of_bic[entry.country, bic][entry.service].add(names[entry.id])
    telling = {
        place: set().union(*services.values())
        for place, services in names_of_bic.items()
        if all(len(names) == 1 for names in services.values())
    }
    bics_of_name: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (country, bic), named in telling.items():
        for name in named:
            bics_of_name[country, name].add(bic)
    keys = {}
    for entry in entries:
        bic, name = _head_office(entry.bic), names[entry.id]
        if (entry.country, bic) not in telling:
            bics = bics_of_name.get((entry.country, name), ())
            bic = next(iter(bics)) if len(bics) == 1 else ""
        keys[entry.id] = f"{entry.country} bic {bic}" if bic else f"{entry.country} name {name}"
    return keys


def _head_office(bic: str) -> str:
    """The part of a BIC that names the bank; empty when it is none."""
    bic = bic.strip().lower()
    return bic[:8] if len(bic) in (8, 11) and bic.isascii() and bic.isalnum() else ""
