# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The evidence as one ZIP file."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from odoo.addons.sync_hub.files import safe_name, unique_name

from .facts import Contents, Entry, Facts
from .page import index_page

INDEX_NAME = "index.html"
MANIFEST_NAME = "manifest.json"
HASHES_NAME = "hashes.csv"
# Of the manifest's layout. Raised when it changes, for programs that read it.
_VERSION = 1
# The earliest that a ZIP can hold: when the pack was made is no fact of the evidence.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
# A regular file, rw-r--r--.
_RIGHTS = 0o100644 << 16


def evidence_pack(facts: Facts, texts: Mapping[str, str] | None = None) -> bytes:
    """A ZIP with all of it.

    ``document/``, ``messages/`` and ``receipts/`` hold each file byte for byte as given; ``manifest.json`` has
    everything that is known, with size and SHA-256 of each of them; ``hashes.csv`` has path, size and SHA-256 of every
    file but itself; ``index.html`` is for people. Messages and receipts are in the order of their instants, those
    without one last. The same facts and texts give the same bytes, in whatever order they are given.

    :param texts: of the page, in the reader's language, instead of those of :data:`.page.TEXTS`
    :raises ValueError: when an instant has no time zone
    """
    contents = _placed(facts)
    page = Entry(INDEX_NAME, index_page(contents, texts or {}))
    manifest = Entry(MANIFEST_NAME, _manifest(contents))
    listed = (page, manifest, *contents.entries)
    return _zipped((*listed, Entry(HASHES_NAME, _table(listed))))


def _placed(facts: Facts) -> Contents:
    taken: set[str] = set()

    def entry(folder: str, name: str, content: bytes) -> Entry:
        return Entry(unique_name(f"{folder}/{name}", taken), content)

    files = sorted(facts.files, key=lambda one: (one.name, one.mimetype, one.content))
    messages = sorted(
        facts.messages, key=lambda one: (_order(one.sent_at), one.recipient, one.message_id, one.reply, one.content)
    )
    receipts = sorted(facts.receipts, key=lambda one: (_order(one.at), one.kind, one.message_id, one.content))
    return Contents(
        facts.document,
        tuple((entry("document", safe_name(one.name), one.content), one) for one in files),
        tuple(
            (entry("messages", safe_name(f"{number:02d} {one.recipient}") + ".eml", one.content), one)
            for number, one in enumerate(messages, start=1)
        ),
        tuple(
            (entry("receipts", safe_name(f"{number:02d} {one.kind}") + ".eml", one.content), one)
            for number, one in enumerate(receipts, start=1)
        ),
    )


def _order(at: datetime | None) -> tuple[bool, str]:
    return at is None, _iso(at) or ""


def _iso(at: datetime | None) -> str | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _manifest(contents: Contents) -> bytes:
    def figures(entry: Entry) -> dict[str, str | int]:
        return {"path": entry.path, "size": entry.size, "sha256": entry.sha256}

    manifest = {
        "version": _VERSION,
        "document": contents.document,
        "files": [{**figures(entry), "name": one.name, "mimetype": one.mimetype} for entry, one in contents.files],
        "messages": [
            {
                **figures(entry),
                "message_id": one.message_id,
                "recipient": one.recipient,
                "sent_at": _iso(one.sent_at),
                "reply": one.reply,
            }
            for entry, one in contents.messages
        ],
        "receipts": [
            {**figures(entry), "kind": one.kind, "at": _iso(one.at), "message_id": one.message_id}
            for entry, one in contents.receipts
        ],
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def _table(entries: Iterable[Entry]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("path", "size", "sha256"))
    writer.writerows((entry.path, entry.size, entry.sha256) for entry in entries)
    return stream.getvalue().encode()


def _zipped(entries: Iterable[Entry]) -> bytes:
    """Not compressed: the bytes that compression gives depend on the library that did it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            member = zipfile.ZipInfo(entry.path, _NO_TIME)
            member.create_system, member.external_attr = _UNIX, _RIGHTS
            archive.writestr(member, entry.content)
    return stream.getvalue()
