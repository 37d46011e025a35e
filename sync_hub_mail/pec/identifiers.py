# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Message-IDs as keys."""

import re

_BLANKS = re.compile(r"\s+")


def normalize_message_id(text: str) -> str:
    """A Message-ID as it is compared and searched: without brackets and blanks, its domain in small letters.

    RFC 5322, 3.6.4: brackets are no part of the identifier. Providers write it with them and without, and header
    folding puts blanks inside. The left side is compared as it is; a domain's case says nothing (RFC 1035, 2.3.3).

    >>> normalize_message_id(" <Inv.42@PEC.Example.IT>\\r\\n ")
    'Inv.42@pec.example.it'
    >>> normalize_message_id("")
    ''
    """
    bare = _BLANKS.sub("", text)
    # Only a pair that encloses everything: "a<b>" is somebody's left side.
    while bare.startswith("<") and bare.endswith(">"):
        bare = bare[1:-1]
    left, at, domain = bare.rpartition("@")
    return f"{left}{at}{domain.lower()}" if at else bare
