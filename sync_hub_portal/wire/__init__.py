# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What travels from the books of a company to its accountant's site: companies, documents, files, and how far a pass
over the documents has come. Pure Python.

Everything has ``to_wire()`` for the one side and ``from_wire(value)`` for the other, which believes nothing: what is
not as described is a :class:`WireError` that names it.
"""

from .company import CompanyEntry
from .cursor import Cursor
from .document import KINDS, DocumentEntry, Page
from .file import FileEntry, role_of
from .reading import WireError

__all__ = [
    "KINDS",
    "CompanyEntry",
    "Cursor",
    "DocumentEntry",
    "FileEntry",
    "Page",
    "WireError",
    "role_of",
]
