# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One series of one tax number has one database: two that number it apart from each other make each number twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .rules import SERIES_LAST, DocumentModel, Kind
from .tax_number import InvalidTaxNumber, tax_number

# More than any company's name; it is shown as it came.
_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Holding:
    """That a database uses a series.

    :param tax_number: as ``tax_number`` gives it
    :param database: identity of the database that uses it
    :param name: how people call whoever uses it
    :param ended: whether it gives no more numbers there
    """

    tax_number: str
    model: DocumentModel
    series: int
    database: str
    kind: Kind = Kind.NORMAL
    name: str = ""
    ended: bool = False

    @property
    def identity(self) -> tuple[str, DocumentModel, int]:
        """What only one database may have."""
        return self.tax_number, self.model, self.series


def as_row(holding: Holding) -> dict[str, Any]:
    """A holding as it travels between databases."""
    return {
        "tax_number": holding.tax_number,
        "document_model": holding.model.value,
        "series": holding.series,
        "kind": holding.kind.value,
        "database": holding.database,
        "name": holding.name,
        "ended": holding.ended,
    }


def read_row(row: Any) -> Holding | None:
    """A holding as a peer told it; None when it cannot be understood, e.g. because the peer is younger than we are.

    >>> sent = as_row(Holding("11222333000181", DocumentModel.NFE, 1, "5f1b", name="Filial Recife"))
    >>> read_row(sent).name, read_row({**sent, "series": "1"}), read_row({**sent, "document_model": "57"})
    ('Filial Recife', None, None)
    """
    if not isinstance(row, Mapping):
        return None
    series, database, name = row.get("series"), row.get("database"), row.get("name") or ""
    if not isinstance(series, int) or isinstance(series, bool) or not 0 <= series <= SERIES_LAST:
        return None
    if not isinstance(database, str) or not database or not isinstance(name, str):
        return None
    try:
        return Holding(
            tax_number=tax_number(str(row.get("tax_number"))),
            model=DocumentModel(row.get("document_model")),
            series=series,
            database=database,
            kind=Kind(row.get("kind", Kind.NORMAL)),
            name=name[:_NAME_LENGTH],
            ended=row.get("ended") is True,
        )
    except (InvalidTaxNumber, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Clash:
    """One series that two databases use: as it is known here, and as the other side tells it."""

    known: Holding
    told: Holding


def clashes(known: Iterable[Holding], told: Iterable[Holding]) -> list[Clash]:
    """Series that are known here as used by one database and told as used by another, unless one of them has ended it.

    >>> ours = Holding("11222333000181", DocumentModel.NFE, 1, "here")
    >>> theirs = [Holding("11222333000181", DocumentModel.NFE, number, "there") for number in (1, 2)]
    >>> [clash.told.series for clash in clashes([ours], theirs)]
    [1]
    >>> ended = Holding("11222333000181", DocumentModel.NFE, 1, "there", ended=True)
    >>> clashes([ours], [ours]), clashes([ours], [ended])
    ([], [])
    """
    by_identity = {holding.identity: holding for holding in known}
    found = []
    for holding in told:
        own = by_identity.get(holding.identity)
        if own and own.database != holding.database and not (own.ended or holding.ended):
            found.append(Clash(own, holding))
    return found
