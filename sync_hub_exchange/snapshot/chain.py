# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable
from dataclasses import dataclass

from .errors import AlreadyApplied, MissingLink
from .manifest import Kind, Link, Manifest


@dataclass(frozen=True, slots=True)
class Chain:
    """What has been applied so far: a full snapshot and the incremental ones after it, each of which names the one
    before.

    :param database: uuid of the database of which they are copies; empty before the first one
    :param last: the snapshot that was applied last
    """

    database: str = ""
    last: Link | None = None

    def after(self, manifest: Manifest) -> "Chain":
        """The chain once this snapshot has been applied too. A full one begins a new chain.

        Raises :class:`MissingLink` for an incremental one that does not continue this chain, and
        :class:`AlreadyApplied` for the last one of it.
        """
        if self.last and manifest.snapshot == self.last.snapshot:
            raise AlreadyApplied(f"snapshot {manifest.snapshot} is the one that was applied last")
        if manifest.previous and (manifest.database, manifest.previous) != (self.database, self.last):
            raise MissingLink(
                f"snapshot {manifest.snapshot} continues {_named(manifest.previous)} of database {manifest.database}; "
                f"applied last was {_named(self.last)} of database {self.database or '(none)'}",
                continues=manifest.previous,
                applied=self.last,
            )
        return Chain(manifest.database, manifest.link)

    def ordered(self, manifests: Iterable[Manifest]) -> list[Manifest]:
        """The snapshots in the order in which they can be applied, a full one first.

        Raises :class:`MissingLink` or :class:`AlreadyApplied` as :meth:`after` does, and ``ValueError`` for more than
        one full snapshot.
        """
        waiting = sorted(manifests, key=lambda manifest: manifest.previous is not None)
        if sum(manifest.kind is Kind.FULL for manifest in waiting) > 1:
            raise ValueError("Only one full snapshot can be restored at a time.")
        chain, result = self, []
        while waiting:
            following = next((manifest for manifest in waiting if chain._continued_by(manifest)), waiting[0])
            chain = chain.after(following)
            waiting.remove(following)
            result.append(following)
        return result

    def _continued_by(self, manifest: Manifest) -> bool:
        return manifest.previous is None or (manifest.database, manifest.previous) == (self.database, self.last)


def _named(link: Link | None) -> str:
    return f"{link.snapshot} ({link.manifest_sha256[:12]})" if link else "none"
