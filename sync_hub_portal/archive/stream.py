# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The archive itself, piece by piece."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date

from odoo.addons.sync_hub.files import safe_name, unique_name

from .contents import ArchivedDocument
from .index import INDEX_NAME, Row, Wording, index

# The earliest that a ZIP can hold: when the archive was made is nothing about the documents.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
# A regular file, rw-r--r--.
_RIGHTS = 0o100644 << 16
# Bytes of a folder's name. With two folders and a file, Windows' limit of 260 characters leaves room for where it is
# unpacked.
_FOLDER = 48


class Archive:
    """Documents on their way into a ZIP: ``kind/number/file``, and ``index.csv`` at the end.

    A file that is not there any more is named in the table as missing and does not stop the others. Documents are in
    the order of their kind, date and number, however they are given.

    After :meth:`pieces` has come to its end, ``complete`` has the keys of all documents whose files are all in the
    archive, and ``missing`` the keys of the others.
    """

    def __init__(self, documents: Iterable[ArchivedDocument], wording: Wording | None = None):
        self._documents = sorted(documents, key=lambda one: (one.kind, one.date, one.number, one.key))
        self._wording = wording or Wording()
        self.complete: list[str] = []
        self.missing: list[str] = []

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the archive. Each piece is there before the next file is read."""
        window = _Window()
        taken = {INDEX_NAME}
        rows: list[Row] = []
        # Not compressed: PDF is already, and the bytes that compression gives depend on the library that did it.
        with zipfile.ZipFile(window, "w", zipfile.ZIP_STORED) as archive:
            for document in self._documents:
                folder = self._folder(document, taken)
                found = []
                for file in document.files:
                    content = file.read()
                    if content is None:
                        found.append(Row(document, file.name, "missing"))
                        continue
                    path = unique_name(f"{folder}/{safe_name(file.name)}", taken)
                    digest = hashlib.sha256(content).hexdigest()
                    found.append(Row(document, path, f"role:{file.role}", len(content), digest))
                    _add(archive, path, content)
                    yield window.take()
                whole = not any(row.role == "missing" for row in found)
                (self.complete if whole else self.missing).append(document.key)
                rows += found or [Row(document, "", "no_file")]
            _add(archive, INDEX_NAME, index(rows, self._wording))
        yield window.take()

    def _folder(self, document: ArchivedDocument, taken: set[str]) -> str:
        kind = safe_name(self._wording.text(f"kind:{document.kind}", document.kind), "documents", _FOLDER)
        number = safe_name(document.number, "document", _FOLDER)
        return unique_name(f"{kind}/{number}", taken)


def archive_name(company: str, first: date, last: date) -> str:
    """What the archive of a period is called.

    >>> archive_name("Rossi / Figli S.r.l.", date(2026, 1, 1), date(2026, 3, 31))
    'Rossi - Figli S.r.l. 2026-01-01 2026-03-31.zip'
    """
    return safe_name(f"{company[:60]} {first.isoformat()} {last.isoformat()}") + ".zip"


def _add(archive: zipfile.ZipFile, path: str, content: bytes) -> None:
    member = zipfile.ZipInfo(path, _NO_TIME)
    member.create_system, member.external_attr = _UNIX, _RIGHTS
    archive.writestr(member, content)


class _Window(io.BytesIO):
    """A file of which only the part that may still change is kept.

    ``zipfile`` goes back to a member's header when it knows its length. In a stream in which it cannot, it writes the
    length behind the content, which programs that read an archive from its beginning do not understand of content that
    is not compressed (APPNOTE.TXT 4.4.4, bit 3).
    """

    def __init__(self) -> None:
        super().__init__()
        self._taken = 0

    def tell(self) -> int:
        return self._taken + super().tell()

    def seek(self, place: int, whence: int = 0) -> int:
        if whence or place < self._taken:
            raise OSError("Only what was not taken yet can be changed.")
        return self._taken + super().seek(place - self._taken)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = self.getvalue()
        self.seek(self._taken)
        self.truncate(0)
        self._taken += len(taken)
        return taken
