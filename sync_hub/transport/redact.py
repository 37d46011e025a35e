# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What must not be shown, decided in one place.

Whatever leaves the transport for a log line, a run line or a screen goes through here: request
addresses, headers and excerpts of bodies. Two nets lie over each other: literal secrets that the
caller hands in (keys, session handles), and patterns for what is always a secret (tokens,
passwords, private keys) or nobody's business (the middle of an IBAN).
"""

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote, urlsplit, urlunsplit

MASK = "***"

# Shorter "secrets" would blot out ordinary words.
_SHORTEST_SECRET = 4
# Patterns are never run over more than this: whole bodies can have megabytes.
_LONGEST_TEXT = 20_000

_SECRET_HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "secret",
        "app-id",
        "client-id",
        "api-key",
        "x-api-key",
        "x-auth-token",
        "signature",
        "plaid-client-id",
        "plaid-secret",
        "loginname",
    }
)
# Words that make the name of a query parameter the name of a secret ("access_token",
# "client-secret").
_SECRET_WORDS = frozenset(
    {
        "apikey",
        "assertion",
        "auth",
        "authorization",
        "cookie",
        "credential",
        "credentials",
        "jwt",
        "key",
        "otp",
        "passphrase",
        "passwd",
        "password",
        "pin",
        "pwd",
        "secret",
        "session",
        "sig",
        "signature",
        "token",
    }
)
# Secret under exactly this name only: "country_code" is none.
_SECRET_PARAMETERS = frozenset({"code", "state"})

_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL
)
# Every JSON object that starts with a name begins with "eyJ" in base64: headers and claims of a
# JWT, whole or cut.
_JWT = re.compile(r"\beyJ[\w-]{6,}(?:\.[\w-]*)*")
_HEADER_LINE = re.compile(
    r"\b((?:proxy-)?authorization|(?:set-)?cookie)(\\?[\"']?\s*[:=]\s*\\?[\"']?)[^\r\n\"'\\]+",
    re.IGNORECASE,
)
# "Bearer <token>"; a token has a digit, the words of a sentence ("Basic authentication") have none.
_SCHEME = re.compile(r"\b(bearer|basic)\s+(?=\S*[\d=])[\w.~+/=-]{6,}", re.IGNORECASE)
_PAIR = re.compile(
    r"\b((?:[\w-]*(?:token|secret|password|passwd|passphrase|api[_-]?key|apikey|private[_-]?key"
    r"|signature)|pwd|otp|pin|session[_-]?id|continuation[_-]?key)\\?[\"']?\s*[:=]\s*)"
    r"(?:\\?\"[^\"]*|\\?'[^']*|[^\s&,;}\]\"')]+)",
    re.IGNORECASE,
)
# A one-time code in an address, or a long one with digits as JSON; error codes stay readable.
_CODE = re.compile(
    r"(?<=[?&])(code|state)=[^&\s\"']+|\"code\"\s*:\s*\"(?=[^\"]*\d)[^\"]{16,}\"", re.IGNORECASE
)
_IBAN = re.compile(r"\b(?!RF)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")


class KnownForms(tuple[str, ...]):
    """Forms of literal secrets, made once: every function here takes it for ``secrets``."""

    __slots__ = ()


def known_forms(secrets: Iterable[str]) -> KnownForms:
    """The forms in which literal secrets may turn up: plain, percent-encoded, JSON-escaped, line by
    line.

    Longest first, so that no part of a secret is left over when a shorter one lies within it.
    """
    if isinstance(secrets, KnownForms):
        return secrets
    forms: set[str] = set()
    for secret in secrets:
        whole = secret.strip()
        # A key of several lines may be quoted in part.
        for text in (whole, *(line.strip() for line in whole.splitlines() if len(line) >= 16)):
            if len(text) < _SHORTEST_SECRET or text.startswith("-----"):
                continue
            forms.update((text, quote(text, safe=""), json.dumps(text)[1:-1]))
    return KnownForms(sorted(forms, key=len, reverse=True))


def mask_text(text: str, secrets: Iterable[str] = ()) -> str:
    """``text`` without secrets; at most 20 000 characters of it.

    :param secrets: literal texts to hide besides what the patterns find
    """
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT]
    for form in known_forms(secrets):
        text = text.replace(form, MASK)
    text = _PRIVATE_KEY.sub(MASK, text)
    text = _JWT.sub(MASK, text)
    text = _HEADER_LINE.sub(rf"\1\2{MASK}", text)
    text = _SCHEME.sub(rf"\1 {MASK}", text)
    text = _PAIR.sub(_keep_quote, text)
    text = _CODE.sub(_keep_name, text)
    return _IBAN.sub(_shorten_iban, text)


def mask_url(url: str, secrets: Iterable[str] = ()) -> str:
    """``url`` without user name, fragment and the values of secret parameters.

    >>> mask_url("https://me:pw@bank.example/cb?code=abc&country=FI&iban=FI2112345600000785#x")
    'https://bank.example/cb?code=***&country=FI&iban=FI21***0785'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    query = "&".join(map(_mask_parameter, parts.query.split("&"))) if parts.query else ""
    text = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))
    for form in known_forms(secrets):
        text = text.replace(form, MASK)
    if "eyJ" in text:
        text = _JWT.sub(MASK, text)
    return _IBAN.sub(_shorten_iban, text)


def mask_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """A copy of ``headers`` in which the values of secret ones are hidden."""
    return {
        name: MASK if _is_secret_header(name) else mask_text(str(value))
        for name, value in headers.items()
    }


def excerpt(body: bytes | str, limit: int = 300, secrets: Iterable[str] = ()) -> str:
    """The beginning of a body on one line, masked, at most ``limit`` characters (one more for "…").

    Masked first and cut afterwards: a secret that lies across the cut does not show its first half.
    """
    window = limit * 8
    text = body[:window].decode("utf-8", "replace") if isinstance(body, bytes) else body[:window]
    if len(body) > window:
        # The last word may be half a secret.
        text = re.sub(r"[^\s\"'<>,;&]+\Z", "", text)
    text = " ".join(mask_text(text, secrets).split())
    return text if len(text) <= limit and len(body) <= window else f"{text[:limit]}…"


def _is_secret_header(name: str) -> bool:
    lowered = name.lower()
    return lowered in _SECRET_HEADERS or not _SECRET_WORDS.isdisjoint(lowered.split("-"))


def _mask_parameter(pair: str) -> str:
    name, equals, value = pair.partition("=")
    plain = unquote(name).lower()
    if plain in _SECRET_PARAMETERS or not _SECRET_WORDS.isdisjoint(
        plain.replace("-", "_").split("_")
    ):
        return f"{name}{equals}{MASK}" if value else pair
    return pair


def _keep_quote(match: re.Match[str]) -> str:
    value = match[0][len(match[1]) :]
    opening = value[:2] if value.startswith("\\") else value[:1]
    return match[1] + (opening if opening.endswith(("'", '"')) else "") + MASK


def _keep_name(match: re.Match[str]) -> str:
    return f"{match[1]}={MASK}" if match[1] else f'"code":"{MASK}"'


def _shorten_iban(match: re.Match[str]) -> str:
    compact = match[0].replace(" ", "")
    # Words in capitals that follow a short code are no account number.
    if sum(character.isdigit() for character in compact) < 8:
        return match[0]
    return f"{compact[:4]}{MASK}{compact[-4:]}"
