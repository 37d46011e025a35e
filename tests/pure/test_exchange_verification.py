# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two databases are compared without sending their records, and exactly the ids that differ are found."""

import doctest
import json
import tracemalloc
from collections.abc import Iterator
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub_exchange.verification import (
    Checksums,
    Difference,
    Suspects,
    bits_for,
    bucket_of,
    checksums_of,
    compare,
    differing_buckets,
    listing,
    record_digest,
)

IDS = st.text(alphabet="abc._7é\ud800", min_size=1, max_size=6)
TOKENS = st.dictionaries(st.sampled_from(["name", "vat", "ref"]), st.text(alphabet="01:", max_size=3), max_size=3)
TABLES = st.dictionaries(IDS, TOKENS, max_size=30)
BITS = st.integers(0, 8)


def find(here: dict, there: dict, bits_here: int, bits_there: int) -> Difference:
    """As two databases do it: checksums first, then the ids of what differs."""
    suspects = differing_buckets(checksums_of(here.items(), bits_here), checksums_of(there.items(), bits_there))
    suspects = Suspects.from_wire(json.loads(json.dumps(suspects.to_wire())))
    return compare(listing(here.items(), suspects), listing(there.items(), suspects))


@given(TABLES, TABLES, BITS, BITS)
def test_exactly_the_ids_that_differ_are_found(here: dict, there: dict, bits_here: int, bits_there: int) -> None:
    assert find(here, there, bits_here, bits_there) == Difference(
        only_here=tuple(sorted(here.keys() - there.keys())),
        only_there=tuple(sorted(there.keys() - here.keys())),
        different=tuple(sorted(name for name in here.keys() & there.keys() if here[name] != there[name])),
    )


@given(TABLES, st.randoms(use_true_random=False), BITS)
def test_the_order_in_which_records_are_read_does_not_matter(table: dict, chance, bits: int) -> None:
    mixed = list(table.items())
    chance.shuffle(mixed)
    assert checksums_of(mixed, bits) == checksums_of(table.items(), bits)


@given(TABLES, TABLES, BITS)
def test_checksums_that_follow_each_change_are_those_of_a_new_reading(before: dict, after: dict, bits: int) -> None:
    sums = checksums_of(before.items(), bits)
    for name, tokens in after.items():
        sums.add(name, tokens)
    for name, tokens in before.items():
        sums.remove(name, tokens)
    assert sums == checksums_of(after.items(), bits)


@given(TABLES, BITS, st.integers(0, 30))
def test_parts_that_were_read_apart_are_put_together(table: dict, bits: int, cut: int) -> None:
    records = list(table.items())
    sums = checksums_of(records[:cut], bits)
    sums.merge(checksums_of(records[cut:], bits))
    assert sums == checksums_of(records, bits)
    assert sums.count == len(records)


@given(TABLES, BITS, BITS)
def test_fewer_buckets_are_those_of_a_reading_with_fewer(table: dict, one: int, other: int) -> None:
    fine, coarse = max(one, other), min(one, other)
    assert checksums_of(table.items(), fine).coarser(coarse) == checksums_of(table.items(), coarse)


@given(TABLES, BITS)
def test_checksums_travel_as_json(table: dict, bits: int) -> None:
    sums = checksums_of(table.items(), bits)
    assert Checksums.from_wire(json.loads(json.dumps(sums.to_wire()))) == sums


@given(TABLES, TABLES, BITS)
def test_only_buckets_with_a_difference_are_looked_into(here: dict, there: dict, bits: int) -> None:
    suspects = differing_buckets(checksums_of(here.items(), bits), checksums_of(there.items(), bits))
    unlike = {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)}
    assert suspects.buckets == {bucket_of(name, bits) for name in unlike}
    assert bool(suspects) is bool(unlike)


@given(IDS, TOKENS, IDS, TOKENS)
def test_different_records_have_different_digests(name: str, tokens: dict, other: str, others: dict) -> None:
    assert (record_digest(name, tokens) == record_digest(other, others)) is ((name, tokens) == (other, others))


def test_a_value_that_moves_to_the_next_field_is_a_difference() -> None:
    assert record_digest("a", {"b": "12", "c": ""}) != record_digest("a", {"b": "1", "c": "2"})
    assert record_digest("a", {"b": "1"}) != record_digest("a1", {"b": ""})


def test_a_field_that_one_side_does_not_have_is_a_difference() -> None:
    assert find({"a": {"name": "1", "vat": ""}}, {"a": {"name": "1"}}, 4, 4).different == ("a",)


def test_an_id_that_comes_twice_is_found() -> None:
    once, twice = [("a", {"name": "1"})], [("a", {"name": "1"}), ("a", {"name": "1"})]
    suspects = differing_buckets(checksums_of(once, 4), checksums_of(twice, 4))
    assert suspects
    assert compare(listing(once, suspects), listing(twice, suspects)).different == ("a",)


def test_the_digest_and_the_bucket_of_a_record_never_change() -> None:
    # Databases with different versions of the addon compare theirs.
    assert f"{record_digest('acme.p1', {'name': 'café', 'vat': ''}):032x}" == "ebf7b9faf98adf3c188288aab468916f"
    assert bucket_of("acme.p1", 16) == 0x9eb7


def test_records_are_spread_evenly() -> None:
    sums = checksums_of(((f"acme.partner_{number}", {}) for number in range(25_600)), bits_for(25_600))
    counts = [count for count, _sum in sums]
    assert len(counts) == 128
    assert 120 < min(counts) <= max(counts) < 280


def test_a_large_table_is_read_without_being_held() -> None:
    def records() -> Iterator[tuple[str, dict[str, str]]]:
        for number in range(100_000):
            yield f"acme.partner_{number}", {"name": f"{number:016x}"}

    tracemalloc.start()
    try:
        assert checksums_of(records(), bits_for(100_000)).count == 100_000
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"bits": 2},
        {"bits": 17, "buckets": []},
        {"bits": True, "buckets": []},
        {"bits": -1, "buckets": []},
        {"bits": 2, "buckets": [[4, 1, "0" * 32]]},
        {"bits": 2, "buckets": [[-1, 1, "0" * 32]]},
        {"bits": 2, "buckets": [[1, 1, "0" * 32], [1, 1, "0" * 32]]},
        {"bits": 2, "buckets": [[1, -1, "0" * 32]]},
        {"bits": 2, "buckets": [[1, 1.0, "0" * 32]]},
        {"bits": 2, "buckets": [[1, 1, "f" * 33]]},
        {"bits": 2, "buckets": [[1, 1, "-" + "0" * 31]]},
        {"bits": 2, "buckets": [[1, 1, "x" * 32]]},
        {"bits": 2, "buckets": [[1, 1, 5]]},
        {"bits": 2, "buckets": [[1, 1]]},
        {"bits": 2, "buckets": 7},
    ],
)
def test_checksums_that_nobody_wrote_are_bad_data(value: object) -> None:
    with pytest.raises(Fault) as caught:
        Checksums.from_wire(value)
    assert caught.value.kind is FaultKind.BAD_DATA


@pytest.mark.parametrize(
    "value",
    [None, {}, {"bits": 2}, {"bits": 2, "buckets": [4]}, {"bits": 40, "buckets": [1]}, {"bits": 2, "buckets": ["1"]}],
)
def test_numbers_of_buckets_that_nobody_wrote_are_bad_data(value: object) -> None:
    with pytest.raises(Fault) as caught:
        Suspects.from_wire(value)
    assert caught.value.kind is FaultKind.BAD_DATA


def test_buckets_of_different_sizes_are_not_put_together() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Checksums(2).merge(Checksums(3))
    with pytest.raises(ValueError, match="cannot be divided"):
        Checksums(2).coarser(3)
    with pytest.raises(ValueError, match="bits"):
        Checksums(17)


@pytest.mark.parametrize("name", ["", ".buckets", ".checksums", ".difference"])
def test_the_examples_are_true(name: str) -> None:
    result = doctest.testmod(import_module(f"odoo.addons.sync_hub_exchange.verification{name}"))
    assert result.attempted > 0
    assert result.failed == 0
