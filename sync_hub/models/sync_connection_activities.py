# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import fields, models
from odoo.tools import format_datetime

# What the responsible user is asked for, by the state that only they can end.
ACTIVITY_OF_STATE = {
    "credentials": "sync_hub.activity_update_credentials",
    "reconnect": "sync_hub.activity_reconnect",
}
SILENCE_ACTIVITY = "sync_hub.activity_check_synchronization"


class SyncConnectionMixin(models.AbstractModel):
    """What a connection asks of a person: one activity, which goes by itself when its cause has gone."""

    _inherit = "sync.connection.mixin"

    silence_told = fields.Boolean(
        string="Responsible User Alerted",
        readonly=True,
        copy=False,
        help="Somebody was asked why it has not been synchronized for so long.",
    )

    def write(self, vals):
        """Override of ``base``: what was asked for has been done when the state says so."""
        result = super().write(vals)
        if "state" in vals:
            answered = [xmlid for state, xmlid in ACTIVITY_OF_STATE.items() if state != vals["state"]]
            self._withdraw_activities(answered)
            if vals["state"] != "connected":
                self._withdraw_activities([SILENCE_ACTIVITY])
        return result

    def _apply_fault(self, fault, run):
        """Override of this mixin: a fault that only a person can cure becomes an activity of the responsible user."""
        result = super()._apply_fault(fault, run)
        xmlid = ACTIVITY_OF_STATE.get(self.state)
        if xmlid and fault.rule.state == self.state:
            line = run._errors()[-1:]
            self._ask_responsible(xmlid, lambda env: self._sentences(line.with_env(env)))
        return result

    def _run_finished(self, run):
        """Override of this mixin: a success ends the silence."""
        result = super()._run_finished(run)
        if run.outcome in ("done", "nothing_new"):
            self.silence_told = False
            self._withdraw_activities([SILENCE_ACTIVITY])
        return result

    def _tell_silence(self, since) -> None:
        """Ask the responsible user, once, why there was no success since a moment (naive UTC)."""

        def note(env):
            told = [env._("No synchronization has succeeded since %s.", format_datetime(env, since))]
            schedule = self.schedule_id
            if schedule and not schedule._is_engine_on():
                told.append(
                    env._(
                        "The scheduled action of “%s” is switched off: an administrator can switch it on again.",
                        schedule.name,
                    )
                )
            return Markup("<br/>").join(filter(None, [*told, self._sentences(self.fault_line_id.with_env(env))]))

        self.silence_told = True
        self._ask_responsible(SILENCE_ACTIVITY, note)

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _ask_responsible(self, xmlid: str, note, **values) -> None:
        """Give the responsible user one activity of a kind.

        :param note: what to say, made in the environment of that user's language and clock
        :param values: of the activity's other fields, e.g. ``date_deadline``
        """
        self.ensure_one()
        user = self._responsible_user()
        if user and not self.activity_search([xmlid]):
            localized = self.with_context(lang=user.lang or self._message_language(), tz=user.tz)
            # Not as the user: only language and clock are theirs.
            env = localized.env
            kind = env.ref(xmlid, raise_if_not_found=False)
            summary = kind.name if kind else ""
            self.activity_schedule(xmlid, user_id=user.id, summary=summary, note=note(env), **values)

    def _responsible_user(self):
        """Who is asked to act: the responsible user, or a manager when that one cannot see the connection any more."""
        company = self.company_id
        # Only who it is leaves this method; an operator may not read other users' groups.
        managers = self.env.ref("sync_hub.group_manager").sudo().all_user_ids.sorted("id")
        for user in self.user_id.sudo() | managers:
            if user.active and company in user.company_ids and self.with_user(user).has_access("read"):
                return user
        return managers.browse()

    def _withdraw_activities(self, xmlids: list[str]) -> None:
        # An activity of somebody else may be withdrawn by whoever ends its cause: it is ours, not that person's.
        self.sudo().activity_unlink(xmlids)

    @staticmethod
    def _sentences(line) -> str:
        """What happened and what to do, as markup."""
        return Markup("<br/>").join(filter(None, [line.message, line.remedy]))
