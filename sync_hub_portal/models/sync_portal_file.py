# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hashlib

from odoo import fields, models

from ..archive import FileRole
from ..wire import FileEntry

ROLES = [
    (FileRole.PDF.value, "PDF"),
    (FileRole.XML.value, "XML"),
    (FileRole.RECEIPT.value, "Receipt"),
    (FileRole.OTHER.value, "Other"),
]


class SyncPortalFile(models.Model):
    """A file of a document on the accountant's site, as the books have it."""

    _name = "sync.portal.file"
    _description = "File on the Accountant's Site"
    _inherit = ["sync.company.mixin"]
    _order = "document_id, id"

    document_id = fields.Many2one("sync.portal.document", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="document_id.company_id", store=True, index=True)
    name = fields.Char(required=True, readonly=True)
    role = fields.Selection(selection=ROLES, string="Contents", required=True, readonly=True)
    content = fields.Binary(string="File", attachment=True, readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)

    # -- What the books say
    # ----------------------------------------------------------------------------------------------

    def _take(self, document, entries: list[FileEntry]) -> bool:
        """Have these files be those of a document; those that it has already stay as they are.

        :param document: in superuser mode
        :return: whether it has other files than before
        """
        wanted = {(entry.name, hashlib.sha256(entry.content).hexdigest()): entry for entry in entries}
        gone = self.filtered(lambda file: (file.name, file.sha256) not in wanted)
        have = {(file.name, file.sha256) for file in self - gone}
        fresh = [
            {
                "document_id": document.id,
                "name": entry.name,
                "role": str(entry.role),
                "content": base64.b64encode(entry.content),
                "size": len(entry.content),
                "sha256": digest,
            }
            for (name, digest), entry in wanted.items()
            if (name, digest) not in have
        ]
        gone.unlink()
        self.create(fresh)
        return bool(gone or fresh)

    # -- Reading
    # ---------------------------------------------------------------------------------------------------------

    def _raw(self) -> bytes | None:
        """The bytes of the file, read now and kept nowhere; None when they are not what came."""
        self.ensure_one()
        attachments = self.env["ir.attachment"].sudo()
        # Whoever may read the file may read what it is kept in; looked for by that very file.
        attachment = attachments.search(
            [("res_model", "=", self._name), ("res_field", "=", "content"), ("res_id", "=", self.id)], limit=1
        )
        content = attachment.raw or b""
        attachment.invalidate_recordset(["raw"])
        return content if hashlib.sha256(content).hexdigest() == self.sha256 else None
