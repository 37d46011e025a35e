# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which series numbers are allowed is told by dated rules, of the federal unit first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.series import (
    ZONES,
    Deadline,
    DocumentModel,
    Kind,
    NumberRange,
    SeriesRule,
    Topic,
    Unit,
    Verdict,
    check_series,
    contradictions,
    rule_in_force,
)
from series_table import shipped_rules, shipped_sources

NFE, NFCE = DocumentModel.NFE, DocumentModel.NFCE
NORMAL, OFFLINE = Kind.NORMAL, Kind.CONTINGENCY
TODAY = date(2026, 5, 4)
RULES = shipped_rules()
DAYS = st.dates(date(2014, 1, 1), date(2030, 12, 31))


def verdict(model, kind, uf, on, series):
    return check_series(RULES, model, kind, uf, on, series).verdict


@pytest.mark.parametrize(
    ("model", "kind", "uf", "on", "series", "expected"),
    [
        (NFE, NORMAL, "SP", TODAY, 0, Verdict.ALLOWED),
        (NFE, NORMAL, "SP", TODAY, 889, Verdict.ALLOWED),
        (NFE, NORMAL, "SP", TODAY, 890, Verdict.DOUBTFUL),
        (NFE, NORMAL, "SP", TODAY, 899, Verdict.DOUBTFUL),
        (NFE, NORMAL, "SP", TODAY, 900, Verdict.REFUSED),
        (NFE, NORMAL, "SP", TODAY, 1000, Verdict.REFUSED),
        (NFE, NORMAL, "SP", TODAY, -1, Verdict.REFUSED),
        # SCAN was switched off on 30 September 2014.
        (NFE, OFFLINE, "SP", date(2014, 9, 30), 900, Verdict.ALLOWED),
        (NFE, OFFLINE, "SP", date(2014, 10, 1), 900, Verdict.REFUSED),
        # Ajuste SINIEF 13/18 in force since 1 March 2020.
        (NFCE, OFFLINE, "SP", date(2020, 2, 29), 1, Verdict.ALLOWED),
        (NFCE, OFFLINE, "SP", date(2020, 3, 1), 1, Verdict.DOUBTFUL),
        (NFCE, OFFLINE, "SP", date(2020, 3, 1), 890, Verdict.ALLOWED),
        (NFCE, OFFLINE, "SP", date(2020, 3, 1), 989, Verdict.ALLOWED),
        (NFCE, OFFLINE, "SP", date(2020, 3, 1), 990, Verdict.DOUBTFUL),
        (NFCE, NORMAL, "SP", TODAY, 890, Verdict.DOUBTFUL),
        # Pernambuco wants no series of its own.
        (NFCE, OFFLINE, "PE", TODAY, 1, Verdict.ALLOWED),
        (NFCE, OFFLINE, None, TODAY, 1, Verdict.DOUBTFUL),
        # Before there was any such invoice, no rule speaks.
        (NFCE, OFFLINE, "SP", date(2010, 1, 1), 1, Verdict.UNKNOWN),
    ],
)
def test_the_table_that_is_brought_along_judges_series(model, kind, uf, on, series, expected):
    assert verdict(model, kind, uf, on, series) is expected


@pytest.mark.parametrize(
    ("model", "uf", "on", "expected"),
    [
        (NFE, "SP", TODAY, Deadline(Unit.HOURS, 168)),
        (NFE, "PE", TODAY, Deadline(Unit.HOURS, 168)),
        (NFCE, "MG", date(2017, 7, 31), Deadline(Unit.HOURS, 24)),
        (NFCE, "MG", date(2017, 8, 1), Deadline(Unit.BUSINESS_DAYS, 1)),
        (NFCE, "MG", TODAY, Deadline(Unit.BUSINESS_DAYS, 1)),
        (NFCE, None, TODAY, Deadline(Unit.BUSINESS_DAYS, 1)),
        *((NFCE, uf, TODAY, Deadline(Unit.HOURS, 24)) for uf in ("GO", "PA", "PE", "SE")),
    ],
)
def test_the_table_that_is_brought_along_knows_the_deadlines(model, uf, on, expected):
    assert rule_in_force(RULES, Topic.DEADLINE, model, OFFLINE, uf, on).deadline == expected


def test_the_table_that_is_brought_along_does_not_contradict_itself():
    assert contradictions(RULES) == []


def test_each_rule_that_is_brought_along_names_its_source_and_a_disputed_one_says_so():
    for values in shipped_sources():
        assert values["source"], values["id"]
        assert "is_disputed" not in values or values["disagreement"], values["id"]


@given(st.sampled_from([NFE, NFCE]), st.sampled_from([*ZONES, None]), DAYS)
def test_in_every_federal_unit_every_day_has_a_range_and_a_deadline_for_contingency(model, uf, on):
    numbers = rule_in_force(RULES, Topic.NUMBERS, model, OFFLINE, uf, on)
    deadline = rule_in_force(RULES, Topic.DEADLINE, model, OFFLINE, uf, on)
    assert numbers.numbers and deadline.deadline
    assert numbers.holds(on) and deadline.holds(on)
    assert {numbers.uf, deadline.uf} <= {None, uf}


_PERIODS = st.tuples(st.dates(date(2020, 1, 1), date(2020, 12, 31)), st.none() | st.integers(0, 400))


@st.composite
def tables(draw):
    """Rules of one model and kind without contradictions, of two federal units and of all."""
    rules = []
    for key in range(draw(st.integers(0, 8))):
        begin, length = draw(_PERIODS)
        rule = SeriesRule(
            key,
            NFCE,
            OFFLINE,
            draw(st.sampled_from([None, "SP", "PE"])),
            begin,
            None if length is None else begin + timedelta(days=length),
            numbers=draw(st.none() | st.just(NumberRange(0, key * 100))),
            gap_day=draw(st.none() | st.just(10)),
        )
        if not contradictions([*rules, rule]):
            rules.append(rule)
    return rules


@given(
    tables(),
    st.permutations(range(8)),
    st.sampled_from([None, "SP", "RJ"]),
    st.dates(date(2019, 12, 1), date(2022, 3, 1)),
)
def test_the_order_of_the_table_never_matters(rules, order, uf, on):
    shuffled = [rules[place] for place in order if place < len(rules)]
    for topic in Topic:
        asked = topic, NFCE, OFFLINE, uf, on
        assert rule_in_force(rules, *asked) == rule_in_force(shuffled, *asked)


@given(tables(), st.sampled_from([None, "SP", "RJ"]), st.dates(date(2019, 12, 1), date(2022, 3, 1)))
def test_a_rule_of_the_federal_unit_comes_before_one_of_all_and_there_is_never_a_choice(rules, uf, on):
    for topic in Topic:
        speaking = [rule for rule in rules if topic in rule.topics and rule.holds(on)]
        own = [rule for rule in speaking if uf is not None and rule.uf == uf]
        common = [rule for rule in speaking if rule.uf is None]
        assert len(own) <= 1 and len(common) <= 1
        assert rule_in_force(rules, topic, NFCE, OFFLINE, uf, on) == next(iter(own + common), None)


@given(_PERIODS, _PERIODS)
def test_two_rules_on_the_same_contradict_each_other_when_they_share_a_day(one, two):
    rules = [
        SeriesRule(
            key,
            NFE,
            NORMAL,
            None,
            begin,
            None if length is None else begin + timedelta(days=length),
            gap_day=10,
        )
        for key, (begin, length) in enumerate((one, two))
    ]
    days = [date(2020, 1, 1) + timedelta(days=day) for day in range(900)]
    shared = any(all(rule.holds(day) for rule in rules) for day in days)
    assert bool(contradictions(rules)) is shared
    assert contradictions([rules[0], replace(rules[1], gap_day=None)]) == []


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (5, 4)])
def test_a_range_that_is_none_is_not_made(first, last):
    with pytest.raises(ValueError, match="No range"):
        NumberRange(first, last)
