# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..access import PressQuota, Verdict, look


class SyncPortalCompany(models.Model):
    """How often an accountant may ask for what is new."""

    _inherit = "sync.portal.company"

    # Instants at which the button was pressed, as ISO 8601.
    presses = fields.Json(readonly=True, copy=False, groups="sync_hub.group_operator")
    asked_at = fields.Datetime(
        readonly=True, copy=False, groups="sync_hub.group_user", help="Somebody waits for it since then."
    )

    def _presses_left(self) -> Verdict:
        """How often the button can still be pressed."""
        self.ensure_one()
        # A number leaves this method, and when the next time is.
        company = self.sudo()
        pressed = [datetime.fromisoformat(moment) for moment in company.presses or []]
        return look(PressQuota(company.source_id.press_quota), pressed, _now())

    def _press(self) -> None:
        """“Synchronize now” of an accountant who may see the company.

        :raises UserError: when the quota is used up, or the books are not connected
        """
        self.ensure_one()
        # What an accountant may do is written in his or her name by nobody else: it is looked at here.
        company = self.sudo()
        verdict = company._presses_left()
        if not verdict.allowed:
            raise UserError(self._quota_text(verdict))
        company.source_id._check_can_sync()
        company.presses = [moment.isoformat() for moment in (*verdict.counted, _now())]
        company.asked_at = fields.Datetime.now()
        company._wake_books(self.env.user)

    def _quota_text(self, verdict: Verdict) -> str:
        if verdict.next_at is None:
            return self.env._("On this site, companies are synchronized by schedule only.")
        return self.env._(
            "Synchronizations in 24 hours: %(count)s, as many as this site allows. The next one is possible on "
            "%(moment)s.",
            count=len(verdict.counted),
            moment=format_datetime(self.env, verdict.next_at.replace(tzinfo=None), dt_format="short"),
        )

    def _wake_books(self, user=None) -> None:
        """Ask for a run of the books, unless they cannot be asked now."""
        # Whoever was let through to the company may have it synchronized, within the quota.
        source = self.sudo().source_id
        if source._can_sync():
            # Whoever waits for documents may have them fetched; a worker does it as its operator.
            runs = self.env["sync.run"].sudo()
            runs._queue(source, "manual", user=user or self.env.user)
            runs._wake_queue()


def _now() -> datetime:
    return fields.Datetime.now().replace(tzinfo=UTC)
