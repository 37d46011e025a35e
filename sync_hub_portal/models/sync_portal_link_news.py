# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..access import Connection, Side, State
from .news_delivery import post


class SyncPortalLink(models.Model):
    """What somebody of the company is told by e-mail: an accountant asks, confirms or refuses."""

    _inherit = "sync.portal.link"

    def _write_to_company(self, connection: Connection, before: Connection) -> None:
        """Tell somebody of the company what the accountant has done, if it was the accountant. In superuser mode."""
        self.ensure_one()
        news = _news(connection, before)
        user = self._responsible()
        if news and user.email:
            template = self.env.ref("sync_hub_portal.mail_template_link_news")
            post(template.with_context(sync_portal_news=news), self, user.email_formatted)

    # -- The letter --------------------------------------------------------------------------------------------------

    def _news_subject(self, news: str) -> str:
        self.ensure_one()
        names = {"accountant": self.accountant_id.name, "company": self._subject().name}
        if news == "asked":
            return self.env._("%(accountant)s asks for the documents of %(company)s", **names)
        if news == "confirmed":
            return self.env._("%(accountant)s has confirmed the connection with %(company)s", **names)
        return self.env._("%(accountant)s has refused the connection with %(company)s", **names)

    def _news_letter(self, news: str):
        self.ensure_one()
        return self.env["ir.qweb"]._render("sync_hub_portal.link_letter", {"link": self, "news": news})

    def _news_url(self) -> str:
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/accountants/{self.id}"


def _news(connection: Connection, before: Connection) -> str:
    """What the accountant has done; empty: it was the company itself."""
    asked = State.REQUESTED, Side.ACCOUNTANT
    if (connection.state, connection.requested_by) == asked != (before.state, before.requested_by):
        return "asked"
    # Nobody answers a request of one's own.
    if (before.state, before.requested_by) == (State.REQUESTED, Side.COMPANY):
        return {State.CONFIRMED: "confirmed", State.REFUSED: "refused"}.get(connection.state, "")
    return ""
