# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize
from odoo.tools.translate import LazyTranslate

from ..guard import Verdict
from ..models.sync_bank_contact import CHANNELS

_lt = LazyTranslate(__name__)

_REFUSALS = {
    Verdict.WRONG: _lt("This is not the code that was sent. Compare it and try again."),
    Verdict.EXPIRED: _lt("The code is older than 15 minutes. Let another one be sent."),
    Verdict.SPENT: _lt("Too many wrong codes. Let another one be sent."),
    Verdict.NONE: _lt("No code waits. Let one be sent."),
}


class SyncBankConfirm(models.TransientModel):
    """The responsible user shows to be who they are, by a code that only their mailbox or telephone gets."""

    _name = "sync.bank.confirm"
    _description = "Confirm It Is You"

    connection_id = fields.Many2one("sync.bank.connection", required=True, readonly=True, ondelete="cascade")
    blocked = fields.Boolean(compute="_compute_blocked")
    blocked_text = fields.Text(compute="_compute_blocked")
    fixed = fields.Boolean(compute="_compute_blocked", help="The code goes to the address that stands.")
    channel = fields.Selection(
        selection=CHANNELS, string="Send the code by", required=True, compute="_compute_address", store=True,
        precompute=True, readonly=False,
    )
    sms_ready = fields.Boolean(compute="_compute_blocked")
    email = fields.Char(
        string="E-mail", compute="_compute_address", store=True, precompute=True, readonly=False
    )
    phone = fields.Char(
        string="Telephone",
        compute="_compute_address",
        store=True,
        precompute=True,
        readonly=False,
        help="With its country code: +39 …",
    )
    address = fields.Char(readonly=True)
    step = fields.Selection(selection=[("ask", "Address"), ("code", "Code")], default="ask", readonly=True)
    code = fields.Char()
    notice = fields.Char(readonly=True)

    @api.depends("connection_id")
    def _compute_blocked(self):
        Contact = self.env["sync.bank.contact"]
        for dialog in self:
            connection = dialog.connection_id
            dialog.blocked = bool(connection.blocked_reason)
            dialog.blocked_text = connection._blocked_sentences()[0] if connection.blocked_reason else False
            dialog.fixed = Contact._is_bound(self.env.user)
            dialog.sms_ready = Contact._sms_ready()

    @api.depends("connection_id")
    def _compute_address(self):
        contact = self.env["sync.bank.contact"]._of(self.env.user)
        channel, _address = contact._recipient(self.env.user)
        for dialog in self:
            dialog.channel = channel
            dialog.email = contact.email or email_normalize(self.env.user.email or "")
            dialog.phone = contact.phone or self.env.user.phone

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_send(self):
        """Button: send a code."""
        self._check_mine()
        channel, address = self._recipient()
        self.env["sync.bank.contact"]._send_code(self.connection_id, channel, address)
        self.write({"step": "code", "address": address, "code": False, "notice": False})
        return self._show()

    def action_back(self):
        """Button: choose another address."""
        self._check_mine()
        self.write({"step": "ask", "code": False, "notice": False})
        return self._show()

    def action_confirm(self):
        """Button: check the code that was typed. A wrong one is counted, so that nothing may be raised for it."""
        self._check_mine()
        connection = self.connection_id
        verdict = self.env["sync.bank.contact"]._redeem_code(self.code or "")
        self.code = False
        if verdict is not Verdict.RIGHT:
            self.notice = self.env._(_REFUSALS[verdict])
            return self._show()
        if connection.blocked_reason:
            connection._unblock()
        else:
            connection._tell_verified()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Confirmed. Thank you."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _check_mine(self) -> None:
        """:raises AccessError: for anybody but the responsible user"""
        self.ensure_one()
        self.check_access("write")
        if self.connection_id.user_id != self.env.user:
            raise AccessError(self.env._("Only the responsible user of the connection can confirm."))

    def _recipient(self) -> tuple[str, str]:
        """Where the code goes.

        :raises UserError: when there is no such address
        """
        Contact = self.env["sync.bank.contact"]
        if Contact._is_bound(self.env.user):
            channel, address = Contact._recipient(self.env.user)
        elif self.channel == "sms":
            if not Contact._sms_ready():
                raise UserError(self.env._("This database cannot send text messages. Choose e-mail."))
            channel, address = "sms", Contact._checked_phone(self.phone)
        else:
            channel, address = "email", email_normalize(self.email or "") or ""
        if not address:
            raise UserError(self.env._("Enter the e-mail address to which the code is to be sent."))
        return channel, address

    def _show(self) -> dict:
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Confirm it is me") if self.blocked else self.env._("Confirm e-mail"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
