# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.technical_fields import refuse_technical
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize

from ..wire import KINDS
from .portal_texts import SIDES, STATES

# What is changed by steps that are allowed, never by hand.
_BY_STEPS = ("state", "requested_by", "requested_at", "decided_at", "enabled", "asked_at")
# What the site has to know.
_TOLD = {"state", "enabled", "accountant_id", "since"}
# Whose documents they are stays: another company is another connection.
_FIXED = ("company_id", "customer_id")


class SyncPortalLink(models.Model):
    """The connection of a company, or of a customer of a practice, with its accountant; it stands in the company's
    books.

    One side asks for it and the other side confirms it; the switch is the company's alone.
    """

    _name = "sync.portal.link"
    _description = "Connection with an Accountant"
    _inherit = ["mail.thread", "mail.activity.mixin", "sync.company.mixin"]
    _order = "company_id, customer_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
        help="In whose books the documents are.",
    )
    customer_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Only documents of this customer are shown. Empty: all documents of the company.",
    )
    accountant_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="Signs in to the accountant's site with the e-mail address of this contact.",
    )
    accountant_email = fields.Char(compute="_compute_accountant_email")
    since = fields.Date(
        string="Documents From",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
        help="Older documents are not shown on the site.",
    )
    state = fields.Selection(
        selection=STATES, required=True, default="ended", readonly=True, copy=False, index=True, tracking=True
    )
    requested_by = fields.Selection(selection=SIDES, string="Asked for by", readonly=True, copy=False, tracking=True)
    requested_at = fields.Datetime(string="Asked for on", readonly=True, copy=False)
    decided_at = fields.Datetime(string="Answered on", readonly=True, copy=False)
    enabled = fields.Boolean(
        string="Enabled for the Accountant's Site",
        readonly=True,
        copy=False,
        tracking=True,
        help="The accountant sees the documents while this is on and both sides have agreed.",
    )
    grants = fields.Boolean(
        string="Access", compute="_compute_grants", store=True, help="Both sides have agreed, and the switch is on."
    )
    asked_at = fields.Datetime(
        string="Last Fetched", readonly=True, copy=False, help="When the accountant's site last asked for documents."
    )

    _subject_unique = models.UniqueIndex(
        "(company_id, COALESCE(customer_id, 0))", "There is a connection with an accountant already."
    )

    # -- Constraints -----------------------------------------------------------------------------------------------

    @api.constrains("accountant_id")
    def _check_accountant(self):
        for link in self:
            if not email_normalize(link.accountant_id.email or ""):
                raise ValidationError(
                    self.env._(
                        "%s has no e-mail address, or more than one. The accountant signs in to the site with it: "
                        "enter it in the contact first.",
                        link.accountant_id.display_name,
                    )
                )

    # -- Computed fields -------------------------------------------------------------------------------------------

    @api.depends("company_id", "customer_id", "accountant_id")
    def _compute_display_name(self):
        for link in self:
            subject = link._subject().name or ""
            link.display_name = f"{subject} – {link.accountant_id.name}" if link.accountant_id else subject

    @api.depends("accountant_id.email")
    def _compute_accountant_email(self):
        for link in self:
            link.accountant_email = email_normalize(link.accountant_id.email or "") or False

    @api.depends("state", "enabled")
    def _compute_grants(self):
        for link in self:
            link.grants = link._connection().grants

    # -- CRUD --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: a connection begins with nobody having asked for it."""
        for vals in vals_list:
            refuse_technical(self, vals, _BY_STEPS)
        return super().create(vals_list)

    def write(self, vals):
        """Override of ``base``: another accountant has to be asked anew, and the site hears of every change."""
        refuse_technical(self, vals, (*_BY_STEPS, *_FIXED))
        changed = self.browse()
        if "accountant_id" in vals:
            changed = self.filtered(lambda link: link.accountant_id.id != vals["accountant_id"])
        result = super().write(vals)
        changed._accountant_changed()
        if _TOLD & vals.keys():
            self._tell_site()
        return result

    def unlink(self):
        """Override of ``base``: without a connection there is no access."""
        self._tell_site(gone=True)
        return super().unlink()

    # -- For the door ------------------------------------------------------------------------------------------------

    def _subject(self):
        """Whose documents they are: a company, or a customer."""
        self.ensure_one()
        return self.customer_id or self.company_id

    def _key(self) -> str:
        """By which the site knows the company, the same for ever."""
        self.ensure_one()
        key = f"res.company,{self.company_id.id}"
        return f"{key}/res.partner,{self.customer_id.id}" if self.customer_id else key

    def _documents_domain(self) -> list:
        """Domain: documents of the company, or the customer, that the accountant may see once they are posted."""
        self.ensure_one()
        domain = [
            # Branches are parts of the company.
            ("company_id", "child_of", self.company_id.id),
            ("move_type", "in", KINDS),
            ("date", ">=", self.since),
        ]
        if self.customer_id:
            domain.append(("commercial_partner_id", "=", self.customer_id.commercial_partner_id.id))
        return domain
