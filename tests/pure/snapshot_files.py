# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Snapshots for tests: written in memory, with a passphrase that costs little."""

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from odoo.addons.sync_hub_exchange.snapshot import Link, Manifest, SnapshotWriter

DATABASE = "0b9d3f86-6d1c-4c1c-9a53-0c2f9ad0f1aa"
AT = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
PARTNERS = {"name": "char", "active": "boolean"}
PRODUCTS = {"name": "char", "list_price": "float"}
# The lowest that readers accept.
CHEAP = 14


def partner(number: int) -> dict[str, Any]:
    return {"ids": [f"acme.p{number}"], "values": {"name": f"Città\n№ {number}", "active": True}, "at": "2026-05-04"}


def written(
    partners: Iterable[dict] = (),
    products: Iterable[dict] = (),
    *,
    gone: Iterable[list[str]] = (),
    previous: Link | None = None,
    **known: Any,
) -> tuple[io.BytesIO, Manifest]:
    """A snapshot with these rows, and its manifest."""
    file = io.BytesIO()
    known = {"database": DATABASE, "created_at": AT, "log_n": CHEAP, **known}
    with SnapshotWriter(file, previous=previous, **known) as writer:
        writer.begin("res.partner", PARTNERS, cursor="17:4")
        for record in partners:
            writer.add(record)
        for ids in gone:
            writer.gone(ids)
        writer.begin("product.template", PRODUCTS)
        for record in products:
            writer.add(record)
        manifest = writer.finish()
    return file, manifest


def rebuilt(file: io.BytesIO, change: Callable[[dict[str, bytes]], None], **how: Any) -> io.BytesIO:
    """A sound ZIP file of the same members after ``change``: what somebody makes who has the tools."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", **how) as archive:
        for name, contents in members.items():
            archive.writestr(name, contents)
    return result


def with_manifest(file: io.BytesIO, change: Callable[[dict], None]) -> io.BytesIO:
    """The same with another manifest."""

    def rewrite(members: dict[str, bytes]) -> None:
        told = json.loads(members["manifest.json"])
        change(told)
        members["manifest.json"] = (json.dumps(told, indent=1) + "\n").encode()

    return rebuilt(file, rewrite)


def gzipped(raw: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    return deflate.compress(raw) + deflate.flush()
