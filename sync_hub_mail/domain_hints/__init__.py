# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Hints on SPF, DKIM and DMARC of a sender's domain. Pure Python; ``dns_resolver`` alone needs dnspython.

Each hint is a light, a reason and the values of its sentence. When DNS does not answer it says "not checked".
"""

from .dkim import USUAL_SELECTORS, dkim_hint
from .dmarc import dmarc_hint
from .hints import Hint, Light, Reason, Topic
from .resolver import NoAnswer, Resolver
from .spf import spf_hint


def hints_for(sender: str, server: str, resolver: Resolver, selectors: tuple[str, ...] = ()) -> tuple[Hint, ...]:
    """SPF, DKIM and DMARC, in this order.

    :param sender: address of the sender, its domain in ASCII
    :param server: name of the mail server
    :param selectors: of DKIM, where they are known
    """
    domain = sender.rpartition("@")[2]
    return spf_hint(sender, server, resolver), dkim_hint(domain, resolver, selectors), dmarc_hint(domain, resolver)


__all__ = [
    "USUAL_SELECTORS",
    "Hint",
    "Light",
    "NoAnswer",
    "Reason",
    "Resolver",
    "Topic",
    "dkim_hint",
    "dmarc_hint",
    "hints_for",
    "spf_hint",
]
