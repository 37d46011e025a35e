# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Counterparties: a name gives its account and its bank, always the same."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from ..identifiers import bic_from, digits_from, iban_from
from .draws import Draws
from .names import WORDS, Words


@dataclass(frozen=True, slots=True)
class Party:
    """Who pays or is paid."""

    name: str
    iban: str
    bic: str


@functools.lru_cache(maxsize=8192)
def party(country: str, name: str) -> Party:
    """The party called ``name``, whose account is in ``country``."""
    iban = iban_from(country, name)
    return Party(name, iban, bic_from(country, iban[4:12]))


def company(rng: Draws, country: str) -> Party:
    """A company of ``country``: some thousands of names."""
    words = WORDS[country]
    return party(
        country,
        f"{rng.choice(words.trades)} {rng.choice(words.family_names)} "
        f"{rng.choice(words.legal_forms)}",
    )


def person(rng: Draws, words: Words, country: str) -> Party:
    """A private person of ``country``."""
    return party(country, f"{rng.choice(words.given_names)} {rng.choice(words.family_names)}")


@functools.lru_cache(maxsize=1024)
def creditor_id(country: str, name: str) -> str:
    """An invented SEPA creditor identifier of who debits directly."""
    return f"{country}{digits_from(2, 'ci', name)}ZZZ{digits_from(16, 'creditor', name)}"
