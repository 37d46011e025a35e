# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.secret_errors import errors_without_secrets
from odoo.addons.sync_hub.vault import DOTS
from odoo.exceptions import UserError

from ..imap import check as check_mailbox
from ..smtp import Step, StepName, StepState, check
from .mail_fault_texts import MAIL_FAULT_TEXTS

# What a server was asked with: a change of them makes its consent worthless.
_ASKED_WITH = frozenset(
    {"email", "login", "host", "port", "encryption", "kind", "imap_host", "imap_port", "imap_folder"}
)
# Where the password goes.
_HOSTS = ("host", "imap_host")
CREDENTIALS = frozenset({FaultKind.CREDENTIALS_REJECTED, FaultKind.CREDENTIALS_MISSING})
# Faults that a check which succeeds has cured.
_CURED = CREDENTIALS | {
    FaultKind.PROVIDER_DOWN,
    FaultKind.NETWORK_UNREACHABLE,
    FaultKind.NETWORK_UNTRUSTED,
    FaultKind.BAD_DATA,
    FaultKind.REQUEST_REFUSED,
    FaultKind.VAULT_KEY_MISSING,
    FaultKind.SENDER_REFUSED,
    FaultKind.CONSENT_EXPIRED,
}


class SyncMailAccount(models.Model):
    """Whether the server agrees to what was entered. No message leaves through an account before that."""

    _inherit = "sync.mail.account"

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Override of ``base``: what has changed is checked again, and a password is not carried to another server.

        Whoever may name the server could read the password there otherwise.
        """
        typed = vals.get("password") and not vals["password"].startswith(DOTS)
        moved = self.browse() if typed else self.filtered(lambda account: self._moves(account, vals))
        watched = _ASKED_WITH & vals.keys()
        before = {account: account._asked_with(watched) for account in self}
        result = super().write(vals)
        for account in moved:
            account._keep_secret("password", "")
        if "state" not in vals:
            for account in self:
                if before[account] != account._asked_with(watched):
                    account._ask_for_check()
        return result

    @staticmethod
    def _moves(account, vals: dict) -> bool:
        """Whether these values name another server than the one to which the password was given."""
        return any(
            name in vals and (vals[name] or "").strip().lower() != (account[name] or "").strip().lower()
            for name in _HOSTS
        )

    def _asked_with(self, names) -> dict:
        return {name: self[name] for name in names}

    def _keep_secret(self, name, value):
        """Override of ``sync_hub``: a new password is checked before anything leaves with it."""
        result = super()._keep_secret(name, value)
        if name == "password" and value:
            self._ask_for_check()
        return result

    def _ask_for_check(self) -> None:
        if self.state not in ("draft", "closed"):
            self.state = "draft"

    # -- Computed fields -----------------------------------------------------------------------------------------------

    @api.depends("checked_at")
    def _compute_fault(self):
        """Override of ``sync_hub``: a check that succeeded after the fault has cured it."""
        result = super()._compute_fault()
        for account in self.filtered(lambda account: account.checked_at and account.fault_line_id):
            ended = account.last_run_id.date_end
            if account.fault_line_id.kind in _CURED and ended and ended < account.checked_at:
                account.update(dict.fromkeys(("fault_line_id", "fault_message", "fault_remedy"), False))
                account.update(dict.fromkeys(("fault_reference", "fault_button"), False))
        return result

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_connect(self):
        """Button: ask the server whether it agrees; messages leave as soon as it does."""
        check = self._check()
        if check.succeeded:
            self._connected()
        return check._action_show()

    def action_reconnect(self):
        """Implementation of ``sync.connection.mixin``."""
        return self.action_connect()

    def action_test_connection(self):
        """Button: ask the server again. Nothing is sent."""
        check = self._check()
        if check.succeeded and self.state in ("credentials", "reconnect"):
            self._connected()
        elif check._is_about_credentials() and self.state == "connected":
            self.state = "credentials"
        return check._action_show()

    def action_update_credentials(self):
        """Button: enter user and password anew."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Update Credentials"),
            "res_model": "sync.mail.credentials",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def action_fetch_accounts(self):
        """Implementation of ``sync.connection.mixin``."""
        raise UserError(self.env._("A mail account has no further accounts that could be fetched."))

    def action_disconnect(self):
        """Button: forget the password and use the account no more; where it is in use that is said before."""
        self.ensure_one()
        self.check_access("write")
        if not self._usages():
            return self._disconnect()
        dialog = self.env["sync.mail.disconnect"].create({"account_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Disconnect: %s", self.display_name),
            "res_model": dialog._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _disconnect(self) -> bool:
        """Messages that wait go on waiting: they leave when the account is connected again."""
        self._keep_secret("password", "")
        self.write({"state": "closed", "checked_at": False})
        return True

    # -- The check -----------------------------------------------------------------------------------------------------

    def _check(self):
        """Ask the server for everything but a message.

        :return: ``sync.mail.check``
        :raises UserError: when it cannot be asked at all
        """
        self.ensure_one()
        self.check_access("write")
        if not self.host:
            raise UserError(self.env._("Enter the server for outgoing mail first."))
        try:
            with errors_without_secrets(self.display_name):
                outgoing, incoming = check(self._smtp_account()), self._check_incoming()
        except Fault as fault:
            raise fault_error(self.env, fault, self._fault_texts()) from fault
        if not any(step.state is StepState.FAILED for step in (*outgoing, *incoming)):
            sizes = [step.values.get("bytes") for step in outgoing if step.name is StepName.SIZE]
            self.write({"checked_at": fields.Datetime.now(), "announced_size": int(next(filter(None, sizes), 0))})
        self._look_at_domain()
        return self.env["sync.mail.check"]._keep(self, outgoing, incoming)

    def _check_incoming(self) -> tuple[Step, ...]:
        """The steps by which the receipts of certified mail are reached; none for ordinary mail."""
        wanted = self.kind == "pec" and self.imap_host
        return check_mailbox(self._imap_account()) if wanted else ()

    def _connected(self) -> None:
        """The server has agreed to everything."""
        self.write({"state": "connected", "not_before": False, "retry_at": False})
        if self.waiting_count:
            self._ask_to_send()

    # -- For the engine ------------------------------------------------------------------------------------------------

    @api.model
    def _fault_texts(self):
        """Override of ``sync_hub``: of users, passwords and mail servers, instead of keys and banks."""
        return MAIL_FAULT_TEXTS
