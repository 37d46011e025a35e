# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Policy(StrEnum):
    """Who is right when both sides have changed a record since they last agreed. Stored: never rename one."""

    # The whole record of one side.
    PEER = "peer"
    LOCAL = "local"
    NEWEST = "newest"
    # Field by field; where both have changed the same one, the newer.
    FIELDS = "fields"
    # Field by field; where both have changed the same one, a person decides.
    ASK = "ask"


# Fields of the two sides when they last agreed: name -> (token here, token there).
Base = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with the fields of a record. The rest is as both sides want it.

    :param take: fields that get the value of the other side
    :param keep: fields whose value here is to be sent
    :param add: fields in which both sides have added something: what was added there is added here
    :param ask: fields that wait for a person
    :param clash: fields that both sides have changed to different values, whatever became of them
    """

    take: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    clash: tuple[str, ...] = field(default=())


def decide(
    policy: Policy,
    here: Mapping[str, str],
    there: Mapping[str, str],
    there_as_here: Mapping[str, str],
    base: Base,
    *,
    there_is_newer: bool,
    additive: frozenset[str] = frozenset(),
) -> Decision:
    """Three-way comparison of a record: what both sides agreed, what it is here, what it is there.

    :param here: token of each field here
    :param there: token of each field as the other side wrote it
    :param there_as_here: token of the other side's value in this side's terms
    :param base: what both agreed; a field that is missing in it has never been compared
    :param there_is_newer: for policies that need it, see :func:`newer`
    :param additive: names of fields with quantities, to which both sides add

    >>> base = {"city": ("roma", "roma"), "phone": ("1", "1")}
    >>> decide(Policy.FIELDS, {"city": "roma", "phone": "2"}, {"city": "milano", "phone": "1"},
    ...        {"city": "milano", "phone": "1"}, base, there_is_newer=False)
    Decision(take=('city',), keep=('phone',), add=(), ask=(), clash=())
    >>> decide(Policy.LOCAL, {"city": "roma", "phone": "2"}, {"city": "milano", "phone": "1"},
    ...        {"city": "milano", "phone": "1"}, base, there_is_newer=False)
    Decision(take=(), keep=('city', 'phone'), add=(), ask=(), clash=())
    """
    differing = [name for name in there if name in here and here[name] != there_as_here[name]]
    unknown = ("", "")
    changed_here = {name for name in differing if base.get(name, unknown)[0] != here[name]}
    changed_there = {name for name in differing if base.get(name, unknown)[1] != there[name]}
    clash = tuple(name for name in differing if name in changed_here and name in changed_there)
    # A quantity that has never been compared has no difference that could be added.
    add = tuple(name for name in clash if name in additive and name in base)
    whole_record = {Policy.PEER: True, Policy.LOCAL: False, Policy.NEWEST: there_is_newer}
    take, keep, ask = [], [], []
    for name in differing:
        if name in add:
            continue
        if name not in changed_here and name not in changed_there:
            # Both are as they were agreed, in the words of each side.
            continue
        if name in clash and policy is Policy.ASK:
            ask.append(name)
        elif changed_here and changed_there and policy in whole_record:
            (take if whole_record[policy] else keep).append(name)
        elif name in clash:
            (take if there_is_newer else keep).append(name)
        else:
            (take if name in changed_there else keep).append(name)
    return Decision(tuple(take), tuple(keep), add, tuple(ask), clash)


def newer(here: tuple[datetime, str], there: tuple[datetime, str]) -> bool:
    """Whether the other side's version of a record is the newer one; at the same moment the identity decides, so that
    all sides come to the same answer.

    :param here: when somebody changed it last, and the identity of the database in which that was
    :param there: the same of the version of the other side, its clock corrected

    >>> noon, one = datetime(2026, 5, 1, 12), datetime(2026, 5, 1, 13)
    >>> newer((noon, "a"), (one, "b")), newer((one, "a"), (noon, "b")), newer((noon, "a"), (noon, "b"))
    (True, False, True)
    """
    return there > here
