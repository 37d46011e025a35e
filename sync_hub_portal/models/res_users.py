# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import format_datetime

from ..access import PressQuota, Verdict, look


class ResUsers(models.Model):
    """How often an accountant may ask for companies: whoever tries tax IDs one after the other is stopped."""

    _inherit = "res.users"

    # Instants at which the user has asked for a company, as ISO 8601. Two requests at once write the same row, so that
    # the later one counts the earlier one too.
    sync_portal_requests = fields.Json(groups=NO_ACCESS, copy=False)

    def _portal_requests_left(self, books) -> Verdict:
        """How often the user can still ask for a company.

        :param books: those that the user may ask, in superuser mode
        """
        self.ensure_one()
        # The user's own, read for the user.
        asked = [datetime.fromisoformat(moment) for moment in self.sudo().sync_portal_requests or []]
        quota = PressQuota(max(books.mapped("request_quota"), default=0))
        return look(quota, asked, fields.Datetime.now().replace(tzinfo=UTC))

    def _count_portal_request(self, books) -> None:
        """The user asks for a company.

        :raises UserError: when the quota is used up
        """
        verdict = self._portal_requests_left(books)
        if not verdict.allowed:
            raise UserError(self._portal_requests_text(verdict))
        now = fields.Datetime.now().replace(tzinfo=UTC)
        # Counted for the user, who could not do it away.
        self.sudo().sync_portal_requests = [moment.isoformat() for moment in (*verdict.counted, now)]

    def _portal_requests_text(self, verdict: Verdict) -> str:
        if verdict.next_at is None:
            return self.env._("On this site, companies are connected by its administrator only.")
        return self.env._(
            "Requests in 24 hours: %(count)s, as many as this site allows. The next one is possible on %(moment)s.",
            count=len(verdict.counted),
            moment=format_datetime(self.env, verdict.next_at.replace(tzinfo=None), dt_format="short"),
        )
