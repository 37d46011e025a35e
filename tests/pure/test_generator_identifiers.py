# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Numbers with check digits: right by each country's rule, and always the same for a name."""

from __future__ import annotations

import pytest
from emulators.enablebanking import identifiers
from emulators.enablebanking.identifiers import (
    bic_from,
    fi_check_digit,
    fi_reference,
    fr_rib_key,
    iban_from,
    is_valid_iban,
    is_valid_rf,
    it_cin,
    opaque_hash,
    pl_bank_check_digit,
    rf_reference,
)
from hypothesis import given
from hypothesis import strategies as st

COUNTRIES = ["IT", "PL", "DE", "FI", "FR"]


@given(st.sampled_from(COUNTRIES), st.text(max_size=40))
def test_an_iban_has_its_countrys_length_and_right_check_digits(country, name):
    iban = iban_from(country, name)
    assert len(iban) == identifiers.IBAN_LENGTHS[country]
    assert is_valid_iban(iban)
    assert iban == iban_from.__wrapped__(country, name)


def test_published_ibans_are_valid_and_one_wrong_digit_is_noticed():
    for iban in (
        "IT60X0542811101000000123456",
        "PL61109010140000071219812874",
        "DE89370400440532013000",
        "FI2112345600000785",
        "FR7630006000011234567890189",
    ):
        assert is_valid_iban(iban)
        assert not is_valid_iban(iban[:-1] + ("1" if iban[-1] != "1" else "2"))
    assert not is_valid_iban("IT60X05428")


def test_national_check_digits_follow_the_published_examples():
    assert it_cin("0542811101000000123456") == "X"
    assert pl_bank_check_digit("1090101") == "4"
    assert fi_check_digit("1234560000078") == "5"
    assert fr_rib_key("30006", "00001", "12345678901") == "89"


@pytest.mark.parametrize("name", ["Officine Bianchi", "Łęcki s.c.", ""])
def test_national_check_digits_are_right_inside_the_iban(name):
    italian = iban_from("IT", name)
    assert italian[4] == it_cin(italian[5:])
    polish = iban_from("PL", name)
    assert polish[11] == pl_bank_check_digit(polish[4:11])
    finnish = iban_from("FI", name)
    assert finnish[-1] == fi_check_digit(finnish[4:-1])
    french = iban_from("FR", name)
    assert french[-2:] == fr_rib_key(french[4:9], french[9:14], french[14:25])


def test_another_country_has_no_rule():
    with pytest.raises(ValueError):
        iban_from("BR", "x")


@given(st.from_regex(r"[A-Z0-9]{1,21}", fullmatch=True))
def test_a_creditor_reference_has_right_check_digits(body):
    reference = rf_reference(body)
    assert is_valid_rf(reference)
    wrong = f"{int(reference[2:4]) % 97 + 1:02}"
    assert wrong == reference[2:4] or not is_valid_rf(f"RF{wrong}{body}")


def test_references_follow_the_published_examples():
    assert is_valid_rf("RF18539007547034")
    assert rf_reference("539007547034") == "RF18539007547034"
    assert not is_valid_rf("RF19539007547034")
    assert not is_valid_rf("539007547034")
    assert fi_reference("123456") == "1234561"


def test_hashes_and_bank_codes_tell_nothing_and_stay_the_same():
    assert opaque_hash("a", "b") == opaque_hash("a", "b") != opaque_hash("ab", "")
    assert bic_from("IT", "x") == bic_from("IT", "x") and len(bic_from("IT", "x")) == 8
    assert bic_from("PL", "x")[4:6] == "PL"
