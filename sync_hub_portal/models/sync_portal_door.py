# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize

from ..access import Side, Step
from ..wire import CompanyEntry


class SyncPortalDoor(models.AbstractModel):
    """What the books offer to an accountant's site in another database, over ``/json/2``.

    The key's user needs access to the companies and no right to accounting: documents are read for the site, once
    their company has enabled it and the accountant has agreed. Every call looks at that anew, so that a site has no
    way to what is not, or no longer, enabled.
    """

    _name = "sync.portal.door"
    _description = "Door for the Accountant's Site"

    # -- For sites -----------------------------------------------------------------------------------------------------

    @api.model
    def companies(self):
        """Companies, and customers, for whom a connection was ever asked for, and how it stands.

        :return: list of :class:`CompanyEntry` as it travels
        """
        self._admit()
        return self._companies()

    @api.model
    def request(self, vat, name, email):
        """Ask for a company, or a customer, on behalf of an accountant; or agree to what it asks for.

        :param vat: its tax ID
        :param name: the accountant's
        :param email: the accountant's
        :return: :class:`CompanyEntry` as it travels, or None when no company here has that tax ID
        """
        self._admit()
        return self._request(str(vat), str(name), str(email))

    @api.model
    def confirm(self, company, agreed=True):
        """Agree to a connection that a company asks for, or refuse it, on behalf of its accountant.

        :param company: key of the company
        :return: :class:`CompanyEntry` as it travels
        """
        self._admit()
        return self._confirm(company, agreed)

    @api.model
    def end(self, company):
        """End a connection on behalf of its accountant.

        :param company: key of the company
        :return: :class:`CompanyEntry` as it travels
        """
        self._admit()
        return self._end(company)

    def _admit(self) -> None:
        """:raises AccessError: when the key's user may not serve a site"""
        self.env["sync.exchange.door"]._admit()
        if not self.env.user.has_group("sync_hub_portal.group_site"):
            raise AccessError(
                self.env._(
                    "The user %(user)s may not give documents to an accountant's site. Give this user the right "
                    "“Accountant's site” in this database, or use the API key of a user who has it.",
                    user=self.env.user.login,
                )
            )

    # -- The same, for a site in this database -------------------------------------------------------------------------

    @api.model
    def _companies(self) -> list[dict]:
        asked_for = [("requested_by", "!=", False), ("company_id", "in", self.env.companies.ids)]
        return [link._entry().to_wire() for link in self.env["sync.portal.link"].search(asked_for, order="id")]

    @api.model
    def _request(self, vat: str, name: str, email: str) -> dict | None:
        address = email_normalize(email)
        if not address:
            raise UserError(self.env._("“%s” is not one e-mail address.", email))
        company, customer = self._by_vat(vat)
        if not company:
            return None
        # The connection is made, or answered, for the accountant, who has no rights here; the company decides.
        links = self.env["sync.portal.link"].sudo()
        link = links._for(customer or company, company)
        if link and link.accountant_email != address and link.state in ("requested", "confirmed"):
            raise UserError(
                self.env._("%s has another accountant already. The company chooses another one itself.", name_of(link))
            )
        if not link or link.accountant_email != address:
            # The contact of somebody whom the company does not know yet. It is nobody's user.
            accountant = self._accountant(name, address)
            if link:
                link.accountant_id = accountant
            else:
                link = links.create(
                    {"company_id": company.id, "customer_id": customer.id, "accountant_id": accountant.id}
                )
        link._do(Step.REQUEST, Side.ACCOUNTANT)
        return link._entry().to_wire()

    @api.model
    def _confirm(self, company: str, agreed: bool) -> dict:
        link = self._link(company)
        link._do(Step.CONFIRM if agreed else Step.REFUSE, Side.ACCOUNTANT)
        return link._entry().to_wire()

    @api.model
    def _end(self, company: str) -> dict:
        link = self._link(company)
        link._do(Step.END, Side.ACCOUNTANT)
        return link._entry().to_wire()

    # -- Helpers -------------------------------------------------------------------------------------------------------

    @api.model
    def _link(self, key: str, *, granted: bool = False):
        """The connection of a company by its key.

        :param granted: refuse one by which nobody has access
        :raises AccessError: also when there is none, so that nothing is told of companies that nobody may see
        """
        number, _slash, customer = str(key).removeprefix("res.company,").partition("/res.partner,")
        link = self.env["sync.portal.link"]
        if number.isdecimal() and (customer.isdecimal() or not customer):
            link = link.search(
                [
                    ("company_id", "=", int(number[:18])),
                    ("customer_id", "=", int(customer[:18]) if customer else False),
                    ("company_id", "in", self.env.companies.ids),
                ]
            )
        if not link or (granted and not link.grants):
            raise AccessError(
                self.env._(
                    "This company is not enabled for the accountant's site. Somebody of the company enables it under "
                    "“Accountant's Site” in the settings of Invoicing."
                )
            )
        return link

    @api.model
    def _by_vat(self, vat: str):
        """The company with a tax ID, or the company in whose books the customer with it is, and this customer."""
        customers = self.env["res.partner"]
        wanted = bare_vat(vat)
        if not wanted:
            return self.env["res.company"], customers
        company = self.env.companies.filtered(lambda company: bare_vat(company.vat) == wanted)[:1]
        if company:
            return company, customers
        # Most are kept as they were typed here, with or without the country.
        found = customers.search([("vat", "=ilike", f"%{wanted[-7:]}"), ("is_company", "=", True)], order="id")
        customer = found.commercial_partner_id.filtered(lambda partner: bare_vat(partner.vat) == wanted)[:1]
        company = (customer.company_id or self.env.company) if customer else self.env["res.company"]
        return company, customer

    @api.model
    def _accountant(self, name: str, address: str):
        contacts = self.env["res.partner"].sudo()
        known = contacts.search([("email_normalized", "=", address), ("company_id", "=", False)], limit=1)
        return known or contacts.create({"name": name.strip()[:100] or address, "email": address})


class SyncPortalLink(models.Model):
    _inherit = "sync.portal.link"

    def _entry(self) -> CompanyEntry:
        """The connection as it travels."""
        self.ensure_one()
        # Whoever may see the connection may know how its company and its accountant are called.
        subject, accountant = self._subject().sudo(), self.accountant_id.sudo()
        return CompanyEntry(
            key=self._key(),
            name=subject.name or "",
            vat=subject.vat or "",
            country=subject.country_id.code or "",
            connection=self._connection(),
            accountant_name=accountant.name or "",
            accountant_email=self.sudo().accountant_email or "",
            since=self.since,
        )


def name_of(link) -> str:
    return link.sudo()._subject().name or ""


def bare_vat(vat: str | None) -> str:
    """A tax ID in capital letters and digits, without the country that may stand before it."""
    bare = "".join(letter for letter in (vat or "").upper() if letter.isalnum())
    return bare[2:] if bare[:2].isalpha() else bare
