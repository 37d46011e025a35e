# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a snapshot cannot be used. The models make sentences for the user of the class and its attributes."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .manifest import Link
    from .schema import SchemaDifference


class SnapshotError(Exception):
    """A snapshot that cannot be used; ``detail`` says where and why, in English, for support."""

    def __init__(self, detail: str):
        super().__init__(detail)
        self.detail = detail


class UnknownFormat(SnapshotError):
    """No snapshot, or one of a version that came after this one."""


class PassphraseNeeded(SnapshotError):
    """The file is encrypted, and no passphrase was given."""


class NotEncrypted(SnapshotError):
    """A passphrase was given, and the file is not encrypted.

    Not read all the same: who puts another file in the place of an encrypted one does not know the passphrase.
    """


class WrongPassphrase(SnapshotError):
    """The passphrase does not open the file (or its first 75 bytes were changed on purpose)."""


class Truncated(SnapshotError):
    """The end is missing: the file was not written, copied or uploaded to its end."""


class Damaged(SnapshotError):
    """The file is not as it was written: its own checksums do not fit, or it cannot be read."""


class Tampered(SnapshotError):
    """The file can be read, and is not the one that was written: contents, order, names or numbers differ."""


class TooLarge(SnapshotError):
    """The file would need more room than is granted: see :class:`~.limits.Limits`."""


class AlreadyApplied(SnapshotError):
    """This very snapshot is the one that was applied last."""


class MissingLink(SnapshotError):
    """An incremental snapshot does not continue what was applied last.

    :param continues: the snapshot that it continues
    :param applied: the one that was applied last; None when none was
    """

    def __init__(self, detail: str, *, continues: "Link", applied: "Link | None"):
        super().__init__(detail)
        self.continues = continues
        self.applied = applied


class SchemaDiffers(SnapshotError):
    """A model had other fields when the snapshot was made than it has here; ``difference`` lists them."""

    def __init__(self, model: str, difference: "SchemaDifference"):
        super().__init__(f"{model}: {difference}")
        self.model = model
        self.difference = difference
