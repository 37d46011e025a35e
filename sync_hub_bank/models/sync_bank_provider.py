# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from contextlib import contextmanager
from functools import partial

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.secret_errors import errors_without_secrets
from odoo.addons.sync_hub.models.worker_limits import seconds_for_calls
from odoo.addons.sync_hub.transport import HttpSession
from odoo.exceptions import ValidationError

from ..providers import all_providers, get_provider

RETURN_PATH = "/sync_hub_bank/return"
WEBHOOK_PATH = "/sync_hub_bank/webhook"


class SyncBankProvider(models.Model):
    """A company's own contract with a service that reaches banks: which one, and the keys."""

    _name = "sync.bank.provider"
    _description = "Bank Connection Service"
    _inherit = ["mail.thread", "sync.company.mixin", "sync.bank.keys.mixin"]
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
    application_id = fields.Char(tracking=True)
    client_id = fields.Char(tracking=True)
    redirect_url = fields.Char(
        string="Redirect Address",
        compute="_compute_redirect_url",
        help="Enter it in the application that you register at the service.",
    )
    webhook_url = fields.Char(
        string="Address for Messages",
        compute="_compute_webhook_url",
        help="The service tells this address that there is something to fetch. Odoo must be reached from the Internet.",
    )
    webhook_token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(24),
        groups="base.group_system",
    )
    environment = fields.Selection(
        selection=[("sandbox", "Sandbox"), ("production", "Production")],
        copy=False,
        tracking=True,
        help="Sandbox: with invented banks. Where the keys themselves say which one it is, the test of the keys tells.",
    )
    has_sandbox_address = fields.Boolean(compute="_compute_has_sandbox_address")
    checked_at = fields.Datetime(string="Keys Accepted", readonly=True, copy=False)
    calls_per_day = fields.Integer(
        string="Automatic Calls a Day",
        compute="_compute_calls_per_day",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="How often in 24 hours the same data of an account are asked for while nobody waits for them; 0 for no "
        "limit. Banks in Europe allow four such calls. “Synchronize now” is not counted.",
    )
    connection_ids = fields.One2many("sync.bank.connection", "provider_id", string="Connections")

    @api.model
    def _selection_code(self):
        return [(code, provider.title) for code, provider in all_providers().items()]

    @api.depends("code")
    def _compute_name(self):
        for provider in self:
            provider.name = get_provider(provider.code).title if provider.code else False

    @api.depends("code")
    def _compute_calls_per_day(self):
        for provider in self:
            provider.calls_per_day = get_provider(provider.code).unattended_calls if provider.code else 0

    @api.depends("code")
    def _compute_has_sandbox_address(self):
        for provider in self:
            provider.has_sandbox_address = bool(provider.code and get_provider(provider.code).sandbox_url)

    @api.depends("code")
    def _compute_api_url(self):
        for provider in self:
            provider.api_url = provider._address() if provider.code else False

    @api.onchange("environment")
    def _onchange_environment(self):
        if self.has_sandbox_address:
            self.api_url = self._address()

    def _address(self) -> str:
        adapter = get_provider(self.code)
        return (self.environment == "sandbox" and adapter.sandbox_url) or adapter.default_url

    @api.depends_context("uid")
    def _compute_redirect_url(self):
        for provider in self:
            provider.redirect_url = provider.get_base_url() + RETURN_PATH

    @api.depends("code")
    @api.depends_context("uid")
    def _compute_webhook_url(self):
        for provider in self:
            known = provider._origin.id and provider.code and get_provider(provider.code).has_webhooks
            # The address is for whoever may enter the keys; the token by itself is shown to nobody else.
            token = provider.sudo().webhook_token
            provider.webhook_url = f"{provider.get_base_url()}{WEBHOOK_PATH}/{provider.id}/{token}" if known else False

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

    def _open(self, connection=None):
        """An adapter that is ready to speak; a context manager.

        :param connection: the one whose session will be used, if any: it keeps what a service changes at every use
        :raises Fault: of kind ``credentials_missing`` or ``vault_key_missing``
        """
        return self._opener(connection)()

    def _opener(self, connection=None):
        """What opens adapters without Odoo: all that they need is read now, so that threads may call it.

        :raises Fault: as ``_open``
        """
        self.ensure_one()
        adapter = get_provider(self.code)
        settings, keys = self._settings(), self._secrets()
        required = (*adapter.required_settings, *adapter.required_secrets)
        missing = [name for name in required if not {**settings, **keys}[name]]
        if missing:
            labels = ", ".join(self._fields[name]._description_string(self.env) for name in missing)
            raise Fault(FaultKind.CREDENTIALS_MISSING, detail=labels)
        keep_session = connection._session_keeper() if connection and adapter.session_changes else None
        return partial(OpenAdapter, adapter, settings, keys, self.api_url, seconds_for_calls(), keep_session)

    @contextmanager
    def _ask(self, connection=None):
        """As ``_open``, for what a user waits for: whatever goes wrong is a fault, and none shows a secret."""
        with errors_without_secrets(self.display_name), self._open(connection) as adapter:
            yield adapter

    def _settings(self) -> dict[str, str]:
        adapter = get_provider(self.code)
        names = (*adapter.required_settings, *adapter.optional_settings)
        return {name: _as_text(self[name]) for name in names if name in self._fields}

    def _secrets(self) -> dict[str, str]:
        return {name: self._secret(name) for name in self._secret_names(self.code)}


class OpenAdapter:
    """An adapter with its HTTP session, for one thread. None of it touches Odoo."""

    def __init__(self, adapter, settings, keys, url, lifetime, keep_session):
        self._http = HttpSession(url, secrets=filter(None, keys.values()), lifetime=lifetime)
        self._adapter = adapter(settings, keys, self._http, keep_session=keep_session)

    def __enter__(self):
        return self._adapter

    def __exit__(self, *exc_info):
        self._http.close()


def _as_text(value) -> str:
    """A setting as adapters read it: yes is "1", and what is empty is an empty text."""
    return "1" if value is True else value or ""
