# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.sync_connection_mixin import CONNECTION_STATES
from odoo.addons.sync_hub.models.sync_secret_mixin import SecretLine
from odoo.addons.sync_hub.outcome import AddressError
from odoo.exceptions import ValidationError
from odoo.tools import config, email_normalize

from ..imap import DEFAULT_PORTS as IMAP_PORTS
from ..imap import Encryption as ImapEncryption
from ..imap import ImapAccount
from ..imap import Timeouts as ImapTimeouts
from ..pec import PRESETS
from ..sending import Quota, parse_recipients, wire_address
from ..smtp import DEFAULT_PORTS, Encryption, SmtpAccount, Timeouts
from ..smtp.addressing import path_of
from .sync_mail_message import TROUBLE, WAITING

KINDS = [("ordinary", "Ordinary mail"), ("pec", "Certified mail (PEC)")]


class SyncMailAccount(models.Model):
    """A mailbox from which a company sends its documents, and where the receipts of certified mail arrive."""

    _name = "sync.mail.account"
    _description = "Mail Account"
    _inherit = ["sync.connection.mixin"]
    _order = "company_id, sequence, id"
    _check_company_auto = True
    _schedule_key = "password"

    name = fields.Char(compute="_compute_name", store=True, precompute=True, readonly=False)
    state = fields.Selection(selection=CONNECTION_STATES)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="ordinary", tracking=True)
    preset = fields.Selection(
        selection=lambda self: [(preset.code, preset.name) for preset in PRESETS] + [("other", self.env._("Other"))],
        string="Provider",
        default="other",
        help="Fills in servers and ports of well-known providers.",
    )
    # What is typed.
    email = fields.Char(string="Sender", required=True, tracking=True, help="Messages leave from this address.")
    login = fields.Char(
        string="User",
        tracking=True,
        help="Most providers want the address here; some, such as InfoCert, a code of their own.",
    )
    password = SecretLine(string="Password")
    host = fields.Char(string="Server", tracking=True, help="Name of the server for outgoing mail (SMTP).")
    encryption = fields.Selection(
        selection=[
            ("ssl_strict", "SSL/TLS"),
            ("starttls_strict", "TLS (STARTTLS)"),
            ("none", "None"),
        ],
        required=True,
        default="ssl_strict",
        tracking=True,
        help="How the connection to the server is encrypted. Certificates are always verified.",
    )
    port = fields.Integer(compute="_compute_port", store=True, readonly=False, tracking=True)
    signature = fields.Html(help="Stands at the foot of messages, once.")
    copy_to = fields.Char(
        string="Copy to", tracking=True, help="Every message goes to these addresses too. Separate them by “;”."
    )
    all_to = fields.Char(
        string="All to",
        tracking=True,
        help="One message per sending, with all its documents and a list of them, goes to these addresses.",
    )
    accountant_to = fields.Char(
        string="Accountant", tracking=True, help="Where documents go that are sent by the method “Accountant”."
    )
    # Limits.
    per_minute = fields.Integer(string="Messages per Minute", help="0: as many as there are.")
    per_day = fields.Integer(string="Messages per Day", help="In any 24 hours. 0: as many as there are.")
    size_limit = fields.Integer(
        string="Largest Message (MB)", default=25, help="Messages that are larger are refused before they are sent."
    )
    announced_size = fields.Integer(
        string="Limit of the Server (bytes)", readonly=True, copy=False, help="As the server announced it; 0: nothing."
    )
    checked_at = fields.Datetime(
        string="Last Check",
        readonly=True,
        copy=False,
        help="When the server last agreed to everything, up to the sender and the recipient.",
    )
    # Receiving, for the receipts of certified mail.
    imap_host = fields.Char(string="Server for Incoming Mail", tracking=True, help="IMAP, always encrypted.")
    imap_port = fields.Integer(string="Port for Incoming Mail", default=993)
    imap_folder = fields.Char(string="Folder", default="INBOX")
    # What is due leaves by itself.
    send_due = fields.Boolean(
        string="Send what is due",
        tracking=True,
        help="Posted invoices of the chosen journals that were not sent yet leave by themselves.",
    )
    due_since = fields.Date(
        string="Dated from",
        compute="_compute_due_since",
        store=True,
        readonly=False,
        help="Older invoices never leave by themselves.",
    )
    due_journal_ids = fields.Many2many(
        "account.journal",
        "sync_mail_account_due_journal_rel",
        string="Journals",
        domain="[('type', '=', 'sale')]",
        check_company=True,
    )
    server_id = fields.Many2one("ir.mail_server", string="Outgoing Mail Server", readonly=True, copy=False)
    departure_at = fields.Datetime(
        string="Next Departure",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Messages wait until then: for the limits of the account, or for another try.",
    )
    delivery_ids = fields.One2many("sync.mail.message", "account_id", string="Deliveries")
    waiting_count = fields.Integer(compute="_compute_counts", string="Waiting")
    undelivered_count = fields.Integer(compute="_compute_counts", string="Undelivered")

    _email_unique = models.UniqueIndex(
        "(company_id, lower(email)) WHERE active", "This company has an account with this sender already."
    )

    # -- Constraints -------------------------------------------------------------------------------------------------

    @api.constrains("email")
    def _check_email(self):
        for account in self:
            try:
                (address,) = parse_recipients(account.email or "")
                path_of(wire_address(address))
            except (AddressError, ValueError) as error:
                raise ValidationError(self.env._("“%s” is not one e-mail address.", account.email)) from error

    @api.constrains("copy_to", "all_to", "accountant_to")
    def _check_recipients(self):
        for account in self:
            for name in ("copy_to", "all_to", "accountant_to"):
                account._recipients(account[name])

    @api.constrains("port", "imap_port", "per_minute", "per_day", "size_limit")
    def _check_numbers(self):
        for account in self:
            if not 0 < account.port < 65536 or not 0 <= account.imap_port < 65536:
                raise ValidationError(self.env._("A port is a number from 1 to 65535."))
            if account.per_minute < 0 or account.per_day < 0 or account.size_limit < 0:
                raise ValidationError(self.env._("Limits are numbers from 0 up; 0 is no limit."))

    @api.model
    def _recipients(self, text: str | None) -> tuple[str, ...]:
        """The addresses of a list that is separated by semicolons or commas.

        :raises ValidationError: names the one that is no address
        """
        try:
            return parse_recipients(text or "")
        except AddressError as error:
            raise ValidationError(
                self.env._("“%(address)s” is not an e-mail address.", address=getattr(error, "text", "") or text)
            ) from error

    # -- Computed fields ---------------------------------------------------------------------------------------------

    @api.depends("email")
    def _compute_name(self):
        for account in self:
            # A name that somebody typed is kept. Before the account is saved, nothing else tells an address that was
            # corrected.
            follows = account.name == account._origin.email if account._origin else "@" in (account.name or "")
            if not account.name or follows:
                account.name = account.email

    @api.depends("send_due")
    def _compute_due_since(self):
        for account in self:
            if account.send_due and not account.due_since:
                account.due_since = fields.Date.context_today(account)

    @api.depends("encryption")
    def _compute_port(self):
        usual = {str(encryption): port for encryption, port in DEFAULT_PORTS.items()}
        for account in self:
            # A port that somebody typed is kept.
            if not account.port or account.port in usual.values():
                account.port = usual[account.encryption or "ssl_strict"]

    @api.depends("delivery_ids.state")
    def _compute_counts(self):
        waiting, undelivered = (
            dict(
                self.env["sync.mail.message"]._read_group(
                    [("account_id", "in", self.ids), ("state", "in", states), ("superseded", "=", False)],
                    ["account_id"],
                    ["__count"],
                )
            )
            for states in (WAITING, TROUBLE)
        )
        for account in self:
            account.waiting_count = waiting.get(account._origin, 0)
            account.undelivered_count = undelivered.get(account._origin, 0)

    # -- For the engine ----------------------------------------------------------------------------------------------

    @api.model
    def _sync_service_xmlid(self):
        """Override of ``sync_hub``."""
        return "sync_hub_mail.service_invoice_mailing"

    # -- Helpers -----------------------------------------------------------------------------------------------------

    @api.model
    def _account_for(self, company, kind: str):
        """The account by which a company sends mail of a kind: the first one that is connected."""
        accounts = self.search([("company_id", "=", company.id), ("kind", "=", kind), ("state", "!=", "closed")])
        return (accounts.filtered(lambda account: account.state == "connected") or accounts)[:1]

    def _smtp_account(self) -> SmtpAccount:
        """What the account is to those who speak SMTP.

        :raises Fault: of kind ``vault_key_missing``
        """
        self.ensure_one()
        return SmtpAccount(
            host=self.host or "",
            sender=self._address(),
            encryption=Encryption(self.encryption),
            port=self.port,
            user=self.login or "",
            password=self._secret("password"),
            timeouts=self._timeouts(),
            ca_file=self._ca_file(),
        )

    def _imap_account(self) -> ImapAccount:
        """What the account is to those who speak IMAP.

        :raises Fault: of kind ``vault_key_missing``
        """
        self.ensure_one()
        smtp = self._timeouts()
        port = self.imap_port or IMAP_PORTS[ImapEncryption.SSL]
        clear = port == IMAP_PORTS[ImapEncryption.STARTTLS]
        return ImapAccount(
            host=self.imap_host or "",
            user=self.login or "",
            password=self._secret("password"),
            encryption=ImapEncryption.STARTTLS if clear else ImapEncryption.SSL,
            port=port,
            folder=self.imap_folder or "INBOX",
            timeouts=ImapTimeouts(connect=smtp.connect, reply=smtp.reply, check=smtp.check),
            ca_file=self._ca_file(),
        )

    def _address(self) -> str:
        """The sender as it travels: of the envelope, of the header and of a check alike; the domain in ASCII."""
        self.ensure_one()
        return wire_address(email_normalize(self.email) or self.email)

    @api.model
    def _timeouts(self) -> Timeouts:
        """How long a server is waited for. The option ``sync_hub_mail_timeout`` of odoo.conf shortens it (seconds)."""
        seconds = float(config.get("sync_hub_mail_timeout") or 0)
        if seconds:
            return Timeouts(connect=seconds, reply=seconds, check=3 * seconds)
        # Two of them, one for each direction, stay within what a web request may take.
        return Timeouts(check=40.0)

    @api.model
    def _ca_file(self) -> str:
        """PEM file with the authorities to trust, from odoo.conf; empty: those of the system."""
        return config.get("sync_hub_mail_ca_file") or ""

    def _quota(self) -> Quota:
        self.ensure_one()
        return Quota(per_minute=self.per_minute or None, per_day=self.per_day or None)
