# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Changing the keys in the key file.

Rotation goes in three steps, each of which can be repeated: :func:`add_key`, then ``reseal`` on
every stored token, then :func:`remove_unused_keys` with the ids that ``key_id_of`` still finds.
Keys given by configuration are rotated in the same way by whoever writes the configuration.
"""

from collections.abc import Collection
from pathlib import Path

from . import keyfile
from .keyring import KeyRing, key_id, new_key, parse_key_file


def add_key(key_file: Path) -> KeyRing:
    """Put a new key at the head of the key file; the file is made when it is absent.

    Other processes see the key when they load the ring again: do so when a token names a key that
    the ring does not have.

    :return: the keys of the file, the new one first
    :raises Fault: VAULT_KEY_MISSING, when the file is exposed, malformed or cannot be written;
        it is then as it was before
    """
    with keyfile.locked(key_file):
        text = keyfile.read(key_file)
        changed = f"{new_key()}\n{text or ''}"
        keys = parse_key_file(changed)
        if text is None:
            changed = keyfile.create(key_file, changed)
            keys = parse_key_file(changed)
        else:
            keyfile.replace(key_file, changed)
    return KeyRing(tuple(keys))


def remove_unused_keys(key_file: Path, used: Collection[str]) -> tuple[str, ...]:
    """Take those keys out of the key file whose ids are not in ``used``.

    The first key always stays: it is the one that encrypts. So do comments.

    :param used: key ids that stored tokens still name
    :return: ids of the keys taken out
    :raises Fault: VAULT_KEY_MISSING, as in :func:`add_key`
    """
    with keyfile.locked(key_file):
        text = keyfile.read(key_file) or ""
        unused = [key for key in parse_key_file(text)[1:] if key_id(key) not in used]
        if unused:
            kept = [line for line in text.splitlines() if line.strip() not in unused]
            keyfile.replace(key_file, "\n".join(kept) + "\n")
    return tuple(key_id(key) for key in unused)
