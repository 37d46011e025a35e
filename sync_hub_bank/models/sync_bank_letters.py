# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from markupsafe import Markup
from odoo import models
from odoo.addons.sync_hub.models.outcome_delivery import deliver, obstacle, reason_of

_logger = logging.getLogger(__name__)


class SyncBankConnection(models.Model):
    """E-mails of a connection to the user who is responsible for it."""

    _inherit = "sync.bank.connection"

    def _mail_responsible(self, template: str) -> bool:
        """Send a message to the responsible user at once; False when it could not leave.

        What could not be mailed stands in the activity and in the chatter, which also says why.
        """
        self.ensure_one()
        user = self._responsible_user()
        address = self._mail_address(user)
        if not address or obstacle(self.company_id):
            return False
        try:
            with self.env.cr.savepoint():
                self._deliver(template, address, user)
        except Exception as error:  # whatever it is, it stops no watch
            _logger.info("A message of %s could not be mailed", self.display_name, exc_info=True)
            env = self.with_context(lang=self._message_language()).env
            body = env._("A message to %(address)s could not be mailed: %(reason)s",
                         address=address, reason=reason_of(error))
            self.message_post(body=body, subtype_xmlid="mail.mt_note")
            return False
        return True

    def _deliver(self, template: str, address: str, user, **context) -> None:
        """Send a message about this connection at once, in a user's language.

        :raises Exception: whatever kept it from being sent; to be called in a savepoint
        """
        # Templates and mails are closed to those whose button sends one; what is sent is ours.
        found = self.env.ref(template).sudo().with_context(sync_hub_lang=user.lang or "", **context)
        deliver(found, self.sudo(), self.company_id.sudo(), (address,), user.tz or "")

    def _mail_address(self, user) -> str:
        """Where a user gets the messages of this connection."""
        return user.email or ""

    def _letter_language(self) -> str:
        """Language of a message: its reader's."""
        return self.env.context.get("sync_hub_lang") or self._message_language()

    def _letter(self, view: str) -> Markup:
        """A message as markup, for its template."""
        return self.env["ir.qweb"]._render(view, {"object": self})

    def _letter_url(self) -> str:
        """Where the connection can be read: Odoo's own way, which also brings the reader into its company."""
        return f"{self.get_base_url()}/mail/view?model={self._name}&res_id={self.id}"
