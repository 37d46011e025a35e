# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
import hashlib

from odoo import api, fields, models

from ..pec import IncomingKind, PecError, check_signature, classify
from .moments import naive

# Values of ``postacert/@tipo`` (RFC 6109, 4.4), and what else a message may be.
KINDS = [
    ("accettazione", "Acceptance"),
    ("non-accettazione", "Non-acceptance"),
    ("presa-in-carico", "Taken over by the other provider"),
    ("avvenuta-consegna", "Receipt of delivery"),
    ("errore-consegna", "Delivery failed"),
    ("preavviso-errore-consegna", "No delivery for 12 hours"),
    ("rilevazione-virus", "Virus found"),
    ("posta-certificata", "Certified message"),
    ("certified", "Certified message, flawed"),
    ("anomaly", "Ordinary message"),
    ("ordinary", "Ordinary message, not wrapped"),
]


class SyncMailIncoming(models.Model):
    """A message of the mailbox as it came: kept byte by byte before anybody reads it, and never changed.

    Only what concerns a message of ours is kept here; everything else stays in the mailbox, unread.
    """

    _name = "sync.mail.incoming"
    _description = "Received Message"
    _inherit = ["sync.company.mixin"]
    _order = "moment desc, id desc"
    _rec_name = "subject"

    account_id = fields.Many2one("sync.mail.account", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    state = fields.Selection(
        selection=[("new", "New"), ("done", "Read"), ("quarantine", "Quarantine")],
        required=True,
        readonly=True,
        default="new",
        index=True,
    )
    uid = fields.Char(string="Number in the Mailbox", readonly=True)
    uid_validity = fields.Char(readonly=True)
    flagged = fields.Boolean(readonly=True, help="It is marked as read in the mailbox.")
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    content = fields.Binary(string="Message as received", attachment=True, readonly=True)
    content_name = fields.Char(compute="_compute_content_name")
    size = fields.Integer(string="Size (bytes)", readonly=True)
    subject = fields.Char(readonly=True)
    sender = fields.Char(readonly=True)
    moment = fields.Datetime(string="Date", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    signature = fields.Selection(
        selection=[("none", "Not signed"), ("intact", "Intact"), ("broken", "Broken")],
        readonly=True,
        help="Whether it is the message that was signed; who signed it is not checked against the list of providers.",
    )
    reason = fields.Char(readonly=True, help="Why it could not be read, or not wholly.")
    delivery_id = fields.Many2one("sync.mail.message", readonly=True, index="btree_not_null", ondelete="restrict")

    _once = models.Constraint("UNIQUE (account_id, sha256)", "This message was received already.")

    @api.depends("kind", "sha256")
    def _compute_content_name(self):
        for message in self:
            message.content_name = f"{message.kind or 'message'}-{(message.sha256 or '')[:8]}.eml"

    # -- Receiving -----------------------------------------------------------------------------------------------------

    @api.model
    def _keep(self, account, content: bytes, **values):
        """Keep a message as it came, once.

        :return: the message; the one that was kept before when it comes again
        """
        digest = hashlib.sha256(content).hexdigest()
        known = self.search([("account_id", "=", account.id), ("sha256", "=", digest)], limit=1)
        if known:
            # The mailbox was set up anew: it has another number there.
            known.write({"flagged": False, **values})
            return known
        return self.create(
            {
                "account_id": account.id,
                "sha256": digest,
                "content": base64.b64encode(content),
                "size": len(content),
                **values,
            }
        )

    def _raw(self) -> bytes:
        self.ensure_one()
        return base64.b64decode(self.content or b"")

    # -- Reading -------------------------------------------------------------------------------------------------------

    def _read_in(self) -> None:
        """Take in what a new message says; one that cannot be read goes into quarantine, with one notice."""
        self.ensure_one()
        try:
            incoming = classify(self._raw())
            check = check_signature(self._raw()) if incoming.signed else None
        except PecError as error:
            self._quarantine(str(error))
            return
        self.write(
            {
                "subject": incoming.subject,
                "sender": incoming.sender,
                "moment": naive(incoming.moment) if incoming.moment else False,
                "kind": incoming.data.kind.value if incoming.data else incoming.kind.value,
                "signature": ("intact" if check.intact else "broken") if check else "none",
                "reason": incoming.flaw or False,
            }
        )
        if check and not check.intact:
            self._quarantine(self.env._("Its signature does not fit it: %s", check.reason))
        elif incoming.kind is IncomingKind.RECEIPT:
            self._take_receipt(incoming)
        else:
            self._take_letter(incoming)

    def _take_receipt(self, incoming) -> None:
        """A receipt of a message of ours moves its state; the same receipt twice changes nothing."""
        delivery = self.env["sync.mail.message"]._by_message_id(self.account_id, incoming.references)
        self.write({"delivery_id": delivery.id, "state": "done"})
        if delivery:
            delivery._follow_receipts()

    def _take_letter(self, incoming) -> None:
        """A certified message of somebody: addons for what is written by machines take theirs."""
        self.state = "done"

    def _quarantine(self, reason: str) -> None:
        """Set a message aside; the others go on."""
        self.ensure_one()
        if self.state == "quarantine":
            return
        self.write({"state": "quarantine", "reason": reason})
        account = self.account_id.with_context(lang=self.account_id._message_language())
        account.message_post(
            body=account.env._(
                "A received message could not be read and was set aside: %(subject)s. It stays in the mailbox; look at "
                "it there, and under “Receipts” have it read again. Technical details: %(reason)s",
                subject=self.subject or self.content_name,
                reason=reason,
            ),
            subtype_xmlid="mail.mt_note",
        )

    # -- Buttons -------------------------------------------------------------------------------------------------------

    def action_read_again(self):
        """Button: try once more to read what was set aside."""
        self.check_access("read")
        for message in self.sudo().filtered(lambda message: message.state == "quarantine" and message.content):
            # Whoever may see it may have it read again; it changes nothing but what it says.
            message.state = "new"
            message._read_in()
        return True
