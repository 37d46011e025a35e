# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A resolver on dnspython. The only module that needs it."""

import time
from ipaddress import ip_address

import dns.exception
import dns.resolver

from .resolver import IpAddress, NoAnswer


class DnsResolver:
    """Asks the name servers of the system, or those given. For one look: it remembers answers, and its time runs from
    the first question.

    :param nameservers: addresses; empty for those of the system
    :param seconds: for each question
    :param in_all: seconds for all questions, as a record of SPF can lead to many
    """

    def __init__(
        self, nameservers: tuple[str, ...] = (), *, port: int = 53, seconds: float = 5.0, in_all: float = 20.0
    ):
        try:
            self._resolver = dns.resolver.Resolver(configure=not nameservers)
        except dns.resolver.NoResolverConfiguration:
            self._resolver = dns.resolver.Resolver(configure=False)
        if nameservers:
            self._resolver.nameservers = list(nameservers)
            self._resolver.port = port
        self._seconds = seconds
        self._in_all = in_all
        self._end: float | None = None
        self._resolver.cache = dns.resolver.Cache()

    def txt(self, name: str) -> tuple[str, ...]:
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in self._records(name, "TXT"))

    def addresses(self, name: str) -> tuple[IpAddress, ...]:
        found = (*self._records(name, "A"), *self._records(name, "AAAA"))
        return tuple(ip_address(record.address) for record in found)

    def mx(self, name: str) -> tuple[str, ...]:
        records = sorted(self._records(name, "MX"), key=lambda record: (record.preference, str(record.exchange)))
        return tuple(str(record.exchange).rstrip(".") for record in records)

    def _records(self, name: str, kind: str) -> tuple:
        now = time.monotonic()
        self._end = self._end or now + self._in_all
        if now >= self._end:
            raise NoAnswer("out of time")
        patience = min(self._seconds, self._end - now)
        try:
            return tuple(self._resolver.resolve(f"{name.rstrip('.')}.", kind, lifetime=patience))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except dns.exception.DNSException as error:
            # NoNameservers, Timeout; and a name that no question can hold, of which nobody knows anything either.
            raise NoAnswer(type(error).__name__) from error
