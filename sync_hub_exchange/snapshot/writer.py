# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, Self

from .encryption import LOG_N, EncryptedOutput
from .limits import LONGEST_LINE, PART_BYTES
from .manifest import NAME, Link, Manifest, ModelData, Part, check_names, check_uuid, part_name
from .parts import PartLines, gone_line, line_of


class _OpenModel:
    """The model that is being written."""

    def __init__(self, model: str, schema: Mapping[str, str], cursor: str):
        self.model, self.schema, self.cursor = model, dict(schema), cursor
        self.count = self.gone = 0
        self.parts: list[Part] = []
        self.lines = PartLines()

    def data(self) -> ModelData:
        return ModelData(self.model, self.count, self.gone, self.schema, self.cursor, tuple(self.parts))


class _Output:
    """What the ZIP library writes to: it never seeks in it, and after a failure nothing more arrives."""

    def __init__(self, file: BinaryIO | EncryptedOutput):
        self._file = file
        self.open = True

    def write(self, data: bytes) -> int:  # pylint: disable=method-required-super
        if self.open:
            self._file.write(data)
        return len(data)

    def flush(self) -> None:
        """The file is flushed by whoever opened it."""


class SnapshotWriter:
    """Writes a snapshot, model by model, in one pass.

    :param file: a buffered binary file; it only needs to be written to (a pipe will do), and stays open
    :param database: uuid of the database of which it is a copy
    :param previous: the snapshot that this one continues: ``manifest.link``; None for a full one
    :param passphrase: encrypts the file; None: it is readable for everybody
    :param snapshot: uuid of the snapshot; a new one when None
    :param created_at: aware instant; now when None
    :param part_bytes: uncompressed bytes at which a new part begins
    :param log_n: cost of finding the passphrase; see :data:`~.encryption.LOG_N`

    Used as a context manager: what is left with an exception, or without :meth:`finish`, is no snapshot, and readers
    refuse it as truncated.
    """

    def __init__(
        self,
        file: BinaryIO,
        *,
        database: str,
        previous: Link | None = None,
        passphrase: str | None = None,
        snapshot: str | None = None,
        created_at: datetime | None = None,
        part_bytes: int = PART_BYTES,
        log_n: int = LOG_N,
    ):
        self._database = database
        self._previous = previous
        self._snapshot = snapshot or str(uuid.uuid4())
        self._created_at = created_at or datetime.now(UTC)
        for identity in (self._database, self._snapshot):
            check_uuid(identity)
        if self._created_at.tzinfo is None:
            raise ValueError("The instant of a snapshot needs a time zone.")
        if not 0 < part_bytes <= LONGEST_LINE:
            raise ValueError(f"A part has at most {LONGEST_LINE} bytes.")
        self._part_bytes = part_bytes
        self._models: list[ModelData] = []
        self._open: _OpenModel | None = None
        self._encrypted = None if passphrase is None else EncryptedOutput(file, passphrase, log_n)
        self._output = _Output(self._encrypted or file)
        self._zip = zipfile.ZipFile(self._output, "w", zipfile.ZIP_STORED, allowZip64=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._output.open = False
        self._zip.close()

    def begin(self, model: str, schema: Mapping[str, str], *, cursor: str = "") -> None:
        """What comes now are records of this model; those of the model before are complete.

        :param schema: type of each field that the records may have
        :param cursor: where the next snapshot goes on: at most 200 printable ASCII characters
        :raises ValueError: for a model that was written already, or names that are none
        """
        check_names(model, schema, cursor)
        if any(data.model == model for data in self._models) or (self._open and self._open.model == model):
            raise ValueError(f"{model} was written already.")
        self._end_model()
        self._open = _OpenModel(model, schema, cursor)

    def add(self, record: Mapping[str, Any]) -> None:
        """Add a record: JSON values, and its external ids under ``"ids"``.

        :raises ValueError: see :func:`~.parts.line_of`; nothing of it was written, and the next record can be
        :raises TypeError: for values that are none of JSON's (dates, Decimal)
        """
        self._put(line_of(record))
        self._open.count += 1

    def gone(self, ids: Iterable[str]) -> None:
        """Note a record that was deleted since the snapshot before: all its external ids.

        :raises ValueError: for no ids, or in a full snapshot, which has nothing to delete from
        """
        self._check_gone(1)
        self._put(gone_line(ids))
        self._open.gone += 1

    def add_part(self, packed: bytes, part: Part, gone: int = 0) -> None:
        """Add a part that was packed before, as it is.

        :param gone: how many of its lines are deletions
        :raises ValueError: for deletions in a full snapshot
        """
        self._check_gone(gone)
        if not self._open:
            raise ValueError("No model was begun.")
        if self._open.lines.lines:
            self._end_part()
        self._open.count += part.lines - gone
        self._open.gone += gone
        self._keep_part(packed, part)

    def _check_gone(self, gone: int) -> None:
        if gone and self._previous is None:
            raise ValueError("A full snapshot has no deletions.")

    def finish(self) -> Manifest:
        """Complete the file and return its manifest."""
        self._end_model()
        manifest = Manifest(
            self._database, self._snapshot, self._previous, self._created_at.replace(microsecond=0), tuple(self._models)
        )
        self._add(NAME, manifest.to_bytes())
        self._zip.close()
        if self._encrypted:
            self._encrypted.finish()
        self._output.open = False
        return manifest

    def _put(self, line: bytes) -> None:
        if not self._open:
            raise ValueError("No model was begun.")
        model = self._open
        if model.lines.lines and model.lines.bytes + len(line) > self._part_bytes:
            self._end_part()
        model.lines.add(line)

    def _end_part(self) -> None:
        self._keep_part(*self._open.lines.packed())
        self._open.lines = PartLines()

    def _keep_part(self, packed: bytes, part: Part) -> None:
        model = self._open
        model.parts.append(part)
        self._add(part_name(model.model, len(model.parts)), packed)

    def _end_model(self) -> None:
        if not self._open:
            return
        if self._open.lines.lines:
            self._end_part()
        self._models.append(self._open.data())
        self._open = None

    def _add(self, name: str, contents: bytes) -> None:
        member = zipfile.ZipInfo(name, self._created_at.astimezone(UTC).timetuple()[:6])
        # Readable for its owner when somebody unpacks it by hand.
        member.external_attr = 0o600 << 16
        self._zip.writestr(member, contents)
