# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .findings import Finding, Kind

# Field name -> what ``sync.exchange.schema`` tells of it: "type", "label", "relation", "required", "filled",
# "selection".
Fields = Mapping[str, Mapping[str, Any]]

# Types whose values can be written into each other.
_ALIKE = (
    frozenset({"char", "text", "html"}),
    frozenset({"float", "monetary", "integer"}),
    frozenset({"binary", "image"}),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field that is exchanged.

    :param name: as it is called here
    :param there: as it is called on the other side
    :param converted: whether its values become others on their way, so that they need not be the same
    """

    name: str
    there: str
    converted: bool = False


def compare(
    model: str,
    wanted: Sequence[Wanted],
    here: Fields,
    there: Fields,
    *,
    receives: bool,
    sends: bool,
) -> Iterator[Finding]:
    """What stands between the fields of a kind of data here and those of the other side.

    >>> name = {"name": {"type": "char", "label": "Name", "required": True}}
    >>> [finding.kind.value for finding in compare("x", [Wanted("name", "name")], name, {}, receives=True, sends=True)]
    ['field_missing']
    >>> [finding.kind.value for finding in compare("x", [], {}, name, receives=True, sends=True)]
    ['required_there']
    """
    for field in wanted:
        own, other = here.get(field.name), there.get(field.there)
        values = {"field": _label(own, field.name), "name": field.there}
        if own is None:
            # Taken away here, by an addon that is not installed any more.
            continue
        if other is None:
            yield Finding(Kind.FIELD_MISSING, values, model, field.name)
        elif not _are_alike(own["type"], other["type"]) and not field.converted:
            values |= {"here": own["type"], "there": other["type"]}
            yield Finding(Kind.FIELD_TYPE, values, model, field.name)
        elif own.get("relation") != other.get("relation"):
            values |= {"here": own.get("relation") or "", "there": other.get("relation") or ""}
            yield Finding(Kind.FIELD_RELATION, values, model, field.name)
        elif not field.converted and (choices := _unknown_choices(own, other, receives=receives, sends=sends)):
            yield Finding(Kind.FIELD_CHOICES, values | {"choices": ", ".join(choices)}, model, field.name)
    if sends:
        yield from _required(Kind.REQUIRED_THERE, model, there, {field.there for field in wanted})
    if receives:
        yield from _required(Kind.REQUIRED_HERE, model, here, {field.name for field in wanted})


def compare_versions(here: int, there: int) -> Kind:
    """Only databases of one major version have the same data.

    >>> compare_versions(19, 19).value, compare_versions(19, 18).value
    ('version', 'version_other')
    """
    return Kind.VERSION if here == there else Kind.VERSION_OTHER


def _required(kind: Kind, model: str, fields: Fields, exchanged: set[str]) -> Iterator[Finding]:
    missing = [
        _label(field, name)
        for name, field in fields.items()
        # Rows are made with their record.
        if field.get("required") and field["type"] != "one2many" and not field.get("filled") and name not in exchanged
    ]
    if missing:
        yield Finding(kind, {"fields": ", ".join(missing)}, model)


def _are_alike(one: str, other: str) -> bool:
    return one == other or any(one in types and other in types for types in _ALIKE)


def _unknown_choices(own: Mapping, other: Mapping, *, receives: bool, sends: bool) -> list[str]:
    """Choices of a selection that one side may send and the other does not have."""
    if own["type"] != "selection":
        return []
    mine, theirs = own.get("selection") or [], other.get("selection") or []
    unknown = [choice for choice in mine if choice not in theirs] if sends else []
    return unknown + ([choice for choice in theirs if choice not in mine] if receives else [])


def _label(field: Mapping[str, Any] | None, name: str) -> str:
    return (field or {}).get("label") or name
