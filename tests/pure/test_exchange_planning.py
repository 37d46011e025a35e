# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""In which order kinds of data are exchanged."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.planning import in_order

KINDS = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdefg")))


@given(KINDS)
def test_every_kind_comes_once_whatever_leads_to_what(needs: dict[str, set[str]]) -> None:
    assert sorted(in_order(needs)) == sorted(needs)


@given(st.permutations("abcdef"), st.data())
def test_without_cycles_what_is_needed_comes_first(kinds: list[str], data: st.DataObject) -> None:
    needs = {
        kind: data.draw(st.sets(st.sampled_from(kinds[:place]))) if place else set() for place, kind in enumerate(kinds)
    }
    shuffled = {kind: needs[kind] for kind in data.draw(st.permutations(kinds))}
    order = in_order(shuffled)
    assert all(order.index(need) < order.index(kind) for kind, wanted in needs.items() for need in wanted)


def test_kinds_that_need_each_other_stay_in_the_order_in_which_they_were_named() -> None:
    assert in_order({"employee": {"department"}, "department": {"employee"}}) == ["employee", "department"]
    assert in_order({"department": {"employee"}, "employee": {"department"}}) == ["department", "employee"]


def test_a_cycle_does_not_disturb_the_others() -> None:
    order = in_order({"invoice": {"partner"}, "partner": {"bank", "tag"}, "bank": {"partner"}, "tag": set()})
    assert order.index("tag") < order.index("partner") < order.index("invoice")


def test_what_leads_to_itself_or_to_what_is_not_exchanged_waits_for_nothing() -> None:
    assert in_order({"tag": {"tag", "country"}}) == ["tag"]
