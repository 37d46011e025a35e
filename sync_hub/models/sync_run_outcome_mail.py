# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..faults import RULES, FaultKind
from ..outcome import Policy, Result, Verdict, decide, parse_addresses, turn_of
from .outcome_delivery import deliver, obstacle, reason_of

_lt = LazyTranslate(__name__)
_logger = logging.getLogger(__name__)

# Outcomes that say how a connection stands.
GOOD = ("done", "nothing_new")
BAD = ("failed", "partly_failed")


class SyncRun(models.Model):
    """Who is told of an outcome by e-mail, and when.

    Whether a message goes is decided, and stored, with the outcome itself; a scheduled action that is woken by it sends
    the message. So a mail server that hangs keeps no run waiting, and a worker that is killed in between loses none.
    """

    _inherit = "sync.run"

    outcome_mail = fields.Selection(
        selection=[
            ("waiting", "Being sent"),
            ("sent", "Sent"),
            ("unsent", "Could not be sent"),
            ("held_back", "Kept for the daily summary"),
            ("summed_up", "In the daily summary"),
        ],
        string="E-mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What became of the message to the people whom the schedule tells of outcomes.",
    )

    # -- Decision --------------------------------------------------------------------------------------------------

    def _tell_schedule(self) -> None:
        """Override: the outcome of a run that has none above it is told to people too."""
        super()._tell_schedule()
        schedule = self.schedule_id
        if not schedule.outcome_mail_to or self.outcome in ("skipped", "cancelled"):
            return
        verdict = decide(Policy(schedule.outcome_mail_policy), self._turns().values())
        if verdict is Verdict.SEND:
            self._mark_outcome_mail("waiting")
            # Whoever ends a run may wake the worker that tells of it; the action itself stays as it is.
            self.env.ref("sync_hub.ir_cron_outcome_mail").sudo()._trigger()
        elif verdict is Verdict.HOLD_BACK:
            self._mark_outcome_mail("held_back")

    def _turns(self) -> dict:
        """What the outcome of each connection's run is, after the one before."""
        return {run: turn_of(run._result()) for run in self._present_children() or self}

    def _result(self) -> Result:
        before = self._told_run_before()
        return Result(
            outcome=self.outcome,
            failing_before=bool(before) and before.outcome not in GOOD,
            # Other people may be told by another schedule.
            told_before=before.outcome_mail not in (False, "unsent") and before.schedule_id == self.schedule_id,
            killed_before=self.outcome == "interrupted" and self._run_before().outcome == "interrupted",
            stopped=self._stops_connection() and not before._stops_connection(),
        )

    def _told_run_before(self):
        """The run of this connection before this one that said how it stands; a kill says it when people were told."""
        said = [
            "|",
            ("outcome", "in", (*GOOD, *BAD)),
            *("&", ("outcome", "=", "interrupted"), ("outcome_mail", "!=", False)),
        ]
        return self._run_before(said)

    def _outcome_recovery(self):
        """The first run of this connection after this one that did its work; an empty recordset when there is none."""
        return self.search(
            [*self._same_connection(), ("outcome", "in", GOOD), ("id", ">", self.id)], order="id", limit=1
        )

    def _stops_connection(self) -> bool:
        """Whether nothing runs by itself after this run, until a person does something."""
        kinds = set(self._errors().mapped("kind"))
        return any(
            kind == FaultKind.USER_PRESENCE_REQUIRED or (kind in RULES and RULES[kind].state) for kind in kinds
        )

    def _mark_outcome_mail(self, state) -> None:
        (self | self.child_ids).outcome_mail = state

    # -- Sending ---------------------------------------------------------------------------------------------------

    @api.model
    def _send_outcome_mails(self) -> None:
        """Scheduled action, woken by each outcome that is to be told at once."""
        cron = self.env["ir.cron"]
        waiting = [("outcome_mail", "=", "waiting"), ("parent_id", "=", False)]
        left = cron._commit_progress(remaining=self.search_count(waiting))
        while left > 0 and (run := self.search(waiting, order="id", limit=1)):
            run._send_outcome_mail()
            left = cron._commit_progress(1, remaining=self.search_count(waiting))

    def _send_outcome_mail(self) -> None:
        """Send the message about this run; a failure is a note in its log, nothing more."""
        schedule = self.schedule_id
        addresses = parse_addresses(schedule.outcome_mail_to or "")
        if not addresses:
            # The list was emptied, or the schedule deleted, meanwhile.
            self._mark_outcome_mail(False)
            return
        if found := obstacle(self.company_id):
            self._outcome_unsent(f"outcome_mail_{found}")
            return
        try:
            with self.env.cr.savepoint():
                # Written first: what could fail in the database fails before anything has left.
                self._mark_outcome_mail("sent")
                self.env.flush_all()
                template = self.env.ref("sync_hub.mail_template_outcome")
                deliver(template, self, self.company_id, addresses, schedule.tz)
        except Exception as error:  # whatever it is, the run has ended and stays as it is
            _logger.info("The outcome of run %s could not be mailed", self.reference, exc_info=True)
            self._outcome_unsent("outcome_mail_unsent", addresses="; ".join(addresses), reason=reason_of(error))

    def _outcome_unsent(self, note: str, **values) -> None:
        self._mark_outcome_mail("unsent")
        self._log(note, "warning", **values)


class SyncRunLine(models.Model):
    _inherit = "sync.run.line"

    @api.model
    def _note_texts(self) -> dict[str, str]:
        return {
            **super()._note_texts(),
            "outcome_mail_unsent": _lt("The outcome could not be mailed to %(addresses)s: %(reason)s"),
            "outcome_mail_no_server": _lt("The outcome was not mailed: there is no active outgoing mail server."),
            "outcome_mail_certified_only": _lt(
                "The outcome was not mailed: the only outgoing mail servers are for certified mail (PEC)."
            ),
            "outcome_mail_no_sender": _lt("The outcome was not mailed: the company has no address to send from."),
            "outcome_mail_certified_sender": _lt(
                "The outcome was not mailed: the address to send from is one of certified mail (PEC)."
            ),
        }
