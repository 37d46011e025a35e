# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
import time
from datetime import datetime

from odoo import models

from ..snapshot import Manifest, SnapshotWriter
from .ir_attachment import LargeFile

_PART_KEY = "part_key"


class SyncExchangeSnapshot(models.Model):
    """How parts become a file: each record counts once, as it was written last; the bytes of the rest are copied."""

    _inherit = "sync.exchange.snapshot"

    def _phase_settle(self, until: float) -> bool:
        """Take out of the parts what later ones have replaced."""
        for kind in self.kind_ids:
            seen: set[int] = set()
            held = self._gone_since_before(kind.model)
            # From the last to the first: what is later counts.
            for part in reversed(self._parts(kind.model)):
                keep = part._kept_lines(seen, held)
                if all(keep) or part.settled:
                    continue
                part._leave_out(keep)
                self.env.cr.commit()
                if time.monotonic() >= until:
                    return False
        self._reach(phase="assemble")
        self.env.cr.commit()
        return True

    def _phase_assemble(self, until: float) -> bool:
        """Put the parts together in one pass: megabytes are copied, no record is read."""
        attachments = self.env["ir.attachment"].sudo()  # the file is nobody's until it is complete
        with attachments._large_file() as file:
            manifest = self._write_file(file)
            # Whoever has changed this record meanwhile need not make it all be done again.
            self.env.cr.commit()
            if self.exists() and self.state == "working":
                self._note_file(manifest, file)
                # Its identity is named once it has one.
                self.sudo().attachment_id = attachments._keep_large_file(file, self._file_name())
                self._drop_parts()
                self._reach(phase="end")
                self.env.cr.commit()
        return True

    def _write_file(self, file: LargeFile) -> Manifest:
        with SnapshotWriter(
            file,
            database=self.env["sync.exchange.peer"]._own_uuid(),
            previous=self.previous_id._link() if self.previous_id else None,
            passphrase=self._passphrase(),
            snapshot=self.snapshot_uuid,
            created_at=datetime.fromisoformat(self.checkpoint["closed_at"]),
        ) as writer:
            for kind in self._kinds_in_order():
                writer.begin(kind.model, kind._schema(), cursor="")
                for part in self._parts(kind.model):
                    if part.lines:
                        writer.add_part(part._packed(), part._told(), part.gone)
            return writer.finish()

    def _note_file(self, manifest: Manifest, file: LargeFile) -> None:
        for kind in self.kind_ids:
            data = manifest.of(kind.model)
            # What a file is is told by whoever has written it.
            kind.sudo().write(
                {
                    "record_count": data.count,
                    "gone_count": data.gone,
                    "sha256": data.sha256,
                    "schema_sha256": data.schema_sha256,
                    "cursor": self.checkpoint["cursors"][kind.model],
                }
            )
        self._tell(
            encrypted=self._passphrase() is not None,
            fingerprint=manifest.fingerprint,
            file_sha256=file.sha256.hexdigest(),
            file_size=file.size,
        )

    # -- Parts -------------------------------------------------------------------------------------------------------

    def _parts(self, model: str | None = None):
        """Its parts, in the order in which they were written."""
        # Parts are closed to everybody: whoever may write the snapshot may use its parts.
        parts = self.env["sync.exchange.snapshot.part"].sudo()
        domain = [("snapshot_id", "in", self.ids)]
        return parts.search([*domain, ("model", "=", model)] if model else domain, order="id")

    def _gone_since_before(self, model: str) -> set[int]:
        """Which records that are gone now were in the snapshots that this one continues."""
        numbers = [part._numbers() for part in self._parts(model) if not part.copied]
        return self._held_before(model, {-number for some in numbers for number in some if number < 0})

    def _held_before(self, model: str, ids: set[int]) -> set[int]:
        """Which of these records the snapshots hold that this one continues."""
        unknown, held = set(ids), set()
        earlier = self.previous_id
        while earlier and unknown:
            near = [("last_id", ">=", min(unknown)), ("first_id", "<=", max(unknown))]
            for part in reversed(earlier._parts(model).filtered_domain(near)):
                for number in reversed(part._numbers()):
                    if abs(number) in unknown:
                        unknown.discard(abs(number))
                        held.update([number] if number > 0 else [])
                if not unknown:
                    break
            earlier = earlier.previous_id
        return held

    def _make_part_key(self) -> None:
        """Parts of a file that is going to be encrypted lie about encrypted too."""
        self._keep_secret(_PART_KEY, secrets.token_urlsafe(32) if self._passphrase() else "")

    def _part_key(self) -> str:
        return self._secret(_PART_KEY)

    def _drop_parts(self) -> None:
        """Remove the files of parts, which are in the file now; which records they had stays."""
        for part in self._parts():
            part._drop_file()
        self._keep_secret(_PART_KEY, "")

    def _clear_away(self) -> None:
        """Override of ``sync.exchange.task``: parts without a snapshot, and what locks them."""
        for snapshot in self:
            parts = snapshot._parts()
            for part in parts:
                part._drop_file()
            parts.unlink()
            snapshot._keep_secret(_PART_KEY, "")
        return super()._clear_away()
