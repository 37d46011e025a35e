# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the hints ask of DNS."""

from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

IpAddress = IPv4Address | IPv6Address


class NoAnswer(Exception):
    """DNS gave no answer: out of reach, out of time, or an error of a name server. Nothing is known then, which is
    something else than a name without records."""


class Resolver(Protocol):
    """Each method gives what a name has, nothing for a name that does not exist, and raises NoAnswer."""

    def txt(self, name: str) -> tuple[str, ...]:
        """Each TXT record as one text (RFC 7208, 3.3)."""

    def addresses(self, name: str) -> tuple[IpAddress, ...]:
        """IPv4 and IPv6 addresses."""

    def mx(self, name: str) -> tuple[str, ...]:
        """Names of the servers that take mail, the first choice first."""
