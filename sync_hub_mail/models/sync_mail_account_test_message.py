# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import models
from odoo.exceptions import UserError

from .draft import Draft


class SyncMailAccount(models.Model):
    """A message to oneself, which takes the way of every other."""

    _inherit = "sync.mail.account"

    def action_send_test(self):
        """Button: send a message to oneself."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "connected":
            raise UserError(self.env._("Press “Connect” first: a test leaves through an account that is connected."))
        return self._send_test()

    def _send_test(self) -> dict:
        """Queue a message to oneself, and wake who sends it.

        :return: an action that says so
        """
        self._queue_test()
        self._ask_to_send()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("A test is on its way; its state appears here."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _queue_test(self):
        """The message, as it will travel, in the queue."""
        self.ensure_one()
        lines = [
            self.env._("This message was sent by Sync Hub to test the mail account %s.", self.name),
            self.env._("Invoices leave in the same way. Nothing has to be done."),
        ]
        draft = Draft(
            subject=self.env._("Test of the mail account %s", self.name),
            html=str(Markup("").join(Markup("<p>%s</p>") % line for line in lines)),
        )
        # Whoever may use the account may have it write to itself; deliveries are written by nobody by hand.
        return self.env["sync.mail.message"].sudo()._enqueue(self, draft, self._address(), role="test")
