# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Showing that a secret is there, and which one, without showing it."""

import re

# What stands for the secret itself; nothing that is entered begins with it.
DOTS = "•" * 8
# An interface's key of this length stays unguessable without its last four characters; passwords
# that people invent are shorter and show nothing.
_LONG_ENOUGH = 16
_SHOWN = 4
_PEM = re.compile(r"-----BEGIN ([A-Z0-9][A-Z0-9 ]{0,62})-----")


def mask(value: str) -> str:
    """A secret for the screen: its last 4 characters when it is long, else only dots.

    The number of dots says nothing about the length.

    >>> mask("sk_live_51H8xYzAbCdE")
    '••••••••bCdE'
    >>> mask("pazzword")
    '••••••••'
    >>> mask("")
    ''

    Text in PEM armour (RFC 7468) shows what it is:

    >>> mask("-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n")
    '•••••••• PRIVATE KEY'
    """
    secret = value.strip()
    if not secret:
        return ""
    kinds = dict.fromkeys(_PEM.findall(secret))
    if kinds:
        return f"{DOTS} {', '.join(kinds)}"
    # The end of several lines (JSON, a key without armour) tells nobody which secret it is.
    if len(secret) < _LONG_ENOUGH or not secret.isprintable():
        return DOTS
    return DOTS + secret[-_SHOWN:]
