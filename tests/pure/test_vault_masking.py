# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A secret on the screen can be recognised and not read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.vault import mask

DOTS = "•" * 8


@given(st.text())
def test_at_most_the_last_four_of_sixteen_or_more_characters_are_shown(value):
    shown = mask(value).replace("•", "")
    assert len(shown) <= 4
    assert value.rstrip().endswith(shown)
    assert not shown or len(value.strip()) >= 16


def test_a_long_key_shows_its_end_and_a_short_password_shows_nothing():
    assert mask("sk_live_abcdefg7") == f"{DOTS}efg7"
    assert mask("sk_live_abcdefg") == DOTS
    assert mask("a") == DOTS


def test_the_dots_do_not_tell_the_length():
    assert mask("x" * 16) == mask("x" * 4000)


@pytest.mark.parametrize("value", ["", "  \n"])
def test_where_there_is_no_secret_nothing_is_shown(value):
    assert mask(value) == ""


def test_pem_shows_what_it_is_and_nothing_of_what_it_says():
    key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n"
    certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    assert mask(key) == f"{DOTS} EC PRIVATE KEY"
    assert mask(key + certificate * 2) == f"{DOTS} EC PRIVATE KEY, CERTIFICATE"


def test_several_lines_without_armour_show_only_dots():
    assert mask('{\n  "private_key": "abcdefghij"\n}') == DOTS
