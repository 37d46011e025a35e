# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Values on their way, the comparison of three versions of a record, conversions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.records import (
    Conversion,
    ConversionError,
    Policy,
    Reference,
    canonical_id,
    decide,
    is_record,
    is_reference,
    is_standard,
    names_in,
    strayed,
    token,
)

NAMES = ("a", "b", "c")
MARKS = st.sampled_from(["1", "2", "3"])
VERSIONS = st.fixed_dictionaries(dict.fromkeys(NAMES, MARKS))
PLAIN = st.none() | st.booleans() | st.integers(-999, 999) | st.text(max_size=8)
WIRE = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner), max_leaves=6
)
# Those that need nobody.
ALONE = st.sampled_from([policy for policy in Policy if policy is not Policy.ASK])

# -- Tokens ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, False),
        (None, ""),
        (None, []),
        (1, 1.0),
        ({"ids": ["base.it"], "name": "Italy"}, {"ids": ["base.it"], "name": "Italia"}),
        ({"ids": ["__a__.x", "base.it"]}, {"ids": ["base.it", "__b__.y"]}),
        ({"ids": [], "code": {"code": "10", "name": "x"}}, {"ids": [], "code": {"name": "x", "code": "10"}}),
        ([{"ids": ["a.b"]}, {"ids": ["a.c"]}], [{"ids": ["a.c"]}, {"ids": ["a.b"]}]),
        ({"it_IT": "ciao", "en_US": "hi"}, {"en_US": "hi", "it_IT": "ciao"}),
    ],
)
def test_what_means_the_same_has_one_token(one: object, other: object) -> None:
    assert token(one) == token(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0, None),
        (1, True),
        ("1", 1),
        ("a", "A"),
        (1, 1.01),
        ({"ids": ["base.it"]}, {"ids": ["base.pl"]}),
        ({"ids": [], "code": {"code": "10"}}, {"ids": [], "code": {"code": "11"}}),
        ([{"ids": ["a.b"]}], [{"ids": ["a.b"]}, {"ids": ["a.c"]}]),
        (["ab", "c"], ["a", "bc"]),
        ({"en_US": "a", "it_IT": "b"}, {"en_US": "b", "it_IT": "a"}),
        ([{"ids": ["a.b"], "values": {"x": 1}}], [{"ids": ["a.b"], "values": {"x": 2}}]),
    ],
)
def test_what_means_something_else_has_another_token(one: object, other: object) -> None:
    assert token(one) != token(other)


@given(WIRE)
def test_a_token_is_sixteen_digits_whatever_the_value(value: object) -> None:
    assert len(token(value)) == 16
    assert int(token(value), 16) >= 0


@given(st.lists(st.text("ab._", min_size=1), min_size=1, max_size=4))
def test_both_sides_call_a_record_by_the_same_name_in_whatever_order_they_know_its_names(ids: list[str]) -> None:
    assert canonical_id(ids) == canonical_id(list(reversed(ids)))


def test_a_record_of_an_addon_is_known_by_the_name_that_the_addon_gave_it() -> None:
    assert canonical_id(["__sync_00000000__.res_partner_1", "base.main_partner"]) == "base.main_partner"
    assert canonical_id([]) == ""
    assert is_standard("base.it") and not is_standard("__sync_1__.x") and not is_standard("__export__.y")


def test_references_come_back_from_their_journey() -> None:
    reference = Reference(("a.b",), (("code", "10"),), "Ten")
    assert Reference.from_wire(reference.to_wire()) == reference
    assert is_reference(reference.to_wire()) and not is_record(reference.to_wire())


@pytest.mark.parametrize("value", [None, "a.b", [], {}, {"ids": "a.b"}])
def test_what_is_no_reference_is_not_taken_for_one(value: object) -> None:
    with pytest.raises(ValueError, match="no reference"):
        Reference.from_wire(value)


def test_the_names_of_all_that_a_record_leads_to_are_found_in_its_rows_too() -> None:
    rows = [{"ids": ["a.row"], "values": {"product": {"ids": ["a.product"]}}}]
    values = {"rows": rows, "tag": {"ids": ["a.tag"]}, "city": "Roma"}
    assert sorted(names_in(values)) == ["a.product", "a.row", "a.tag"]


# -- Three versions ----------------------------------------------------------------------------------------------------


def _agreed(base: dict) -> dict:
    return {name: (mark, mark) for name, mark in base.items()}


def _settle(policy: Policy, here: dict, there: dict, base: dict, *, newer: bool) -> tuple[dict, dict, tuple]:
    """What both sides are when the decision of one of them has been carried out."""
    decision = decide(policy, here, there, there, _agreed(base), there_is_newer=newer)
    assert not set(decision.take) & set(decision.keep)
    new_here = {**here, **{name: there[name] for name in decision.take}}
    new_there = {**there, **{name: here[name] for name in decision.keep}}
    return new_here, new_there, decision.ask


@given(ALONE, VERSIONS, VERSIONS, VERSIONS, st.booleans())
def test_both_sides_are_the_same_afterwards(policy: Policy, here: dict, there: dict, base: dict, newer: bool) -> None:
    new_here, new_there, ask = _settle(policy, here, there, base, newer=newer)
    assert new_here == new_there
    assert not ask


MIRROR = {Policy.PEER: Policy.LOCAL, Policy.LOCAL: Policy.PEER}


@given(ALONE, VERSIONS, VERSIONS, VERSIONS, st.booleans())
def test_whichever_side_decides_the_outcome_is_the_same(
    policy: Policy, here: dict, there: dict, base: dict, newer: bool
) -> None:
    ours = _settle(policy, here, there, base, newer=newer)[0]
    theirs = _settle(MIRROR.get(policy, policy), there, here, base, newer=not newer)[0]
    assert ours == theirs


@given(st.sampled_from(list(Policy)), VERSIONS, VERSIONS, VERSIONS, st.booleans())
def test_what_one_side_alone_has_changed_is_never_lost(
    policy: Policy, here: dict, there: dict, base: dict, newer: bool
) -> None:
    new_here, new_there, _ask = _settle(policy, here, there, base, newer=newer)
    whole_record = policy in (Policy.PEER, Policy.LOCAL, Policy.NEWEST)
    changed_here = [name for name in NAMES if here[name] != base[name]]
    changed_there = [name for name in NAMES if there[name] != base[name]]
    if whole_record and changed_here and changed_there:
        # One of both records as a whole.
        assert new_here in (here, there)
        return
    for name in NAMES:
        if name in changed_here and name not in changed_there:
            assert new_here[name] == new_there[name] == here[name]
        if name in changed_there and name not in changed_here:
            assert new_here[name] == new_there[name] == there[name]


@given(VERSIONS, VERSIONS, VERSIONS, st.booleans())
def test_a_person_is_asked_of_exactly_what_both_have_changed_differently(
    here: dict, there: dict, base: dict, newer: bool
) -> None:
    ask = _settle(Policy.ASK, here, there, base, newer=newer)[2]
    assert set(ask) == {name for name in NAMES if len({here[name], there[name], base[name]}) == 3}


@given(VERSIONS, VERSIONS)
def test_what_is_equal_needs_no_decision(here: dict, base: dict) -> None:
    decision = decide(Policy.ASK, here, here, here, _agreed(base), there_is_newer=True)
    assert decision == decide(Policy.PEER, {}, {}, {}, {}, there_is_newer=False)


def test_quantities_that_both_have_changed_are_added_up_and_others_are_not() -> None:
    here, there = {"stock": "8", "price": "2"}, {"stock": "6", "price": "3"}
    base = {"stock": ("5", "5"), "price": ("1", "1")}
    decision = decide(Policy.FIELDS, here, there, there, base, there_is_newer=True, additive=frozenset({"stock"}))
    assert (decision.add, decision.take, set(decision.clash)) == (("stock",), ("price",), {"stock", "price"})


def test_a_quantity_that_only_one_side_has_changed_is_taken_as_it_is() -> None:
    decision = decide(
        Policy.FIELDS, {"stock": "5"}, {"stock": "6"}, {"stock": "6"}, {"stock": ("5", "5")},
        there_is_newer=False, additive=frozenset({"stock"}),
    )
    assert (decision.add, decision.take) == ((), ("stock",))


def test_what_was_agreed_in_the_words_of_each_side_is_no_difference() -> None:
    decision = decide(
        Policy.ASK, {"unit": "kg"}, {"unit": "g"}, {"unit": "g"}, {"unit": ("kg", "g")}, there_is_newer=True
    )
    assert (decision.take, decision.keep, decision.ask) == ((), (), ())


def test_what_has_never_been_compared_is_a_conflict_if_it_differs() -> None:
    decision = decide(Policy.ASK, {"city": "a"}, {"city": "b"}, {"city": "b"}, {}, there_is_newer=True)
    assert decision.ask == ("city",)


# -- What has strayed --------------------------------------------------------------------------------------------------


@given(VERSIONS, VERSIONS)
def test_a_record_that_became_what_was_written_has_not_strayed(before: dict, wanted: dict) -> None:
    assert strayed(before, wanted, wanted) == set()
    assert strayed(None, wanted, wanted) == set()


@given(VERSIONS, VERSIONS)
def test_telling_of_it_comes_to_an_end(before: dict, wanted: dict) -> None:
    # A side that has its own form of everything tells it once; hearing the same again changes nothing.
    own = {name: mark.upper() + "!" for name, mark in wanted.items()}
    assert strayed(own, wanted, own) == set()


# -- Conversions -------------------------------------------------------------------------------------------------------


@given(st.sampled_from(["consu", "service"]))
def test_a_table_leads_there_and_back(value: str) -> None:
    table = Conversion("table", {"consu": "goods", "service": "work"})
    assert table.here(table.there(value)) == value


@given(st.integers(-10_000, 10_000), st.sampled_from(["1000", "0.001", "12", "-1"]))
def test_a_factor_leads_there_and_back(cents: int, factor: str) -> None:
    conversion = Conversion("factor", number=Decimal(factor))
    assert conversion.here(conversion.there(cents / 100)) == pytest.approx(cents / 100)


def test_a_value_without_counterpart_is_named() -> None:
    with pytest.raises(ConversionError) as caught:
        Conversion("table", {"consu": "goods"}).there("combo")
    assert caught.value.value == "combo"
    with pytest.raises(ConversionError):
        Conversion("table", {"consu": "goods"}).here("combo")


@pytest.mark.parametrize("empty", [None, False, ""])
@pytest.mark.parametrize("kind", ["same", "table", "factor", "upper", "lower"])
def test_nothing_stays_nothing(kind: str, empty: object) -> None:
    conversion = Conversion(kind, {"a": "b"}, Decimal(2))
    assert conversion.there(empty) == empty and conversion.here(empty) == empty


def test_letters_are_changed_in_every_language_and_not_on_the_way_back() -> None:
    upper = Conversion("upper")
    assert upper.there({"en_US": "hi", "it_IT": None}) == {"en_US": "HI", "it_IT": None}
    assert Conversion("lower").there("Hi") == "hi"
    assert upper.here("Hi") == "Hi"


def test_what_is_always_the_same_goes_one_way() -> None:
    fixed = Conversion("fixed", text="IT")
    assert fixed.one_way and fixed.there("anything") == "IT" and fixed.there(None) == "IT"
    assert not Conversion().one_way
