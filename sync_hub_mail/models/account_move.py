# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain

from .sync_mail_message import STATES

# From the one that wants attention to the one that needs none.
_ARRIVED = ("sent", "accepted", "delivered")
_RANK = ("refused", "not_delivered", "unknown", "sending", "queued", "sent", "accepted", "delivered", "cancelled")


class AccountMove(models.Model):
    """How far a document got with each of its recipients."""

    _inherit = "account.move"

    sync_delivery_ids = fields.One2many(
        "sync.mail.message",
        "res_id",
        string="Deliveries",
        domain=[("res_model", "=", "account.move")],
        readonly=True,
        copy=False,
    )
    sync_delivery_count = fields.Integer(string="Number of Deliveries", compute="_compute_sync_delivery")
    sync_delivery_state = fields.Selection(
        [*STATES, ("not_sent", "Could not be sent")],
        string="Delivery",
        compute="_compute_sync_delivery",
        search="_search_sync_delivery_state",
        help="Of the recipient with whom it got least far.",
    )
    sync_unsent_reason = fields.Char(
        string="Why it was not sent",
        readonly=True,
        copy=False,
        help="It does not leave by itself any more until somebody sends it or lets it be tried again.",
    )

    @api.depends("sync_delivery_ids.state", "sync_delivery_ids.superseded", "sync_unsent_reason")
    def _compute_sync_delivery(self):
        for move in self:
            deliveries = move.sync_delivery_ids
            counted = deliveries.filtered(lambda one: one.role != "copy" and not one.superseded)
            states = {one.state for one in counted or deliveries}
            move.sync_delivery_count = len(deliveries)
            move.sync_delivery_state = (
                "not_sent" if move.sync_unsent_reason else next((state for state in _RANK if state in states), False)
            )

    def _has_not_left(self) -> bool:
        """Whether this document was to leave through a mail account, and no server has it (yet)."""
        return bool(self.sync_delivery_state) and self.sync_delivery_state not in _ARRIVED

    @api.depends("sync_delivery_state")
    def _compute_status_in_payment(self):
        """Override of ``account``, which says "Sent" as soon as the PDF was made."""
        result = super()._compute_status_in_payment()
        for move in self.filtered(lambda move: move.status_in_payment == "sent"):
            if move._has_not_left():
                move.status_in_payment = "posted"
        return result

    @api.depends("sync_delivery_state")
    def compute_move_sent_values(self):
        """Override of ``account``: as above."""
        result = super().compute_move_sent_values()
        for move in self.filtered("is_move_sent"):
            if move._has_not_left():
                move.move_sent_values = "not_sent"
        return result

    @api.model
    def _search_sync_delivery_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = []
        for state in value:
            if state == "not_sent":
                domains.append(Domain("sync_unsent_reason", "!=", False))
            elif state:
                domains.append(
                    Domain("sync_unsent_reason", "=", False)
                    & self._with_delivery([state])
                    & ~self._with_delivery(_RANK[: _RANK.index(state)])
                )
            else:
                domains.append(Domain("sync_unsent_reason", "=", False) & ~self._with_delivery(_RANK))
        return Domain.OR(domains)

    @api.model
    def _with_delivery(self, states) -> Domain:
        """Documents with a delivery in one of some states."""
        told = [("state", "in", list(states)), ("role", "!=", "copy"), ("superseded", "=", False)]
        return Domain("sync_delivery_ids", "any", told) if states else Domain.FALSE

    def action_open_sync_deliveries(self):
        """Button: the messages by which this document was sent."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_mail.action_sync_mail_message")
        action["domain"] = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_sync_evidence(self):
        """Button: the proof that this document was sent and delivered, as a ZIP archive."""
        self.ensure_one()
        return self.sync_delivery_ids[:1].action_evidence()

    def action_sync_try_again(self):
        """Button: let what could not be sent be tried again: at the next automatic run where one sends it, otherwise in
        the dialog "Send"."""
        self.ensure_one()
        self.check_access("write")
        # Which documents leave by themselves is nobody's secret.
        automatic = [("company_id", "=", self.company_id.id), ("send_due", "=", True)]
        accounts = self.env["sync.mail.account"].sudo().search(automatic)
        if any(self.filtered_domain(account._automatic_domain()) for account in accounts):
            self.sync_unsent_reason = False
            return True
        # It stays among the undelivered until it has left.
        return self.action_send_and_print()

    def _notify_by_email_get_base_mail_values(self, message, recipients_data, additional_values=None):
        """Override of ``mail``: what is sent by "Send & Print" leaves through the mail account of the sending."""
        values = super()._notify_by_email_get_base_mail_values(message, recipients_data, additional_values)
        # Whether the document is in a sending with an account of its own; nothing else is read.
        session = self.env["sync.mail.session"].sudo().browse(self.env.context.get("sync_mail_session_id") or [])
        if session.account_id:
            values["sync_account_id"] = session.account_id.id
            values["sync_session_id"] = session.id
        return values
