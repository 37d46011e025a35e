# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A bank is found by whatever somebody types of its name, and is one bank in the lists of several services."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_bank.directory import Entry, bank_keys, lexemes, names, same_bank, typed_words


@pytest.mark.parametrize("module", [names, same_bank])
def test_the_examples_in_the_directory_are_true(module) -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def finds(typed: str, name: str, bic: str = "") -> bool:
    """As the database does: every word is the beginning of a lexeme."""
    return all(any(lexeme.startswith(word) for lexeme in lexemes(name, bic)) for word in typed_words(typed))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Sparkasse Koeln", "Sparkasse KölnBonn"),
        ("sparkasse koln", "Sparkasse KölnBonn"),
        ("KOELN sparkasse", "Sparkasse KölnBonn"),
        ("CREDITO", "Crédito Agrícola"),
        ("credit", "UniCredit"),
        ("caixa bank", "CaixaBank"),
        ("bnl", "B.N.L. - Gruppo BNP Paribas"),
        ("B.N.L.", "BNL"),
        ("spa intesa", "Intesa Sanpaolo S.p.A."),
        ("slask", "ING Bank Śląski"),
        ("lodz", "Bank Spółdzielczy w Łodzi"),
        ("danske aarhus", "Danske Bank Århus"),
        ("strasse", "Bank an der Straße"),
        ("Τραπεζα", "Εθνική Τράπεζα"),
    ],
)
def test_a_bank_is_found_by_what_people_type(typed: str, name: str) -> None:
    assert finds(typed, name)


@pytest.mark.parametrize("typed", ["UNCRITMM", "uncrit", "UNCRITMMXXX", "unicredit uncritmm"])
@pytest.mark.parametrize("bic", ["UNCRITMM", "UNCRITMMXXX"])
def test_a_bank_is_found_by_its_bic_with_and_without_the_head_office(typed: str, bic: str) -> None:
    assert finds(typed, "UniCredit", bic)


def test_every_word_must_be_there() -> None:
    assert not finds("sparkasse bonn", "Sparkasse Leipzig")
    assert not finds("kasse leipzg", "Sparkasse Leipzig")


@given(st.text(max_size=200))
def test_whatever_is_typed_becomes_words_of_letters_and_digits(text: str) -> None:
    """So none of it can be an operator of the search."""
    for word in [*typed_words(text), *lexemes(text)]:
        assert word.isalnum()
        assert len(word) <= 64


@given(st.text(alphabet=st.characters(codec="latin-1"), min_size=1, max_size=40))
def test_a_bank_is_always_found_by_its_own_name(name: str) -> None:
    assert finds(name, name)


def test_names_tell_banks_apart_where_a_service_gives_one_bic_to_several() -> None:
    """The cooperative banks of a group share a BIC; another service lists one of them by its name."""
    keys = bank_keys(
        [
            Entry(1, 1, "IT", "BCC Roma", "ICRAITRRXXX"),
            Entry(2, 1, "IT", "BCC Milano", "ICRAITRR"),
            Entry(3, 2, "IT", "Bcc Milano S.p.A."),
        ]
    )
    assert keys[1] != keys[2] == keys[3]


def test_the_same_name_in_another_country_is_another_bank() -> None:
    keys = bank_keys([Entry(1, 1, "IT", "N26"), Entry(2, 2, "DE", "N26")])
    assert keys[1] != keys[2]
