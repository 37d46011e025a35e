# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from dateutil.relativedelta import relativedelta
from odoo import fields, http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import email_normalize
from odoo.tools.date_utils import end_of, start_of

from ..wire import KINDS

_NOTICE = "sync_portal_notice"


class AccountantSite(CustomerPortal):
    """The pages of the accountant: companies, and the documents of one of them."""

    # -- Pages ---------------------------------------------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        """Override of ``portal``: how many companies there are, or wait for an answer."""
        values = super()._prepare_home_portal_values(counters)
        if "sync_company_count" in counters:
            companies = self._companies()
            user = request.env.user
            values["sync_company_count"] = len(companies | companies._asking(user) | companies._locked_for(user))
        return values

    @http.route("/my/companies", type="http", auth="user", website=True)
    def portal_my_companies(self, **_kwargs):
        """Companies that the accountant may see, those that ask, and why others are not to be seen."""
        companies, user, books = self._companies(), request.env.user, self._books_of_user()
        requests = user._portal_requests_left(books) if books else None
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "sync_companies",
            "companies": companies,
            "asking": companies._asking(user),
            "locked": companies._locked_for(user),
            "switched_off": companies._switched_off_for(user),
            "resting": companies._resting_for(user),
            "requests": requests,
            "no_request": user._portal_requests_text(requests) if requests and not requests.allowed else "",
            "notice": request.session.pop(_NOTICE, None),
        }
        return request.render("sync_hub_portal.portal_my_companies", values)

    @http.route(
        ["/my/companies/<int:company_id>", "/my/companies/<int:company_id>/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_company(self, company_id, page=1, **filters):
        """The documents of a company, by period."""
        company = self._company(company_id)
        if not company:
            return self._closed_door(company_id)
        chosen, presses = Selection(filters), company._presses_left()
        documents = request.env["sync.portal.document"]
        domain = chosen.domain(company)
        url = f"/my/companies/{company.id}"
        total = documents.search_count(domain)
        pager = portal_pager(url=url, total=total, page=page, step=self._items_per_page, url_args=chosen.arguments())
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "sync_company",
            "company": company,
            "documents": documents.search(domain, limit=self._items_per_page, offset=max(pager["offset"], 0)),
            "kinds": documents._fields["kind"]._description_selection(request.env),
            "total": total,
            "downloadable": documents.search_count(chosen.downloadable(company)),
            "chosen": chosen,
            "periods": self._periods(),
            "pager": pager,
            "default_url": url,
            "presses": presses,
            "no_press": "" if presses.allowed else company._quota_text(presses),
            "outcome": company._outcome_text(),
            "waited_for": company._is_waited_for(),
            "notice": request.session.pop(_NOTICE, None),
        }
        return request.render("sync_hub_portal.portal_my_company", values)

    # -- Buttons -------------------------------------------------------------------------------------------------------

    @http.route("/my/companies/<int:company_id>/sync", type="http", auth="user", methods=["POST"], website=True)
    def portal_sync_now(self, company_id, **_kwargs):
        """“Synchronize now”, within the quota."""
        company = self._company(company_id)
        if not company:
            return self._closed_door(company_id)
        try:
            company._press()
        except UserError as error:
            return self._back(f"/my/companies/{company.id}", "warning", str(error))
        text = request.env._("The synchronization has been asked for. Load this page again in a minute.")
        return self._back(f"/my/companies/{company.id}", "success", text)

    @http.route("/my/companies/<int:company_id>/answer", type="http", auth="user", methods=["POST"], website=True)
    def portal_answer(self, company_id, agreed="", **_kwargs):
        """Confirm, or refuse, what a company asks its accountant for."""
        company = self._companies()._asking(request.env.user).filtered(lambda company: company.id == company_id)
        if not company:
            raise request.not_found()
        try:
            # A company that asks this accountant: he or she is the one who answers.
            company._answer("confirm", agreed=agreed == "yes")
        except UserError as error:
            return self._back("/my/companies", "warning", str(error))
        text = (
            request.env._("Connected with %s: its documents come with the next synchronization.", company.name)
            if agreed == "yes"
            else request.env._("The request of %s has been refused.", company.name)
        )
        return self._back("/my/companies", "success", text)

    @http.route("/my/companies/request", type="http", auth="user", methods=["POST"], website=True)
    def portal_request(self, vat="", **_kwargs):
        """Ask for another company, in the books of companies that the accountant has already."""
        user = request.env.user
        books = self._books_of_user()
        address = email_normalize(user.login)
        if not books or not address or not vat.strip():
            text = request.env._("Enter the tax ID of the company.")
            return self._back("/my/companies", "warning", text)
        try:
            user._count_portal_request(books)
        except UserError as error:
            return self._back("/my/companies", "warning", str(error))
        for source in books:
            try:
                # In the name of the address with which the accountant signs in, and of no other.
                source._request(vat.strip()[:40], user.partner_id.sudo().name, address)
            except UserError:
                # What the books know, or do not know, is nothing for somebody who tries tax IDs.
                continue
        text = request.env._(
            "The request was passed on. If the company is kept there, somebody of the company confirms it."
        )
        return self._back("/my/companies", "success", text)

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def _periods(self) -> list[tuple[str, date, date]]:
        """Periods that are asked for most: name, first and last day."""
        today = fields.Date.context_today(request.env.user)
        month = start_of(today, "month")
        quarter = start_of(today, "quarter")
        return [
            (request.env._("This month"), month, end_of(today, "month")),
            (request.env._("Last month"), month - relativedelta(months=1), month - relativedelta(days=1)),
            (request.env._("This quarter"), quarter, end_of(today, "quarter")),
            (request.env._("Last quarter"), quarter - relativedelta(months=3), quarter - relativedelta(days=1)),
            (request.env._("This year"), start_of(today, "year"), end_of(today, "year")),
        ]

    def _companies(self):
        """Companies that the user may see."""
        companies = request.env["sync.portal.company"]
        if not companies.has_access("read"):
            return companies
        return companies.search([("accessible", "=", True)])

    def _company(self, company_id: int):
        return self._companies().filtered(lambda company: company.id == company_id)

    def _closed_door(self, company_id: int):
        """The answer for a company that the user may not see: why, for its accountant; for others it is not there."""
        companies, user = self._companies(), request.env.user
        told = companies._locked_for(user) | companies._switched_off_for(user) | companies._resting_for(user)
        if company_id not in told.ids:
            raise request.not_found()
        return request.redirect("/my/companies")

    def _books_of_user(self):
        """Books of companies whose accountant the user is now."""
        # Which books these are is not shown.
        sources = self._companies().sudo().source_id
        return sources.filtered(lambda source: source._can_sync() and source.request_quota)

    def _back(self, url: str, kind: str, text: str):
        request.session[_NOTICE] = {"kind": kind, "text": text}
        return request.redirect(url)


class Selection:
    """Which documents of a company are shown, from the address of the page; what makes no sense there is left out."""

    def __init__(self, filters: dict):
        self.first, self.last = _day(filters.get("first")), _day(filters.get("last"))
        self.kind = filters.get("kind") if filters.get("kind") in KINDS else ""
        self.waiting = filters.get("show") == "waiting"

    def domain(self, company) -> Domain:
        domain = Domain("portal_company_id", "=", company.id)
        if self.first:
            domain &= Domain("date", ">=", self.first)
        if self.last:
            domain &= Domain("date", "<=", self.last)
        if self.kind:
            domain &= Domain("kind", "=", self.kind)
        if self.waiting:
            domain &= Domain("to_transfer", "=", True) & Domain("withdrawn", "=", False)
        return domain

    def downloadable(self, company) -> Domain:
        """Those of them that go into an archive: what was withdrawn has no files."""
        return self.domain(company) & Domain("withdrawn", "=", False)

    def arguments(self) -> dict[str, str]:
        """What stands in the address."""
        return {
            "first": self.first.isoformat() if self.first else "",
            "last": self.last.isoformat() if self.last else "",
            "kind": self.kind,
            "show": "waiting" if self.waiting else "",
        }


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
