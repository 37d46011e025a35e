# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from collections.abc import Callable
from datetime import datetime

from odoo import api, models
from odoo.exceptions import AccessError

from ..archive import FileRole
from ..wire import FileEntry, role_of
from .sync_portal_door_documents import document_key

# A file of more bytes is a scan that went wrong; it would fill the memory of both sides.
_LARGEST = 40 * 1024 * 1024
_SHOWN = (FileRole.PDF, FileRole.XML)
_ENDINGS = {b"%PDF": ".pdf", b"<?xml": ".xml"}
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".heic", ".webp")


class SyncPortalDoor(models.AbstractModel):
    """The files of one document: PDF, XML, and receipts where Sync Hub's invoice mailing is installed."""

    _inherit = "sync.portal.door"

    @api.model
    def files(self, company, document):
        """PDF, XML and receipts of a document. One that cannot be made says why.

        :param company: key of the company
        :param document: key of the document
        :return: list of :class:`FileEntry` as it travels
        """
        self._admit()
        return self._files(company, document)

    @api.model
    def _files(self, company: str, document: str) -> list[dict]:
        link = self._link(company, granted=True)
        number = str(document).removeprefix("account.move,")
        wanted = [("id", "=", int(number[:18]) if number.isdecimal() else 0), ("state", "=", "posted")]
        # As in ``_documents``: the company has enabled this very document.
        move = self.env["account.move"].sudo().search([*link._documents_domain(), *wanted])
        if not move or document_key(move) != document:
            raise AccessError(
                self.env._("This document is not, or no longer, one of those that the accountant may see.")
            )
        files = [*self._own_files(move), *self._receipt_files(move)]
        return [self._within_bounds(file).to_wire() for file in files]

    # -- The document itself -------------------------------------------------------------------------------------------

    @api.model
    def _own_files(self, move) -> list[FileEntry]:
        if move.is_purchase_document(include_receipts=True):
            return self._attached_files(move, lambda file: self._is_shown(file.name))
        attachments = move.env["account.move.send"]._get_invoice_extra_attachments(move)
        files = [self._file(move, attachment) for attachment in attachments]
        # Not every localization names its e-invoice there.
        known = {file.content for file in files}
        files += self._attached_files(move, lambda file: file.role is FileRole.XML and file.content not in known)
        if not any(file.role is FileRole.PDF for file in files):
            files.insert(0, self._pdf(move))
        return files

    @api.model
    def _attached_files(self, document, wanted: Callable[[FileEntry], bool]) -> list[FileEntry]:
        """What is attached to a document and wanted: each file once, wherever it is attached."""
        attachments = document.env["ir.attachment"].search(
            [
                ("res_model", "=", "account.move"),
                ("res_id", "=", document.id),
                ("type", "=", "binary"),
                "|",
                ("res_field", "=", False),
                ("res_field", "!=", False),
            ],
            order="id",
        )
        once = {attachment.checksum: attachment for attachment in reversed(attachments)}
        shown = (attachment for attachment in attachments if once[attachment.checksum] == attachment)
        files = [self._file(document, attachment) for attachment in shown]
        return [file for file in files if wanted(file)]

    @api.model
    def _is_shown(self, name: str) -> bool:
        """Whether a file is the document, and not something that was put beside it."""
        return role_of(name) in _SHOWN or name.lower().endswith(_PICTURES)

    @api.model
    def _file(self, document, attachment) -> FileEntry:
        name = self._name_of(document, attachment)
        return FileEntry(name, role_of(name), attachment.raw or b"")

    @api.model
    def _name_of(self, document, attachment) -> str:
        """What a file is called. One that is kept in a field is often named after the field; its own name is in another
        field then, or nowhere."""
        name = attachment.name or "file"
        beside = f"{(attachment.res_field or '').removesuffix('_file')}_name"
        if attachment.res_field and document._fields.get(beside):
            name = document[beside] or name
        if "." in name:
            return name
        # Odoo calls XML of most people plain text, so that no browser runs it: what it is is looked at.
        head = (attachment.raw or b"")[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
        return name + next((ending for start, ending in _ENDINGS.items() if head.startswith(start)), "")

    @api.model
    def _pdf(self, document) -> FileEntry:
        """The PDF of an invoice that was never sent: made now, and kept nowhere here."""
        try:
            with self.env.cr.savepoint():
                made = document._get_invoice_legal_documents("pdf", allow_fallback=True)
            return FileEntry(made["filename"], FileRole.PDF, made["content"])
        except Exception as error:  # whatever it is, the other files and documents are there
            name = f"{(document.name or 'document').replace('/', '_')}.pdf"
            problem = self.env._("The PDF could not be made: %s", str(error)[:200] or type(error).__name__)
            return FileEntry(name, FileRole.PDF, problem=problem)

    @api.model
    def _within_bounds(self, file: FileEntry) -> FileEntry:
        if file.content is None or len(file.content) <= _LARGEST:
            return file
        problem = self.env._("The file has more than %s megabytes. Make it smaller in the books.", _LARGEST >> 20)
        return FileEntry(file.name, file.role, problem=problem)

    # -- Receipts, where there are any
    # -----------------------------------------------------------------------------------

    @api.model
    def _receipt_files(self, move) -> list[FileEntry]:
        receipts = self._receipts(move).get(move.id, [])
        return [FileEntry(_receipt_name(receipt), FileRole.RECEIPT, _receipt_content(receipt)) for receipt in receipts]

    @api.model
    def _receipts(self, moves) -> dict[int, list]:
        """Receipts of certified mail, and notifications of the SdI, of documents that may be read; oldest first."""
        found: dict[int, list] = {}
        if "sync.mail.message" in self.env:
            # Proof of a document is for whoever may read it, also without a right to mails.
            messages = self.env["sync.mail.message"].sudo()
            for message in messages.search([("res_model", "=", "account.move"), ("res_id", "in", moves.ids)]):
                found.setdefault(message.res_id, []).extend(message.receipt_ids.filtered("content"))
        if "sync.mail.sdi.notification" in self.env:
            # As above.
            notifications = self.env["sync.mail.sdi.notification"].sudo()
            for notification in notifications.search([("move_id", "in", moves.ids)]):
                found.setdefault(notification.move_id.id, []).append(notification)
        return {number: sorted(receipts, key=lambda one: (one._name, one.id)) for number, receipts in found.items()}

    @api.model
    def _moves_with_receipts_since(self, moment: datetime) -> list[int]:
        numbers: list[int] = []
        if "sync.mail.incoming" in self.env:
            # Only the numbers of documents are taken: whether they may be read is asked of the documents.
            received = (
                self.env["sync.mail.incoming"]
                .sudo()
                .search([("write_date", ">=", moment), ("delivery_id.res_model", "=", "account.move")])
            )
            numbers += received.delivery_id.mapped("res_id")
        if "sync.mail.sdi.notification" in self.env:
            # As above.
            notifications = self.env["sync.mail.sdi.notification"].sudo()
            numbers += notifications.search([("write_date", ">=", moment)]).move_id.ids
        return numbers


def _receipt_name(receipt) -> str:
    return receipt.content_name if receipt._name == "sync.mail.incoming" else receipt.name


def _receipt_content(receipt) -> bytes:
    return base64.b64decode(receipt.with_context(bin_size=False).content or b"")
