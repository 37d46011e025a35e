# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Secrets encrypted at rest, with keys that live outside the database. Pure Python.

``keyring`` says where the keys come from, ``keyfile`` keeps the file with them, ``rotation``
changes them, ``sealing`` turns a secret into a token and back, ``masking`` shows a secret without
showing it, ``opened`` knows what was opened during a piece of work, ``refusals`` says why the vault
stays shut.
"""

from .keyring import ENVIRONMENT_VARIABLE, KeyRing, key_id, load_key_ring, new_key
from .masking import DOTS, mask
from .opened import note_opened, opened_secrets, opened_so_far
from .refusals import Refusal
from .rotation import add_key, remove_unused_keys
from .sealing import MAX_BYTES, SecretContext, key_id_of, reseal, seal, unseal

__all__ = [
    "DOTS",
    "ENVIRONMENT_VARIABLE",
    "MAX_BYTES",
    "KeyRing",
    "Refusal",
    "SecretContext",
    "add_key",
    "key_id",
    "key_id_of",
    "load_key_ring",
    "mask",
    "new_key",
    "note_opened",
    "opened_secrets",
    "opened_so_far",
    "remove_unused_keys",
    "reseal",
    "seal",
    "unseal",
]
