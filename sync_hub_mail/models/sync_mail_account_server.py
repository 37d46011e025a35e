# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.addons.sync_hub.models.technical_fields import refuse_technical
from odoo.exceptions import UserError

from .sync_mail_message import TROUBLE, WAITING

# Set while an account changes its own mail server.
BY_ACCOUNT = "sync_mail_by_account"
# Behind every server that somebody made: nothing leaves by it that was not meant for it.
_LAST = 9999
_DRIVEN_BY = frozenset({"name", "email", "login", "host", "port", "encryption", "kind", "state", "active"})


class SyncMailAccount(models.Model):
    """The outgoing mail server by which the rest of Odoo knows an account. It holds no password."""

    _inherit = "sync.mail.account"

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: an account comes with its mail server."""
        for vals in vals_list:
            refuse_technical(self, vals, ["server_id"])
        accounts = super().create(vals_list)
        accounts._drive_server()
        return accounts

    def write(self, vals):
        """Override of ``base``: the mail server follows."""
        # A foreign server that were named here would be changed with the rights of this code.
        refuse_technical(self, vals, ["server_id"])
        if "active" in vals and not vals["active"]:
            self._check_not_used()
        result = super().write(vals)
        if _DRIVEN_BY & vals.keys():
            self._drive_server()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        self._check_not_used()
        # Whether there are any is said, also to those who may not see them.
        if self.env["sync.mail.message"].sudo().search_count([("account_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("The account has sent messages, whose proof stays here: archive it instead."))

    def unlink(self):
        """Override of ``base``: the mail server goes with the account."""
        servers = self._servers()
        result = super().unlink()
        servers.exists().unlink()
        return result

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_open_deliveries(self):
        """Button: all messages of the account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_mail.action_sync_mail_message")
        return {**action, "domain": [("account_id", "=", self.id)]}

    def action_open_waiting(self):
        action = self.action_open_deliveries()
        return {**action, "domain": [*action["domain"], ("state", "in", WAITING)]}

    def action_open_undelivered(self):
        action = self.action_open_deliveries()
        return {**action, "domain": [*action["domain"], ("state", "in", TROUBLE), ("superseded", "=", False)]}

    def action_open_receipts(self):
        """Button: what was received, also what was set aside."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_mail.action_sync_mail_incoming")
        return {**action, "domain": [("account_id", "=", self.id)]}

    # -- The server ----------------------------------------------------------------------------------------------------

    def _servers(self):
        """Mail servers of these accounts, to be changed by them alone."""
        # Mail servers are for administrators; whoever may change an account may change what follows from it.
        return self.sudo().server_id.with_context(active_test=False, **{BY_ACCOUNT: True})

    def _drive_server(self) -> None:
        for account in self:
            server = account._servers()
            values = account._server_values(server)
            if server:
                server.write(values)
            else:
                # Servers of accounts are made with them, by whoever may have accounts.
                account.sudo().server_id = server.create(values)

    def _server_values(self, server) -> dict:
        self.ensure_one()
        # One that was never checked catches no mail; one that was stays while a change of settings is checked.
        used = self.state == "connected" or (server.active and self.state != "closed")
        return {
            "name": self.name or self.email,
            "sync_account_id": self.id,
            "from_filter": self._address(),
            "smtp_authentication": "login",
            "smtp_host": self.host or False,
            "smtp_port": self.port,
            "smtp_encryption": self.encryption,
            "smtp_user": self.login or False,
            "smtp_pass": False,
            "sequence": _LAST,
            "active": self.active and used,
        }

    # -- Where it is used ----------------------------------------------------------------------------------------------

    def _usages(self) -> list[str]:
        """What would stop working without the account, one sentence each."""
        self.ensure_one()
        used = self._own_usages()
        templates = self._servers().mail_template_ids
        used += [self.env._("%s (Email Template)", template.display_name) for template in templates]
        return used

    def _own_usages(self) -> list[str]:
        """As ``_usages``, without what Odoo knows of mail servers."""
        # How many there are is said, also to those who may not see them.
        messages = self.env["sync.mail.message"].sudo()
        waiting = messages.search_count([("account_id", "=", self.id), ("state", "in", WAITING)])
        used = [self.env._("%s messages wait", waiting)] if waiting else []
        if self.send_due:
            journals = ", ".join(self.sudo().due_journal_ids.mapped("display_name"))
            used.append(self.env._("Invoices of these journals leave by themselves: %s", journals or "—"))
        return used

    def _check_not_used(self) -> None:
        """:raises UserError: with all places at which one of these accounts is used"""
        for account in self.filtered("active"):
            used = account._usages()
            if used:
                raise UserError(
                    self.env._(
                        "“%(account)s” is still in use:\n%(usages)s",
                        account=account.display_name,
                        usages="\n".join(f"- {usage}" for usage in used),
                    )
                )
