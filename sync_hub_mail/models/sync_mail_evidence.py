# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from datetime import UTC

from odoo import models
from odoo.tools.translate import LazyTranslate

from ..evidence import DocumentFile, Facts, Receipt, SentMessage, evidence_pack

_lt = LazyTranslate(__name__)

EVIDENCE_PATH = "/sync_hub_mail/evidence"
TEXTS = {
    "title": _lt("Evidence of delivery"),
    "introduction": _lt(
        "This archive holds the document, the messages with which it was sent, and the receipts of the certified mail "
        "providers, each as it was sent or received, byte for byte. The receipts are signed by the providers; open the "
        ".eml files in a mail program to check the signatures."
    ),
    "document": _lt("Document"),
    "files": _lt("Files of the document"),
    "messages": _lt("Messages sent"),
    "receipts": _lt("Receipts and answers"),
    "hashes": _lt("SHA-256 of every file"),
    "hashes_help": _lt("The same figures are in hashes.csv and manifest.json."),
    "file": _lt("File"),
    "recipient": _lt("Recipient"),
    "moment": _lt("When (UTC)"),
    "reply": _lt("Reply of the server"),
    "kind": _lt("Kind"),
    "size": _lt("Size (bytes)"),
    "nothing": _lt("None."),
}


class SyncMailMessage(models.Model):
    """The proof that a document was sent and delivered, to keep or to hand over."""

    _inherit = "sync.mail.message"

    def action_evidence(self):
        """Button: the evidence of the document that this message carries, as a ZIP archive."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"{EVIDENCE_PATH}/{self.res_model}/{self.res_id}",
            "target": "download",
        }

    def _evidence(self, document) -> bytes:
        """A ZIP archive with the files of a document, these messages that carried it, and their receipts."""
        messages = self.filtered("date_sent").sorted("id")
        return evidence_pack(
            Facts(
                document=document.display_name,
                files=tuple(
                    DocumentFile(file.name, file.content, file.media_type) for file in self._files_of(document)
                ),
                messages=tuple(
                    SentMessage(
                        message_id=message.message_id,
                        recipient=message.recipient,
                        content=base64.b64decode(message.content),
                        sent_at=message.date_sent.replace(tzinfo=UTC),
                        reply=message.reply or "",
                    )
                    for message in messages
                ),
                receipts=tuple(
                    Receipt(
                        kind=receipt.kind or "",
                        content=receipt._raw(),
                        at=receipt.moment.replace(tzinfo=UTC) if receipt.moment else None,
                        message_id=receipt.delivery_id.message_id,
                    )
                    for receipt in self.receipt_ids.sorted("id")
                ),
            ),
            self._evidence_texts(),
        )

    def _files_of(self, document):
        """Files of a document; of one that is no invoice, those that were sent with it are in the messages."""
        if document._name != "account.move":
            return ()
        return self.env["sync.mail.session"]._files_of(document)

    def _evidence_texts(self) -> dict[str, str]:
        texts = {name: self.env._(text) for name, text in TEXTS.items()}
        labels = self.env["sync.mail.incoming"]._fields["kind"]._description_selection(self.env)
        kinds = {f"kind:{kind}": label for kind, label in labels}
        return {"lang": (self.env.lang or "en")[:2], **texts, **kinds}

    def _evidence_name(self, document) -> str:
        return self.env._("Evidence %s", (document.display_name or "").replace("/", "-")) + ".zip"
