# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Copies of the chosen data in a file: whole, or what changed since the last one; encrypted on request. Pure Python.

A snapshot is a ZIP file. ``manifest.json`` says what it is; ``data/<model>/<number>.ndjson.gz`` are the parts of a
model, one JSON object per line: a record ``{"ids": [...], "values": {...}, ...}`` or a deleted one
``{"gone": true, "ids": [...]}``, where ``ids`` are all external ids of that one record. Nothing is held in memory but
one part. With a passphrase the whole ZIP file is encrypted: see ``encryption``.

>>> import io
>>> file = io.BytesIO()
>>> with SnapshotWriter(file, database="a1b2") as writer:
...     writer.begin("res.partner", {"name": "char"}, cursor="17:4")
...     writer.add({"ids": ["acme.p1"], "values": {"name": "Rossi"}})
...     manifest = writer.finish()
>>> snapshot = verify(file)
>>> [row["values"] for row in snapshot.rows("res.partner")]
[{'name': 'Rossi'}]
>>> chain = Chain().after(snapshot.manifest)

What protects what:

- Every line counts into a SHA-256 of its part, these into one of their model, the manifest names them all, and the
  next snapshot names the SHA-256 of the manifest. So damage is found, and a chain cannot lose or exchange a link.
- Who may write to the file can compute all of these anew. Against that helps a passphrase (no byte can then be changed
  without it), or the fingerprint of the manifest, kept elsewhere: ``verify(file, fingerprint=...)``.
- Rows are given out by :class:`Snapshot` only, and only :func:`verify` makes one, after it has read the whole file; or
  :func:`reopen`, once :func:`prove` has read it in pieces. Each part is compared again when its rows are read, before
  the first of them is given out: the file may have changed.

The rooms: ``writer``, ``parts`` (which may be packed long before the file is written), ``reader``, ``manifest``,
``chain``, ``schema`` (what fields a model had), ``encryption``, ``zip_end`` and ``limits`` (files made to hurt),
``errors``.
"""

from .chain import Chain
from .errors import (
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
from .limits import Limits
from .manifest import Kind, Link, Manifest, ModelData, Part
from .parts import PartLines, gone_line, line_of, only, pack_numbers, unpack_numbers
from .reader import Place, Proof, Snapshot, is_gone, prove, read_manifest, reopen, verify
from .schema import SchemaDifference, check_schema, schema_difference, schema_hash
from .writer import SnapshotWriter

__all__ = [
    "AlreadyApplied",
    "Chain",
    "Damaged",
    "Kind",
    "Limits",
    "Link",
    "Manifest",
    "MissingLink",
    "ModelData",
    "NotEncrypted",
    "Part",
    "PartLines",
    "PassphraseNeeded",
    "Place",
    "Proof",
    "SchemaDifference",
    "SchemaDiffers",
    "Snapshot",
    "SnapshotError",
    "SnapshotWriter",
    "Tampered",
    "TooLarge",
    "Truncated",
    "UnknownFormat",
    "WrongPassphrase",
    "check_schema",
    "gone_line",
    "is_gone",
    "line_of",
    "only",
    "pack_numbers",
    "prove",
    "read_manifest",
    "reopen",
    "schema_difference",
    "schema_hash",
    "unpack_numbers",
    "verify",
]
