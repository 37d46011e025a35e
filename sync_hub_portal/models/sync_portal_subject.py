# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..access import Side, Step
from .portal_texts import STATES


class SyncPortalSubject(models.AbstractModel):
    """What can be enabled for the accountant's site. What is chosen here stands in the connection, nowhere else."""

    _name = "sync.portal.subject"
    _description = "Enabled for the Accountant's Site"

    sync_portal_link_id = fields.Many2one(
        "sync.portal.link",
        string="Connection with the Accountant",
        compute="_compute_sync_portal",
        groups="sync_hub.group_user",
    )
    sync_portal_enabled = fields.Boolean(
        string="Enabled for the accountant's site",
        compute="_compute_sync_portal_enabled",
        inverse="_inverse_sync_portal",
        search="_search_sync_portal_enabled",
        groups="sync_hub.group_manager",
        help="The accountant sees posted documents on the site, once the connection is confirmed. Switched off, "
        "access ends at once.",
    )
    sync_portal_accountant_id = fields.Many2one(
        "res.partner",
        string="Accountant",
        compute="_compute_sync_portal_accountant_id",
        inverse="_inverse_sync_portal",
        groups="sync_hub.group_manager",
        help="Signs in to the accountant's site with the e-mail address of this contact.",
    )
    sync_portal_state = fields.Selection(
        selection=STATES,
        string="Connection",
        compute="_compute_sync_portal",
        groups="sync_hub.group_user",
    )

    # -- Computed fields -------------------------------------------------------------------------------------------

    @api.depends_context("company")
    def _compute_sync_portal(self):
        links = self._sync_portal_links()
        for record in self:
            link = links.get(record._origin.id, self.env["sync.portal.link"])
            record.sync_portal_link_id = link
            record.sync_portal_state = link.state

    # Methods of their own: fields with one method in common are protected together while one of them is written, and
    # the other would read as empty.
    @api.depends_context("company")
    def _compute_sync_portal_enabled(self):
        for record in self:
            record.sync_portal_enabled = record.sync_portal_link_id.enabled

    @api.depends_context("company")
    def _compute_sync_portal_accountant_id(self):
        for record in self:
            record.sync_portal_accountant_id = record.sync_portal_link_id.accountant_id

    def _inverse_sync_portal(self):
        chosen = [(record, record.sync_portal_accountant_id, record.sync_portal_enabled) for record in self]
        for record, accountant, enabled in chosen:
            record._choose_accountant(accountant, enabled)
        self.invalidate_recordset([name for name in self._fields if name.startswith("sync_portal_")])

    def _search_sync_portal_enabled(self, operator, value):
        if operator != "in":
            return NotImplemented
        links = self.env["sync.portal.link"].search([("enabled", "=", True), *self._sync_portal_links_domain()])
        enabled = [link._subject().id for link in links]
        return [("id", "in" if True in value else "not in", enabled)]

    # -- To be implemented -----------------------------------------------------------------------------------------

    def _sync_portal_company(self):
        """In whose books the documents of this record are."""
        raise NotImplementedError

    def _sync_portal_links_domain(self) -> list:
        """Domain: connections of records of this model."""
        raise NotImplementedError

    def _sync_portal_links(self) -> dict:
        """The connection of each of these records that has one, by id."""
        links = self.env["sync.portal.link"].search(self._sync_portal_links_domain())
        found = {link._subject().id: link for link in links}
        return {record_id: found[record_id] for record_id in self._origin.ids if record_id in found}

    # -- The switch --------------------------------------------------------------------------------------------------

    def _choose_accountant(self, accountant, enabled: bool) -> None:
        """Ask an accountant, and switch the access on or off."""
        self.ensure_one()
        company = self._sync_portal_company()
        link = self.env["sync.portal.link"]._for(self, company)
        if enabled and not accountant:
            raise UserError(
                self.env._("Choose the accountant of %s first: nobody else sees its documents.", self.display_name)
            )
        if not link:
            if not enabled:
                return
            customer = self.id if self._name == "res.partner" else False
            link = link.create({"company_id": company.id, "customer_id": customer, "accountant_id": accountant.id})
        elif accountant and accountant != link.accountant_id:
            link.accountant_id = accountant
        if not enabled:
            link.action_disable()
        elif link.state == "confirmed":
            link.action_enable()
        else:
            # Who switches it on while the accountant asks for it has agreed.
            link.check_access("write")
            link._do(Step.REQUEST, Side.COMPANY)
