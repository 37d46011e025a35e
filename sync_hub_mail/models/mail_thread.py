# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

# Orders are not of an addon that this one needs: what is said here holds where they are.
_ORDERS = "sale.order"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_by_email_get_base_mail_values(self, message, recipients_data, additional_values=None):
        """Override of ``mail``: quotations and orders that are sent leave through the mail account of their company."""
        values = super()._notify_by_email_get_base_mail_values(message, recipients_data, additional_values)
        # As the dialog of "Send" says, and nothing else that is written on an order.
        if self._name == _ORDERS and len(self) == 1 and self.env.context.get("mark_so_as_sent"):
            # Which account its company has is nobody's secret.
            session = self.env["sync.mail.session"]._begin(self.company_id, self.env["account.move"], state="closed")
            if session.account_id and not message.sudo().mail_server_id:
                values.update(sync_account_id=session.account_id.id, sync_session_id=session.id)
        return values
