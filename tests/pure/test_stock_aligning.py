# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is to be set where, and what is left alone: the rules of an alignment."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_stock.aligning import (
    Candidate,
    Catalogue,
    Difference,
    Doubt,
    Flaw,
    Here,
    Key,
    Kind,
    SourceLine,
    StockKey,
    Wanted,
    compare,
    converted,
    flaw_of_setting,
    rounded,
    shortage,
    tracking_flaw,
)

DESK, CHAIR, SHELF, FLOOR = 1, 2, 10, 11


def want(quantity: str, product: int = DESK, location: int = SHELF, *, row: int = 2, **more) -> Wanted:
    return Wanted(
        StockKey(product, location, **more), Decimal(quantity), SourceLine(Key(code="D"), Decimal(quantity), row=row)
    )


def here(quantity: str, reserved: str = "0", **more) -> Here:
    return Here(Decimal(quantity), Decimal(reserved), **more)


def of(found: list[Difference], product: int = DESK, location: int = SHELF, **more) -> Difference:
    [difference] = [each for each in found if each.key == StockKey(product, location, **more)]
    return difference


class TestComparing:
    @pytest.mark.parametrize(
        ("there", "lies_here", "kind", "change"),
        [
            ("5", "5", Kind.SAME, "0"),
            ("7", "5", Kind.RAISE, "2"),
            ("0", "5", Kind.LOWER, "-5"),
            ("5", "-3", Kind.RAISE, "8"),
        ],
    )
    def test_a_quantity_is_set_not_added(self, there, lies_here, kind, change):
        found = of(compare([want(there)], {StockKey(DESK, SHELF): here(lies_here)}, empty_unlisted=False))
        assert (found.kind, found.change) == (kind, Decimal(change))
        assert found.here.quantity + found.change == found.there

    def test_what_is_not_here_yet_is_raised_from_nothing(self):
        found = of(compare([want("4")], {}, empty_unlisted=False))
        assert (found.kind, found.change, found.here) == (Kind.RAISE, Decimal(4), Here())

    def test_each_lot_owner_and_package_has_a_quantity_of_its_own(self):
        held = {StockKey(DESK, SHELF, lot="L1"): here("3"), StockKey(DESK, SHELF, owner=7): here("3")}
        found = compare(
            [want("3", lot="L1"), want("4", owner=7), want("1", package="P")], held, empty_unlisted=False
        )
        assert of(found, lot="L1").kind == Kind.SAME
        assert of(found, owner=7).change == 1
        assert of(found, package="P").change == 1

    def test_two_lines_for_the_same_goods_are_refused_and_both_are_named(self):
        wants = [want("3", row=4), want("5", row=9)]
        found = of(compare(wants, {StockKey(DESK, SHELF): here("3")}, empty_unlisted=False))
        assert (found.kind, found.flaw, found.change) == (Kind.REFUSED, Flaw.DUPLICATE, 0)
        assert [line.row for line in found.lines] == [4, 9]

    def test_two_lines_with_equal_quantities_are_refused_too(self):
        assert of(compare([want("3"), want("3")], {}, empty_unlisted=False)).flaw == Flaw.DUPLICATE

    def test_less_than_nothing_is_not_copied(self):
        assert of(compare([want("-2")], {}, empty_unlisted=False)).flaw == Flaw.NEGATIVE

    def test_a_serial_number_that_the_source_has_in_two_places_is_refused_in_both(self):
        twice = [want("1", lot="S1"), want("1", location=FLOOR, lot="S1"), want("1", lot="S2")]
        found = compare(twice, {}, empty_unlisted=False, serials={DESK})
        assert {of(found, lot="S1").flaw, of(found, location=FLOOR, lot="S1").flaw} == {Flaw.SERIAL_TWICE}
        assert of(found, lot="S2").kind == Kind.RAISE
        assert {each.flaw for each in compare(twice, {}, empty_unlisted=False)} == {None}

    def test_a_serial_number_may_move_from_one_place_to_another(self):
        moved = [want("0", lot="S1"), want("1", location=FLOOR, lot="S1")]
        found = compare(moved, {StockKey(DESK, SHELF, lot="S1"): here("1")}, empty_unlisted=False, serials={DESK})
        assert [each.kind for each in found] == [Kind.LOWER, Kind.RAISE]


class TestUnlisted:
    HELD = {
        StockKey(DESK, SHELF): here("3"),
        StockKey(CHAIR, SHELF): here("2"),
        StockKey(CHAIR, FLOOR): here("6", "1"),
        StockKey(CHAIR, FLOOR, lot="old"): here("0"),
    }

    def test_what_the_source_does_not_list_is_left_alone(self):
        assert [each.key.product for each in compare([want("3")], self.HELD, empty_unlisted=False)] == [DESK]

    def test_where_the_source_is_complete_nothing_else_lies_here(self):
        found = compare([want("3")], self.HELD, empty_unlisted=True)
        assert of(found).kind == Kind.SAME
        assert (of(found, CHAIR).kind, of(found, CHAIR).change) == (Kind.UNLISTED, -2)
        assert (of(found, CHAIR, FLOOR).kind, of(found, CHAIR, FLOOR).there) == (Kind.UNLISTED, 0)
        assert len(found) == 3

    @pytest.mark.parametrize(
        ("doubt", "held"),
        [
            (Doubt(CHAIR, FLOOR), {FLOOR}),
            (Doubt(CHAIR), {SHELF, FLOOR}),
            (Doubt(0, SHELF), {SHELF}),
            (Doubt(), {SHELF, FLOOR}),
            (Doubt(DESK), set()),
        ],
    )
    def test_what_the_source_may_have_listed_where_it_was_not_understood_stays(self, doubt, held):
        found = compare([want("3")], self.HELD, empty_unlisted=True, doubts=[doubt])
        assert {each.key.location for each in found if each.flaw == Flaw.DOUBTFUL} == held
        assert all(each.change == 0 for each in found if each.flaw == Flaw.DOUBTFUL)

    def test_of_goods_listed_twice_nothing_is_taken_away(self):
        found = compare([want("3"), want("4")], self.HELD, empty_unlisted=True)
        assert of(found).flaw == Flaw.DUPLICATE


class TestSetting:
    @pytest.mark.parametrize(
        ("wanted", "previewed", "now", "flaw"),
        [
            ("5", "8", here("8"), None),
            ("5", "8", here("7"), Flaw.MOVED),
            ("5", "8", here("9"), Flaw.MOVED),
            ("5", "8", here("5"), None),
            ("5", "8", here("8", "5"), None),
            ("5", "8", here("8", "6"), Flaw.SHORTAGE),
            ("9", "8", here("8", "12"), None),
            ("5", "8", here("8", counted=True), Flaw.COUNTED),
            ("5", "8", here("5", counted=True), None),
        ],
    )
    def test_the_last_look(self, wanted, previewed, now, flaw):
        assert flaw_of_setting(Decimal(wanted), Decimal(previewed), now, below_reserved=False) == flaw

    def test_a_user_may_want_less_than_what_is_reserved(self):
        now = here("8", "6")
        assert flaw_of_setting(Decimal(5), Decimal(8), now, below_reserved=True) is None
        assert shortage(Decimal(5), now) == 1

    @given(st.decimals(0, 99, places=2), st.decimals(-9, 99, places=2), st.decimals(0, 99, places=2))
    def test_a_shortage_is_what_can_no_longer_be_delivered(self, wanted, quantity, reserved):
        short = shortage(wanted, Here(quantity, reserved))
        assert short >= 0
        assert not short or (wanted < quantity and wanted + short == reserved)


class TestMatching:
    DESKS = Catalogue(
        [
            Candidate(1, ("shop.desk", "__sync_ab.product_1"), "D1", "801", "Desk"),
            Candidate(2, (), "D2", "802", "Desk "),
            Candidate(3, (), "X", "803", "Chair"),
            Candidate(4, (), "X", "804", "Armchair"),
        ]
    )

    @pytest.mark.parametrize(
        ("key", "ids", "by"),
        [
            (Key(("other.desk", "shop.desk"), "D2", "803", "Chair"), (1,), "ids"),
            (Key(("other.desk",), "D2", "803", "Chair"), (2,), "code"),
            (Key((), "D9", "803", "Desk"), (3,), "barcode"),
            (Key(name="  ARMCHAIR"), (4,), "name"),
            (Key(name="desk"), (1, 2), "name"),
            (Key(code="X", name="Chair"), (3, 4), "code"),
            (Key(code="d1"), (), ""),
            (Key(), (), ""),
        ],
    )
    def test_the_strongest_name_decides(self, key, ids, by):
        match = self.DESKS.find(key)
        assert (match.ids, match.by, match.id) == (ids, by, ids[0] if len(ids) == 1 else 0)


class TestTracking:
    @pytest.mark.parametrize(
        ("tracking", "lot", "quantity", "flaw"),
        [
            ("none", "", "2.5", None),
            ("none", "L1", "1", Flaw.LOT_UNUSED),
            ("lot", "L1", "20", None),
            ("lot", "", "20", Flaw.LOT_MISSING),
            ("lot", "", "0", Flaw.LOT_MISSING),
            ("serial", "S1", "1", None),
            ("serial", "S1", "0", None),
            ("serial", "S1", "2", Flaw.SERIAL_QUANTITY),
            ("serial", "S1", "0.5", Flaw.SERIAL_QUANTITY),
        ],
    )
    def test_lots_and_serial_numbers(self, tracking, lot, quantity, flaw):
        assert tracking_flaw(tracking, lot, Decimal(quantity)) == flaw


class TestMeasuring:
    def test_dozens_become_pieces_and_back(self):
        assert converted(Decimal("2.5"), Decimal(12), Decimal(1), 2) == 30
        assert converted(Decimal(30), Decimal(1), Decimal(12), 2) == Decimal("2.5")

    def test_one_unit_into_itself_is_exact(self):
        third = Decimal(1) / 3
        assert converted(Decimal("0.07"), third, third, 2) == Decimal("0.07")

    def test_no_zero_has_a_sign(self):
        assert str(rounded(Decimal("-0.001"), 2)) == "0.00"


class TestNames:
    def test_a_line_is_named_as_a_person_would_look_for_it(self):
        line = SourceLine(
            Key(code="DESK", name="Desk"), Decimal(1), Key(name="WH/Stock"), "L1", Key(name="Anna"), "PACK1"
        )
        assert str(line) == "[DESK] Desk, WH/Stock, L1, PACK1, Anna"
