# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets

# Crockford's base 32: no I, L, O, U, so that a reference read over the telephone arrives whole.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """A reference to quote to support, e.g. ``SH-7K3Q-X9M2``.

    Eight characters of Crockford's base 32 are 40 random bits: two faults of one database practically never share one.
    """
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"SH-{drawn[:4]}-{drawn[4:]}"
