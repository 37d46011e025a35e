# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize, format_datetime

from ..access import Side, Step
from ..wire import CompanyEntry

# How connections are called by a site; one with a longer number is none.
_KEY = re.compile(r"res\.company,(\d{1,10})(?:/res\.partner,(\d{1,10}))?", re.ASCII)
_MOST_AT_ONCE = 500
# Of one accountant, so that nobody floods companies with requests; and for how long a refusal stands.
_MOST_UNANSWERED = 50
_REFUSED_FOR = timedelta(days=1)


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
    def standing(self, companies):
        """How the connections of some companies stand now; asked when their accountant looks at a page.

        :param companies: keys of companies, at most 500
        :return: list of :class:`CompanyEntry` as it travels; a company without a connection is left out
        """
        self._admit()
        return self._standing(companies)

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
    def _standing(self, companies: list[str]) -> list[dict]:
        keys = {str(key) for key in companies[:_MOST_AT_ONCE]}
        return [link._entry().to_wire() for link in self._links(keys) if link.requested_by]

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
        self._check_request(address, link)
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
    def _check_request(self, address: str, link) -> None:
        """:raises UserError: when an accountant asks for too much, or again for what was just refused"""
        asked = link.requested_by == "accountant" and link.accountant_email == address
        if asked and link.state == "refused" and link.decided_at > fields.Datetime.now() - _REFUSED_FOR:
            raise UserError(
                self.env._(
                    "%(company)s has refused this on %(moment)s. Ask again a day later, or have the company ask you.",
                    company=name_of(link),
                    moment=format_datetime(self.env, link.decided_at),
                )
            )
        waiting = [("requested_by", "=", "accountant"), ("state", "=", "requested"), ("id", "!=", link.id)]
        # All of the accountant's, of whichever company: only their number is used.
        links = self.env["sync.portal.link"].sudo()
        unanswered = links.search_count([*waiting, ("accountant_id.email_normalized", "=", address)])
        if unanswered >= _MOST_UNANSWERED:
            raise UserError(
                self.env._(
                    "%(count)s companies have not answered %(address)s yet. Ask for others when they have.",
                    count=unanswered,
                    address=address,
                )
            )

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
        link = self._links({str(key)})
        if not link or (granted and not link.grants):
            raise AccessError(
                self.env._(
                    "This company is not enabled for the accountant's site. Somebody of the company enables it under "
                    "“Accountant's Site” in the settings of Invoicing."
                )
            )
        return link

    @api.model
    def _links(self, keys: set[str]):
        """The connections with these keys, of companies in which the key's user works."""
        found = [match for key in keys if (match := _KEY.fullmatch(key))]
        companies = {int(match[1]) for match in found} & set(self.env.companies.ids)
        customers = {int(match[2]) if match[2] else False for match in found}
        wanted = [("company_id", "in", sorted(companies)), ("customer_id", "in", sorted(customers))]
        return self.env["sync.portal.link"].search(wanted, order="id").filtered(lambda link: link._key() in keys)

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
        # The site tells who its accountant is; the user of its key need not see contacts.
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
