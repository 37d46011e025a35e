# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.fault_texts import fill
from odoo.tools.translate import LazyTranslate

from ..pec import PRESETS, preset_for
from ..pec.presets import Encryption as PresetEncryption

_lt = LazyTranslate(__name__)

_BY_CODE = {preset.code: preset for preset in PRESETS}
_HOSTS = {server.host for preset in PRESETS for server in (preset.smtp, preset.imap)}
_ENCRYPTIONS = {PresetEncryption.TLS: "ssl_strict", PresetEncryption.STARTTLS: "starttls_strict"}

# What has to be done at a provider before a password works.
# Gmail: https://support.google.com/accounts/answer/185833
# Outlook.com took its last sign-ins by password on 16 September 2024; Microsoft 365 leaves them to administrators:
# https://techcommunity.microsoft.com/blog/exchange/exchange-online-to-retire-basic-auth-for-client-submission-smtp-auth/4114750
_HINTS = {
    "gmail": _lt(
        "Google does not accept your ordinary password here. Switch on 2-step verification in your Google account, "
        "create an app password at myaccount.google.com/apppasswords, and enter its 16 letters as the password."
    ),
    "outlook": _lt(
        "Microsoft has ended signing in with passwords and app passwords for Outlook.com, Hotmail and Live: most "
        "likely the server will refuse the login. Use an account of another provider to send invoices."
    ),
    "microsoft365": _lt(
        "Your administrator must allow “Authenticated SMTP” for this mailbox in the Microsoft 365 admin center. Where "
        "2-step verification is on, an app password is needed: create it at mysignins.microsoft.com/security-info."
    ),
}
_USER_CODE = _lt("%(provider)s does not take the address as the user: enter the code that came with the mailbox.")


class SyncMailAccount(models.Model):
    """What is known of a provider fills in the form; what somebody typed stays."""

    _inherit = "sync.mail.account"

    # What the form last filled in as the user, so that it follows the address until somebody types another.
    login_filled = fields.Char(store=False)
    provider_hint = fields.Char(compute="_compute_provider_hint")
    settings_warning = fields.Char(compute="_compute_settings_warning")

    @api.depends("preset", "login")
    @api.depends_context("lang")
    def _compute_provider_hint(self):
        for account in self:
            preset = _BY_CODE.get(account.preset)
            if preset and not preset.user_is_address:
                hint = fill(self.env._(_USER_CODE), {"provider": preset.name}) if not account.login else False
            else:
                hint = self.env._(_HINTS[account.preset]) if account.preset in _HINTS else False
            account.provider_hint = hint

    @api.depends("kind", "port", "encryption", "login", "imap_host")
    @api.depends_context("lang")
    def _compute_settings_warning(self):
        for account in self:
            warnings = []
            if account.encryption == "none" and account.login:
                warnings.append(
                    self.env._("Without encryption anybody on the way can read the password and all documents.")
                )
            if account.kind == "pec" and account.port == 25:
                warnings.append(self.env._("Certified mail does not leave by port 25: its providers use 465."))
            if account.kind == "pec" and not account.imap_host:
                warnings.append(self.env._("Without a server for incoming mail no receipt can prove a delivery."))
            account.settings_warning = " ".join(warnings) or False

    @api.onchange("email")
    def _onchange_email(self):
        known = preset_for(self.email or "")
        if known and self.preset in (False, "other") and self._is_free(self.host):
            self.preset = known.code
            self._fill_servers(known)
        self._fill_login()

    @api.onchange("preset")
    def _onchange_preset(self):
        preset = _BY_CODE.get(self.preset)
        if preset:
            self._fill_servers(preset)
        self._fill_login()

    @api.onchange("host", "imap_host")
    def _onchange_host(self):
        """A password is not carried to another server: see ``write``."""
        if self._origin.password and self._moves(self._origin, {"host": self.host, "imap_host": self.imap_host}):
            self.password = False

    def _fill_servers(self, preset) -> None:
        self.kind = "pec" if preset.certified else "ordinary"
        if self._is_free(self.host):
            self.host = preset.smtp.host
            self.encryption = _ENCRYPTIONS[preset.smtp.encryption]
            self.port = preset.smtp.port
        if self._is_free(self.imap_host):
            self.imap_host = preset.imap.host
            self.imap_port = preset.imap.port

    def _fill_login(self) -> None:
        if self.login and self.login not in (self.login_filled, self._origin.email):
            return
        preset = _BY_CODE.get(self.preset)
        self.login = False if preset and not preset.user_is_address else self.email
        self.login_filled = self.login

    @staticmethod
    def _is_free(host: str | bool) -> bool:
        """Whether nobody typed it: it is empty, or a provider's."""
        return not host or host in _HOSTS
