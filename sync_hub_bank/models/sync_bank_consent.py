# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.on_its_own import on_its_own
from odoo.tools import format_date

from ..consent import days_left, due_reminder, last_day, not_worth_telling

_logger = logging.getLogger(__name__)

CONSENT_ACTIVITY = "sync_hub_bank.activity_renew_consent"
# On cards and forms the end of a consent is shown as a warning for so many days.
WARNING_DAYS = 14


class SyncBankConnection(models.Model):
    """The end of a consent: announced in time, told when it has come, and no call to the bank after it."""

    _inherit = "sync.bank.connection"

    # The last reminder that was given for the present consent, in days before its end; 0 for none.
    consent_told = fields.Integer(readonly=True, copy=False)
    consent_last_day = fields.Date(
        string="Last Day of the Consent", compute="_compute_consent_left", help="By the clock of the company."
    )
    consent_days_left = fields.Integer(compute="_compute_consent_left")
    consent_soon = fields.Boolean(compute="_compute_consent_left", help="The consent ends soon.")

    @api.depends("consent_until", "state", "company_id")
    def _compute_consent_left(self):
        for connection in self:
            until = connection._consent_end()
            zone = connection._company_zone()
            connection.consent_last_day = last_day(until, zone) if until else False
            left = days_left(until, datetime.now(UTC), zone) if until else 0
            connection.consent_days_left = left
            connection.consent_soon = bool(until) and connection.state == "connected" and left <= WARNING_DAYS

    # -- The consent comes -----------------------------------------------------------------------------------------

    def write(self, vals):
        """Override of ``sync_hub``: a connection that does not stand has no consent to renew in time."""
        result = super().write(vals)
        if vals.get("state", "connected") != "connected":
            self._withdraw_activities([CONSENT_ACTIVITY])
        return result

    def _receive_consent(self, consent):
        """Override: a new consent begins its own reminders; those of the one before are answered."""
        result = super()._receive_consent(consent)
        until = self._consent_end()
        told = 0
        if until:
            left = days_left(until, datetime.now(UTC), self._company_zone())
            told = not_worth_telling(left, self.company_id._consent_days()) or 0
            # The connection says so at the very moment at which it ends.
            self.env.ref("sync_hub_bank.ir_cron_consent").sudo()._trigger(self.consent_until)
        self.write({"consent_told": told})
        self._withdraw_activities([CONSENT_ACTIVITY])
        return result

    # -- The consent ends ------------------------------------------------------------------------------------------

    def _is_consent_over(self) -> bool:
        """Whether the consent has ended by our own clock, whatever the bank would still answer."""
        self.ensure_one()
        return bool(self.consent_until and self.consent_until <= fields.Datetime.now())

    def _session(self):
        """Override: every call that shows a bank's data needs the session, and there is none after the end.

        :raises Fault: of kind ``consent_expired``
        """
        if self._is_consent_over():
            raise Fault(FaultKind.CONSENT_EXPIRED)
        return super()._session()

    def _can_sync(self):
        """Override of ``sync_hub``: no run after the end, also before the connection has noticed it."""
        return super()._can_sync() and not self._is_consent_over()

    def _check_can_sync(self):
        """Override of ``sync_hub``: say it at once."""
        if self.state == "connected" and self._is_consent_over():
            raise fault_error(self.env, Fault(FaultKind.CONSENT_EXPIRED))
        return super()._check_can_sync()

    def _run_finished(self, run):
        """Override: a run that was under way when the consent ended does not bring it back."""
        result = super()._run_finished(run)
        if self.state == "connected" and self._is_consent_over():
            self.state = "reconnect"
        return result

    @api.model
    def _watch_consents(self) -> None:
        """Scheduled action: end what is over, announce what ends soon. Each reminder is given once."""
        # Past companies and users are as good as present ones: the action works for all of them.
        connections = self.search([("consent_until", "!=", False), ("state", "=", "connected")])
        for connection in connections:
            with on_its_own(connection):
                connection._watch_consent()
            self.env["ir.cron"]._commit_progress(1)

    def _watch_consent(self) -> None:
        self.ensure_one()
        if self._is_consent_over():
            # As a run that failed, so that it stands where people look for what went wrong.
            self._report_fault(Fault(FaultKind.CONSENT_EXPIRED), trigger="scheduled", user_id=False)
            return
        left = days_left(self._consent_end(), datetime.now(UTC), self._company_zone())
        due = due_reminder(left, self.company_id._consent_days(), self.consent_told or None)
        if due is not None:
            # Written first: a reminder that fails halfway is undone with it, and comes with the next look.
            self.consent_told = due
            self._announce_consent_end()

    def _announce_consent_end(self) -> None:
        """Ask the responsible user to renew the consent: one activity, which the next reminder replaces, and a mail."""
        self._withdraw_activities([CONSENT_ACTIVITY])
        self._ask_responsible(
            CONSENT_ACTIVITY,
            lambda env: Markup("<br/>").join(self.with_env(env)._consent_sentences()),
            date_deadline=self.consent_last_day,
        )
        self._mail_responsible("sync_hub_bank.mail_template_consent")

    # -- For card, activity and mail ---------------------------------------------------------------------------------

    def _consent_sentences(self) -> list[str]:
        """How long the consent still lasts and what to do, in the language of the environment."""
        day = format_date(self.env, self.consent_last_day)
        left = self.consent_days_left
        if left > 1:
            when = self.env._("Your consent at %(bank)s ends in %(days)s days, on %(date)s.",
                              bank=self.name, days=left, date=day)
        elif left == 1:
            when = self.env._("Your consent at %(bank)s ends tomorrow, on %(date)s.", bank=self.name, date=day)
        else:
            when = self.env._("Your consent at %(bank)s ends today, on %(date)s.", bank=self.name, date=day)
        return [
            when,
            self.env._("Press “Reconnect” and confirm at the bank. Journals and movements stay as they are."),
        ]

    def _consent_subject(self) -> str:
        """Subject of the reminder."""
        day = format_date(self.env, self.consent_last_day)
        return self.env._("%(bank)s: consent until %(date)s", bank=self.name, date=day)

    def _consent_end(self) -> datetime | None:
        """The aware instant at which the consent ends, or None."""
        return self.consent_until.replace(tzinfo=UTC) if self.consent_until else None

    def _company_zone(self) -> ZoneInfo:
        return ZoneInfo(self.env["sync.schedule"]._company_tz(self.company_id))
