# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.tools import formataddr

from .news_delivery import post


class SyncPortalCompany(models.Model):
    """What the accountant is told by e-mail: a company asks, confirms or refuses."""

    _inherit = "sync.portal.company"

    news_told = fields.Char(readonly=True, copy=False, groups="sync_hub.group_operator")

    def _news(self) -> str:
        """What the company has done that the accountant does not know from own doing; empty: nothing."""
        self.ensure_one()
        if self.requested_by == "company":
            return "asked" if self.state == "requested" else ""
        if self.requested_by == "accountant" and self.state in ("confirmed", "refused"):
            return self.state if self.granted or self.state == "refused" else ""
        return ""

    def _write_to_accountant(self) -> None:
        """Tell the accountant what is new, once, as soon as he or she can sign in. In superuser mode."""
        for company in self:
            news, told = company._news(), company.news_told or ""
            if news == told or (news and not company.user_ids):
                continue
            company.news_told = news
            if news:
                template = self.env.ref("sync_hub_portal.mail_template_company_news")
                # To the address that the company has named: a portal user changes that of the own contact.
                post(template, company, formataddr((company.accountant_name or "", company.accountant_email)))

    # -- The letter --------------------------------------------------------------------------------------------------

    def _news_subject(self) -> str:
        self.ensure_one()
        texts = {
            "asked": self.env._("%s asks you for a connection", self.name),
            "confirmed": self.env._("%s has confirmed your request", self.name),
            "refused": self.env._("%s has refused your request", self.name),
        }
        return texts.get(self._news(), self.name)

    def _news_letter(self):
        self.ensure_one()
        values = {"company": self, "news": self._news()}
        return self.env["ir.qweb"]._render("sync_hub_portal.company_letter", values)

    def _news_language(self) -> str:
        self.ensure_one()
        return self.user_ids[:1].lang or self.company_id.partner_id.lang or ""

    def _news_url(self) -> str:
        self.ensure_one()
        return f"{self.get_base_url()}/my/companies"
