# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who reads the code may go on; what is unusual is told from what is not."""

import doctest
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from odoo.addons.sync_hub_bank import guard
from odoo.addons.sync_hub_bank.guard import Verdict, code, decision, holder, network, phone

NOW = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("module", [code, decision, holder, network, phone])
def test_the_examples_in_the_documentation_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


# -- The code ----------------------------------------------------------------------------------------------------------


def wrong(right: str) -> str:
    return "000000" if right != "000000" else "000001"


def test_the_right_code_counts_for_fifteen_minutes():
    typed, challenge = guard.issue(NOW)
    assert len(typed) == 6 and typed.isdecimal()
    assert challenge.check(typed, NOW) is Verdict.RIGHT
    assert challenge.check(f" {typed[:3]} {typed[3:]} ", NOW + timedelta(minutes=14, seconds=59)) is Verdict.RIGHT
    assert challenge.check(typed, NOW + timedelta(minutes=15)) is Verdict.EXPIRED


def test_after_five_wrong_ones_the_right_one_does_not_count_any_more():
    typed, challenge = guard.issue(NOW)
    for tries in range(5):
        assert replace(challenge, tries=tries).check(wrong(typed), NOW) is Verdict.WRONG
    assert replace(challenge, tries=4).check(typed, NOW) is Verdict.RIGHT
    assert replace(challenge, tries=5).check(typed, NOW) is Verdict.SPENT


def test_nothing_counts_where_no_code_was_given_out():
    assert guard.Challenge("", "", NOW).check("", NOW) is Verdict.NONE


def test_the_code_is_not_kept_and_equal_codes_are_kept_differently():
    typed, challenge = guard.issue(NOW)
    assert typed not in (challenge.digest, challenge.salt)
    assert code.digest_of(typed, "one salt") != code.digest_of(typed, "another")


def test_codes_are_not_the_same_again_and_again():
    assert len({guard.issue(NOW)[0] for _ in range(50)}) > 40


def test_another_code_is_sent_after_a_minute():
    assert guard.seconds_to_wait(NOW, NOW) == 60
    assert guard.seconds_to_wait(NOW, NOW + timedelta(seconds=59, milliseconds=500)) == 1
    assert guard.seconds_to_wait(NOW, NOW + timedelta(seconds=60)) == 0


# -- What is unusual ---------------------------------------------------------------------------------------------------


def failures(*minutes_ago: float) -> list[datetime]:
    return [NOW - timedelta(minutes=minutes) for minutes in minutes_ago]


def test_five_failed_authorizations_within_an_hour_are_too_many():
    assert not guard.too_many_failures(failures(1, 2, 3, 4), NOW, None)
    assert guard.too_many_failures(failures(1, 2, 3, 4, 59), NOW, None)
    assert not guard.too_many_failures(failures(1, 2, 3, 4, 61), NOW, None)


def test_what_failed_before_somebody_confirmed_counts_no_more():
    assert not guard.too_many_failures(failures(1, 2, 3, 4, 20), NOW, NOW - timedelta(minutes=10))
    assert guard.too_many_failures(failures(1, 2, 3, 4, 5), NOW, NOW - timedelta(minutes=10))


def test_the_first_network_of_somebody_is_never_strange():
    assert not guard.is_strange("203.0.113.0/24", ())


def test_fifty_networks_are_remembered_and_the_oldest_go():
    known: list[str] = []
    for number in range(60):
        known = guard.remember(str(number), known)
    assert known == [str(number) for number in range(10, 60)]


@pytest.mark.parametrize("address", ["", "localhost", "300.1.1.1", "203.0.113.7:443"])
def test_what_is_no_address_has_no_network(address):
    assert guard.network_of(address) == ""


def test_an_address_of_one_interface_is_read_too():
    assert guard.network_of("fe80::1%eth0") == "fe80::/48"


@pytest.mark.parametrize("number", ["", "12", "+0391234567", "+39", "+39abc1234567", "+1234567890123456"])
def test_what_is_no_international_telephone_number_is_refused(number):
    assert guard.to_e164(number) == ""
