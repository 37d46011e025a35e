# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import math
import smtplib

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.outcome_delivery import sender
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..reaching.tls import trusting
from .sync_mail_account_server import BY_ACCOUNT

# Fields by which nothing of the account is changed.
_FREE = frozenset({"smtp_debug", "owner_limit_time", "owner_limit_count"})


class IrMail_Server(models.Model):
    """A mail server that belongs to a mail account: it is what the account says, and nothing of it is kept here."""

    _inherit = "ir.mail_server"

    sync_account_id = fields.Many2one(
        "sync.mail.account",
        string="Mail Account",
        readonly=True,
        copy=False,
        ondelete="cascade",
        index="btree_not_null",
        help="Server, user and password are those of this account: change them there.",
    )

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Override of ``base``: nobody but the account itself changes its server."""
        # Archiving is refused by core, with the places at which it is used.
        names = vals.keys() - _FREE - ({"active"} if not vals.get("active", True) else set())
        self._refuse_by_hand(names)
        return super().write(vals)

    def unlink(self):
        """Override of ``base``: the server of an account goes with it only."""
        self._refuse_by_hand(["id"])
        return super().unlink()

    def _refuse_by_hand(self, names) -> None:
        if self.env.su and self.env.context.get(BY_ACCOUNT):
            return
        # Whether there is an account, and its name for the sentence.
        account = self.sudo().sync_account_id[:1]
        if account and names:
            raise UserError(
                self.env._("This server belongs to the mail account “%s”: change it there.", account.display_name)
            )

    def _active_usages_compute(self):
        """Override of ``base``: the account, and what it is used for."""
        if self.env.su and self.env.context.get(BY_ACCOUNT):
            # The account has asked, or was told to go all the same.
            return {}
        usages = super()._active_usages_compute()
        for server in self:
            # Administrators of mail servers are told of accounts of all companies.
            account = server.sudo().sync_account_id
            if account and account.active and account.state != "closed":
                told = [self.env._("%s (Mail Account)", account.display_name), *account._own_usages()]
                usages.setdefault(server.id, []).extend(told)
        return usages

    # -- Which server a message leaves by ------------------------------------------------------------------------------

    def _is_certified(self):
        """Override of ``sync_hub``: an account says itself what it is."""
        # Nothing but yes or no leaves this method.
        account = self.sudo().sync_account_id
        return account.kind == "pec" if account else super()._is_certified()

    def _find_mail_server_allowed_domain(self):
        """Override of ``base``: certified mail is sent by whoever asks for it by name."""
        ordinary = Domain("sync_account_id", "=", False) | Domain("sync_account_id.kind", "!=", "pec")
        return super()._find_mail_server_allowed_domain() & ordinary

    def _find_mail_server(self, email_from, mail_servers=None):
        """Override of ``base``: as above, where the caller has chosen among all."""
        if mail_servers is not None:
            # Of the account its kind, no more.
            mail_servers = mail_servers.filtered(lambda server: server.sudo().sync_account_id.kind != "pec")
        return super()._find_mail_server(email_from, mail_servers)

    @api.model
    def _filter_mail_servers_fallback(self, servers):
        """Override of ``base``: an account sends for its own address, never for other senders."""
        # Whether there is an account, no more.
        return super()._filter_mail_servers_fallback(servers).filtered(lambda server: not server.sudo().sync_account_id)

    def _get_max_email_size(self):
        """Override of ``base``: attachments never become links; what is too large is refused with its reason."""
        return math.inf if self.sync_account_id else super()._get_max_email_size()

    @api.model
    def _outcome_mail_servers(self):
        """Override of ``sync_hub``: an account sends notices of its company only where they come from its address."""
        servers = super()._outcome_mail_servers()
        return servers.filtered(lambda server: not server.sync_account_id or server._sends_notices())

    def _sends_notices(self) -> bool:
        self.ensure_one()
        return email_normalize(sender(self.sync_account_id.company_id)) == self.from_filter

    # -- Connections ---------------------------------------------------------------------------------------------------

    def test_smtp_connection(self, autodetect_max_email_size=False):
        """Override of ``base``: an account is checked step by step."""
        ours = self.filtered("sync_account_id")
        if not ours:
            return super().test_smtp_connection(autodetect_max_email_size)
        others = self - ours
        if others:
            others.test_smtp_connection(autodetect_max_email_size)
        return ours[:1].sync_account_id.action_test_connection()

    def _connect__(self, host=None, *args, smtp_from=None, mail_server_id=None, allow_archived=False, **kwargs):
        """Override of ``base``: the password comes from the vault, and certificates are verified as by the account."""
        if not self._disable_send():
            # As core looks for it.
            server, sender = self.sudo().browse(mail_server_id), smtp_from
            if not server and not host:
                server, sender = self.sudo()._find_mail_server(smtp_from)
            if server and server.sync_account_id:
                self._check_forced_mail_server(server, allow_archived, sender)
                return server._connect_account(sender)
        more = {"smtp_from": smtp_from, "mail_server_id": mail_server_id, "allow_archived": allow_archived}
        return super()._connect__(host, *args, **more, **kwargs)

    def _connect_account(self, smtp_from):
        """A connection as core's own, to the server of an account."""
        try:
            account = self.sync_account_id._smtp_account()
        except Fault as fault:
            raise fault_error(self.env, fault, self.sync_account_id._fault_texts()) from fault
        timeout = account.timeouts.reply
        if account.encryption == "ssl_strict":
            context = trusting(account.ca_file)
            connection = smtplib.SMTP_SSL(account.host, account.port, timeout=timeout, context=context)
        else:
            connection = smtplib.SMTP(account.host, account.port, timeout=timeout)
            if account.encryption == "starttls_strict":
                connection.starttls(context=trusting(account.ca_file))
        if account.user:
            self._smtp_login__(connection, account.user, account.password)
        connection.ehlo_or_helo_if_needed()
        connection.from_filter = self.from_filter
        connection.smtp_from = smtp_from
        return connection
