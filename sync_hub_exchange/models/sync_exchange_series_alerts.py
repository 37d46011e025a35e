# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import models
from odoo.tools import format_datetime

ACTIVITY_TRANSMIT = "sync_hub_exchange.activity_series_transmit"
ACTIVITY_CLASH = "sync_hub_exchange.activity_series_clash"


class SyncExchangeSeries(models.Model):
    """What a series asks of a person: one activity of a kind, which goes by itself when its cause has gone."""

    _inherit = "sync.exchange.series"

    def _remind_of_deadlines(self) -> None:
        """Ask the responsible user to transmit what waits, with the count and the first deadline as they are now."""
        self.ensure_one()
        alerted = self.env["sync.exchange.series.document"].search(
            [("series_id", "=", self.id), ("state", "=", "waiting"), ("alert", "!=", False)], order="deadline, number"
        )
        if not alerted:
            return
        first, late = alerted[0], alerted.filtered(lambda document: document.alert == "late")

        def note(env):
            # People look at the clock on the wall of the federal unit, wherever they sit.
            deadline = format_datetime(env, first.deadline, tz=self._zone_name())
            told = [
                env._(
                    "Documents of %(series)s that wait to be transmitted: %(count)s. The first is number %(number)s; "
                    "its deadline is %(deadline)s (clock of %(state)s).",
                    count=len(alerted),
                    series=self.display_name,
                    number=first.number,
                    deadline=deadline,
                    state=self.state_id.name or env._("Brasília"),
                )
            ]
            if late:
                told.append(
                    env._(
                        "Their deadline has passed already: %s. Transmit them all the same, and ask your tax office "
                        "what else it wants.",
                        len(late),
                    )
                )
            told.append(env._("Transmit them with your invoicing program, then mark them as transmitted here."))
            return Markup("<br/>").join(told)

        self._withdraw(ACTIVITY_TRANSMIT)
        self._ask_responsible(ACTIVITY_TRANSMIT, note, date_deadline=self._local_date(first.deadline))

    def _settle_reminder(self) -> None:
        """Withdraw the reminder of each series that has nothing alarming left to transmit."""
        Document = self.env["sync.exchange.series.document"]
        for series in self:
            asked = [("series_id", "=", series.id), ("state", "=", "waiting"), ("alert", "!=", False)]
            if not Document.search_count(asked, limit=1):
                series._withdraw(ACTIVITY_TRANSMIT)

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def _ask_responsible(self, xmlid: str, note, **values) -> None:
        """Give the responsible user one activity of a kind.

        :param note: what to say, made in the environment of that user's language and clock
        """
        self.ensure_one()
        user = self._responsible_user()
        if user and not self.activity_search([xmlid]):
            # Not as the user: only language and clock are theirs.
            env = self.with_context(lang=user.lang, tz=user.tz).env
            kind = env.ref(xmlid, raise_if_not_found=False)
            self.with_env(env).activity_schedule(
                xmlid, user_id=user.id, summary=kind.name if kind else "", note=note(env), **values
            )

    def _responsible_user(self):
        """Who is asked to act: the responsible user, or a manager when that one cannot see the series any more."""
        # Only who it is leaves this method; not everybody may read other users' groups.
        managers = self.env.ref("sync_hub.group_manager").sudo().all_user_ids.sorted("id")
        for user in self.user_id.sudo() | managers:
            if user.active and self.company_id in user.company_ids and self.with_user(user).has_access("read"):
                return user
        return managers.browse()

    def _withdraw(self, xmlid: str) -> None:
        # An activity of somebody else may be withdrawn by whoever ends its cause: it is ours, not that person's.
        self.sudo().activity_unlink([xmlid])
