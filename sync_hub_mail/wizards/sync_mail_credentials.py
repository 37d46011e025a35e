# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.sync_secret_mixin import SecretLine
from odoo.exceptions import UserError

from ..models.mail_fault_texts import MAIL_FAULT_TEXTS


class SyncMailCredentials(models.TransientModel):
    """Enter user and password anew, with the answer of the server before anything is saved."""

    _name = "sync.mail.credentials"
    _description = "User and Password of a Mail Account"
    _inherit = ["sync.secret.mixin"]

    account_id = fields.Many2one(
        "sync.mail.account", string="Mail Account", required=True, readonly=True, ondelete="cascade"
    )
    login = fields.Char(
        string="User",
        compute="_compute_login",
        store=True,
        readonly=False,
        help="Most providers want the address here; some, such as InfoCert, a code of their own.",
    )
    password = SecretLine(string="Password")
    provider_hint = fields.Char(related="account_id.provider_hint")

    @api.depends("account_id")
    def _compute_login(self):
        for dialog in self:
            dialog.login = dialog.account_id.login

    def action_save(self):
        """Button: save user and password unless the server refuses them, and use them."""
        self.ensure_one()
        account, password = self.account_id, self._secret("password")
        account.write({"login": self.login, **({"password": password} if password else {})})
        check = account._check()
        if check.refused:
            # Undoes the write above with the whole transaction.
            step = check._failed()[:1]
            raise UserError("\n".join(filter(None, [step.message, step.said, step.remedy])))
        self._keep_secret("password", "")
        if not check.succeeded:
            return check._action_show()
        account._connected()
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _fault_texts(self):
        """Override of ``sync_hub``."""
        return MAIL_FAULT_TEXTS
