# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The list of those who are told of outcomes: what is accepted, and which entry is wrong, where and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.outcome import AddressError, Flaw, parse_addresses

GOOD = [
    "anna@example.com",
    "o'hara+sync@mail.example.co.uk",
    "a.b_c-d@x1.example",
    "info@società.example",
    f"{'x' * 64}@example.com",
]


@pytest.mark.parametrize("address", GOOD)
def test_an_address_is_taken_as_it_was_typed(address):
    assert parse_addresses(f"  {address} ") == (address,)


@pytest.mark.parametrize(
    ("address", "flaw"),
    [
        ("anna", Flaw.NO_AT),
        ("anna@example.com, bruno@example.com", Flaw.SEPARATOR),
        ("anna@example.com bruno@example.com", Flaw.SEPARATOR),
        ("@example.com", Flaw.LOCAL_PART),
        (".anna@example.com", Flaw.LOCAL_PART),
        ("anna..rossi@example.com", Flaw.LOCAL_PART),
        ("anna rossi@example.com", Flaw.LOCAL_PART),
        ("società@example.com", Flaw.LOCAL_PART),
        ("Anna <anna@example.com>", Flaw.LOCAL_PART),
        ("anna@rossi@example.com", Flaw.LOCAL_PART),
        (f"{'x' * 65}@example.com", Flaw.LOCAL_PART),
        ("anna@", Flaw.DOMAIN),
        ("anna@example", Flaw.DOMAIN),
        ("anna@example.", Flaw.DOMAIN),
        ("anna@exa mple.com", Flaw.DOMAIN),
        ("anna@-example.com", Flaw.DOMAIN),
        ("anna@10.0.0.1", Flaw.DOMAIN),
        (f"anna@{'x' * 64}.com", Flaw.DOMAIN),
        ("anna@example.com\r\nBcc: eve@example.com", Flaw.SEPARATOR),
        ("anna@example.com\nBcc:x", Flaw.DOMAIN),
    ],
)
def test_an_entry_that_is_no_address_is_refused_with_what_is_wrong_with_it(address, flaw):
    with pytest.raises(AddressError) as refused:
        parse_addresses(address)
    assert refused.value.flaw == flaw


def test_the_position_counts_entries_and_the_column_characters():
    with pytest.raises(AddressError) as refused:
        parse_addresses("anna@example.com; ;  bruno;carla@example.com")
    assert (refused.value.position, refused.value.column, refused.value.text) == (2, 22, "bruno")


@given(st.lists(st.sampled_from(GOOD), min_size=1), st.integers(0, 3), st.sampled_from(["bad", "b@d", "a@b@c.example"]))
def test_the_column_is_where_the_bad_entry_stands(addresses, blanks, bad):
    text = "; ".join(addresses) + ";" + " " * blanks + bad + ";also bad"
    with pytest.raises(AddressError) as refused:
        parse_addresses(text)
    assert refused.value.position == len(addresses) + 1
    assert text[refused.value.column - 1 :].startswith(bad)


@pytest.mark.parametrize("text", ["", " ", ";", " ; ;"])
def test_a_list_without_entries_is_empty(text):
    assert parse_addresses(text) == ()
