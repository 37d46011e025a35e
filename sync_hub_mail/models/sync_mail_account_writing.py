# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import fields, models
from odoo.tools import html2plaintext

from ..pec import LIMIT, Outgoing, build
from ..pec import Attachment as PecAttachment
from ..sending import Mailbox, Message, message_bytes
from .draft import Draft

MEGABYTE = 1_000_000


class SyncMailAccount(models.Model):
    """How an account writes its messages."""

    _inherit = "sync.mail.account"

    def _message_limit(self) -> int:
        """Bytes of the largest message that can leave through this account."""
        self.ensure_one()
        limits = [self.size_limit * MEGABYTE, self.announced_size, LIMIT if self.kind == "pec" else 0]
        return min((limit for limit in limits if limit), default=LIMIT)

    def _written(self, draft: Draft, recipient: str, message_id: str) -> bytes:
        """The bytes of a message to one recipient.

        :raises ValueError: when it cannot be written, such as for an address that is none
        """
        self.ensure_one()
        now = fields.Datetime.now().replace(tzinfo=UTC)
        if self.kind == "pec":
            return self._written_certified(draft, recipient, message_id, now)
        address = self._address()
        return message_bytes(
            Message(
                message_id=message_id,
                date=now,
                sender=Mailbox(address, draft.sender_name or self.company_id.name),
                to=draft.to or (Mailbox(recipient),),
                cc=draft.cc,
                subject=draft.subject,
                html=draft.html,
                signature=self.signature or "",
                reply_to=tuple(box for box in draft.reply_to if box.address != address),
                attachments=draft.attachments,
                more={"References": draft.references} if draft.references else {},
            )
        )

    def _written_certified(self, draft: Draft, recipient: str, message_id: str, now: datetime) -> bytes:
        # Whoever answers a certified message answers its sender; there is no other address in it (RFC 6109, 3.1.1).
        html = f"{draft.html}<div>-- <br/>{self.signature}</div>" if self.signature else draft.html
        envelope = build(
            Outgoing(
                account=self._address(),
                recipient=recipient,
                subject=" ".join(draft.subject.split()),
                text=html2plaintext(html),
                html=html,
                message_id=message_id,
                date=now,
                attachments=tuple(
                    PecAttachment(file.name, file.content, file.media_type) for file in draft.attachments
                ),
            )
        )
        return envelope.content
