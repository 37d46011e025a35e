# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether a domain lists its mail server among those that send for it (RFC 7208)."""

from dataclasses import dataclass
from ipaddress import ip_network

from .hints import Hint, Light, Reason, Topic
from .resolver import IpAddress, NoAnswer, Resolver
from .spf_record import Mechanism, Result, SpfBroken, SpfRecord, expand, is_spf, parse_spf

# 4.6.4: mechanisms and modifiers that ask DNS; questions without an answer; servers of one "mx".
_MOST_LOOKUPS = 10
_MOST_VOID = 2
_MOST_MX = 10
_LOOKING = frozenset({"include", "a", "mx", "ptr", "exists"})


class TooManyLookups(SpfBroken):
    """Receivers stop here, and answer "permerror"."""


class _NoRecord(SpfBroken):
    """The domain has no record."""


class _SeveralRecords(SpfBroken):
    """The domain has more than one (4.5)."""


def spf_hint(sender: str, server: str, resolver: Resolver) -> Hint:
    """What SPF says of messages from ``sender`` (an address, its domain in ASCII) through the mail server ``server``.

    The address to which we connect is not always the one from which the provider sends on: that a server is not listed
    is a reason to look, not a proof. With several addresses, the best result counts.
    """
    domain = sender.rpartition("@")[2]
    values = {"domain": domain, "server": server}
    try:
        records = [text for text in resolver.txt(domain) if is_spf(text)]
        values |= {"record": "  ".join(records)[:500]} if records else {}
        addresses = resolver.addresses(server)
        values["addresses"] = ", ".join(map(str, addresses))
        results = {_Evaluation(sender, address, resolver).check(domain) for address in addresses}
        if not addresses:
            # Still, a record that is missing or broken is what matters most.
            _Evaluation(sender, _NOBODY, resolver).check(domain)
    except NoAnswer:
        return Hint(Topic.SPF, Light.NOT_CHECKED, Reason.NO_ANSWER, values)
    except _NoRecord as error:
        at = str(error)
        reason = Reason.SPF_MISSING if at == domain else Reason.SPF_BROKEN
        return Hint(Topic.SPF, Light.RED, reason, values | {"at": at})
    except _SeveralRecords as error:
        return Hint(Topic.SPF, Light.RED, Reason.SPF_SEVERAL, values | {"at": str(error)})
    except TooManyLookups as error:
        return Hint(Topic.SPF, Light.RED, Reason.TOO_MANY_LOOKUPS, values | {"at": str(error)})
    except SpfBroken as error:
        return Hint(Topic.SPF, Light.RED, Reason.SPF_BROKEN, values | {"at": str(error)})
    if any(term.lower() in ("all", "+all") for record in records for term in record.split()):
        return Hint(Topic.SPF, Light.RED, Reason.ANYBODY_LISTED, values)
    if not addresses:
        return Hint(Topic.SPF, Light.AMBER, Reason.SERVER_UNKNOWN, values)
    best = next(result for result in (Result.PASS, Result.SOFTFAIL, Result.NEUTRAL, Result.FAIL) if result in results)
    light, reason = _LIGHTS[best]
    return Hint(Topic.SPF, light, reason, values)


_NOBODY = ip_network("192.0.2.1").network_address
_LIGHTS = {
    Result.PASS: (Light.GREEN, Reason.SERVER_LISTED),
    Result.SOFTFAIL: (Light.AMBER, Reason.SERVER_DOUBTFUL),
    Result.NEUTRAL: (Light.AMBER, Reason.NOTHING_SAID),
    Result.FAIL: (Light.RED, Reason.SERVER_NOT_LISTED),
}


@dataclass(slots=True)
class _Evaluation:
    """One run of check_host() (4); limits count over all records that it reads."""

    sender: str
    address: IpAddress
    resolver: Resolver
    _lookups: int = 0
    _void: int = 0

    def check(self, domain: str) -> Result:
        """Raises NoAnswer, and SpfBroken for what RFC 7208 calls "permerror" and "none"."""
        record = self._record(domain)
        for mechanism in record.mechanisms:
            if mechanism.name in _LOOKING:
                self._count(f"{mechanism.name}:{mechanism.domain or domain}")
            if self._matches(mechanism, domain):
                return mechanism.result
        # 6.1: only when nothing matched, and there is no "all".
        if record.redirect and not any(mechanism.name == "all" for mechanism in record.mechanisms):
            self._count(f"redirect={record.redirect}")
            return self.check(self._expanded(record.redirect, domain))
        return Result.NEUTRAL

    def _record(self, domain: str) -> SpfRecord:
        found = [text for text in self.resolver.txt(domain) if is_spf(text)]
        if not found:
            raise _NoRecord(domain)
        if len(found) > 1:
            raise _SeveralRecords(domain)
        return parse_spf(found[0])

    def _matches(self, mechanism: Mechanism, domain: str) -> bool:
        target = self._expanded(mechanism.domain, domain) if mechanism.domain else domain
        match mechanism.name:
            case "all":
                return True
            case "ip4" | "ip6":
                return self.address in mechanism.network
            case "include":
                # 5.2: of the other record only a "pass" counts here, but its errors are ours.
                return self.check(target) is Result.PASS
            case "a":
                found = self.resolver.addresses(target)
                self._count_void(found, target)
                return self._is_among(found, mechanism)
            case "mx":
                servers = self.resolver.mx(target)
                self._count_void(servers, target)
                if len(servers) > _MOST_MX:
                    raise TooManyLookups(f"mx:{target}")
                return any(self._is_among(self.resolver.addresses(server), mechanism) for server in servers)
            case "exists":
                found = self.resolver.addresses(target)
                self._count_void(found, target)
                return any(address.version == 4 for address in found)
        # "ptr" should not be used (5.5), and large receivers do not look.
        return False

    def _is_among(self, addresses: tuple[IpAddress, ...], mechanism: Mechanism) -> bool:
        length = mechanism.lengths[0 if self.address.version == 4 else 1]
        same_kind = (address for address in addresses if address.version == self.address.version)
        return any(self.address in ip_network((address, length), strict=False) for address in same_kind)

    def _expanded(self, text: str, domain: str) -> str:
        return expand(text, sender=self.sender, domain=domain, address=self.address)

    def _count(self, what: str) -> None:
        self._lookups += 1
        if self._lookups > _MOST_LOOKUPS:
            raise TooManyLookups(what)

    def _count_void(self, found: tuple[object, ...], name: str) -> None:
        self._void += not found
        if self._void > _MOST_VOID:
            raise TooManyLookups(name)
