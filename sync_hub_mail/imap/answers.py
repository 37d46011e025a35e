# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the answers of IMAP servers mean (RFC 9051, 7.1; RFC 5530)."""

import re

from ..smtp import Meaning

_CODE = re.compile(r"\[([A-Z][A-Z0-9-]*)[^\]]*\]", re.IGNORECASE)
_CODES = {
    "UNAVAILABLE": Meaning.SERVER_UNAVAILABLE,
    "INUSE": Meaning.SERVER_UNAVAILABLE,
    "LIMIT": Meaning.SERVER_UNAVAILABLE,
    "SERVERBUG": Meaning.SERVER_UNAVAILABLE,
    # Somebody removed one of the messages that were asked for: the next time, it is asked for no more.
    "EXPUNGEISSUED": Meaning.SERVER_UNAVAILABLE,
    "AUTHENTICATIONFAILED": Meaning.CREDENTIALS_REFUSED,
    "AUTHORIZATIONFAILED": Meaning.CREDENTIALS_REFUSED,
    "EXPIRED": Meaning.CREDENTIALS_REFUSED,
    "CONTACTADMIN": Meaning.MAILBOX_DISABLED,
    "PRIVACYREQUIRED": Meaning.ENCRYPTION_REQUIRED,
}
# Servers that know no codes.
_DOWN = re.compile(
    r"temporar|try again|try later|unavailable|too many|\bbusy\b|internal (?:server )?error", re.IGNORECASE
)
# How the libraries wrap what the server said: ``login failed: ...``, ``b'...'``, ``... BAD [b'...']``.
_WRAPPED = re.compile(r"\A(?:[\w ]+ error: )?(?:(BAD|NO) )?\[?b(['\"])(.*)\2\]?\Z", re.DOTALL)
_NAMED = re.compile(r"\A(?:\w+ failed: |command: \w+ => )")


def words_of(error: Exception) -> str:
    """What the server said, out of an error of the libraries. Not masked.

    >>> words_of(ValueError("b'[AUTHENTICATIONFAILED] No.'")), words_of(ValueError("select failed: No such folder"))
    ('[AUTHENTICATIONFAILED] No.', 'No such folder')
    >>> words_of(ValueError("UID command error: BAD [b'Unknown command']"))
    'BAD Unknown command'
    """
    text = _NAMED.sub("", str(error))
    if found := _WRAPPED.match(text):
        return " ".join(part for part in (found[1], found[3]) if part)
    return text


def code_of(words: str) -> str:
    """The response code, such as "NONEXISTENT"; "" without one.

    >>> code_of("[NONEXISTENT] Mailbox doesn't exist"), code_of("no [sic] code here is known"), code_of("No.")
    ('NONEXISTENT', '', '')
    """
    found = _CODE.match(words.removeprefix("NO ").removeprefix("BAD ").lstrip())
    return found[1].upper() if found else ""


def meaning_of(words: str, *, at_login: bool = False) -> Meaning:
    """Why the server says no.

    >>> meaning_of("[UNAVAILABLE] Come back", at_login=True), meaning_of("Too many connections", at_login=True)
    (<Meaning.SERVER_UNAVAILABLE: 'server_unavailable'>, <Meaning.SERVER_UNAVAILABLE: 'server_unavailable'>)
    >>> meaning_of("Invalid login", at_login=True), meaning_of("No.")
    (<Meaning.CREDENTIALS_REFUSED: 'credentials_refused'>, <Meaning.REFUSED: 'refused'>)
    """
    known = _CODES.get(code_of(words))
    if known:
        return known
    if _DOWN.search(words):
        return Meaning.SERVER_UNAVAILABLE
    if words.startswith("BAD "):
        return Meaning.COMMAND_REFUSED
    return Meaning.CREDENTIALS_REFUSED if at_login else Meaning.REFUSED
