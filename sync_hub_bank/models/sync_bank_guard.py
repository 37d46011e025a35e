# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error, fault_text
from odoo.addons.sync_hub.models.technical_fields import refuse_technical
from odoo.exceptions import AccessError

from ..guard import Unusual, failures_since, is_strange, network_of, remember, same_holder, too_many_failures

GUARD_ACTIVITY = "sync_hub_bank.activity_confirm_identity"
# What a user at a bank's pages may fail at again and again; the rest is not the user's doing.
_FAILED_AUTHORIZATIONS = (FaultKind.AUTHORIZATION_CANCELLED, FaultKind.AUTHORIZATION_INVALID)
# Who may write a connection may not undo what protects it.
_TECHNICAL = ("blocked_reason", "blocked_at", "blocked_detail", "blocked_by_id", "blocked_network", "confirmed_at",
              "known_networks")


class SyncBankConnection(models.Model):
    """What is unusual blocks a connection: no call to the bank until its responsible user has confirmed by code.

    Nobody is blocked whom no code would reach; then the chatter tells of it, and the connection goes on.
    """

    _inherit = "sync.bank.connection"

    blocked_reason = fields.Selection(
        selection=[
            (Unusual.AUTHORIZATIONS.value, "Many authorizations failed"),
            (Unusual.ADDRESS.value, "Somebody fetched from an unknown address"),
            (Unusual.HOLDER.value, "The account holder changed"),
        ],
        string="Blocked",
        readonly=True,
        copy=False,
        tracking=True,
    )
    blocked_at = fields.Datetime(string="Blocked on", readonly=True, copy=False)
    blocked_detail = fields.Char(readonly=True, copy=False)
    blocked_by_id = fields.Many2one("res.users", string="Blocked while working", readonly=True, copy=False)
    blocked_network = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    confirmed_at = fields.Datetime(string="Confirmed on", readonly=True, copy=False)
    # By user: from which networks somebody fetched.
    known_networks = fields.Json(copy=False, groups=fields.NO_ACCESS)
    is_responsible = fields.Boolean(compute="_compute_guard", help="You are responsible for this connection.")
    contact_missing = fields.Boolean(compute="_compute_guard", help="You have not confirmed an address yet.")

    @api.depends("user_id", "state", "account_ids.journal_id")
    @api.depends_context("uid")
    def _compute_guard(self):
        verified = self.env["sync.bank.contact"]._is_verified(self.env.user)
        for connection in self:
            mine = connection.user_id == self.env.user
            connection.is_responsible = mine
            fed = bool(connection.linked_count) and connection.state not in ("draft", "closed")
            connection.contact_missing = mine and not verified and fed

    @api.depends("blocked_reason")
    def _compute_schedule(self):
        """Override of ``sync_hub``: what is blocked runs at no time."""
        result = super()._compute_schedule()
        self.filtered("blocked_reason").next_run = False
        return result

    # -- CRUD ------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Override: the guard writes its own fields; while a connection is blocked, only administrators replace the
        user who has to confirm."""
        refuse_technical(self, vals, _TECHNICAL)
        blocked = self.filtered("blocked_reason") if "user_id" in vals else self.browse()
        if blocked and not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(
                self.env._(
                    "The connection is blocked until its responsible user has confirmed. Only an administrator may "
                    "choose another one meanwhile."
                )
            )
        before = {connection: connection.user_id.name or "" for connection in blocked}
        result = super().write(vals)
        for connection, name in before.items():
            connection._tell_replaced(name)
        return result

    def _tell_replaced(self, before: str) -> None:
        """Say who replaced whom, and ask the new responsible user to confirm."""
        env = self.with_context(lang=self._message_language()).env
        body = env._(
            "%(administrator)s made %(new)s responsible instead of %(old)s while the connection was blocked.",
            administrator=self.env.user.name,
            new=self.user_id.name or "…",
            old=before or "…",
        )
        self.message_post(body=body, subtype_xmlid="mail.mt_note")
        self._withdraw_activities([GUARD_ACTIVITY])
        self._ask_to_confirm()

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_confirm_identity(self):
        """Button: confirm by code that it was really you, or an address for the day when it matters."""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "Only the responsible user can confirm: %s. An administrator may choose another one.",
                    self.user_id.name or "…",
                )
            )
        dialog = self.env["sync.bank.confirm"].create({"connection_id": self.id})
        return dialog._show()

    def action_authorize(self):
        """Override: a blocked connection begins no authorization."""
        self._check_not_blocked()
        return super().action_authorize()

    def action_fetch_accounts(self):
        """Override: a blocked connection asks for nothing; another account holder, or an unknown address, blocks it."""
        self.ensure_one()
        self.check_access("write")
        self._check_not_blocked()
        if self._meet_address():
            return self._blocked_notice()
        result = super().action_fetch_accounts()
        return self._blocked_notice() if self.blocked_reason else result

    def _ask_for_runs(self, schedule=None):
        """Override of ``sync_hub``: somebody who asks from an unknown address blocks the connection instead."""
        self.check_access("read")
        for connection in self:
            connection._check_can_sync()
        stopped = self.filtered(lambda connection: connection._meet_address())
        result = super(SyncBankConnection, self - stopped)._ask_for_runs(schedule) if self - stopped else None
        return stopped[0]._blocked_notice() if stopped else result

    # -- Nothing is called -------------------------------------------------------------------------------------------

    def _session(self):
        """Override: who is blocked has no session.

        :raises Fault: of kind ``connection_blocked``
        """
        if self.blocked_reason:
            raise Fault(FaultKind.CONNECTION_BLOCKED)
        return super()._session()

    def _can_sync(self):
        """Override of ``sync_hub``."""
        return super()._can_sync() and not self.blocked_reason

    def _check_can_sync(self):
        """Override of ``sync_hub``: say why."""
        self._check_not_blocked()
        return super()._check_can_sync()

    def _check_not_blocked(self) -> None:
        """:raises UserError: with the cure, when the connection is blocked"""
        if self.blocked_reason:
            raise fault_error(self.env, Fault(FaultKind.CONNECTION_BLOCKED))

    def _tell_silence(self, since):
        """Override of ``sync_hub``: the silence of a blocked connection is no riddle."""
        return None if self.blocked_reason else super()._tell_silence(since)

    def _open_consent(self, answer):
        """Override: a blocked connection takes no consent; many failed ones block it."""
        if self.blocked_reason:
            self._report_fault(Fault(FaultKind.CONNECTION_BLOCKED))
            return False
        opened = super()._open_consent(answer)
        if not opened:
            self._count_failed_authorizations()
        # What blocked it meanwhile is to be seen on the connection itself.
        return opened and not self.blocked_reason

    # -- What is unusual ---------------------------------------------------------------------------------------------

    def _count_failed_authorizations(self) -> None:
        now, confirmed = fields.Datetime.now(), self.confirmed_at or None
        # Whoever comes back from a bank may have the failures of the connection counted.
        runs = self.env["sync.run"].sudo().search(
            [
                ("service_id", "=", self._sync_service().id),
                ("connection_id", "=", self.id),
                ("date_start", ">=", failures_since(now, confirmed)),
                ("line_ids.kind", "in", _FAILED_AUTHORIZATIONS),
            ]
        )
        if too_many_failures(runs.mapped("date_start"), now + timedelta(seconds=1), confirmed):
            self._block(Unusual.AUTHORIZATIONS, str(len(runs)))

    def _meet_address(self) -> bool:
        """Remember from where the present user asks; True when that is so unusual that it blocked the connection."""
        self.ensure_one()
        network = network_of((self._attended_user() or {}).get("ip_address", ""))
        # Users who may only read the connection leave the trace of where they fetched from.
        known = self.sudo().known_networks or {}
        mine = known.get(str(self.env.uid), [])
        watched = self.company_id.sudo().sync_guard_addresses and self.env["sync.bank.contact"]._is_verified(
            self.user_id
        )
        if watched and is_strange(network, mine):
            return self._block(Unusual.ADDRESS, f"{network}, {self.env.user.name}", network)
        self._remember_network(network, self.env.user)
        return False

    def _remember_network(self, network: str, user) -> None:
        connection = self.sudo()  # as in ``_meet_address``
        known = connection.known_networks or {}
        mine = known.get(str(user.id), [])
        if network and network not in mine:
            connection.known_networks = {**known, str(user.id): remember(network, mine)}

    def _receive_consent(self, consent):
        """Override: who has just signed in at the bank is at home where that happened."""
        self._remember_network(network_of((self._attended_user() or {}).get("ip_address", "")), self.env.user)
        return super()._receive_consent(consent)

    def _receive_accounts(self, accounts):
        """Override: an account that belongs to somebody else now is not read as if nothing had happened."""
        before = {account: account.holder or "" for account in self.account_ids}
        result = super()._receive_accounts(accounts)
        for account, holder in before.items():
            if not same_holder(holder, account.holder or ""):
                self._block(Unusual.HOLDER, f"{account.display_name}: {holder} → {account.holder}")
        return result

    # -- Blocked, and free again ---------------------------------------------------------------------------------------

    def _block(self, reason: Unusual, detail: str, network: str = "") -> bool:
        """Stop every call until the responsible user has confirmed; False where no code would reach that user."""
        self.ensure_one()
        if self.blocked_reason:
            return True
        # What is unusual is noticed under the hands of users who may not write the connection.
        connection = self.sudo()
        env = connection.with_context(lang=self._message_language()).env
        label = dict(self._fields["blocked_reason"]._description_selection(env))[reason.value]
        if not self.env["sync.bank.contact"]._is_reachable(self.user_id, self.company_id):
            warning = env._("Not blocked, because no code would reach the responsible user. Check that user's e-mail.")
            connection._post_guard([f"{label}: {detail}", warning])
            return False
        connection.write(
            {
                "blocked_reason": reason.value,
                "blocked_at": fields.Datetime.now(),
                "blocked_detail": detail,
                "blocked_by_id": self.env.uid,
                "blocked_network": network,
            }
        )
        connection._post_guard([f"{label}: {detail}", *fault_text(env, FaultKind.CONNECTION_BLOCKED)])
        connection._ask_to_confirm()
        connection._mail_responsible("sync_hub_bank.mail_template_blocked")
        return True

    def _unblock(self) -> None:
        """The responsible user has confirmed by code."""
        connection = self.sudo()  # as in ``_block``; the code was checked
        user, network = connection.blocked_by_id, connection.blocked_network
        if network and user:
            connection._remember_network(network, user)
        connection.write(
            {
                "blocked_reason": False,
                "blocked_at": False,
                "blocked_detail": False,
                "blocked_by_id": False,
                "blocked_network": False,
                "confirmed_at": fields.Datetime.now(),
            }
        )
        connection._withdraw_activities([GUARD_ACTIVITY])
        env = connection.with_context(lang=self._message_language()).env
        connection._post_guard([env._("%s confirmed by code. The connection works again.", self.env.user.name)])

    def _tell_verified(self) -> None:
        """The responsible user confirmed an address; which one is nobody else's business."""
        connection = self.sudo()  # as in ``_block``; the code was checked
        env = connection.with_context(lang=self._message_language()).env
        connection._post_guard([env._("%s confirmed an address by code.", self.env.user.name)])

    def _ask_to_confirm(self) -> None:
        self.sudo()._ask_responsible(
            GUARD_ACTIVITY,
            lambda env: Markup("<br/>").join(self.with_env(env)._blocked_sentences()),
        )

    def _post_guard(self, sentences: list[str]) -> None:
        body = Markup("<p>%s</p>") % Markup("<br/>").join(sentences)
        self.message_post(body=body, subtype_xmlid="mail.mt_note")

    # -- For card, dialog and mail -------------------------------------------------------------------------------------

    def _blocked_sentences(self) -> list[str]:
        """Why the connection is blocked and what to do, in the language of the environment."""
        label = dict(self._fields["blocked_reason"]._description_selection(self.env)).get(self.blocked_reason, "")
        return [f"{label}: {self.blocked_detail or ''}", *fault_text(self.env, FaultKind.CONNECTION_BLOCKED)]

    def _blocked_subject(self) -> str:
        return self.env._("%s: blocked until you confirm", self.name)

    def _blocked_notice(self) -> dict:
        sentence, remedy = fault_text(self.env, FaultKind.CONNECTION_BLOCKED)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": sentence,
                "message": remedy,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _ask_for_contact(self, action: dict) -> dict:
        """An action, with a word about the address that the responsible user has not confirmed yet."""
        if not self.contact_missing:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("One thing remains: confirm your e-mail or telephone"),
                "message": self.env._("The card of the journal has the button. It protects the access to your bank."),
                "next": action,
            },
        }

    def _mail_address(self, user):
        """Override: what was verified is surer than what stands in the user's record."""
        contact = self.env["sync.bank.contact"]._of(user)
        return (contact.email if contact.verified_at else "") or super()._mail_address(user)

    def _code_subject(self) -> str:
        return self.env._("Your code for %s", self.name)

    def _code(self) -> str:
        """The code of the message that is being made."""
        return self.env.context.get("sync_hub_code", "")
