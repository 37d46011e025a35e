# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which fields a model had when a snapshot was made, and which it has where it is restored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from .errors import SchemaDiffers


@dataclass(frozen=True, slots=True)
class SchemaDifference:
    """Names of fields, in order. False for none.

    :param gone: in the snapshot, and not here
    :param new: here, and not in the snapshot
    :param changed: in both, of another type
    """

    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.gone or self.new or self.changed)

    def __str__(self) -> str:
        said = {"gone": self.gone, "new": self.new, "changed": self.changed}
        return "; ".join(f"{word}: {', '.join(names)}" for word, names in said.items() if names)


def schema_hash(fields: Mapping[str, str]) -> str:
    """SHA-256 (hexadecimal) over the sorted names and types of fields.

    >>> schema_hash({"name": "char", "active": "boolean"}) == schema_hash({"active": "boolean", "name": "char"})
    True
    >>> schema_hash({"name": "char"})[:16], schema_hash({"name": "text"})[:16]
    ('af32fa827560a605', '3b953c725d233b77')
    """
    text = json.dumps(sorted(fields.items()), ensure_ascii=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def schema_difference(there: Mapping[str, str], here: Mapping[str, str]) -> SchemaDifference:
    """How the fields of a snapshot differ from those ``here``.

    >>> schema_difference({"fax": "char", "name": "char", "vat": "char"}, {"name": "text", "vat": "char", "ref": "int"})
    SchemaDifference(gone=('fax',), new=('ref',), changed=('name',))
    """
    return SchemaDifference(
        gone=tuple(sorted(there.keys() - here.keys())),
        new=tuple(sorted(here.keys() - there.keys())),
        changed=tuple(sorted(name for name in there.keys() & here.keys() if there[name] != here[name])),
    )


def check_schema(model: str, there: Mapping[str, str], here: Mapping[str, str]) -> None:
    """Raise :class:`SchemaDiffers` unless the fields are the same."""
    if difference := schema_difference(there, here):
        raise SchemaDiffers(model, difference)
