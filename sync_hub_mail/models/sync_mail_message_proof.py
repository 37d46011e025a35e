# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC

from odoo import api, fields, models

from ..pec import FAILED_AFTER, Delivery, DeliveryState, PecError, classify, delivery, normalize_message_id
from .moments import naive

# States that receipts may give a message; what the server's own words gave ranks below.
_BY_RECEIPTS = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.NOT_DELIVERED, DeliveryState.REFUSED)


class SyncMailMessage(models.Model):
    """What receipts of certified mail prove of a message."""

    _inherit = "sync.mail.message"

    receipt_ids = fields.One2many("sync.mail.incoming", "delivery_id", string="Receipts", readonly=True)
    receipt_count = fields.Integer(compute="_compute_receipt_count")
    accepted_at = fields.Datetime(string="Accepted", readonly=True, copy=False)
    taken_over_at = fields.Datetime(string="Taken over", readonly=True, copy=False)
    warned_at = fields.Datetime(string="Warned", readonly=True, copy=False, help="Nothing was heard for twelve hours.")
    delivered_at = fields.Datetime(string="Delivered", readonly=True, copy=False)
    failure_words = fields.Char(string="Words of the Provider", readonly=True, copy=False)
    overdue = fields.Boolean(
        readonly=True, copy=False, help="Accepted, and nothing heard of its delivery for 24 hours."
    )

    @api.depends("receipt_ids")
    def _compute_receipt_count(self):
        for message in self:
            message.receipt_count = len(message.receipt_ids)

    @api.model
    def _by_message_id(self, account, reference: str):
        """The message of an account that a receipt speaks of.

        :param reference: a Message-ID, with or without brackets
        """
        identifier = normalize_message_id(reference or "")
        if not identifier:
            return self.browse()
        return self.search([("account_id", "=", account.id), ("message_id", "=ilike", f"<{identifier}>")], limit=1)

    def _follow_receipts(self) -> None:
        """Take the state that all receipts together prove, whatever their order."""
        self.ensure_one()
        facts = self._facts()
        values = {
            "accepted_at": _moment(facts.accepted_at),
            "taken_over_at": _moment(facts.taken_over_at),
            "warned_at": _moment(facts.warned_at),
            "delivered_at": _moment(facts.delivered_at),
            "certified": self.certified if facts.certified is None else ("yes" if facts.certified else "no"),
        }
        before = self.state
        if facts.state in _BY_RECEIPTS:
            trouble = facts.failure or facts.refusal
            values["state"] = facts.state.value
            failed = facts.state in (DeliveryState.NOT_DELIVERED, DeliveryState.REFUSED)
            values["reason"] = f"pec_{trouble.error.name.lower()}" if failed else False
            values["failure_words"] = trouble.words if failed else False
            values["date_sent"] = self.date_sent or values["accepted_at"] or fields.Datetime.now()
        self.write(values)
        if self.state != before:
            self._settled()
        if self.state != DeliveryState.ACCEPTED and self.overdue:
            self._forget_overdue()

    def _facts(self) -> Delivery:
        receipts = []
        for message in self.receipt_ids.filtered(lambda message: message.state == "done"):
            try:
                incoming = classify(message._raw())
            except PecError:
                # It was read when it came; a later version that refuses it must not undo what it proved.
                continue
            receipts.append(incoming.data)
        sent = self.date_sent.replace(tzinfo=UTC) if self.date_sent else None
        return delivery(self.recipient, receipts, sent_at=sent)

    # -- Nothing is heard ----------------------------------------------------------------------------------------------

    def _sent_by(self):
        """Who pressed "Send"; nobody where an automatic run did."""
        session = self.session_id
        return session.browse().user_id if session.automatic else session.user_id

    def _forget_overdue(self) -> None:
        self.overdue = False
        if document := self._document():
            document.activity_feedback(["sync_hub_mail.activity_undelivered"])


class SyncMailAccount(models.Model):
    _inherit = "sync.mail.account"

    def _tell_overdue(self) -> None:
        """Ask somebody to look after certified messages that were accepted and of whose delivery nothing is heard."""
        since = fields.Datetime.now() - FAILED_AFTER
        late = self.env["sync.mail.message"].search(
            [
                ("account_id", "=", self.id),
                ("state", "=", "accepted"),
                ("certified", "!=", "no"),
                ("overdue", "=", False),
                ("accepted_at", "<=", since),
            ]
        )
        for message in late:
            message.overdue = True
            document = message._document()
            if document and hasattr(document, "activity_schedule"):
                document.with_context(lang=self._message_language()).activity_schedule(
                    "sync_hub_mail.activity_undelivered",
                    user_id=(message._sent_by() or self.user_id).id or self.env.uid,
                    note=self.env._(
                        "%s: the message was accepted, but no receipt of delivery has come for 24 hours. Ask the "
                        "recipient, or send again.",
                        message.recipient,
                    ),
                )
        self.env.cr.commit()


def _moment(instant):
    return naive(instant) if instant else False
