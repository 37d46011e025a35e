# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.addons.sync_hub_mail.pec import PecError, read_letter
from odoo.addons.sync_hub_mail.sdi import SdiError, is_sdi_address


class SyncMailIncoming(models.Model):
    """Letters of the SdI."""

    _inherit = "sync.mail.incoming"

    @api.model
    def _keep(self, account, content, **values):
        """Override of ``sync_hub_mail``: what the SdI writes of others stays where it is, unread."""
        if account._speaks_of_others(content):
            return self.browse()
        return super()._keep(account, content, **values)

    def _take_letter(self, incoming):
        """Override of ``sync_hub_mail``: notifications of the SdI move invoices."""
        if not is_sdi_address(incoming.sender):
            return super()._take_letter(incoming)
        if incoming.flaw or self.signature != "intact":
            return self._quarantine(
                self.env._("It names the SdI as its sender, but no provider of certified mail vouches for it.")
            )
        try:
            with self.env.cr.savepoint():
                found = self.account_id._sdi_notifications(read_letter(incoming.original or b""))
                if not found:
                    raise SdiError(self.env._("It speaks of no file that left by this account."))
                for file, attachment in found:
                    self.env["sync.mail.sdi.notification"]._take(file, self, attachment.name, attachment.content)
        except (PecError, SdiError) as error:
            return self._quarantine(str(error))
        self.state = "done"
        self.account_id._learn_sdi_address(incoming.sender)
        return None
