# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a domain wants done with messages that only claim to be from it (RFC 7489, 6.3 and 6.6.3)."""

from .hints import Hint, Light, Reason, Topic, tags_of
from .resolver import NoAnswer, Resolver

_POLICIES = frozenset({"none", "quarantine", "reject"})


def dmarc_hint(domain: str, resolver: Resolver) -> Hint:
    """The policy for a domain (in ASCII): its own, or else that of the nearest domain above it.

    RFC 7489 looks at the organization's domain only, which takes a list of public suffixes to know; walking up finds
    the same record wherever one is published, as registries publish none.
    """
    values = {"domain": domain}
    labels = domain.split(".")
    try:
        for start in range(len(labels) - 1):
            at = ".".join(labels[start:])
            records = [text for text in resolver.txt(f"_dmarc.{at}") if text.replace(" ", "").startswith("v=DMARC1")]
            if records:
                return _judged(records, values | {"at": at, "record": "  ".join(records)[:500]}, own=start == 0)
    except NoAnswer:
        return Hint(Topic.DMARC, Light.NOT_CHECKED, Reason.NO_ANSWER, values)
    return Hint(Topic.DMARC, Light.AMBER, Reason.DMARC_MISSING, values)


def _judged(records: list[str], values: dict[str, str], *, own: bool) -> Hint:
    if len(records) > 1:
        # Receivers behave as if there were none.
        return Hint(Topic.DMARC, Light.RED, Reason.DMARC_SEVERAL, values)
    tags = tags_of(records[0]) or {}
    policy = tags.get("p", "").lower()
    if not own:
        policy = tags.get("sp", policy).lower()
    percent = tags.get("pct", "100")
    if policy not in _POLICIES or not percent.isdecimal() or int(percent) > 100:
        return Hint(Topic.DMARC, Light.RED, Reason.DMARC_BROKEN, values)
    values |= {"policy": policy, "percent": percent}
    if policy == "none":
        return Hint(Topic.DMARC, Light.AMBER, Reason.POLICY_ONLY_OBSERVES, values)
    if int(percent) < 100:
        return Hint(Topic.DMARC, Light.AMBER, Reason.POLICY_PARTLY, values)
    return Hint(Topic.DMARC, Light.GREEN, Reason.POLICY_ENFORCED, values)
