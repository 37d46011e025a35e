# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Mapping

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.sync_connection_mixin import CONNECTION_STATES
from odoo.exceptions import UserError

from ..providers.values import (
    AttendedUser,
    Authorization,
    AuthorizationRequest,
    BankAccount,
    Consent,
    Institution,
)

# Name under which the vault keeps the handle of the consent.
SESSION = "session"


class SyncBankConnection(models.Model):
    """A consent at one bank, through one service, with the accounts that it opens."""

    _name = "sync.bank.connection"
    _description = "Online Synchronization"
    _inherit = ["sync.connection.mixin"]
    _order = "company_id, name, id"
    _check_company_auto = True

    state = fields.Selection(selection=CONNECTION_STATES)
    provider_id = fields.Many2one(
        "sync.bank.provider", string="Service", required=True, readonly=True, check_company=True, ondelete="restrict"
    )
    # What the bank was called when it was chosen: the list of banks is a cache that may forget it.
    institution_key = fields.Char(required=True, readonly=True)
    country_id = fields.Many2one("res.country", required=True, readonly=True)
    bic = fields.Char(string="BIC", readonly=True)
    logo_url = fields.Char(string="Logo URL", readonly=True)
    beta = fields.Boolean(readonly=True)
    psu_type = fields.Selection(
        selection=[("business", "Business"), ("personal", "Personal")],
        string="Type of Account",
        required=True,
        readonly=True,
    )
    consent_seconds = fields.Integer(readonly=True)
    attended_headers = fields.Char(readonly=True)
    consent_reference = fields.Char(
        string="Number of the Consent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="As the service knows it.",
    )
    consent_until = fields.Datetime(string="Consent until", readonly=True, copy=False, tracking=True)
    account_ids = fields.One2many("sync.bank.account", "connection_id", string="Accounts")
    linked_count = fields.Integer(compute="_compute_linked_count", string="Linked Accounts")
    waiting_count = fields.Integer(compute="_compute_waiting_count", string="Waiting Movements")

    @api.depends("account_ids.journal_id")
    def _compute_linked_count(self):
        for connection in self:
            connection.linked_count = len(connection.account_ids.filtered("journal_id"))

    def _compute_waiting_count(self):
        groups = self.env["sync.bank.transaction"]._read_group(
            [("connection_id", "in", self.ids), ("state", "=", "proposed")], ["connection_id"], ["__count"]
        )
        counts = {connection.id: count for connection, count in groups}
        for connection in self:
            connection.waiting_count = counts.get(connection.id, 0)

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_authorize(self):
        """Button: go to the bank's page to give or renew the consent."""
        self.ensure_one()
        self.check_access("write")
        try:
            issued, state = self.env["sync.bank.authorization"]._issue(self)
            with self.provider_id._ask(self) as adapter:
                authorization = adapter.authorize(
                    AuthorizationRequest(
                        institution=self._institution(),
                        psu_type=self.psu_type,
                        redirect_url=self.provider_id.redirect_url,
                        state=state,
                        language=(self.env.lang or "en")[:2],
                        customer=self._customer(),
                        session=self._secret(SESSION),
                        webhook_url=self.provider_id.webhook_url or "",
                    )
                )
        except Fault as fault:
            return self._report_fault(fault)
        issued.reference = authorization.reference
        self.env["sync.bank.audit"]._record(self, "consent_asked")
        return self._action_depart(authorization)

    def _action_depart(self, authorization: Authorization) -> dict:
        """Send the browser to the pages of the bank or the service."""
        if authorization.form:
            fields_of_form = {"url": authorization.url, "fields": dict(authorization.form)}
            return {"type": "ir.actions.client", "tag": "sync_hub_bank_depart", "params": fields_of_form}
        if authorization.comes_back:
            return {"type": "ir.actions.act_url", "url": authorization.url, "target": "self"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "Link the accounts on the page of %s that has just opened, then come back and connect once more.",
                    self.provider_id.name,
                ),
                "next": {"type": "ir.actions.act_url", "url": authorization.url, "target": "new"},
            },
        }

    def action_reconnect(self):
        """Button: renew the consent; journals, movements and their ids stay."""
        return self.action_authorize()

    def action_update_credentials(self):
        """Button: enter the keys of the service anew."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Update Credentials"),
            "res_model": "sync.bank.credentials",
            "view_mode": "form",
            "target": "new",
            "context": {"default_provider_id": self.provider_id.id, "default_connection_id": self.id},
        }

    def action_fetch_accounts(self):
        """Button: ask which accounts the consent opens now. Known ones stay as they are."""
        self.ensure_one()
        self.check_access("write")
        self.env["sync.bank.audit"]._record(self, "access", scope="accounts", calls=1)
        try:
            with self._adapter_alone() as adapter:
                accounts = adapter.accounts(self._session())
        except Fault as fault:
            return self._report_fault(fault)
        self._receive_accounts(accounts)
        return self._action_link()

    def action_fetch_transactions(self):
        """Button: the same as *Synchronize now*, under the name that users of the list look for."""
        return self.action_sync_now()

    def action_disconnect(self):
        """Button: end the consent. Journals keep their lines and wait for another feed."""
        self.ensure_one()
        self.check_access("write")
        session = self._secret(SESSION)
        if session:
            try:
                with self._adapter_alone() as adapter:
                    adapter.revoke(session)
            except Fault as fault:
                raise UserError(
                    "\n".join(
                        (
                            str(fault_error(self.env, fault)),
                            self.env._("If you cannot wait, withdraw the consent in your bank's own application."),
                        )
                    )
                ) from fault
        self._keep_secret(SESSION, "")
        self.account_ids.journal_id.bank_statements_source = "undefined"
        self.account_ids.journal_id = False
        self.write({"state": "closed", "consent_until": False})
        return self._tell_disconnected() if session else True

    def action_open_waiting(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_transaction")
        action["domain"] = [("connection_id", "=", self.id)]
        return action

    def _action_link(self):
        """Ask which journal each account belongs to."""
        self.ensure_one()
        link = self.env["sync.bank.link"].create({"connection_id": self.id})
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_link")
        return {**action, "res_id": link.id}

    # -- Consent -----------------------------------------------------------------------------------------------------

    @api.model
    def _return_from_bank(self, answer: Mapping[str, str]):
        """Finish what a returning user began.

        :param answer: the query parameters of the return
        :return: the connection; a refusal of the bank is reported on it
        :raises Fault: of kind ``authorization_invalid`` when the return is not ours
        """
        connection = self._redeem_return(answer)
        connection._open_consent(answer)
        return connection

    @api.model
    def _redeem_return(self, answer: Mapping[str, str]):
        """The connection for which a returning user was sent out; its state is spent from now on, whatever comes.

        :raises Fault: of kind ``authorization_invalid``
        """
        connection = self.env["sync.bank.authorization"]._redeem(answer.get("state", ""))
        self.env.cr.commit()
        connection = connection.with_company(connection.company_id)
        connection.check_access("write")
        return connection

    def _open_consent(self, answer: Mapping[str, str]) -> bool:
        """Take up the consent that the bank gave; False when there is none, and the connection says why."""
        self.ensure_one()
        try:
            # What was kept here counts, whatever the browser brings under these names.
            kept = {"reference": self.env.context.get("sync_reference") or "", "session": self._secret(SESSION)}
            with self.provider_id._ask(self) as adapter:
                consent = adapter.open_session({**answer, **kept})
        except Fault as fault:
            self.env["sync.bank.audit"]._record(self, "consent_refused", fault=fault)
            self._report_fault(fault)
            return False
        self._receive_consent(consent)
        return True

    def _receive_consent(self, consent: Consent) -> None:
        self._keep_secret(SESSION, consent.session)
        self.write(
            {
                "state": "connected",
                "not_before": False,
                "consent_reference": consent.reference or False,
                "consent_until": consent.valid_until.replace(tzinfo=None) if consent.valid_until else False,
            }
        )
        self.env["sync.bank.audit"]._record(self, "consent_given")
        self._receive_accounts(consent.accounts)

    def _receive_accounts(self, accounts: tuple[BankAccount, ...]) -> None:
        """Recognize known accounts, add new ones, flag those that the bank does not name any more."""
        Account = self.env["sync.bank.account"]
        seen = Account.browse()
        faults = []
        for account in accounts:
            try:
                values = {"uid": account.uid, **Account._values(account)}
            except Fault as fault:
                # One account that Odoo cannot hold does not keep the others away.
                faults.append(fault)
                continue
            known = self.account_ids._recognize(account)
            if known:
                if known.uid != account.uid:
                    # Places in the list of another account lead nowhere.
                    values["cursor"] = False
                known.write({"gone": False, **values})
            else:
                known = Account.create({"connection_id": self.id, **values})
            seen |= known
        missing = (self.account_ids - seen).filtered(lambda account: not account.gone)
        missing.gone = True
        for account in missing.filtered("journal_id"):
            self._tell_gone(account)
        for fault in faults:
            self._report_fault(fault)

    def _tell_gone(self, account) -> None:
        """Say in the chatter that the bank does not name a synchronized account any more."""
        env = self.with_context(lang=self._message_language()).env
        self.message_post(
            body=env._("The bank does not name the account %s any more: it is not synchronized.", account.display_name),
            subtype_xmlid="mail.mt_note",
        )

    def _session(self) -> str:
        """Handle of the consent.

        :raises Fault: of kind ``consent_expired`` when there is none
        """
        session = self._secret(SESSION)
        if not session:
            raise Fault(FaultKind.CONSENT_EXPIRED)
        return session

    def _customer(self) -> str:
        """Lasting name of the company at services that keep customers of their own."""
        # A number that tells nothing; everybody may know it.
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"sync-hub-{database[:8]}-{self.company_id.id}"

    # -- For the engine ------------------------------------------------------------------------------------------------

    @api.model
    def _sync_service_xmlid(self):
        """Implementation of ``sync.connection.mixin``."""
        return "sync_hub_bank.service_bank_transactions"

    def _synchronize(self, run, deadline):
        """Implementation of ``sync.connection.mixin``: account after account, each on its own."""
        return self.env["sync.bank.import"]._import_connection(self, run, deadline)

    @api.model
    def _checkpoint_after_kill(self, checkpoint):
        """Override of ``sync_hub``: accounts that failed are tried again; their faults stand in the killed run only."""
        return {key: value for key, value in super()._checkpoint_after_kill(checkpoint).items() if key != "failed"}

    def _run_finished(self, run):
        """Override of ``sync_hub``: keys and consent have proved good."""
        result = super()._run_finished(run)
        if run.outcome in ("done", "nothing_new") and self.state in ("reconnect", "credentials"):
            self.state = "connected"
        return result

    def _attended(self, run) -> AttendedUser | None:
        """The user who asked for a run and waits for it, as this bank wants to know; None for an automatic run."""
        if not run.attended:
            return None
        return AttendedUser(**run.attended, required_headers=self._institution().attended_headers)

    # -- Helpers -------------------------------------------------------------------------------------------------------

    @api.model
    def _values_of_institution(self, institution) -> dict:
        """What a new connection remembers of the bank that was chosen."""
        return {
            "name": institution.name,
            "provider_id": institution.provider_id.id,
            "company_id": institution.provider_id.company_id.id,
            "institution_key": institution.key,
            "country_id": institution.country_id.id,
            "bic": institution.bic,
            "logo_url": institution.logo_url,
            "beta": institution.beta,
            "consent_seconds": institution.consent_seconds,
            "attended_headers": institution.attended_headers,
        }

    def _institution(self) -> Institution:
        return Institution(
            key=self.institution_key,
            name=self.name,
            country=self.country_id.code,
            bic=self.bic or "",
            logo_url=self.logo_url or "",
            beta=self.beta,
            consent_seconds=self.consent_seconds or None,
            attended_headers=tuple(filter(None, (self.attended_headers or "").split(","))),
        )
