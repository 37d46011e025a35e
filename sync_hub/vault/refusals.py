# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why the vault does not open."""

from enum import StrEnum

from odoo.addons.sync_hub.faults import Fault, FaultKind


class Refusal(StrEnum):
    """The vault's own codes, in ``Fault.provider_code``, by which screens tell them apart."""

    NO_KEYS = "no-keys"  # nothing to encrypt with
    KEY_MISSING = "key-missing"  # the token names a key that the ring does not have
    KEY_MALFORMED = "key-malformed"
    KEY_FILE_EXPOSED = "key-file-exposed"  # others than the owner can read it
    KEY_FILE_UNUSABLE = "key-file-unusable"  # it cannot be read, made or replaced
    NOT_A_TOKEN = "not-a-token"
    TAMPERED = "tampered"  # the token is not as it was sealed
    OTHER_PLACE = "other-place"  # sealed for another database, record or field


def refuse(refusal: Refusal, detail: str, **values: str) -> Fault:
    """The fault to raise. All refusals are of one kind for the engine: the vault cannot open.

    :param detail: a sentence that never contains a key or a secret
    :param values: what the sentence on the screen needs besides, e.g. ``key_id``
    """
    return Fault(
        FaultKind.VAULT_KEY_MISSING, provider_code=refusal.value, detail=detail, values=values
    )
