# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .cursor import Cursor
from .reading import Reader, WireError

# Odoo's own codes of invoices, credit notes and receipts, sold and bought.
KINDS = ("out_invoice", "out_refund", "out_receipt", "in_invoice", "in_refund", "in_receipt")


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A posted document.

    ``key``: by which its books know it. ``reference``: the partner's own number of a bill. ``vat``: of the partner.
    ``currency``: ISO 4217. Amounts have the sign that the document shows. ``token``: another one as soon as anything in
    it, or any of its files, is.
    """

    key: str
    kind: str
    number: str
    reference: str
    date: date
    partner: str
    vat: str
    currency: str
    untaxed: Decimal
    tax: Decimal
    total: Decimal
    token: str

    def to_wire(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind,
            "number": self.number,
            "reference": self.reference,
            "date": self.date.isoformat(),
            "partner": self.partner,
            "vat": self.vat,
            "currency": self.currency,
            "untaxed": f"{self.untaxed:f}",
            "tax": f"{self.tax:f}",
            "total": f"{self.total:f}",
            "token": self.token,
        }

    @classmethod
    def from_wire(cls, value: Any) -> "DocumentEntry":
        """:raises WireError: when it is none"""
        entry = Reader(value, "a document")
        return cls(
            key=entry.key("key"),
            kind=entry.choice("kind", KINDS),
            number=entry.text("number") or entry.key("key"),
            reference=entry.text("reference"),
            date=entry.day("date"),
            partner=entry.text("partner"),
            vat=entry.text("vat"),
            currency=entry.key("currency"),
            untaxed=entry.amount("untaxed"),
            tax=entry.amount("tax"),
            total=entry.amount("total"),
            token=entry.key("token"),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Some documents of a pass.

    ``gone``: keys of documents that are not posted any more. ``cursor``: what to ask the next page with; when ``more``
    is false, the next pass. ``broken``: what could not be read, one sentence each.
    """

    documents: tuple[DocumentEntry, ...]
    gone: tuple[str, ...]
    cursor: Cursor
    more: bool
    broken: tuple[str, ...] = ()

    def to_wire(self) -> dict[str, Any]:
        return {
            "documents": [document.to_wire() for document in self.documents],
            "gone": list(self.gone),
            "cursor": self.cursor.to_wire(),
            "more": self.more,
        }

    @classmethod
    def from_wire(cls, value: Any) -> "Page":
        """One document that cannot be read does not stop the others: it is in ``broken``.

        :raises WireError: when it is no page
        """
        page = Reader(value, "a page of documents")
        documents, broken = [], []
        for item in page.items("documents"):
            try:
                documents.append(DocumentEntry.from_wire(item))
            except WireError as error:
                broken.append(str(error))
        gone = page.items("gone")
        if not all(isinstance(key, str) for key in gone):
            raise WireError("“gone” of a page of documents is not as it has to be")
        cursor = Cursor.from_wire(page.key("cursor"))
        return cls(tuple(documents), tuple(gone), cursor, page.flag("more"), tuple(broken))
