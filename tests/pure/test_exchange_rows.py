# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows that belong to a record, such as the rules of a price list, are compared row by row."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.records import (
    Answer,
    Memory,
    Policy,
    RowMerge,
    agreed,
    mark,
    merge_rows,
    remember,
    settle_rows,
    token,
)

FIELDS = ("a", "b", "c")
Table = dict[str, dict[str, int]]
VALUES = st.fixed_dictionaries(dict.fromkeys(FIELDS, st.integers(0, 2)))
# What both sides agreed, and what each of them has made of it: rows that it has changed (None: deleted), and added.
TABLES = st.dictionaries(st.sampled_from(["1", "2", "3", "4"]), VALUES, max_size=4)
EDITS = st.dictionaries(
    st.sampled_from(["1", "2", "3", "4"]),
    st.none() | st.dictionaries(st.sampled_from(FIELDS), st.integers(3, 5), max_size=2),
    max_size=4,
)


def _added(names: tuple[str, ...]) -> st.SearchStrategy[Table]:
    return st.dictionaries(st.sampled_from(names), VALUES, max_size=2)


def _edited(table: Table, edits: dict, added: Table) -> Table:
    rows = {name: {**row, **(edits.get(name) or {})} for name, row in table.items() if edits.get(name, {}) is not None}
    return {**rows, **added}


VERSIONS = st.tuples(TABLES, EDITS, EDITS, _added(("h1", "h2")), _added(("t1", "t2"))).map(
    lambda drawn: (drawn[0], _edited(drawn[0], drawn[1], drawn[3]), _edited(drawn[0], drawn[2], drawn[4]))
)


def _rows(table: Table) -> list[dict]:
    return [{"ids": [f"__x__.{name}"], "values": values} for name, values in table.items()]


def _table(rows: list) -> Table:
    return {row["ids"][0].partition(".")[2]: dict(row["values"]) for row in rows}


def _kept(table: Table) -> dict:
    """What is remembered of rows about which both sides agree; it goes through the database."""
    rows = _rows(table)
    return json.loads(json.dumps(remember(agreed(rows, rows), rows)))


def _merge(policy: Policy, here: Table, there: Table, kept: dict, *, newer: bool) -> RowMerge:
    merged = merge_rows(policy, _rows(here), _rows(there), _rows(there), kept, there_is_newer=newer)
    assert merged is not None
    return merged


@given(VERSIONS, st.booleans())
def test_whichever_side_decides_the_rows_become_the_same(versions: tuple, newer: bool) -> None:
    base, here, there = versions
    ours = _merge(Policy.FIELDS, here, there, _kept(base), newer=newer)
    theirs = _merge(Policy.FIELDS, there, here, _kept(base), newer=not newer)
    assert _table(ours.rows) == _table(theirs.rows)
    assert not ours.asks


@given(VERSIONS, st.sampled_from([Policy.FIELDS, Policy.ASK]), st.booleans())
def test_what_one_side_alone_has_changed_is_never_lost(versions: tuple, policy: Policy, newer: bool) -> None:
    base, here, there = versions
    merged = _table(_merge(policy, here, there, _kept(base), newer=newer).rows)
    for own, other in ((here, there), (there, here)):
        for name, row in own.items():
            if name not in base:
                assert merged[name] == row
            elif name in other:
                # Changed here, and as it was there.
                changed = {field for field in FIELDS if row[field] != base[name][field] == other[name][field]}
                assert all(merged[name][field] == row[field] for field in changed)
        for name in base.keys() - own.keys():
            if other.get(name) == base[name]:
                assert name not in merged


@given(VERSIONS, st.booleans())
def test_nothing_is_invented(versions: tuple, newer: bool) -> None:
    base, here, there = versions
    merged = _table(_merge(Policy.FIELDS, here, there, _kept(base), newer=newer).rows)
    for name, row in merged.items():
        for field, value in row.items():
            assert value in {table[name][field] for table in (here, there) if name in table}


@given(VERSIONS, st.booleans())
def test_a_row_that_one_side_has_changed_and_the_other_one_deleted_stays(versions: tuple, newer: bool) -> None:
    base, here, there = versions
    merged = _table(_merge(Policy.FIELDS, here, there, _kept(base), newer=newer).rows)
    for own, other in ((here, there), (there, here)):
        for name in base.keys() - own.keys():
            if name in other and other[name] != base[name]:
                assert merged[name] == other[name]


@given(VERSIONS, st.sampled_from([Policy.FIELDS, Policy.ASK]), st.booleans())
def test_to_be_told_the_same_again_changes_nothing(versions: tuple, policy: Policy, newer: bool) -> None:
    base, here, there = versions
    first = _merge(policy, here, there, _kept(base), newer=newer)
    kept = json.loads(json.dumps(remember(first.plan, first.rows)))
    # The other side has not heard of it yet.
    again = merge_rows(policy, first.rows, _rows(there), _rows(there), kept, there_is_newer=newer)
    assert _table(again.rows) == _table(first.rows)
    assert not again.takes
    assert {(each.key, each.name) for each in again.asks} == {(each.key, each.name) for each in first.asks}
    if policy is Policy.FIELDS:
        assert again.sends == (_table(first.rows) != there)
        # It has heard of it.
        both = merge_rows(policy, first.rows, first.rows, first.rows, kept, there_is_newer=newer)
        assert (both.takes, both.sends, both.clash) == (False, False, False)


@given(VERSIONS, EDITS, EDITS, st.booleans())
def test_nothing_is_lost_either_that_is_changed_before_the_other_side_has_heard(
    versions: tuple, edits_here: dict, edits_there: dict, newer: bool
) -> None:
    base, here, there = versions
    first = _merge(Policy.FIELDS, here, there, _kept(base), newer=newer)
    merged = _table(first.rows)
    kept = remember(first.plan, first.rows)
    later_here, later_there = _edited(merged, edits_here, {}), _edited(there, edits_there, {})
    second = _table(_merge(Policy.FIELDS, later_here, later_there, kept, newer=newer).rows)
    for name, row in later_here.items():
        for field in FIELDS:
            untouched = name in later_there and later_there[name][field] == there[name][field]
            if row[field] != merged[name][field] and untouched:
                assert second[name][field] == row[field]
    for name, row in later_there.items():
        for field in FIELDS:
            # Nobody here has anything to say about it.
            silent = name in later_here and later_here[name][field] == merged[name][field] == there[name][field]
            if row[field] != there[name][field] and silent:
                assert second[name][field] == row[field]


@given(VERSIONS, st.booleans())
def test_a_person_is_asked_of_exactly_what_both_have_changed_differently(versions: tuple, newer: bool) -> None:
    base, here, there = versions
    merged = _merge(Policy.ASK, here, there, _kept(base), newer=newer)
    expected = set()
    for name, old in base.items():
        one, other = here.get(name), there.get(name)
        if one is not None and other is not None:
            expected |= {(name, field) for field in FIELDS if len({one[field], other[field], old[field]}) == 3}
        elif one is not other and (one or other) != old:
            expected.add((name, ""))
    asked = {((question.here or question.there)["ids"][0].partition(".")[2], question.name) for question in merged.asks}
    assert asked == expected
    # Meanwhile each side keeps what it has.
    for name, field in asked:
        assert _table(merged.rows).get(name, {}).get(field) == here.get(name, {}).get(field)


@given(VERSIONS)
def test_what_only_one_side_has_changed_is_exactly_what_it_becomes(versions: tuple) -> None:
    base, here, _there = versions
    kept = _kept(base)
    sent = _merge(Policy.ASK, here, base, kept, newer=True)
    assert (_table(sent.rows), sent.takes, sent.asks) == (here, False, ())
    taken = _merge(Policy.ASK, base, here, kept, newer=False)
    assert (_table(taken.rows), taken.sends, taken.asks) == (here, False, ())


# -- Which row is which ------------------------------------------------------------------------------------------------


def test_a_row_is_the_same_by_any_of_its_names() -> None:
    old = [{"ids": ["__b__.1"], "values": {"a": 1, "b": 1}}]
    kept = remember(agreed(old, old), old)
    here = [{"ids": ["__a__.1", "__b__.1"], "values": {"a": 2, "b": 1}}]
    there = [{"ids": ["__b__.1", "__c__.1"], "values": {"a": 1, "b": 2}}]
    merged = merge_rows(Policy.ASK, here, there, there, kept, there_is_newer=True)
    assert merged.rows == [{"ids": ["__a__.1", "__b__.1", "__c__.1"], "values": {"a": 2, "b": 2}}]
    assert (merged.takes, merged.sends, merged.asks) == (True, True, ())


def test_rows_without_names_are_known_by_what_they_say() -> None:
    def row(attribute: str, sequence: int, *values: str) -> dict:
        names = [{"ids": [f"__x__.{value}"]} for value in values]
        return {
            "ids": [],
            "values": {"attribute": {"ids": [f"__x__.{attribute}"]}, "of": names, "sequence": sequence},
        }

    old = [row("colour", 1, "red"), row("size", 2, "s")]
    kept = remember(agreed(old, old, ["attribute"]), old, ["attribute"])
    here = [row("colour", 1, "red", "blue"), row("size", 2, "s")]
    there = [row("size", 2, "s", "m"), row("colour", 9, "red")]
    merged = merge_rows(Policy.ASK, here, there, there, kept, ["attribute"], there_is_newer=True)
    assert token(merged.rows) == token([row("colour", 9, "red", "blue"), row("size", 2, "s", "m")])


@pytest.mark.parametrize("keys", [(), ("a",)])
def test_rows_that_cannot_be_told_apart_are_not_merged(keys: tuple[str, ...]) -> None:
    rows = [{"ids": [], "values": {"a": 1}}, {"ids": [], "values": {"a": 1}}]
    assert merge_rows(Policy.ASK, rows, rows, rows, remember({}, rows), keys, there_is_newer=True) is None


def test_what_each_side_says_in_its_own_words_is_no_difference() -> None:
    here = [{"ids": ["__x__.1"], "values": {"a": "kg", "b": 1}}]
    there = [{"ids": ["__x__.1"], "values": {"a": "g", "b": 1}}]
    kept = remember(agreed(there, there), here)
    later = [{"ids": ["__x__.1"], "values": {"a": "g", "b": 2}}]
    merged = merge_rows(Policy.ASK, here, later, later, kept, there_is_newer=True)
    assert merged.rows[0]["values"] == {"a": "kg", "b": 2}
    assert not merged.sends and not merged.asks


def test_a_field_that_is_exchanged_only_now_is_compared_by_the_rule_for_both() -> None:
    old = [{"ids": ["__x__.1"], "values": {"a": 1}}]
    kept = remember(agreed(old, old), old)
    here, there = ([{"ids": ["__x__.1"], "values": {"a": 1, "b": number}}] for number in (1, 2))
    merged = merge_rows(Policy.ASK, here, there, there, kept, there_is_newer=True)
    assert [question.name for question in merged.asks] == ["b"]


# -- What is kept ------------------------------------------------------------------------------------------------------


@given(TABLES)
def test_what_is_kept_tells_each_value_of_each_row(table: Table) -> None:
    read = Memory(_kept(table)).rows
    assert sorted(map(str, read.values())) == sorted(
        str({name: (mark(row[name]), mark(row[name])) for name in FIELDS}) for row in table.values()
    )


def test_a_thousand_rules_are_kept_in_less_than_a_hundred_bytes_each() -> None:
    def rule(number: int) -> dict:
        product = {"ids": [f"__sync_0123abcd__.product_template_{number}"], "name": ""}
        plain = {
            "applied_on": "1_product",
            "display_applied_on": "1_product",
            "compute_price": "fixed",
            "product_tmpl_id": product,
            "base": "list_price",
            "fixed_price": number + 0.5,
        }
        empty = ("product_id", "categ_id", "date_start", "date_end", "base_pricelist_id")
        zero = ("min_quantity", "percent_price", "price_discount", "price_round", "price_surcharge", "price_max_margin")
        return {
            "ids": [f"__sync_0123abcd__.product_pricelist_item_{number}"],
            "values": {**plain, **dict.fromkeys(empty), **dict.fromkeys(zero, 0.0)},
        }

    rules = [rule(number) for number in range(1000)]
    kept = remember(agreed(rules, rules), rules)
    assert len(kept["rows"]) == 1000
    assert len(json.dumps(kept)) < 100 * 1000


# -- What a person has said --------------------------------------------------------------------------------------------


@given(VERSIONS, st.randoms(use_true_random=False))
def test_what_a_person_has_said_is_done_and_not_asked_again(versions: tuple, chance: object) -> None:
    base, here, there = versions
    merged = _merge(Policy.ASK, here, there, _kept(base), newer=True)
    kept = remember(merged.plan, merged.rows)
    answers = []
    for question in merged.asks:
        value = question.there
        if question.name:
            value = question.there["values"][question.name]
        answers.append(Answer(question.key, question.name, value, question.marks, take=chance.random() < 0.5))
    rows, plan = settle_rows(merged.rows, answers, kept)
    solved = _table(rows)
    for question, answer in zip(merged.asks, answers, strict=True):
        name = (question.here or question.there)["ids"][0].partition(".")[2]
        right = (there if answer.take else here).get(name, {})
        for field in [question.name] if question.name else FIELDS:
            assert solved.get(name, {}).get(field) == right.get(field)
    # Nothing else has moved, and the other side is told.
    assert {name: row for name, row in solved.items() if name not in base} == {
        name: row for table in (here, there) for name, row in table.items() if name not in base
    }
    again = merge_rows(Policy.ASK, rows, _rows(there), _rows(there), remember(plan, rows), there_is_newer=True)
    assert (again.asks, again.takes, _table(again.rows)) == ((), False, solved)
    assert again.sends == (solved != there)
