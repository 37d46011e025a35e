# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
import time
from datetime import UTC

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import RULES, Fault, next_try
from odoo.addons.sync_hub.models.on_its_own import on_its_own
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..sending import free_now, next_departure
from ..smtp import Session
from .moments import naive


class SyncMailAccount(models.Model):
    """How messages leave: one after the other, within the limits of the account, each of them once."""

    _inherit = "sync.mail.account"

    # -- When ----------------------------------------------------------------------------------------------------------

    def _ask_to_send(self) -> None:
        """Let a worker send what waits as soon as this transaction is committed."""
        if self:
            self.env["sync.run"]._wake_queue()

    @api.model
    def _queue_retries(self):
        """Override of ``sync_hub``: messages that wait ask for a run, also where automatic runs are switched off:
        somebody has pressed "Send"."""
        result = super()._queue_retries()
        now = fields.Datetime.now()
        # One that is leaving while no run goes on was left behind by a worker that was killed.
        groups = self.env["sync.mail.message"]._read_group(
            ["&", ("account_id.state", "=", "connected"), "|", ("state", "=", "sending"), *self._may_leave(now)],
            ["account_id"],
        )
        for (account,) in groups:
            with on_its_own(account):
                account._queue_departure(now)
        return result

    def _queue_departure(self, now) -> None:
        put_off = self.departure_at and self.departure_at > now
        if not put_off and self._can_sync() and not self._unfinished_runs():
            self.env["sync.run"]._queue(self, "departure")

    @api.model
    def _may_leave(self, now) -> list:
        """Domain: the messages that may leave now, as far as they are concerned."""
        waiting = Domain(self._waiting_for_time()) & (Domain("next_try", "=", False) | Domain("next_try", "<=", now))
        return list(waiting)

    @api.model
    def _waiting_for_time(self) -> list:
        """Domain: the messages that wait for their time and for nothing else."""
        return [("state", "=", "queued")]

    def _departures_of(self, now) -> list:
        return [("account_id", "=", self.id), *self._may_leave(now)]

    def _run_finished(self, run):
        """Override of ``sync_hub``: what still waits has its time."""
        result = super()._run_finished(run)
        moment = self._next_departure(run)
        self.departure_at = moment
        if moment:
            run._wake_queue(moment)
        return result

    def _next_departure(self, run):
        """When the next message of this account is to be tried, naive UTC; False when none waits."""
        Message = self.env["sync.mail.message"]
        first = Message.search(
            [("account_id", "=", self.id), *self._waiting_for_time()], order="next_try NULLS FIRST, id", limit=1
        )
        if not first:
            return False
        now = fields.Datetime.now()
        moments = [moment for moment in (first.next_try, self.retry_at, self.not_before) if moment and moment > now]
        kinds = run._errors().mapped("kind")
        if not self.retry_at and any(kind in RULES and RULES[kind].temporary for kind in kinds):
            moments.append(next_try(1, now, chance=random.random()).replace(microsecond=0))
        free = next_departure(self._quota(), self._departed(now), now.replace(tzinfo=UTC))
        moments.append(naive(free))
        return max(moments)

    def _departed(self, now) -> list:
        """Aware moments of the last 24 hours at which messages left, or may have left."""
        quota = self._quota()
        if not quota.windows:
            return []
        since = now - max(window for _limit, window in quota.windows)
        # Read as plain values: there may be thousands of them.
        moments = self.env["sync.mail.message"]._read_group(
            [("account_id", "=", self.id), ("last_try", ">=", since)], [], ["last_try:array_agg"]
        )
        return [moment.replace(tzinfo=UTC) for moment in moments[0][0] or []]

    # -- Work ----------------------------------------------------------------------------------------------------------

    def _synchronize(self, run, deadline):
        """Override of ``sync_hub``: what is due is made ready, what waits leaves, and receipts are received.

        One that fails does not stop the others; the run tells the first fault at its end.
        """
        self._settle_interrupted(run)
        finished, fault = True, None
        for step in self._steps(run):
            try:
                finished = step(run, deadline) and finished
            except Fault as error:
                self.env.cr.rollback()
                if fault:
                    run._log_fault(error)
                    self.env.cr.commit()
                fault = fault or error
        if fault:
            raise fault
        return finished

    def _steps(self, run) -> list:
        """What a run does, in this order: methods that take the run and a deadline, and tell whether they finished."""
        return [self._send_waiting]

    def _settle_interrupted(self, run) -> None:
        """Messages that were about to leave when their worker was killed: nobody knows whether the server has them.

        To be called under the lock of the connection. They never leave a second time by themselves.
        """
        found = self.env["sync.mail.message"].search([("account_id", "=", self.id), ("state", "=", "sending")])
        if found:
            found.write({"state": "unknown", "reason": "interrupted"})
            run._log("mail_unknown", "warning", count=len(found))
        # A worker may have been killed before it told the mails of Odoo what became of them. See there for the right.
        untold = (
            self.env["mail.mail"]
            .sudo()
            .search([("state", "=", "sync_waiting"), ("sync_delivery_ids.account_id", "=", self.id)])
        )
        found._settled()
        for mail in untold:
            mail._finish_hand_over()
        self.env.cr.commit()

    def _send_waiting(self, run, deadline: float) -> bool:
        """Send what waits until the limits of the account, or of this worker's time, are reached.

        :return: whether nothing more can leave now
        """
        sent = 0
        with Session(self._smtp_account()) as smtp:
            while message := self._next_to_leave():
                if time.monotonic() >= deadline or run._is_cancelled():
                    return False
                # Before anything is said of the message: a fault of the account leaves it waiting.
                smtp.open()
                sent += message._leave(smtp, run)
                if sent % 20 == 0:
                    run._push_progress(pause=1)
        waiting = self.env["sync.mail.message"].search_count([("account_id", "=", self.id), *self._waiting_for_time()])
        if waiting:
            moment = self._next_departure(run)
            run._log("mail_waiting", count=waiting, time=format_datetime(self.env, moment) if moment else "…")
        return True

    def _next_to_leave(self):
        """The next message that may leave within the limits; none when there is none now."""
        now = fields.Datetime.now()
        message = self.env["sync.mail.message"].search(self._departures_of(now), order="id", limit=1)
        if message and free_now(self._quota(), self._departed(now), now.replace(tzinfo=UTC), 1):
            return message
        return message.browse()
