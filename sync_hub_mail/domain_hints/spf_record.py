# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The SPF record of a domain (RFC 7208, 4.5, 4.6, 5, 6 and 7)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network

from .resolver import IpAddress

_VERSION = re.compile(r"v=spf1(?: |\Z)", re.IGNORECASE)
_TERM = re.compile(r"[+?~-]?(?P<name>[A-Za-z0-9]+)(?::(?P<value>[^/]\S*?))?(?P<length>(?:/\d{1,3})?(?://\d{1,3})?)")
_MODIFIER = re.compile(r"(?P<name>[A-Za-z][\w.-]*)=(?P<value>\S*)")
_MACRO = re.compile(r"%(?:([%_-])|\{([A-Za-z])(\d{0,3})(r?)([.+,/_=-]*)\})", re.IGNORECASE)


class Result(StrEnum):
    """What a record says of an address (RFC 7208, 2.6)."""

    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"


SIGNS = {"+": Result.PASS, "-": Result.FAIL, "~": Result.SOFTFAIL, "?": Result.NEUTRAL}
# Mechanism: whether a domain must, may or must not follow.
_DOMAINS = {"all": "no", "include": "must", "a": "may", "mx": "may", "ptr": "may", "exists": "must"}
_NETWORKS = {"ip4": IPv4Network, "ip6": IPv6Network}


class SpfBroken(ValueError):
    """The record is not what RFC 7208 says: receivers answer "permerror". The argument is the part that is wrong."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """``domain``: as written, macros and all; empty for the one of the record. ``lengths``: of prefixes for "a" and
    "mx", IPv4 and IPv6. ``network``: of "ip4" and "ip6"."""

    name: str
    result: Result
    domain: str = ""
    lengths: tuple[int, int] = (32, 128)
    network: IPv4Network | IPv6Network | None = None


@dataclass(frozen=True, slots=True)
class SpfRecord:
    mechanisms: tuple[Mechanism, ...]
    redirect: str = ""


def is_spf(text: str) -> bool:
    """Whether a TXT record is one of SPF (4.5)."""
    return _VERSION.match(text) is not None


def parse_spf(text: str) -> SpfRecord:
    """Read a record.

    >>> record = parse_spf("v=spf1 mx/24 ip4:192.0.2.0/28 include:_spf.example.com ~all")
    >>> [(mechanism.name, mechanism.result.value) for mechanism in record.mechanisms]
    [('mx', 'pass'), ('ip4', 'pass'), ('include', 'pass'), ('all', 'softfail')]

    :raises SpfBroken: for one with an error anywhere, even behind the part that would decide (4.6)
    """
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    for term in text.split()[1:]:
        modifier = _MODIFIER.fullmatch(term)
        if not modifier:
            mechanisms.append(_mechanism(term))
            continue
        name = modifier["name"].lower()
        if name not in ("redirect", "exp"):
            continue
        if name in modifiers or not modifier["value"]:
            raise SpfBroken(term)
        modifiers[name] = modifier["value"]
    return SpfRecord(tuple(mechanisms), modifiers.get("redirect", ""))


def _mechanism(term: str) -> Mechanism:
    result = SIGNS.get(term[:1], Result.PASS)
    bare = term[1:] if term[:1] in SIGNS else term
    name, colon, value = bare.partition(":")
    if name.lower() in _NETWORKS:
        return Mechanism(name.lower(), result, network=_network(name.lower(), value, term))
    found = _TERM.fullmatch(term)
    name = found["name"].lower() if found else ""
    if not found or name not in _DOMAINS:
        raise SpfBroken(term)
    domain = found["value"] or ""
    wanted = _DOMAINS[name]
    lengths = _lengths(found["length"], term)
    if (wanted == "must" and not domain) or (wanted == "no" and colon) or (colon and not domain):
        raise SpfBroken(term)
    if found["length"] and name not in ("a", "mx"):
        raise SpfBroken(term)
    return Mechanism(name, result, domain, lengths)


def _network(name: str, value: str, term: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(value, strict=False)
    except ValueError as error:
        raise SpfBroken(term) from error
    if not isinstance(network, _NETWORKS[name]):
        raise SpfBroken(term)
    return network


def _lengths(text: str, term: str) -> tuple[int, int]:
    four, _, six = text.partition("//")
    lengths = int(four[1:] or 32), int(six or 128)
    if lengths[0] > 32 or lengths[1] > 128:
        raise SpfBroken(term)
    return lengths


def expand(text: str, *, sender: str, domain: str, address: IpAddress) -> str:
    """A domain with its macros replaced (7).

    :param sender: address of the sender
    :param domain: whose record it is in
    :param address: of the mail server

    >>> from ipaddress import ip_address
    >>> values = {"sender": "anna@rossi.example", "domain": "rossi.example", "address": ip_address("192.0.2.3")}
    >>> expand("%{ir}.%{v}._spf.%{d2}", **values), expand("%{l}.%{o}", **values)
    ('3.2.0.192.in-addr._spf.rossi.example', 'anna.rossi.example')

    :raises SpfBroken: for a macro that there is not
    """
    local_part, _, own = sender.rpartition("@")
    dotted = str(address) if address.version == 4 else ".".join(address.exploded.replace(":", ""))
    letters = {
        "s": sender,
        "l": local_part or "postmaster",
        "o": own,
        "d": domain,
        "i": dotted,
        "h": domain,
        "p": "unknown",
        "v": "in-addr" if address.version == 4 else "ip6",
    }

    def replaced(match: re.Match[str]) -> str:
        escaped, letter, digits, reverse, delimiters = match.groups()
        if escaped:
            return {"%": "%", "_": " ", "-": "%20"}[escaped]
        if letter.lower() not in letters or digits == "0":
            raise SpfBroken(match[0])
        parts = re.split(f"[{re.escape(delimiters or '.')}]", letters[letter.lower()])
        parts = parts[::-1] if reverse else parts
        return ".".join(parts[-int(digits) :] if digits else parts)

    if re.search("%", _MACRO.sub("", text)):
        raise SpfBroken(text)
    return _MACRO.sub(replaced, text)
