# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .values import Key


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record of this database, by its number, with all by which it may be found."""

    id: int
    ids: tuple[str, ...] = ()
    code: str = ""
    barcode: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The records that a key may mean: one is a find, none is unknown, several are not told apart. ``by``: by what."""

    ids: tuple[int, ...] = ()
    by: str = ""

    @property
    def id(self) -> int:
        """The record that was found; 0 for none, or for several."""
        return self.ids[0] if len(self.ids) == 1 else 0


class Catalogue:
    """Finds records by external id, then internal reference, then barcode, and by name last.

    The first of these that leads anywhere decides: where a reference fits two products, a name is no help, it would
    only hide that one of the two is wrong.

    >>> desks = Catalogue([Candidate(1, ("shop.desk",), "D1", "800", "Desk"), Candidate(2, (), "D2", "801", "Desk")])
    >>> desks.find(Key(("shop.desk",), "D2")), desks.find(Key(code="D2")), desks.find(Key(barcode="801"))
    (Match(ids=(1,), by='ids'), Match(ids=(2,), by='code'), Match(ids=(2,), by='barcode'))
    >>> desks.find(Key(name="desk")), desks.find(Key(name="Chair"))
    (Match(ids=(1, 2), by='name'), Match(ids=(), by=''))
    """

    def __init__(self, candidates: Iterable[Candidate]):
        self._found: dict[str, dict[str, list[int]]] = {
            by: defaultdict(list) for by in ("ids", "code", "barcode", "name")
        }
        for candidate in candidates:
            for identifier in candidate.ids:
                self._note("ids", identifier, candidate.id)
            self._note("code", candidate.code, candidate.id)
            self._note("barcode", candidate.barcode, candidate.id)
            self._note("name", folded(candidate.name), candidate.id)

    def _note(self, by: str, value: str, number: int) -> None:
        if value and number not in self._found[by][value]:
            self._found[by][value].append(number)

    def find(self, key: Key) -> Match:
        """What a key means."""
        for by, values in (
            ("ids", key.ids),
            ("code", (key.code,)),
            ("barcode", (key.barcode,)),
            ("name", (folded(key.name),)),
        ):
            found = dict.fromkeys(number for value in values for number in self._found[by].get(value, ()))
            if found:
                return Match(tuple(found), by)
        return Match()


def folded(name: str) -> str:
    """A name without what people do not see: case and blanks.

    >>> folded("  Desk\\u00a0 Large")
    'desk large'
    """
    return " ".join(name.split()).casefold()
