# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from collections.abc import Iterable

from odoo import fields, models

from ..snapshot import Part, PartLines, gone_line, line_of, only, pack_numbers, unpack_numbers
from ..snapshot.encryption import DecryptedInput, EncryptedOutput
from ..snapshot.limits import PART_BYTES

# One record may be large: where a part has to end in the middle of a page, so that whoever reads it is not overloaded.
_MOST_BYTES = 4 * PART_BYTES
# The key of parts is random: to make it dear to guess protects nothing.
_CHEAP = 14


class SyncExchangeSnapshotPart(models.Model):
    """A finished piece of a snapshot that is not finished: what one slice of the work has written.

    Its file goes once the snapshot is there; which records it had stays, so that the next snapshot knows what is gone.
    """

    _name = "sync.exchange.snapshot.part"
    _description = "Part of a Snapshot"
    _order = "id"
    _rec_name = "model"

    snapshot_id = fields.Many2one("sync.exchange.snapshot", required=True, ondelete="cascade", index=True)
    model = fields.Char(required=True)
    copied = fields.Boolean(help="Of the copy of all records; otherwise of what has changed since.")
    first_id = fields.Integer(required=True)
    last_id = fields.Integer(required=True)
    # Of each line, in their order, the number of its record; with a minus of one that is gone. Packed.
    numbers = fields.Binary(required=True, attachment=False)
    lines = fields.Integer()
    gone = fields.Integer()
    bytes = fields.Integer()
    sha256 = fields.Char()
    settled = fields.Boolean(help="What a later part has replaced was taken out.")
    attachment_id = fields.Many2one("ir.attachment", ondelete="set null")

    def _numbers(self) -> list[int]:
        return unpack_numbers(base64.b64decode(self.numbers))

    def _told(self) -> Part:
        """What the manifest says of it."""
        return Part(self.lines, self.bytes, self.sha256)

    def _packed(self) -> bytes:
        """Its lines, compressed."""
        key = self.snapshot_id._part_key()
        with self.attachment_id._opened() as file:
            return DecryptedInput(file, key).read() if key else file.read()

    def _keep(self, packed: bytes, part: Part) -> None:
        """Keep its lines as a file, which nobody can read whose snapshot is going to be encrypted."""
        attachments = self.env["ir.attachment"]
        key = self.snapshot_id._part_key()
        replaced = self.attachment_id
        with attachments._large_file() as file:
            if key:
                sealed = EncryptedOutput(file, key, log_n=_CHEAP)
                sealed.write(packed)
                sealed.finish()
            else:
                file.write(packed)
            kept = attachments._keep_large_file(file, f"{self.model}-{self.id}")
        self.write({"attachment_id": kept.id, "lines": part.lines, "bytes": part.bytes, "sha256": part.sha256})
        replaced.unlink()

    def _kept_lines(self, seen: set[int], held: set[int]) -> list[bool]:
        """Which of its lines count in the end: each record counts as it was written last.

        :param seen: records of later parts; those of this one are added if it tells of changes
        :param held: records that were there before and are gone: these are told, others need not be
        """
        keep = []
        for number in reversed(self._numbers()):
            keep.append(abs(number) not in seen and (number > 0 or -number in held))
            if not self.copied:
                seen.add(abs(number))
        return keep[::-1]

    def _leave_out(self, keep: list[bool]) -> None:
        """Write it anew without some of its lines."""
        numbers = self._numbers()
        if any(keep):
            self._keep(*only(self._packed(), keep))
        else:
            self._drop_file()
            self.lines = 0
        gone = sum(stays and number < 0 for stays, number in zip(keep, numbers, strict=True))
        self.write({"gone": gone, "settled": True})

    def _drop_file(self) -> None:
        attachments = self.attachment_id
        self.attachment_id = False
        attachments.unlink()


class PartBuffer:
    """Lines of one kind of data that become parts as they come.

    :param copied: see ``sync.exchange.snapshot.part``
    """

    def __init__(self, snapshot, model: str, *, copied: bool):
        # Parts are closed to everybody: whoever may write the snapshot may write its parts.
        self._parts = snapshot.env["sync.exchange.snapshot.part"].sudo()
        self._values = {"snapshot_id": snapshot.id, "model": model, "copied": copied}
        self.count = 0
        self._begin()

    def _begin(self) -> None:
        self._lines = PartLines()
        self._numbers: list[int] = []

    @property
    def is_full(self) -> bool:
        """Whether it is time to end this part."""
        return self._lines.bytes >= PART_BYTES

    def add(self, res_id: int, record: dict) -> None:
        """:param record: as it travels"""
        self._add(res_id, line_of(record))

    def gone(self, res_id: int, names: Iterable[str]) -> None:
        """:param names: all its external ids"""
        self._add(-res_id, gone_line(names))

    def _add(self, number: int, line: bytes) -> None:
        if self._lines.lines and self._lines.bytes + len(line) > _MOST_BYTES:
            self.end()
        self._lines.add(line)
        self._numbers.append(number)
        self.count += 1

    def end(self) -> None:
        """Keep what is there as a part, if there is anything; another one begins."""
        if not self._numbers:
            return
        records = [abs(number) for number in self._numbers]
        part = self._parts.create(
            {
                **self._values,
                "first_id": min(records),
                "last_id": max(records),
                "numbers": base64.b64encode(pack_numbers(self._numbers)),
                "gone": sum(number < 0 for number in self._numbers),
            }
        )
        part._keep(*self._lines.packed())
        self._begin()
