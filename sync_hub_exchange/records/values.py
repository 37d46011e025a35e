# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Self

# What a value is on its way: JSON. Dates and datetimes (UTC) as ISO 8601 texts, references as objects with "ids",
# texts in several languages as objects language -> text, parts (rows that belong to their record) as lists of records.
Wire = None | bool | int | float | str | list | dict

# Characters of a value whose token is remembered.
_SHORT = 60


def is_standard(external_id: str) -> bool:
    """Whether a record came with an addon: both sides have it, and neither changes it for the other.

    >>> is_standard("base.it"), is_standard("__sync_1f2e3d4c__.res_partner_7"), is_standard("__import__.customer_42")
    (True, False, False)
    """
    return not external_id.startswith("__")


def adopted(external_id: str) -> str:
    """The name of a record of an addon where it came from a peer instead of the addon; all others keep theirs.

    >>> adopted("product.demo_chair"), adopted("__import__.customer_42")
    ('__adopted__.product.demo_chair', '__import__.customer_42')
    """
    return f"__adopted__.{external_id}" if is_standard(external_id) else external_id


def canonical_id(ids: Iterable[str]) -> str:
    """The one external id by which both sides name a record that has several; an empty text for none.

    Any rule would do that gives the same on both sides: ids of addons first, then the alphabet.

    >>> canonical_id(["__sync_b__.res_partner_7", "__sync_a__.res_partner_9"])
    '__sync_a__.res_partner_9'
    >>> canonical_id(["__import__.x", "base.main_partner"])
    'base.main_partner'
    """
    return min(ids, key=lambda name: (not is_standard(name), name), default="")


@dataclass(frozen=True, slots=True)
class Reference:
    """Another record, as both sides can find it.

    :param ids: its external ids
    :param code: what identifies it in its company where it has none in common, such as the code of an account
    :param name: what people call it, for messages
    """

    ids: tuple[str, ...] = ()
    code: tuple[tuple[str, str], ...] = ()
    name: str = ""

    def to_wire(self) -> dict[str, Any]:
        return {"ids": list(self.ids), **({"code": dict(self.code)} if self.code else {}), "name": self.name}

    @classmethod
    def from_wire(cls, value: Mapping[str, Any]) -> Self:
        """:raises ValueError: when it is none"""
        if not is_reference(value):
            raise ValueError(f"no reference: {value!r:.80}")
        code = value.get("code") or {}
        return cls(
            tuple(map(str, value["ids"])),
            tuple(sorted((str(key), str(part)) for key, part in code.items())),
            str(value.get("name") or ""),
        )


def is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("ids"), list)


def is_record(value: Any) -> bool:
    """Whether a value is a part: a row that belongs to its record and travels with it."""
    return is_reference(value) and isinstance(value.get("values"), Mapping)


def names_in(values: Mapping[str, Wire]) -> Iterator[str]:
    """External ids of all records to which values lead, of parts too.

    >>> sorted(names_in({"city": "Roma", "parent_id": {"ids": ["a.b"]}, "tags": [{"ids": ["a.c"]}, {"ids": ["a.d"]}]}))
    ['a.b', 'a.c', 'a.d']
    """
    for value in values.values():
        for part in value if isinstance(value, list) else (value,):
            if is_reference(part):
                yield from part["ids"]
                if is_record(part):
                    yield from names_in(part["values"])


def token(value: Wire) -> str:
    """Sixteen hexadecimal digits that tell whether two values are the same.

    Of a reference only its identity counts, not its name; the order of several references does not count.

    >>> token("Rossi") == token("Rossi"), token("Rossi") == token("Bianchi"), token(False) == token(None)
    (True, False, True)
    >>> token({"ids": ["base.it"], "name": "Italy"}) == token({"ids": ["base.it"], "name": "Italia"})
    True
    >>> one, two = {"ids": ["base.it"]}, {"ids": ["base.pl"]}
    >>> token([one, two]) == token([two, one])
    True
    """
    text = _canonical(value)
    return _short_digest(text) if len(text) <= _SHORT else _digest(text)


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


# Most values of a table are short and are in it many times, and each is looked at from both sides.
_short_digest = lru_cache(maxsize=1 << 14)(_digest)


def _canonical(value: Wire) -> str:
    # The plain cases first: nearly all values are.
    if value is None or value is False or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, str):
        return "s" + value
    if value is True:
        return "b"
    if isinstance(value, (int, float)):
        # One and the same number may arrive as 1 and as 1.0.
        return "n" + repr(float(value))
    if isinstance(value, list):
        return "l" + _joined(sorted(map(_canonical, value)))
    ids = value.get("ids")
    if not isinstance(ids, list):
        return "d" + _joined(key + "=" + _canonical(value[key]) for key in sorted(value))
    name = canonical_id(ids)
    if isinstance(value.get("values"), Mapping):
        return "p" + _joined((name, _canonical(value["values"])))
    # A code tells two records apart only where they have no name in common.
    return "r" + (name or _canonical(value.get("code") or {}))


def _joined(parts: Iterable[str]) -> str:
    """Texts as one, so that no two lists of texts become the same."""
    return "".join(f"{len(part)}:{part}" for part in parts)
