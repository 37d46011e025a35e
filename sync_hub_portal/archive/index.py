# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The table of all files of an archive."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.sync_hub.files import harmless

from .contents import ArchivedDocument

INDEX_NAME = "index.csv"
COLUMNS = (
    "kind",
    "number",
    "date",
    "partner",
    "vat",
    "currency",
    "untaxed",
    "tax",
    "total",
    "file",
    "role",
    "size",
    "sha256",
)
TEXTS = {
    "kind": "Kind",
    "number": "Number",
    "date": "Date",
    "partner": "Partner",
    "vat": "Tax ID",
    "currency": "Currency",
    "untaxed": "Untaxed",
    "tax": "Tax",
    "total": "Total",
    "file": "File",
    "role": "Contents",
    "size": "Size (bytes)",
    "sha256": "SHA-256",
    "kind:out_invoice": "Customer invoices",
    "kind:out_refund": "Customer credit notes",
    "kind:out_receipt": "Sales receipts",
    "kind:in_invoice": "Vendor bills",
    "kind:in_refund": "Vendor credit notes",
    "kind:in_receipt": "Purchase receipts",
    "role:pdf": "PDF",
    "role:xml": "XML",
    "role:receipt": "Receipt",
    "role:other": "Other",
    "missing": "missing",
    "no_file": "no file",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """In whose words, and with whose decimal mark, the table is written.

    ``texts``: instead of those of :data:`TEXTS`, by the same keys. ``decimal_mark``: a sheet takes amounts for numbers
    only when it is the reader's.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    decimal_mark: str = "."

    def text(self, key: str, otherwise: str = "") -> str:
        return self.texts.get(key) or TEXTS.get(key) or otherwise

    def amount(self, amount: Decimal) -> str:
        """
        >>> Wording(decimal_mark=",").amount(Decimal("-1220.50"))
        '-1220,50'
        """
        return f"{amount:f}".replace(".", self.decimal_mark)


@dataclass(frozen=True, slots=True)
class Row:
    """A file of a document in the archive, or what there is to say where no file is.

    ``path``: from the top of the archive, with slashes. ``role``: a key of :data:`TEXTS`.
    """

    document: ArchivedDocument
    path: str
    role: str
    size: int | None = None
    sha256: str = ""


def index(rows: Iterable[Row], wording: Wording) -> bytes:
    """The table, one line for each file.

    Like the list of documents in mails: with a byte order mark and semicolons it is a table for Excel with Italian,
    Polish or Portuguese settings by a double click, and programs that read RFC 4180 can be told of both.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([wording.text(column) for column in COLUMNS])
    writer.writerows([harmless(cell) for cell in _cells(row, wording)] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _cells(row: Row, wording: Wording) -> tuple[str, ...]:
    document = row.document
    return (
        wording.text(f"kind:{document.kind}", document.kind),
        document.number,
        document.date.isoformat(),
        document.partner,
        document.vat,
        document.currency,
        wording.amount(document.untaxed),
        wording.amount(document.tax),
        wording.amount(document.total),
        row.path,
        wording.text(row.role),
        "" if row.size is None else str(row.size),
        row.sha256,
    )
