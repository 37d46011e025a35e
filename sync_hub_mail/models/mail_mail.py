# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from markupsafe import Markup
from odoo import fields, models
from odoo.tools.mail import email_normalize, email_split_tuples

from ..sending import Attachment, Mailbox, wire_address
from .draft import Draft
from .sync_mail_message import TROUBLE, WAITING

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """Mails of Odoo that leave through a mail account: they are handed over to it, and hear what became of them.

    The account keeps its limits, sends each message once, and knows the proof of delivery; the mail and the envelope in
    the chatter follow it.
    """

    _inherit = "mail.mail"

    state = fields.Selection(
        selection_add=[("sync_waiting", "Waiting in the mail account")],
        # Without the account nobody would know which of them have left.
        ondelete={"sync_waiting": lambda mails: mails.write({"state": "cancel"})},
    )
    # Not the server of the message, which all mails of one message share: some go to colleagues, another way.
    sync_account_id = fields.Many2one("sync.mail.account", string="Mail Account", readonly=True, ondelete="set null")
    sync_session_id = fields.Many2one("sync.mail.session", string="Sending", readonly=True, ondelete="set null")
    sync_delivery_ids = fields.One2many("sync.mail.message", "mail_id", string="Deliveries", readonly=True)

    def _split_by_mail_configuration(self):
        """Override of ``mail``: mails of an account, or of a server that belongs to one, do not leave here."""
        theirs = self.filtered("sync_account_id")
        for account, mails in theirs.grouped("sync_account_id").items():
            mails._hand_over(account)
        for server_id, alias_domain_id, smtp_from, mail_ids in super(
            MailMail, self - theirs
        )._split_by_mail_configuration():
            # Which account a server belongs to is no secret; only administrators read servers.
            account = self.env["ir.mail_server"].sudo().browse(server_id or []).sync_account_id
            if account:
                self.browse(mail_ids)._hand_over(account)
            else:
                yield server_id, alias_domain_id, smtp_from, mail_ids

    def _hand_over(self, account) -> None:
        """Let the messages of these mails wait in an account."""
        # What is sent, and to whom, is decided; who pressed "Send" need not be able to write deliveries.
        mails = self.sudo().filtered(lambda mail: mail.state == "outgoing")
        followers = self.env["mail.followers"]._get_mail_doc_to_followers(
            mails.filtered(lambda mail: "/mail/unfollow" in (mail.body_html or "")).ids
        )
        for mail in mails:
            try:
                with self.env.cr.savepoint():
                    # As above: mails that are ready leave as the system, like in core.
                    mail._hand_over_alone(account.sudo(), followers)
            except Exception as error:  # whatever it is, it concerns this mail only, as in core
                _logger.exception("The mail %s could not be handed over", mail.id)
                mail._fail_hand_over("unknown", str(error))
        account._ask_to_send()

    def _hand_over_alone(self, account, followers) -> None:
        emails = self._prepare_outgoing_list(mail_server=account.server_id, doc_to_followers=followers)
        known = set(self.sync_delivery_ids.mapped("recipient"))
        draft = None
        for email in emails:
            draft = self._draft(email)
            for address in email["email_to_normalized"]:
                if address in known:
                    continue
                known.add(address)
                partner = email["partner_id"] or self.env["res.partner"]
                self._enqueue(account, draft, address, role=self._role_of(partner), partner_id=partner.id)
        if not known:
            self._fail_hand_over("mail_email_missing", self.env["ir.mail_server"].NO_VALID_RECIPIENT)
            return
        for address in account._recipients(self._copy_to(account)):
            if address not in known:
                self._enqueue(account, draft, address, role="copy")
        # A sending of invoices sends all of its documents at its end; an order is a sending of its own.
        if self.sync_session_id and not self.sync_session_id.move_ids:
            for address in account._recipients(self.sync_session_id.all_to):
                self._enqueue(account, draft, address, role="digest")
        self.state = "sync_waiting"
        # Some may have been refused at once.
        self._finish_hand_over()

    def _enqueue(self, account, draft: Draft, address: str, **values) -> None:
        document = self.env[self.model].browse(self.res_id) if self.model and self.res_id else None
        self.env["sync.mail.message"]._enqueue(
            account,
            draft,
            address,
            document=document,
            mail_id=self.id,
            mail_message_id=self.mail_message_id.id,
            session_id=self.sync_session_id.id,
            **values,
        )

    def _draft(self, email: dict) -> Draft:
        """What one of the dicts of ``_prepare_outgoing_list`` says."""
        (name, _address), *_rest = email_split_tuples(self.email_from or "") or [("", "")]
        return Draft(
            subject=email["subject"] or "",
            html=str(email["body"] or Markup()),
            attachments=tuple(
                Attachment(name, content, media_type or "application/octet-stream")
                for name, content, media_type in email["attachments"]
            ),
            to=_mailboxes(email["email_to"]),
            cc=_mailboxes(email["email_cc"]),
            sender_name=name,
            reply_to=_mailboxes([email["reply_to"]] if email["reply_to"] else []),
            references=" ".join(dict.fromkeys(f"{email['references'] or ''} {email['message_id'] or ''}".split())),
        )

    def _role_of(self, partner) -> str:
        """Colleagues who follow the document get a copy; whether it was delivered is told of the others."""
        return "copy" if partner.user_ids and not partner.partner_share else "to"

    def _copy_to(self, account) -> str:
        session = self.sync_session_id
        return (session.copy_to if session else account.copy_to) or ""

    def _fail_hand_over(self, failure_type: str, reason: str) -> None:
        self.write({"state": "exception", "failure_type": failure_type, "failure_reason": reason})
        self._postprocess_sent_message(
            success_pids=[], success_emails=[], failure_reason=reason, failure_type=failure_type
        )

    def _finish_hand_over(self) -> None:
        """Tell the mail what became of its messages, once none of them waits any more."""
        self.ensure_one()
        messages = self.sync_delivery_ids.filtered(lambda message: message.role != "copy") or self.sync_delivery_ids
        if self.state != "sync_waiting" or any(message.state in WAITING for message in messages):
            return
        failed = messages.filtered(lambda message: message.state in (*TROUBLE, "cancelled"))
        arrived = messages - failed
        reason = "\n".join(f"{message.recipient}: {message.explanation}" for message in failed)
        self.write(
            {
                "state": "sent" if arrived else "exception",
                "failure_type": "unknown" if failed else False,
                "failure_reason": reason or False,
            }
        )
        self._postprocess_sent_message(
            success_pids=list(arrived.partner_id),
            success_emails=[message.recipient for message in arrived if not message.partner_id],
            failure_reason=reason or False,
            failure_type="unknown" if failed else None,
        )


def _mailboxes(formatted: list[str]) -> tuple[Mailbox, ...]:
    """Addresses as they travel, with their names; what is no address is left out."""
    found = []
    for text in formatted or []:
        for name, address in email_split_tuples(text):
            if normalized := email_normalize(address):
                found.append(Mailbox(wire_address(normalized), name))
    return tuple(found)
