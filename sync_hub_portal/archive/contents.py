# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an archive is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class FileRole(StrEnum):
    """What a file is for its document. The values are stored: never rename one."""

    # The document for people.
    PDF = "pdf"
    # The document for machines: an e-invoice, signed or not.
    XML = "xml"
    # What certifies that it was sent, delivered or accepted.
    RECEIPT = "receipt"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file of a document. ``read``: gives its bytes when its turn comes; None when they are not there any more."""

    name: str
    role: FileRole
    read: Callable[[], bytes | None]


@dataclass(frozen=True, slots=True)
class ArchivedDocument:
    """An invoice, bill or credit note.

    ``key``: by which the caller knows it. ``kind``: a code such as ``out_invoice``; a :class:`.index.Wording` has its
    words. ``vat``: of the partner. Amounts are in ``currency`` (ISO 4217), negative for credit notes if the books say
    so.
    """

    key: str
    kind: str
    number: str
    date: date
    partner: str
    vat: str
    currency: str
    untaxed: Decimal
    tax: Decimal
    total: Decimal
    files: tuple[ArchivedFile, ...] = ()
