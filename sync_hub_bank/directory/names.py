# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names of banks as people type them: without accents, in any order, from the middle of a word.

A bank is found by lexemes. Each word of its name gives one for each of its endings, so that the *beginning* of a lexeme
is any part of the name: PostgreSQL finds beginnings with a plain text search index, for which no extension is needed.
"""

import re
import unicodedata

# Letters that are no other letter with an accent.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
# How the same letters are written on a keyboard without them.
_TRANSCRIBED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_words = re.compile(r"[^\W_]+").findall
_is_bic_of_head_office = re.compile(r"[a-z]{6}[a-z0-9]{2}xxx").fullmatch
# What a service may write behind the name of a bank and another leaves out.
_LEGAL_FORMS = frozenset(
    {"ab", "ag", "as", "asa", "bv", "coop", "eg", "kg", "kgaa", "llc", "ltd", "na", "nv", "oyj", "plc", "sa", "sarl"}
    | {"sas", "scpa", "se", "spa", "spolka", "srl", "ua", "zrt"}
)
# Shorter endings tell nothing.
_SHORTEST_ENDING = 2
# No name of a bank has so many; it keeps the work small for whatever a service or a user may send.
_MOST_WORDS = 32
_LONGEST_WORD = 64


def _fold(text: str, transcribe: bool = False) -> str:
    """Small letters without accents.

    >>> _fold("Société Générale"), _fold("Łódź"), _fold("Straße")
    ('societe generale', 'lodz', 'strasse')
    >>> _fold("Köln", transcribe=True)
    'koeln'
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    if transcribe:
        text = text.translate(_TRANSCRIBED)
    text = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(sign for sign in text if not unicodedata.combining(sign))


def _split(text: str, transcribe: bool = False) -> list[str]:
    """The words of a text; letters that stand alone are one word, because they are an abbreviation.

    >>> _split("B.N.L. Gruppo BNP-Paribas S.p.A.")
    ['bnl', 'gruppo', 'bnp', 'paribas', 'spa']
    """
    words: list[str] = []
    alone = False
    for word in _words(_fold(text, transcribe))[:_MOST_WORDS]:
        if len(word) == 1 and alone:
            words[-1] += word
        else:
            words.append(word[:_LONGEST_WORD])
        alone = len(word) == 1
    return words


def sorting_name(name: str) -> str:
    """The name as it is sorted, and compared with what a user types from its beginning.

    >>> sorting_name("Crédit  Agricole d'Île-de-France")
    'credit agricole d ile de france'
    """
    return " ".join(_split(name))


def bank_name(name: str) -> str:
    """The name by which the same bank is known in the list of another service.

    >>> bank_name("Intesa Sanpaolo S.p.A."), bank_name("INTESA SANPAOLO")
    ('intesa sanpaolo', 'intesa sanpaolo')
    >>> bank_name("S.E.")
    'se'
    """
    words = _split(name)
    return " ".join([word for word in words if word not in _LEGAL_FORMS] or words)


def lexemes(name: str, bic: str = "") -> list[str]:
    """What a bank is found by, each once.

    >>> lexemes("Köln", "COKSDE33XXX")
    ['koln', 'oln', 'ln', 'koeln', 'oeln', 'eln', 'coksde33']
    """
    found: dict[str, None] = {}
    for word in (*_split(name), *_split(name, transcribe=True)):
        for start in range(max(1, len(word) - _SHORTEST_ENDING + 1)):
            found[word[start:]] = None
    for word in _split(bic):
        found[_bic(word)] = None
    return list(found)


def typed_words(text: str) -> list[str]:
    """The words that a user typed, as beginnings of lexemes. All of them are letters and digits.

    >>> typed_words("  koeln SPARKASSE "), typed_words("UNCRITMMXXX"), typed_words("' | !")
    (['koeln', 'sparkasse'], ['uncritmm'], [])
    """
    return [_bic(word) for word in _split(text)]


def _bic(word: str) -> str:
    """ISO 9362: XXX stands for the head office, and may be left out."""
    return word[:8] if _is_bic_of_head_office(word) else word
