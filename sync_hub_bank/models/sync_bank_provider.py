# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.secret_errors import errors_without_secrets
from odoo.addons.sync_hub.models.sync_secret_mixin import Secret
from odoo.addons.sync_hub.models.worker_limits import seconds_for_calls
from odoo.addons.sync_hub.transport import HttpSession
from odoo.exceptions import ValidationError

from ..providers import all_providers, get_provider

RETURN_PATH = "/sync_hub_bank/return"


class SyncBankProvider(models.Model):
    """A company's own contract with a service that reaches banks: which one, and the keys."""

    _name = "sync.bank.provider"
    _description = "Bank Connection Service"
    _inherit = ["mail.thread", "sync.company.mixin", "sync.secret.mixin"]
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, precompute=True, readonly=False, required=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    code = fields.Selection(
        selection="_selection_code", string="Service", required=True, default="enablebanking", tracking=True
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, tracking=True)
    api_url = fields.Char(
        string="Address",
        compute="_compute_api_url",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        tracking=True,
        help="Address of the interface. Change it only to use a sandbox of your own.",
    )
    application_id = fields.Char(string="Application ID", tracking=True)
    private_key = Secret(
        string="Private Key", help="The RSA key of your application, as text that begins with -----BEGIN."
    )
    redirect_url = fields.Char(
        string="Redirect Address",
        compute="_compute_redirect_url",
        help="Enter it in the application that you register at the service.",
    )
    environment = fields.Selection(
        selection=[("sandbox", "Sandbox"), ("production", "Production")], readonly=True, copy=False, tracking=True
    )
    checked_at = fields.Datetime(string="Keys Accepted", readonly=True, copy=False)
    connection_ids = fields.One2many("sync.bank.connection", "provider_id", string="Connections")

    @api.model
    def _selection_code(self):
        return [(code, provider.title) for code, provider in all_providers().items()]

    @api.depends("code")
    def _compute_name(self):
        for provider in self:
            provider.name = get_provider(provider.code).title if provider.code else False

    @api.depends("code")
    def _compute_api_url(self):
        for provider in self:
            provider.api_url = get_provider(provider.code).default_url if provider.code else False

    @api.depends_context("uid")
    def _compute_redirect_url(self):
        for provider in self:
            provider.redirect_url = provider.get_base_url() + RETURN_PATH

    @api.constrains("api_url")
    def _check_api_url(self):
        for provider in self:
            try:
                HttpSession(provider.api_url).close()
            except Fault as fault:
                raise ValidationError(str(fault_error(self.env, fault))) from fault

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_test(self):
        """Button: ask the service whether the keys are good."""
        self.ensure_one()
        self.check_access("write")
        try:
            check = self._check_keys()
        except Fault as fault:
            raise fault_error(self.env, fault) from fault
        environment = dict(self._fields["environment"]._description_selection(self.env))[check.environment]
        message = self.env._(
            "The keys of “%(name)s” are accepted (%(environment)s).", name=check.name, environment=environment
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # -- For the importer and the wizards ----------------------------------------------------------------------------

    def _check_keys(self):
        """Ask the service whether the keys are good, and note its answer.

        :return: :class:`~odoo.addons.sync_hub_bank.providers.values.ProviderCheck`
        :raises Fault: when they are not, or the redirect address is not known there
        """
        self.ensure_one()
        with self._ask() as adapter:
            check = adapter.check()
        if not check.active:
            raise Fault(FaultKind.CREDENTIALS_REJECTED, detail=self.env._("The application is not active yet."))
        if check.redirect_urls and self.redirect_url not in check.redirect_urls:
            raise Fault(
                FaultKind.REQUEST_REFUSED,
                detail=self.env._("The redirect address %s is not registered in the application.", self.redirect_url),
            )
        self.write({"environment": check.environment, "checked_at": fields.Datetime.now()})
        return check

    def _open(self):
        """An adapter that is ready to speak; a context manager.

        :raises Fault: of kind ``credentials_missing`` or ``vault_key_missing``
        """
        self.ensure_one()
        return OpenAdapter(self)

    @contextmanager
    def _ask(self):
        """As ``_open``, for what a user waits for: whatever goes wrong is a fault, and none shows a secret."""
        with errors_without_secrets(self.display_name), self._open() as adapter:
            yield adapter

    def _settings(self) -> dict[str, str]:
        adapter = get_provider(self.code)
        return {"api_url": self.api_url, **{name: self[name] or "" for name in adapter.required_settings}}

    def _secrets(self) -> dict[str, str]:
        return {name: self._secret(name) for name in get_provider(self.code).required_secrets}


class OpenAdapter:
    """An adapter with its HTTP session. Everything it needs is read at the beginning: none of it touches Odoo."""

    def __init__(self, provider: SyncBankProvider):
        settings, secrets = provider._settings(), provider._secrets()
        missing = [name for name, value in {**settings, **secrets}.items() if not value]
        if missing:
            labels = ", ".join(provider._fields[name]._description_string(provider.env) for name in missing)
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail=labels)
        self._http = HttpSession(provider.api_url, secrets=secrets.values(), lifetime=seconds_for_calls())
        self._adapter = get_provider(provider.code)(settings, secrets, self._http)

    def __enter__(self):
        return self._adapter

    def __exit__(self, *exc_info):
        self._http.close()
