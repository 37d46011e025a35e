# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.addons.sync_hub.outcome import AddressError
from odoo.exceptions import UserError

from ..sending import parse_recipients

_ENCRYPTIONS = {"none": "none", "starttls": "starttls_strict", "ssl": "ssl_strict"}


class IrMail_Server(models.Model):
    """A mail server that somebody made becomes a mail account, when somebody asks for it."""

    _inherit = "ir.mail_server"

    def action_use_as_mail_account(self):
        """Button: a mail account takes the server over, and its password goes into the vault.

        The server stays the record that it is, so that templates go on pointing at it.
        """
        self.ensure_one()
        self.check_access("write")
        accounts = self.env["sync.mail.account"]
        accounts.check_access("create")
        self._check_can_be_account()
        address = self._account_address()
        values = {
            "name": self.name,
            "email": address,
            "kind": "pec" if self._is_certified() else "ordinary",
            "login": self.smtp_user,
            "password": self.smtp_pass,
            "host": self.smtp_host,
            "port": self.smtp_port,
            # Certificates are verified from now on.
            "encryption": _ENCRYPTIONS.get(self.smtp_encryption, self.smtp_encryption),
        }
        # Which server an account has is written by nobody but this and the account itself.
        account = accounts.sudo().create({**values, "server_id": self.id}).sudo(False)
        account.message_post(
            body=self.env._("Taken over from the mail server “%s”. Its password is in the vault now.", self.name),
            subtype_xmlid="mail.mt_note",
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": account._name,
            "res_id": account.id,
            "views": [(False, "form")],
        }

    def _check_can_be_account(self) -> None:
        if self.sync_account_id:
            raise UserError(self.env._("“%s” belongs to a mail account already.", self.name))
        if self.smtp_authentication != "login":
            raise UserError(self.env._("Only a server with user and password can become a mail account."))
        if self.owner_user_id:
            raise UserError(self.env._("“%s” belongs to one user alone.", self.name))

    def _account_address(self) -> str:
        """The address from which the server sends.

        :raises UserError: when it is for none, or for several
        """
        for text in (self.from_filter, self.smtp_user):
            try:
                found = parse_recipients(text or "")
            except AddressError:
                continue
            if len(found) == 1:
                return found[0]
        raise UserError(
            self.env._("Enter one address as “FROM Filtering” first: a mail account sends from exactly one address.")
        )
