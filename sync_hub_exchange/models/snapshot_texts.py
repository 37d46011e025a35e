# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a snapshot cannot be used, and what to do about it, in the words of the user."""

from odoo.tools.translate import LazyTranslate

from ..snapshot import (
    AlreadyApplied,
    Damaged,
    MissingLink,
    NotEncrypted,
    PassphraseNeeded,
    SchemaDiffers,
    SnapshotError,
    Tampered,
    TooLarge,
    Truncated,
    UnknownFormat,
    WrongPassphrase,
)

_lt = LazyTranslate(__name__)

SNAPSHOT_TEXTS = {
    UnknownFormat: _lt(
        "It is no snapshot of Sync Hub, or one of a later version. Choose another file, or update Sync Hub."
    ),
    PassphraseNeeded: _lt("It is encrypted. Enter the passphrase with which it was made."),
    NotEncrypted: _lt(
        "It is not encrypted, although a passphrase was entered. If you expected an encrypted file, somebody put this "
        "one in its place: do not use it. Otherwise leave the passphrase empty."
    ),
    WrongPassphrase: _lt("The passphrase does not open it. Type it again; nobody can restore it without."),
    Truncated: _lt("Its end is missing. Copy or upload it once more, or use another copy of it."),
    Damaged: _lt("It is damaged. Copy or upload it once more, or use another copy of it."),
    Tampered: _lt("It is not the file that was written: somebody or something has changed it. Use another copy of it."),
    TooLarge: _lt("It claims to be larger than any snapshot is. Do not use it."),
    AlreadyApplied: _lt("It was restored here already, as the last one. There is nothing to do."),
    MissingLink: _lt(
        "It continues another snapshot than the one that was restored last. Add the full snapshot and all incremental "
        "ones up to it, and restore them together."
    ),
    SchemaDiffers: _lt(
        "It has fields that this database has not, or of another type. Install the missing apps here, or tick “Leave "
        "out fields that are not here”."
    ),
}


def snapshot_sentence(env, error: SnapshotError, name: str) -> str:
    """:param name: of the file"""
    kind = next(kind for kind in type(error).__mro__ if kind in SNAPSHOT_TEXTS)
    parts = [env._("“%s” cannot be restored.", name) if name else "", env._(SNAPSHOT_TEXTS[kind])]
    return "\n".join(part for part in [*parts, env._("Details: %s", error.detail)] if part)
