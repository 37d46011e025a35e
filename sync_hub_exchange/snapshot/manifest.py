# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a snapshot says about itself: ``manifest.json``."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

from .errors import Tampered, UnknownFormat
from .schema import schema_hash

NAME = "manifest.json"
FORMAT = "sync-hub-snapshot"
VERSION = 1

_MODEL = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*", re.ASCII)
_FIELD = re.compile(r"[a-zA-Z_]\w{0,62}", re.ASCII)
_TYPE = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)
_UUID = re.compile(r"[0-9a-zA-Z-]{1,64}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CURSOR = re.compile(r"[ -~]{0,200}")


class Kind(StrEnum):
    """All of the chosen data, or what changed since the snapshot before."""

    FULL = "full"
    INCREMENTAL = "incremental"


@dataclass(frozen=True, slots=True)
class Link:
    """A snapshot as the next one names it: its uuid and the SHA-256 of its manifest."""

    snapshot: str
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """One file of lines: how many, their bytes (uncompressed, with line ends) and their SHA-256."""

    lines: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelData:
    """What the snapshot holds of a model.

    :param count: records
    :param gone: records that were deleted since the snapshot before
    :param schema: type of each field
    :param cursor: where the next snapshot goes on; opaque here
    """

    model: str
    count: int
    gone: int
    schema: Mapping[str, str]
    cursor: str
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def bytes(self) -> int:
        """Size of all lines, uncompressed."""
        return sum(part.bytes for part in self.parts)

    @property
    def sha256(self) -> str:
        """SHA-256 (hexadecimal) over those of the parts, one per line: parts are proven one by one."""
        return sha256("".join(f"{part.sha256}\n" for part in self.parts).encode()).hexdigest()

    @property
    def schema_sha256(self) -> str:
        """See :func:`~.schema.schema_hash`."""
        return schema_hash(self.schema)

    def part_names(self) -> list[str]:
        """Names of the parts in the ZIP file.

        >>> ModelData("res.partner", 0, 0, {}, "", (Part(1, 9, ""), Part(1, 9, ""))).part_names()
        ['data/res.partner/00001.ndjson.gz', 'data/res.partner/00002.ndjson.gz']
        """
        return [part_name(self.model, number) for number in range(1, len(self.parts) + 1)]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot says about itself.

    :param database: uuid of the database of which it is a copy
    :param snapshot: uuid of the snapshot
    :param previous: the snapshot that it continues; None for a full one
    :param created_at: aware instant
    :param models: in the order in which they can be restored
    """

    database: str
    snapshot: str
    previous: Link | None
    created_at: datetime
    models: tuple[ModelData, ...]

    @property
    def kind(self) -> Kind:
        """Full, unless it continues another one."""
        return Kind.INCREMENTAL if self.previous else Kind.FULL

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hexadecimal) of ``manifest.json``; kept elsewhere, it proves a file to be the one that was made."""
        return sha256(self.to_bytes()).hexdigest()

    @property
    def link(self) -> Link:
        """This snapshot, as the next one names it."""
        return Link(self.snapshot, self.fingerprint)

    def of(self, model: str) -> ModelData | None:
        """What there is of a model, or None."""
        return next((data for data in self.models if data.model == model), None)

    def to_bytes(self) -> bytes:
        """``manifest.json``. There is one way only to write a manifest: its hash is that of its contents."""
        told = {
            "format": FORMAT,
            "version": VERSION,
            "kind": self.kind,
            "database": self.database,
            "snapshot": self.snapshot,
            "previous": self.previous
            and {"snapshot": self.previous.snapshot, "manifest_sha256": self.previous.manifest_sha256},
            "created_at": self.created_at.astimezone(UTC).isoformat(timespec="seconds"),
            "models": [_told(data) for data in self.models],
        }
        return (json.dumps(told, indent=1, ensure_ascii=True) + "\n").encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Read ``manifest.json``.

        Raises :class:`UnknownFormat` for what is no manifest or one of a later version, and :class:`Tampered` for one
        that this version would not have written so.
        """
        try:
            told = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise UnknownFormat("manifest.json is not JSON") from error
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise UnknownFormat("manifest.json is that of another kind of file")
        if told.get("version") != VERSION:
            raise UnknownFormat(f"version {str(told.get('version'))[:20]} of the format is not known here")
        try:
            manifest = cls(
                database=_text(told["database"], _UUID),
                snapshot=_text(told["snapshot"], _UUID),
                previous=_link(told["previous"]),
                created_at=datetime.fromisoformat(told["created_at"]),
                models=tuple(_model_data(data) for data in told["models"]),
            )
            manifest._check()
            # Nothing twice, nothing besides, nothing that contradicts itself: sums and hashes are computed anew.
            if manifest.to_bytes() != raw:
                raise ValueError("written otherwise than this version does")
        except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
            raise Tampered(f"manifest.json: {str(error)[:200]}") from error
        return manifest

    def _check(self) -> None:
        if self.created_at.tzinfo is None:
            raise ValueError("an instant without a time zone")
        names = [data.model for data in self.models]
        if len(set(names)) != len(names):
            raise ValueError("a model that comes twice")
        for data in self.models:
            if sum(part.lines for part in data.parts) != data.count + data.gone:
                raise ValueError(f"{data.model}: parts that do not add up")
            if data.gone and self.kind is Kind.FULL:
                raise ValueError(f"{data.model}: deletions in a full snapshot")


def part_name(model: str, number: int) -> str:
    """Name of a part (from 1) in the ZIP file."""
    return f"data/{model}/{number:05d}.ndjson.gz"


def check_names(model: str, schema: Mapping[str, str], cursor: str) -> None:
    """Raise ``ValueError`` for what cannot stand in a manifest."""
    _text(model, _MODEL)
    _text(cursor, _CURSOR)
    _schema(schema)


def check_uuid(uuid: str) -> None:
    """Raise ``ValueError`` for what cannot stand in a manifest as an identity."""
    _text(uuid, _UUID)


def _told(data: ModelData) -> dict[str, Any]:
    return {
        "model": data.model,
        "count": data.count,
        "gone": data.gone,
        "bytes": data.bytes,
        "sha256": data.sha256,
        "schema": dict(sorted(data.schema.items())),
        "schema_sha256": data.schema_sha256,
        "cursor": data.cursor,
        "parts": [{"lines": part.lines, "bytes": part.bytes, "sha256": part.sha256} for part in data.parts],
    }


def _model_data(told: dict[str, Any]) -> ModelData:
    return ModelData(
        model=_text(told["model"], _MODEL),
        count=_count(told["count"]),
        gone=_count(told["gone"]),
        schema=_schema(told["schema"]),
        cursor=_text(told["cursor"], _CURSOR),
        parts=tuple(
            Part(_count(part["lines"]), _count(part["bytes"]), _text(part["sha256"], _SHA256)) for part in told["parts"]
        ),
    )


def _link(told: Any) -> Link | None:
    if told is None:
        return None
    return Link(_text(told["snapshot"], _UUID), _text(told["manifest_sha256"], _SHA256))


def _schema(told: Mapping[str, str]) -> dict[str, str]:
    return {_text(name, _FIELD): _text(kind, _TYPE) for name, kind in told.items()}


def _text(value: Any, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError(f"not what it should be: {str(value)[:60]!r}")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"no number: {str(value)[:60]!r}")
    return value
