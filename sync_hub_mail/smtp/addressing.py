# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

# RFC 5321, 4.1.2, without quoted local parts; nothing in it can end a command or begin a parameter.
_PATH = re.compile(r"[^\s<>@\"\\,;:()\[\]\x00-\x1f\x7f-\U0010ffff]+@[A-Za-z0-9._-]+")


def path_of(address: str) -> str:
    """An address between brackets, as MAIL and RCPT want it. Domains of other letters must have been converted.

    >>> path_of("anna@example.com")
    '<anna@example.com>'

    :raises ValueError: for what is no such address
    """
    if not _PATH.fullmatch(address):
        raise ValueError(f"{address!r} is no address that SMTP can carry.")
    return f"<{address}>"
