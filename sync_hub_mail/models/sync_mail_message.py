# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import uuid

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pec import new_message_id
from ..sending import attached_size, wire_address, with_message_id
from ..smtp import Meaning
from .delivery_texts import message_text
from .draft import Draft

# States of a message. Those of certified mail are told by its receipts.
STATES = [
    ("queued", "Waiting"),
    ("sending", "Leaving"),
    ("sent", "Sent"),
    ("accepted", "Accepted"),
    ("delivered", "Delivered"),
    ("not_delivered", "Not delivered"),
    ("refused", "Refused"),
    ("unknown", "Not known"),
    ("cancelled", "Cancelled"),
]
# Those that somebody has to look at.
TROUBLE = ("not_delivered", "refused", "unknown")
WAITING = ("queued", "sending")


class SyncMailMessage(models.Model):
    """One message to one address, from the moment at which it waits until its delivery is proven.

    A message with several recipients is several messages here: each has its own Message-ID, so that each receipt, each
    refusal and each try speaks of one recipient alone.
    """

    _name = "sync.mail.message"
    _description = "Delivery of a Message"
    _inherit = ["sync.company.mixin"]
    _order = "id desc"
    _rec_name = "recipient"

    account_id = fields.Many2one(
        "sync.mail.account", string="Mail Account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    kind = fields.Selection(related="account_id.kind")
    session_id = fields.Many2one("sync.mail.session", readonly=True, index="btree_not_null", ondelete="set null")
    role = fields.Selection(
        selection=[
            ("to", "Recipient"),
            ("copy", "Copy"),
            ("accountant", "Accountant"),
            ("digest", "All documents"),
            ("test", "Test"),
        ],
        required=True,
        readonly=True,
        default="to",
    )
    # The document that it carries; none for a message with those of a whole sending.
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document", model_field="res_model", readonly=True, index=True)
    document_name = fields.Char(string="Document Number", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null")
    mail_message_id = fields.Many2one("mail.message", readonly=True, index="btree_not_null", ondelete="set null")
    mail_id = fields.Many2one("mail.mail", readonly=True, index="btree_not_null", ondelete="set null")
    recipient = fields.Char(required=True, readonly=True, help="The address to which it goes.")
    subject = fields.Char(readonly=True)
    message_id = fields.Char(
        string="Message-ID", required=True, readonly=True, copy=False, help="Receipts name it; never used twice."
    )
    content = fields.Binary(string="Message as sent", attachment=True, readonly=True, copy=False)
    content_name = fields.Char(compute="_compute_content_name")
    size = fields.Integer(string="Size (bytes)", readonly=True)
    # -- Its way.
    state = fields.Selection(STATES, required=True, readonly=True, default="queued", index=True, copy=False)
    next_try = fields.Datetime(readonly=True, copy=False, help="Not before this time.")
    tries = fields.Integer(readonly=True, copy=False)
    first_try = fields.Datetime(readonly=True, copy=False)
    date_sent = fields.Datetime(string="Sent", readonly=True, copy=False, index="btree_not_null")
    reason = fields.Char(readonly=True, copy=False, help="Why it was not taken, as a code that is stored.")
    reply = fields.Char(string="Words of the Server", readonly=True, copy=False)
    explanation = fields.Char(compute="_compute_explanation")
    remedy = fields.Char(string="What to Do", compute="_compute_explanation")
    certified = fields.Selection(
        selection=[("yes", "Certified mail"), ("no", "Ordinary mail")],
        string="Mailbox of the Recipient",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="As the provider of certified mail said when it accepted the message.",
    )
    # A newer message took its place.
    superseded = fields.Boolean(readonly=True, copy=False)
    again_of_id = fields.Many2one("sync.mail.message", string="Sent again for", readonly=True, ondelete="set null")

    _message_id_unique = models.Constraint("UNIQUE (message_id)", "Two messages cannot have the same Message-ID.")
    # What a mail was handed over as: a second hand-over of the same mail adds nothing.
    _mail_once = models.UniqueIndex("(mail_id, role, lower(recipient)) WHERE mail_id IS NOT NULL")
    _departures = models.Index("(account_id, id) WHERE state IN ('queued', 'sending')")
    _document = models.Index("(res_model, res_id)")

    # -- Making ------------------------------------------------------------------------------------------------------

    @api.model
    def _new_message_id(self, account) -> str:
        """A Message-ID of the account's domain that nobody has, in brackets."""
        return f"<{new_message_id(account._address(), uuid.uuid4().hex)}>"

    @api.model
    def _enqueue(self, account, draft: Draft, recipient: str, *, document=None, **values):
        """Write a message to one recipient and let it wait for its departure. One that cannot leave is refused at once.

        :param recipient: as it was typed
        :param document: the record that it carries
        :param values: of further fields
        :return: the message
        """
        message_id = self._new_message_id(account)
        told = {
            "account_id": account.id,
            "recipient": recipient,
            "subject": draft.subject,
            "message_id": message_id,
            "res_model": document._name if document else False,
            "res_id": document.id if document else False,
            "document_name": document.display_name if document else False,
            **values,
        }
        limit = account._message_limit()
        size = sum(attached_size(file.name, len(file.content)) for file in draft.attachments)
        reason = Meaning.MESSAGE_TOO_LARGE if size > limit else None
        content = b""
        if not reason:
            try:
                told["recipient"] = wire_address(recipient)
                content = account._written(draft, told["recipient"], message_id)
            except (UnicodeError, ValueError) as error:
                reason = Meaning.NOT_WRITABLE
                told["reply"] = str(error)
            else:
                size = len(content)
                reason = Meaning.MESSAGE_TOO_LARGE if size > limit else None
        message = self.create(
            {
                **told,
                "size": size,
                "content": base64.b64encode(content) if content and not reason else False,
                "state": "refused" if reason else "queued",
                "reason": reason and reason.value,
            }
        )
        message._supersede()
        if reason:
            message._settled()
        return message

    def _supersede(self) -> None:
        """What was sent of the same document before, and did not arrive, does not count any more."""
        if not self.res_id:
            return
        before = self.search(
            [
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("role", "=", self.role),
                ("state", "in", [*TROUBLE, "cancelled"]),
                ("superseded", "=", False),
                ("id", "!=", self.id),
            ]
        )
        # Of several recipients of one sending, each counts.
        before.filtered(
            lambda other: other.session_id != self.session_id or (not self.session_id and other.mail_id != self.mail_id)
        ).superseded = True

    def _compute_content_name(self):
        for message in self:
            message.content_name = f"{message.message_id.strip('<>').partition('@')[0]}.eml"

    # -- Texts -------------------------------------------------------------------------------------------------------

    @api.depends("reason", "state")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for message in self:
            sentence, remedy = message_text(self.env, message)
            message.explanation = sentence
            message.remedy = remedy

    # -- What became of it -------------------------------------------------------------------------------------------

    def _settled(self) -> None:
        """Called when nothing more will be tried: tells the document, and the mail of Odoo that it was."""
        for message in self:
            if message.state in TROUBLE and message.role != "test":
                message._tell_document()
        # Mails are for administrators; what became of one is told to it all the same.
        for mail in self.sudo().mail_id:
            mail._finish_hand_over()

    def _tell_document(self) -> None:
        """Post on the document why a message did not arrive."""
        self.ensure_one()
        document = self._document()
        if not document or not hasattr(document, "message_post"):
            return
        localized = self.with_context(lang=self.account_id._message_language())
        rows = [
            Markup("<strong>%s</strong>")
            % localized.env._("%(recipient)s: %(sentence)s", recipient=self.recipient, sentence=localized.explanation)
        ]
        if self.reply:
            rows.append(Markup("<em>%s</em>") % self.reply)
        if localized.remedy:
            rows.append(Markup("%s") % localized.remedy)
        document.message_post(body=Markup("<br/>").join(rows), subtype_xmlid="mail.mt_note")

    def _document(self):
        """The document that it carries, or None."""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env or not self.res_id:
            return None
        # The message is the company's own; whoever may see it may have it told on its document.
        return self.env[self.res_model].sudo().browse(self.res_id).exists() or None

    # -- Buttons -----------------------------------------------------------------------------------------------------

    def action_send_again(self):
        """Button: send the same message once more, under a Message-ID of its own."""
        self.check_access("read")
        for message in self:
            if message.state not in (*TROUBLE, "cancelled") or not message.content:
                raise UserError(
                    self.env._(
                        "The message to %s cannot be sent again: it waits, has left, or was never written.",
                        message.recipient,
                    )
                )
        # Users who send documents may send them again; what is sent is what was sent before.
        again = self.sudo()
        for message in again:
            identifier = self._new_message_id(message.account_id)
            content = with_message_id(base64.b64decode(message.content), message.message_id, identifier)
            message.copy(
                {
                    "message_id": identifier,
                    "content": base64.b64encode(content),
                    "state": "queued",
                    "size": len(content),
                    "again_of_id": message.id,
                    "mail_id": False,
                }
            )
        again.write({"superseded": True})
        again.account_id._ask_to_send()
        return True

    def action_arrived(self):
        """Button: the recipient has it after all; nothing is sent."""
        self.check_access("read")
        unsure = self.filtered(lambda message: message.state == "unknown")
        # As with sending again: users answer for what they sent.
        unsure.sudo().write({"state": "sent", "date_sent": fields.Datetime.now(), "reason": False})
        unsure.sudo()._settled()
        return True

    def action_cancel(self):
        """Button: a message that waits shall not leave."""
        self.check_access("read")
        # Only what has not begun to leave can be held back; whoever may send may hold back.
        waiting = self.sudo().filtered(lambda message: message.state == "queued").try_lock_for_update()
        waiting.filtered(lambda message: message.state == "queued").write({"state": "cancelled"})
        waiting._settled()
        return True

    def action_open_document(self):
        """Button: the document that it carries."""
        self.ensure_one()
        document = self._document()
        if not document:
            raise UserError(self.env._("This message carries no single document."))
        return document.sudo(False).get_formview_action()
