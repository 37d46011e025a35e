# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.fault_texts import fault_text
from odoo.addons.sync_hub.models.technical_fields import refuse_technical
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..access import Connection, State
from ..wire import CompanyEntry
from .portal_texts import PORTAL_FAULT_TEXTS, SIDES, STATES

# What the books, and synchronizations, say; nothing of it is typed here.
_FROM_THE_BOOKS = frozenset(
    {"source_id", "key", "link_id", "state", "requested_by", "enabled", "user_ids", "accountant_email", "news_told"}
)


class SyncPortalCompany(models.Model):
    """A company on the accountant's site, as its books tell of it. Access to it is access to all of its documents."""

    _name = "sync.portal.company"
    _description = "Company on the Accountant's Site"
    _inherit = ["mail.thread", "sync.company.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, readonly=True)
    active = fields.Boolean(default=True)
    vat = fields.Char(string="Tax ID", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    source_id = fields.Many2one(
        "sync.portal.source",
        string="Books",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        groups="sync_hub.group_user",
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    key = fields.Char(string="Key in the Books", required=True, readonly=True, groups="sync_hub.group_user")
    # Where the books are in this database.
    link_id = fields.Many2one(
        "sync.portal.link", readonly=True, index="btree_not_null", ondelete="cascade", groups="sync_hub.group_user"
    )
    since = fields.Date(string="Documents From", readonly=True)
    # -- Who may see it.
    state = fields.Selection(selection=STATES, required=True, default="ended", readonly=True, tracking=True)
    requested_by = fields.Selection(selection=SIDES, string="Asked for by", readonly=True)
    enabled = fields.Boolean(
        readonly=True, tracking=True, help="The company's own switch. It is turned in the company's books."
    )
    granted = fields.Boolean(
        string="Access",
        compute="_compute_granted",
        store=True,
        index=True,
        help="Both sides have agreed, and the company has switched the access on.",
    )
    accountant_name = fields.Char(string="Accountant", readonly=True)
    accountant_email = fields.Char(string="E-mail of the Accountant", readonly=True, tracking=True)
    user_ids = fields.Many2many(
        "res.users",
        "sync_portal_company_user_rel",
        string="Accountant's Access",
        readonly=True,
        groups="sync_hub.group_user",
        help="Whoever signs in with the accountant's e-mail address.",
    )
    more_user_ids = fields.Many2many(
        "res.users",
        "sync_portal_company_more_user_rel",
        string="Also for",
        domain="[('share', '=', True)]",
        groups="sync_hub.group_user",
        help="Portal users who work for the accountant, and see the company as the accountant does.",
    )
    two_factor = fields.Boolean(
        string="Only with Two-factor Authentication",
        tracking=True,
        help="Only portal users who have switched two-factor authentication on for themselves see the company.",
    )
    # -- What has come.
    document_ids = fields.One2many("sync.portal.document", "portal_company_id", string="Documents", readonly=True)
    document_count = fields.Integer(compute="_compute_counts")
    to_transfer_count = fields.Integer(compute="_compute_counts", string="To Transfer")
    last_sync = fields.Datetime(string="Last Synchronization", readonly=True)
    last_outcome = fields.Selection(
        selection=[
            ("done", "Done"),
            ("nothing_new", "Nothing new"),
            ("partly_failed", "Partly failed"),
            ("failed", "Failed"),
        ],
        readonly=True,
    )
    last_fault = fields.Char(readonly=True, help="Kind of what went wrong in the last synchronization.")
    last_problem = fields.Char(string="What Went Wrong", compute="_compute_last_problem")

    _key_unique = models.Constraint("UNIQUE (source_id, key)", "These books have this company once.")

    # -- Computed fields -------------------------------------------------------------------------------------------

    @api.depends("state", "enabled")
    def _compute_granted(self):
        for company in self:
            company.granted = Connection(State(company.state), None, company.enabled).grants

    @api.depends("document_ids.to_transfer")
    def _compute_counts(self):
        current = [("portal_company_id", "in", self.ids), ("withdrawn", "=", False)]
        documents, waiting = (
            dict(self.env["sync.portal.document"]._read_group(domain, ["portal_company_id"], ["__count"]))
            for domain in (current, [*current, ("to_transfer", "=", True)])
        )
        for company in self:
            company.document_count = documents.get(company._origin, 0)
            company.to_transfer_count = waiting.get(company._origin, 0)

    @api.depends("last_fault")
    @api.depends_context("lang")
    def _compute_last_problem(self):
        for company in self:
            kind = company.last_fault
            # Without the other side's own words: accountants read it too.
            company.last_problem = " ".join(fault_text(self.env, kind, texts=PORTAL_FAULT_TEXTS)) if kind else False

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: companies come from books."""
        for vals in vals_list:
            self._refuse_by_hand(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Override of ``base``: what the books say is changed in the books."""
        self._refuse_by_hand(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_open(self):
        if any(self.mapped("granted")):
            raise UserError(self.env._("The company has access to the site: end the connection first."))

    def unlink(self):
        """Override of ``base``: documents go with their company, and their files with them, which the database's own
        cascade would leave in the filestore."""
        # Whoever may delete the company may delete what came from it.
        self.sudo().document_ids.file_ids.unlink()
        return super().unlink()

    def _refuse_by_hand(self, vals: dict) -> None:
        refuse_technical(self, vals, _FROM_THE_BOOKS)

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_confirm(self):
        """Button: agree, for the accountant, to what the company asks for."""
        return self._by_manager("confirm", agreed=True)

    def action_refuse(self):
        """Button: refuse, for the accountant, what the company asks for."""
        return self._by_manager("confirm", agreed=False)

    def action_end(self):
        """Button: end the connection, for the accountant."""
        return self._by_manager("end")

    def action_sync_now(self):
        """Button: synchronize the books now, this company first."""
        self.check_access("read")
        # Users may ask for runs; that somebody waits is all that is written.
        self.sudo().asked_at = fields.Datetime.now()
        return self.source_id.action_sync_now()

    def action_open_documents(self):
        """Button: the company's documents on the site."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_portal.action_sync_portal_document")
        return {**action, "domain": [("portal_company_id", "=", self.id)]}

    def _by_manager(self, method: str, **arguments) -> bool:
        self.check_access("write")
        for company in self:
            company._answer(method, **arguments)
        return True

    # -- What the books say
    # ----------------------------------------------------------------------------------------------

    @api.model
    def _begin(self, source, entry: CompanyEntry):
        """A company that the books tell of for the first time."""
        # Whoever synchronizes takes over what the books say.
        company = self.sudo().create({"source_id": source.id, "key": entry.key, "name": entry.name})
        company._follow(entry)
        return company.with_env(self.env)

    def _follow(self, entry: CompanyEntry | None) -> None:
        """Take over what the books say; None: they say nothing, so that nobody has access any more."""
        # Whoever synchronizes, or decides in the books, has the site follow.
        for company in self.sudo():
            values = company._closed() if entry is None else company._told(entry)
            changed = {name: value for name, value in values.items() if company._differs(name, value)}
            if changed:
                company.write(changed)
            if "accountant_email" in changed:
                # Who worked for the accountant before does not work for this one.
                company.more_user_ids = False
                company._find_users()
            if "since" in changed:
                # Only a full pass finds what is shown from now on, and what is not any more.
                company.cursor = False
            company._write_to_accountant()

    def _closed(self) -> dict:
        return {"state": str(State.ENDED), "enabled": False}

    def _told(self, entry: CompanyEntry) -> dict:
        side = entry.connection.requested_by
        country = self.env["res.country"].search([("code", "=", entry.country.upper())], limit=1)
        return {
            "name": entry.name,
            "vat": entry.vat or False,
            "country_id": country.id if entry.country else False,
            "since": entry.since,
            "state": str(entry.connection.state),
            "requested_by": str(side) if side else False,
            "enabled": entry.connection.enabled,
            "accountant_name": entry.accountant_name or entry.accountant_email or False,
            "accountant_email": email_normalize(entry.accountant_email) or False,
            "link_id": self._local_link(entry).id,
        }

    def _local_link(self, entry: CompanyEntry):
        """The connection itself, where the books are in this database."""
        if self.source_id.kind != "local":
            return self.env["sync.portal.link"]
        companies = self.source_id.local_company_ids
        links = self.env["sync.portal.link"].search([("company_id", "in", companies.ids)])
        return links.filtered(lambda link: link._key() == entry.key)

    def _differs(self, name: str, value) -> bool:
        current = self[name]
        return (current.id if self._fields[name].relational else current) != value

    def _answer(self, method: str, **arguments) -> None:
        """Tell the books what the accountant has decided, and follow what they say then.

        :raises UserError: when they cannot be asked, or refuse
        """
        self.ensure_one()
        answer = self.source_id._ask_now(method, company=self.key, **arguments)
        self._follow(self.source_id._entry_of(answer))
        self._admit_users()
        if self.granted:
            self._wake_books()
