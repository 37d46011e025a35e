# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from hashlib import blake2b

from odoo.addons.sync_hub_bank.providers.values import Transaction

# Changes when the ingredients below change, so that old and new fingerprints are never compared.
_VERSION = "1"


def fingerprint(transaction: Transaction) -> str:
    """What a movement is when the bank gives it no id: a digest of what both parties agreed on.

    Day, amount, currency, the other account, the remittance text and the end-to-end id; white space and capitals do
    not count, because banks change them. Two equal coffees on one day have the same fingerprint: they are told apart
    by an occurrence number (see :class:`KnownRows`).

    :return: 33 characters, the version before 32 hexadecimal digits
    """
    text = "\x1f".join(
        (
            transaction.booking_date.isoformat(),
            f"{transaction.amount:.5f}",
            transaction.currency,
            transaction.counterparty_account or transaction.counterparty,
            transaction.end_to_end_id,
            *transaction.remittance,
        )
    )
    folded = " ".join(text.casefold().split())
    return _VERSION + blake2b(folded.encode(), digest_size=16).hexdigest()
