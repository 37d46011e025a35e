# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from .merge import Policy, decide
from .row_memory import NEVER, Memory, Plan, mark
from .values import canonical_id, token

# A row that belongs to its record: {"ids": external ids, "values": {name: value}}.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """Something in a row that both sides have changed, and a person decides.

    :param key: of the row, see :class:`Memory`
    :param name: of the field; an empty text where one side has deleted the row and the other one has changed it
    :param here: the row here; None if it was deleted here
    :param there: the row of the other side in the terms of this one; None if it was deleted there
    :param marks: what the other side has: name -> mark, in its own terms
    """

    key: str
    name: str
    here: Row | None
    there: Row | None
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person has said to a :class:`Question`.

    :param value: what the other side has, in the terms of this one: the value of the field, the row, or None for a row
        that was deleted there
    :param take: whether that is right
    """

    key: str
    name: str
    value: Any
    marks: Mapping[str, str]
    take: bool


@dataclass(frozen=True, slots=True)
class RowMerge:
    """What becomes of the rows of a record that have changed on both sides.

    :param rows: as they are to be here; values of the other side in its own terms
    :param takes: whether something of the other side is taken
    :param sends: whether something is to be sent
    :param asks: what a person has to say first
    :param clash: whether both sides have changed the same, whatever became of it
    :param plan: what is to be remembered
    """

    rows: list[Row]
    takes: bool
    sends: bool
    asks: tuple[Question, ...]
    clash: bool
    plan: Plan


def agreed(there: Sequence[Row], as_here: Sequence[Row], keys: Sequence[str] = (), *, taken: bool = True) -> Plan:
    """What is to be remembered of rows which this side has as the other one has them.

    :param there: the rows as the other side wrote them
    :param as_here: the same in the terms of this side
    :param keys: see :func:`merge_rows`
    :param taken: False where this side has rows of its own, and the other one does not know them yet
    """
    return {
        _key(own, keys): {name: (None if taken else NEVER, mark(value)) for name, value in row["values"].items()}
        for row, own in zip(there, as_here, strict=True)
    }


def remember(plan: Plan, rows: Sequence[Row], keys: Sequence[str] = ()) -> dict[str, Any]:
    """What is kept, see :class:`Memory`, when a plan has become these rows.

    >>> row = {"ids": ["__a__.1"], "values": {"price": 5}}
    >>> kept = remember(agreed([row], [row]), [row])
    >>> kept["of"], len(kept["rows"]), remember({}, [row])
    (['price'], 1, {'of': [], 'rows': {}})
    """
    found = {hashed: row for row in rows for hashed in _hashes(row, keys)}
    done: Plan = {}
    for key, marks in plan.items():
        row = found.get(key)
        if row is None and any(here is None for here, _there in marks.values()):
            # It did not come to be.
            continue
        done[key] = {
            name: (mark(row["values"].get(name)) if row and here is None else here, there)
            for name, (here, there) in marks.items()
        }
    return Memory.kept(done)


def merge_rows(
    policy: Policy,
    here: Sequence[Row],
    there: Sequence[Row],
    as_here: Sequence[Row],
    kept: Mapping[str, Any],
    keys: Sequence[str] = (),
    *,
    there_is_newer: bool,
) -> RowMerge | None:
    """Three-way comparison of rows: row by row, and in a row that both sides have changed, field by field.

    A row that one side has deleted is deleted if the other one has not changed it; if it has, it stays, or a person is
    asked.

    :param policy: ``FIELDS`` or ``ASK``; the others are about whole records
    :param there: the rows as the other side wrote them
    :param as_here: the same in the terms of this side
    :param kept: what both sides last agreed, see :class:`Memory`
    :param keys: names of values by which rows are known that have no name in common
    :return: None where rows cannot be told apart

    >>> def row(number, price): return {"ids": [f"__a__.{number}"], "values": {"price": price}}
    >>> old = [row(1, 10), row(2, 20)]
    >>> there = [row(1, 10), row(2, 22)]
    >>> result = merge_rows(Policy.FIELDS, [row(1, 11), row(2, 20)], there, there, remember(agreed(old, old), old),
    ...                     there_is_newer=False)
    >>> [each["values"]["price"] for each in result.rows], result.takes, result.sends, result.clash
    ([11, 22], True, True, False)
    """
    pairs = _paired(here, as_here, keys)
    if pairs is None:
        return None
    known = Memory(kept).rows
    work = _Work(policy, there_is_newer)
    for own, place in pairs:
        row = own or as_here[place]
        old = next((known[name] for name in _hashes(row, keys) if name in known), None)
        key = _key(row, keys)
        if place is None:
            work.only_here(key, own, old)
        elif own is None:
            work.only_there(key, there[place], as_here[place], old)
        else:
            work.on_both_sides(key, own, there[place], as_here[place], old or {})
    return RowMerge(work.rows, work.takes, work.sends, tuple(work.asks), work.clash, work.plan)


def settle_rows(
    rows: Sequence[Row], answers: Iterable[Answer], kept: Mapping[str, Any], keys: Sequence[str] = ()
) -> tuple[list[Row], Plan]:
    """Rows here with what a person has chosen, and what is to be remembered when they have been written.

    >>> old = [{"ids": ["__a__.1"], "values": {"price": 10}}]
    >>> here, there = ([{"ids": ["__a__.1"], "values": {"price": price}}] for price in (11, 12))
    >>> merged = merge_rows(Policy.ASK, here, there, there, remember(agreed(old, old), old), there_is_newer=False)
    >>> [asked] = merged.asks
    >>> answer = Answer(asked.key, asked.name, 12, asked.marks, take=True)
    >>> settle_rows(here, [answer], remember(merged.plan, here))[0] == there
    True
    """
    plan = Memory(kept).rows
    result = list(rows)
    for answer in answers:
        place = next((number for number, row in enumerate(result) if answer.key in _hashes(row, keys)), None)
        own = None if answer.take else NEVER
        if answer.name:
            plan.setdefault(answer.key, {})[answer.name] = (own, answer.marks[answer.name])
            if answer.take and place is not None:
                row = result[place]
                result[place] = {**row, "values": {**row["values"], answer.name: answer.value}}
        elif answer.value is None:
            # Gone on both sides, or on its way there as a new one.
            plan.pop(answer.key, None)
            if answer.take and place is not None:
                del result[place]
        else:
            plan[answer.key] = {name: (own, there) for name, there in answer.marks.items()}
            if answer.take and place is None:
                result.append(answer.value)
    return result, plan


def still_asked(plan: Plan, answers: Iterable[Answer], kept: Mapping[str, Any]) -> Plan:
    """A plan that leaves open what a person has not said yet: what was remembered of that holds on.

    :param answers: what is asked
    :param kept: what was remembered

    >>> old = {"k": {"price": ("1", "1"), "name": ("2", "2")}}
    >>> new = {"k": {"price": ("3", "4"), "name": ("5", "5")}}
    >>> still_asked(new, [Answer("k", "price", 7, {}, take=False)], {"of": ["name", "price"], "rows": {"k": ".."}})
    {'k': {'price': ('', ''), 'name': ('5', '5')}}
    """
    old = Memory(kept).rows
    result = {key: dict(row) for key, row in plan.items()}
    for answer in answers:
        known = old.get(answer.key)
        if answer.name:
            result.setdefault(answer.key, {})[answer.name] = (known or {}).get(answer.name, (NEVER, NEVER))
        elif known is not None:
            result[answer.key] = known
    return result


def row_of(key: str, rows: Iterable[Row], keys: Sequence[str] = ()) -> Row | None:
    """The row that has a key; None if it is not among these."""
    return next((row for row in rows if key in _hashes(row, keys)), None)


class _Work:
    """Gathers what becomes of the rows, one after the other."""

    def __init__(self, policy: Policy, there_is_newer: bool):
        self.policy = policy
        self.there_is_newer = there_is_newer
        self.rows: list[Row] = []
        self.asks: list[Question] = []
        self.plan: Plan = {}
        self.takes = self.sends = self.clash = False

    def only_here(self, key: str, own: Row, old: dict | None) -> None:
        if old is not None and _is_as(own, old, 0):
            # Deleted there.
            self.takes = True
            return
        self.rows.append(own)
        if old is not None:
            self.clash = True
        if old is not None and self.policy is Policy.ASK:
            self.asks.append(Question(key, "", own, None, {}))
            self.plan[key] = old
        else:
            self.sends = True

    def only_there(self, key: str, theirs: Row, as_here: Row, old: dict | None) -> None:
        marks = {name: mark(value) for name, value in theirs["values"].items()}
        if old is not None and _is_as(theirs, old, 1):
            # Deleted here.
            self.plan[key] = {name: (NEVER, there) for name, there in marks.items()}
            self.sends = True
            return
        if old is not None:
            self.clash = True
        if old is not None and self.policy is Policy.ASK:
            self.asks.append(Question(key, "", None, as_here, marks))
            self.plan[key] = old
        else:
            self.rows.append(theirs)
            self.plan[key] = {name: (None, there) for name, there in marks.items()}
            self.takes = True

    def on_both_sides(self, key: str, own: Row, theirs: Row, as_here: Row, old: dict) -> None:
        marks = {name: mark(value) for name, value in theirs["values"].items()}
        decision = decide(
            self.policy,
            {name: mark(value) for name, value in own["values"].items()},
            marks,
            {name: mark(value) for name, value in as_here["values"].items()},
            old,
            there_is_newer=self.there_is_newer,
        )
        self.rows.append(
            {
                # Each side may know names of it which the other one does not.
                "ids": list(dict.fromkeys((*own["ids"], *theirs["ids"]))),
                "values": {**own["values"], **{name: theirs["values"][name] for name in decision.take}},
            }
        )
        kept, asked = set(decision.keep), set(decision.ask)
        self.plan[key] = {
            name: old.get(name, (NEVER, NEVER)) if name in asked else (NEVER if name in kept else None, there)
            for name, there in marks.items()
        }
        self.asks += [Question(key, name, own, as_here, {name: marks[name]}) for name in decision.ask]
        self.takes |= bool(decision.take)
        self.sends |= bool(decision.keep)
        self.clash |= bool(decision.clash)


def _is_as(row: Row, old: Mapping[str, tuple[str, str]], side: int) -> bool:
    """Whether a row is what both sides agreed.

    :param side: 0 for here, 1 for there
    """
    return all(old.get(name, (NEVER, NEVER))[side] == mark(value) for name, value in row["values"].items())


def _paired(
    here: Sequence[Row], there: Sequence[Row], keys: Sequence[str]
) -> list[tuple[Row | None, int | None]] | None:
    """Each row here with the place of the same row there; None if they cannot be told apart."""
    places: dict[int, int] = {}
    left = list(range(len(there)))
    for names_of in (lambda row: row["ids"], lambda row: _by_keys(row, keys)):
        own = {}
        for number, row in enumerate(here):
            if number in places:
                continue
            for name in names_of(row):
                if own.setdefault(name, number) != number:
                    return None
        rest = []
        for place in left:
            number = next((own[name] for name in names_of(there[place]) if name in own), None)
            if number is None:
                rest.append(place)
            elif number in places:
                return None
            else:
                places[number] = place
        left = rest
    identities = [_names(there[place], keys)[:1] for place in left]
    identities += [_names(row, keys)[:1] for number, row in enumerate(here) if number not in places]
    if [] in identities or len({names[0] for names in identities}) < len(identities):
        return None
    return [(row, places.get(number)) for number, row in enumerate(here)] + [(None, place) for place in left]


def _names(row: Row, keys: Sequence[str]) -> list[str]:
    """All by which a row may be known, the name first that both sides use."""
    name = canonical_id(row["ids"])
    return [*([name] if name else []), *(other for other in row["ids"] if other != name), *_by_keys(row, keys)]


def _by_keys(row: Row, keys: Sequence[str]) -> Iterable[str]:
    return ["=" + token({name: row["values"].get(name) for name in keys})] if keys else []


def _key(row: Row, keys: Sequence[str]) -> str:
    return _hashed(next(iter(_names(row, keys)), ""))


def _hashes(row: Row, keys: Sequence[str]) -> list[str]:
    """All keys that a row may have."""
    return [_hashed(name) for name in _names(row, keys)]


def _hashed(name: str) -> str:
    return blake2b(name.encode(), digest_size=6).hexdigest()
