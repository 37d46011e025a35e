# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.sync_secret_mixin import Secret

from ..providers import get_provider


class SyncBankKeysMixin(models.AbstractModel):
    """What a contract with a bank connection service consists of: the settings and secrets of all services.

    Their names are those by which the adapters know them; each service uses some (``required_settings`` and the like).
    """

    _name = "sync.bank.keys.mixin"
    _description = "Keys of a Bank Connection Service"
    _inherit = ["sync.secret.mixin"]

    application_id = fields.Char(string="Application ID")
    client_id = fields.Char(string="Client ID")
    admin_login = fields.Char(help="Name of the administrator of your contract.")
    fastlink_url = fields.Char(string="FastLink Address", help="Address of the page on which users choose their bank.")
    fastlink_config = fields.Char(
        string="FastLink Configuration", help="Empty for the configuration that the service calls “Aggregation”."
    )
    login_name = fields.Char(
        string="User Name",
        help="Only where the contract gives fixed users, as the sandbox does; otherwise each company becomes one.",
    )
    client_name = fields.Char(string="Shown Name", help="Name that users see on the pages of the service.")
    account_numbers = fields.Boolean(
        string="Read Account Numbers", help="Ask for IBANs and account numbers, which the service may bill."
    )
    signature_certificate_id = fields.Char(string="ID of the Signature Certificate")
    authorization_url = fields.Char(
        string="Authorization Address", help="Empty for the one of the service; the sandbox has another."
    )
    webhook_public_key = fields.Text(
        string="Public Key of Messages", help="Empty for the key that the service has published."
    )
    private_key = Secret(string="Private Key", help="The RSA key, as text that begins with -----BEGIN.")
    private_key_password = Secret(string="Password of the Private Key")
    application_secret = Secret(string="Application Secret")
    client_secret = Secret(string="Client Secret")
    secret = Secret(string="Secret")
    certificate = Secret(string="Certificate", help="The certificate, as text that begins with -----BEGIN CERTIFICATE.")
    signature_key = Secret(string="Signature Key", help="The key of signatures, as text that begins with -----BEGIN.")
    signature_key_password = Secret(string="Password of the Signature Key")

    @api.model
    def _setting_names(self, code: str) -> tuple[str, ...]:
        """Settings that a user fills in for a service; what is known otherwise is left out."""
        adapter = get_provider(code)
        names = (*adapter.required_settings, *adapter.optional_settings)
        return tuple(name for name in names if name in self._fields and not self._fields[name].compute)

    @api.model
    def _secret_names(self, code: str) -> tuple[str, ...]:
        adapter = get_provider(code)
        return (*adapter.required_secrets, *adapter.optional_secrets)
