# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The keys of the vault and the places they come from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, MultiFernet

from . import keyfile
from .refusals import Refusal, refuse

ENVIRONMENT_VARIABLE = "SYNC_HUB_VAULT_KEYS"

# A Fernet key as ``Fernet.generate_key`` writes it: 32 bytes in URL-safe base64. Fernet itself
# also reads base64 with foreign characters in it; a key with a slip of the pen is refused here.
_KEY = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]=")


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """Keys in order: the first one encrypts, all of them decrypt.

    :param keys: Fernet keys as text, at least one, all different

    >>> ring = KeyRing(("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",))
    >>> ring
    <KeyRing 2cf5e6ec>
    """

    keys: tuple[str, ...]

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Public ids of the keys, in their order."""
        return tuple(key_id(key) for key in self.keys)

    @property
    def primary_id(self) -> str:
        """Public id of the key that encrypts."""
        return key_id(self.keys[0])

    def fernet(self, opened_by: str) -> MultiFernet:
        """The recipe that encrypts with the first key and decrypts with that of the given id.

        :raises Fault: VAULT_KEY_MISSING, when no key has that id
        """
        fitting = [key for key in self.keys if key_id(key) == opened_by]
        if not fitting:
            raise refuse(
                Refusal.KEY_MISSING,
                f"The key with id {opened_by} is missing from the vault "
                f"(present: {', '.join(self.key_ids)}).",
                key_id=opened_by,
            )
        return MultiFernet([Fernet(key) for key in (self.keys[0], *fitting)])

    def __repr__(self) -> str:
        return f"<KeyRing {', '.join(self.key_ids)}>"


def key_id(key: str) -> str:
    """Short public name of a key: the first 8 hexadecimal digits of the SHA-256 of its text.

    It may be stored and shown: 32 bits of a digest say nothing about 256 random bits. Taken from
    the text, so that an administrator finds it with ``printf %s "$KEY" | sha256sum``.

    >>> key_id("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
    '2cf5e6ec'
    """
    return sha256(key.encode()).hexdigest()[:8]


def new_key() -> str:
    """A new random key, as a line of the key file or an entry of the configuration takes it."""
    return Fernet.generate_key().decode()


def load_key_ring(
    configured: str | None,
    environ: Mapping[str, str],
    key_file: Path | None,
    create: bool = True,
) -> KeyRing:
    """The ring of all keys that are given: configuration, environment, key file, in this order.

    Later sources only add keys that decrypt. So an installation that begins with the key file made
    for it can be given a key in its configuration: new secrets use it at once, old ones stay
    readable until they are sealed again.

    :param configured: value of the option ``sync_hub_vault_keys`` in odoo.conf: Fernet keys,
        separated by commas
    :param environ: the process environment; :data:`ENVIRONMENT_VARIABLE` is read, same shape
    :param key_file: one key per line, the first one first; lines that begin with # are comments
    :param create: make the key file with a new key when no source has a key and it is absent
    :raises Fault: VAULT_KEY_MISSING, when there is no key, a key is malformed (said by its
        position, never its text), or the key file can be read by others
    """
    keys = [
        *_parse_list(configured or "", "the option sync_hub_vault_keys"),
        *_parse_list(environ.get(ENVIRONMENT_VARIABLE, ""), ENVIRONMENT_VARIABLE),
    ]
    if key_file is not None:
        text = keyfile.read(key_file)
        if text is None and create and not keys:
            text = keyfile.create(key_file, new_key() + "\n")
        keys += parse_key_file(text or "")
    if not keys:
        raise refuse(
            Refusal.NO_KEYS,
            "The vault has no key: set the option sync_hub_vault_keys, the environment variable "
            f"{ENVIRONMENT_VARIABLE}, or put the key file back. If the keys are lost for good, "
            "“odoo sync_hub_rotate --new-key” makes a new one, and every secret is entered again.",
        )
    return KeyRing(tuple(dict.fromkeys(keys)))


def parse_key_file(text: str) -> list[str]:
    """Keys of a key file's text, in their order.

    :raises Fault: VAULT_KEY_MISSING, for a malformed line, said by its number
    """
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return _checked(
        (f"line {number} of the key file", line)
        for number, line in lines
        if line and not line.startswith("#")
    )


def _parse_list(text: str, source: str) -> list[str]:
    parts = (part.strip() for part in text.split(","))
    return _checked(
        (f"position {position} of {source}", part)
        for position, part in enumerate(parts, start=1)
        if part
    )


def _checked(candidates: Iterable[tuple[str, str]]) -> list[str]:
    keys = []
    for place, candidate in candidates:
        if not _KEY.fullmatch(candidate):
            raise refuse(
                Refusal.KEY_MALFORMED,
                f"The key at {place} is no Fernet key (32 bytes in URL-safe base64, "
                "44 characters).",
                place=place,
            )
        keys.append(candidate)
    return keys
