# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The proof that a document was sent and delivered, as one file to keep or to hand over. Pure Python.

:func:`evidence_pack` puts the document's files, the messages as they were sent and the receipts as they were signed
into a ZIP, with the hash of each and a page that explains them. The same facts always give the same
bytes.
"""

from .facts import DocumentFile, Facts, Receipt, SentMessage
from .pack import HASHES_NAME, INDEX_NAME, MANIFEST_NAME, evidence_pack
from .page import TEXTS

__all__ = [
    "HASHES_NAME",
    "INDEX_NAME",
    "MANIFEST_NAME",
    "TEXTS",
    "DocumentFile",
    "Facts",
    "Receipt",
    "SentMessage",
    "evidence_pack",
]
