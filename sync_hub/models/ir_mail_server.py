# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools import config, email_domain_extract

from ..outcome import is_certified_domain

# Marks that addons for Italian e-invoicing by certified mail put on their servers: OCA's up to 16.0 and its
# successors, and LibrERP's.
_CERTIFIED_MARKS = ("is_fatturapa_pec", "is_l10n_it_edi_pec", "is_pec")
# Set while outcome e-mails are sent.
ORDINARY_SERVERS_ONLY = "sync_hub_ordinary_servers_only"


class IrMail_Server(models.Model):
    _inherit = "ir.mail_server"

    def _is_certified(self) -> bool:
        """Whether this server sends Italian certified mail (PEC). Addons that know better override it."""
        self.ensure_one()
        # The login name is for administrators only; nothing but yes or no leaves this method.
        server = self.sudo()
        if any(server[mark] for mark in _CERTIFIED_MARKS if mark in server._fields):
            return True
        if server.smtp_authentication == "cli":
            return is_certified_domain(config["smtp_server"] or "")
        login_domain = email_domain_extract(server.smtp_user) if server.smtp_user else ""
        return any(is_certified_domain(name or "") for name in (server.smtp_host, login_domain))

    def _ordinary(self):
        """Those of these servers that send ordinary mail."""
        return self.filtered(lambda server: not server._is_certified())

    def _find_mail_server(self, email_from, mail_servers=None):
        """Override of ``base``: outcome e-mails never leave through a server for certified mail."""
        if self.env.context.get(ORDINARY_SERVERS_ONLY):
            mail_servers = self._outcome_mail_servers() if mail_servers is None else mail_servers._ordinary()
        return super()._find_mail_server(email_from, mail_servers)

    @api.model
    def _outcome_mail_servers(self):
        """Servers by which outcome e-mails may leave: active, ordinary, nobody's own."""
        # Only administrators read mail servers; who sends through one learns nothing of it.
        # The list of schedules shows archived ones too, and its context comes this far.
        servers = self.sudo().with_context(active_test=True)
        return servers.search(servers._find_mail_server_allowed_domain(), order="sequence, id")._ordinary()

    @api.model
    def _is_smtp_configured(self) -> bool:
        """Whether the command line or odoo.conf names an ordinary server; Odoo's default, this machine, does not count.

        A machine without a mail server of its own would lose every message.
        """
        host = config["smtp_server"]
        # From the most to the least important: set while running, command line, environment, file, default.
        _running, *given, default = config.options.maps
        named = host != default.get("smtp_server") or any("smtp_server" in options for options in given)
        return bool(host and named) and not is_certified_domain(host)
