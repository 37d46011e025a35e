# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64


def login_forms(user: str, password: str) -> tuple[str, ...]:
    """A password in every form in which it travels (RFC 4616, and LOGIN), so that it can be masked.

    >>> login_forms("anna", "no")
    ('no', 'AGFubmEAbm8=', 'bm8=')
    >>> login_forms("anna", "")
    ()
    """
    if not password:
        return ()
    plain = f"\0{user}\0{password}"
    return (password, *(base64.b64encode(text.encode()).decode() for text in (plain, password)))
