# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What receivers of mail will think of a sender's domain, as far as DNS tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Topic(StrEnum):
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    # DNS did not answer: nothing is known.
    NOT_CHECKED = "not_checked"


class Reason(StrEnum):
    """Why a light shows what it shows. The sentences stand beside the models."""

    NO_ANSWER = "no_answer"
    # SPF
    SERVER_LISTED = "server_listed"
    SERVER_NOT_LISTED = "server_not_listed"  # ... and the domain says that others must be refused
    SERVER_DOUBTFUL = "server_doubtful"  # ... and the domain says to look twice (~all)
    NOTHING_SAID = "nothing_said"  # the record neither allows nor forbids the server
    ANYBODY_LISTED = "anybody_listed"  # "+all"
    SERVER_UNKNOWN = "server_unknown"  # the mail server has no address
    SPF_MISSING = "spf_missing"
    SPF_SEVERAL = "spf_several"
    SPF_BROKEN = "spf_broken"
    TOO_MANY_LOOKUPS = "too_many_lookups"
    # DKIM
    KEY_FOUND = "key_found"
    KEY_WEAK = "key_weak"  # RSA of less than 2048 bits (RFC 8301, 3.2: SHOULD)
    KEY_TOO_SHORT = "key_too_short"  # ... of less than 1024: MUST NOT be taken as valid
    KEY_REVOKED = "key_revoked"
    KEY_BROKEN = "key_broken"
    KEY_TESTING = "key_testing"
    KEY_MISSING = "key_missing"  # under a selector that was given
    KEY_NOT_FOUND = "key_not_found"  # under the usual selectors: it may have another
    # DMARC
    POLICY_ENFORCED = "policy_enforced"
    POLICY_ONLY_OBSERVES = "policy_only_observes"
    POLICY_PARTLY = "policy_partly"
    DMARC_MISSING = "dmarc_missing"
    DMARC_SEVERAL = "dmarc_several"
    DMARC_BROKEN = "dmarc_broken"


@dataclass(frozen=True, slots=True)
class Hint:
    """One topic. ``values``: what its sentence needs, such as ``domain``, ``record``, ``selector``, ``addresses``."""

    topic: Topic
    light: Light
    reason: Reason
    values: Mapping[str, str] = field(default_factory=dict)


def tags_of(record: str) -> dict[str, str] | None:
    """The tags of a record in the form that DKIM and DMARC share (RFC 6376, 3.2); None when it has another form.

    >>> tags_of("v=DMARC1; p=none;")
    {'v': 'DMARC1', 'p': 'none'}
    >>> tags_of("v=DMARC1; p") is None, tags_of("p=none; p=reject") is None
    (True, True)
    """
    tags: dict[str, str] = {}
    for part in record.strip().rstrip(";").split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not name or name in tags:
            return None
        tags[name] = value
    return tags
