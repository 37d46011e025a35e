# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..wire import Cursor, DocumentEntry, Page, WireError

# Documents of a page, at most: an answer stays below a few hundred kilobytes.
_MOST = 500


class SyncPortalDoor(models.AbstractModel):
    """Which documents there are, page by page, and which of them have changed."""

    _inherit = "sync.portal.door"

    @api.model
    def documents(self, company, cursor=None, limit=200):
        """Posted documents of a company, in the order of their numbers, and those that are posted no more.

        :param company: key of the company
        :param cursor: what the last page came with; None begins a full pass
        :param limit: how many are looked at, at most
        :return: :class:`Page` as it travels
        """
        self._admit()
        return self._documents(company, cursor, limit)

    @api.model
    def _documents(self, company: str, cursor: str | None = None, limit: int = 200) -> dict:
        link = self._link(company, granted=True)
        position = self._position(cursor)
        most = max(1, min(int(limit), _MOST))
        domain = Domain(link._documents_domain()) & Domain("id", ">", position.after)
        if position.full:
            domain &= Domain("state", "=", "posted")
        else:
            domain &= self._changed_since(position.since)
        # The key's user sees no accounting: the company has enabled these very documents for its accountant.
        found = self.env["account.move"].sudo().search(domain, order="id", limit=most + 1)
        moves, more = found[:most], len(found) > most
        posted = moves.filtered(lambda move: move.state == "posted")
        page = Page(
            documents=tuple(self._document_entries(posted)),
            gone=tuple(document_key(move) for move in moves - posted),
            cursor=position.at(moves[-1].id) if more else position.next_pass(),
            more=more,
        )
        # That somebody has asked is written down for the company, which reads when it was.
        link.sudo().asked_at = fields.Datetime.now()
        return page.to_wire()

    @api.model
    def _position(self, cursor: str | None) -> Cursor:
        # The clock of the database, by which the documents were written.
        now = self.env.cr.now().replace(tzinfo=UTC)
        try:
            return Cursor.from_wire(str(cursor)).started(now) if cursor else Cursor.begin(now)
        except WireError as error:
            problem = self.env._("This is no position in a list of documents: begin anew without one.")
            raise UserError(problem) from error

    @api.model
    def _changed_since(self, since: datetime) -> Domain:
        """Domain: documents that were written since, or have got another file or another receipt since."""
        moment = since.astimezone(UTC).replace(tzinfo=None)
        written = [("res_model", "=", "account.move"), ("write_date", ">=", moment)]
        # Only their numbers are taken: whether the documents may be read is asked of these.
        attachments = self.env["ir.attachment"].sudo().search_fetch([*written, *_ANY_FIELD], ["res_id"])
        numbers = {*attachments.mapped("res_id"), *self._moves_with_receipts_since(moment)}
        return Domain("write_date", ">=", moment) | Domain("id", "in", sorted(numbers))

    @api.model
    def _document_entries(self, moves) -> list[DocumentEntry]:
        marks = self._file_marks(moves)
        return [self._document_entry(move, marks.get(move.id, [])) for move in moves]

    @api.model
    def _document_entry(self, move, marks: list[str]) -> DocumentEntry:
        currency = move.currency_id

        def amount(value: float) -> Decimal:
            return Decimal(f"{value:.{currency.decimal_places}f}")

        values = {
            "key": document_key(move),
            "kind": move.move_type,
            "number": move.name or "",
            "reference": (move.ref or "") if move.is_purchase_document(include_receipts=True) else "",
            "date": move.invoice_date or move.date,
            "partner": move.commercial_partner_id.name or "",
            "vat": move.commercial_partner_id.vat or "",
            "currency": currency.name,
            "untaxed": amount(move.amount_untaxed),
            "tax": amount(move.amount_tax),
            "total": amount(move.amount_total),
        }
        told = json.dumps([*(str(value) for value in values.values()), *sorted(marks)])
        return DocumentEntry(**values, token=hashlib.blake2b(told.encode(), digest_size=16).hexdigest())

    @api.model
    def _file_marks(self, moves) -> dict[int, list[str]]:
        """For each document, something that is another as soon as its files are others."""
        marks: dict[int, list[str]] = {}
        # Of documents that may be read, the hashes of their files.
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch(
                [("res_model", "=", "account.move"), ("res_id", "in", moves.ids), *_ANY_FIELD],
                ["res_id", "name", "checksum"],
            )
        )
        for attachment in attachments:
            marks.setdefault(attachment.res_id, []).append(f"{attachment.name} {attachment.checksum}")
        for move, receipts in self._receipts(moves).items():
            marks.setdefault(move, []).extend(f"{receipt._name},{receipt.id}" for receipt in receipts)
        return marks


# Files of fields are left out of searches unless these are named.
_ANY_FIELD = ["|", ("res_field", "=", False), ("res_field", "!=", False)]


def document_key(move) -> str:
    """By which the site knows a document, the same for ever."""
    return f"account.move,{move.id}"
