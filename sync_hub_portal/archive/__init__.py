# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Documents of a period as one ZIP that is made while it is downloaded: PDF, XML and receipts of each, and a table of
all with the SHA-256 of every file. Pure Python.

:class:`Archive` holds one file in memory at a time, whatever the size of the whole. The same documents always give the
same bytes.
"""

from .contents import ArchivedDocument, ArchivedFile, FileRole
from .index import INDEX_NAME, TEXTS, Wording
from .stream import Archive, archive_name

__all__ = [
    "INDEX_NAME",
    "TEXTS",
    "Archive",
    "ArchivedDocument",
    "ArchivedFile",
    "FileRole",
    "Wording",
    "archive_name",
]
