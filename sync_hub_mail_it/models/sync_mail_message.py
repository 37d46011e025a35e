# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from odoo import api, fields, models
from odoo.addons.sync_hub_mail.models.sync_mail_message import TROUBLE
from odoo.addons.sync_hub_mail.sdi import SdiState
from odoo.exceptions import UserError

from .sdi_texts import message_text

# Reasons of a message that arrived, and whose file was refused.
REFUSED_THERE = {SdiState.REJECTED: "sdi_rejected", SdiState.REFUSED: "sdi_refused"}
_REASONS = tuple(REFUSED_THERE.values())


class SyncMailMessage(models.Model):
    """Messages to the SdI."""

    _inherit = "sync.mail.message"

    role = fields.Selection(selection_add=[("sdi", "SdI")], ondelete={"sdi": "set default"})
    sdi_file_id = fields.Many2one(
        "sync.mail.sdi.file", string="FatturaPA File", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    sdi_held = fields.Boolean(
        readonly=True, copy=False, help="It does not leave until the address that the SdI assigns is confirmed."
    )

    @api.depends("sdi_held", "account_id.sdi_learned_address")
    def _compute_explanation(self):
        """Override of ``sync_hub_mail``: why a file waits, and what the SdI did with it."""
        result = super()._compute_explanation()
        for message in self.filtered("sdi_file_id"):
            if told := message_text(self.env, message):
                message.explanation, message.remedy = told.sentence, told.remedy
        return result

    # -- Its way -------------------------------------------------------------------------------------------------------

    def _asks_the_sdi(self) -> bool:
        """Whether an answer of the SdI to this message is to be expected."""
        return any(
            not message.superseded
            and (message.state not in ("refused", "not_delivered", "cancelled") or message.reason in _REASONS)
            for message in self
        )

    def _readdress(self, address: str) -> None:
        """Write a message that has not left to another address of the SdI."""
        self.ensure_one()
        values = {"sdi_held": False}
        if self.recipient != address and self.content:
            content = self.account_id._written(self.sdi_file_id._draft(), address, self.message_id)
            values.update(recipient=address, content=base64.b64encode(content), size=len(content))
        self.write(values)

    def _settled(self):
        """Override of ``sync_hub_mail``: the invoice follows, and another file asks for the address if need be."""
        result = super()._settled()
        for message in self.filtered(lambda one: one.sdi_file_id and not one.superseded):
            change = message.sdi_file_id._follow()
            # Why it did not arrive is told already.
            if change and message.state not in TROUBLE:
                message.sdi_file_id.move_id.sudo().message_post(body=change, subtype_xmlid="mail.mt_note")
        self.filtered("sdi_file_id").account_id._sdi_next_first()
        return result

    def _follow_sdi(self, state: SdiState) -> None:
        """A file that the SdI or the customer refused is not delivered, although its message was."""
        for message in self:
            if state in REFUSED_THERE:
                message.write({"state": "refused", "reason": REFUSED_THERE[state], "sdi_held": False})
            elif message.reason in _REASONS:
                # A notification that weighs more came after it.
                message.write({"state": "sent", "reason": False})
                message._follow_receipts()

    # -- Buttons -------------------------------------------------------------------------------------------------------

    def action_send_again(self):
        """Override of ``sync_hub_mail``: a file goes to the SdI again only where it cannot be there already."""
        self.check_access("read")
        to_sdi = self.filtered("sdi_file_id")
        for message in to_sdi:
            file = message.sdi_file_id
            if message.superseded or message.state not in (*TROUBLE, "cancelled"):
                raise UserError(self.env._("%s waits or has left: it is not sent twice.", file.name))
            if file.notification_ids or not file._is_current():
                raise UserError(
                    self.env._(
                        "The SdI has the file %s: it would reject it as a duplicate. Open the invoice and press “Send "
                        "again under a new file name”.",
                        file.name,
                    )
                )
            # As with other messages: who may send may send again.
            file.sudo()._send()
            file.sudo()._follow()
        others = self - to_sdi
        return super(SyncMailMessage, others).action_send_again() if others else True
