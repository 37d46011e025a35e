# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import time
from datetime import UTC, datetime

from odoo import api, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.connection_lock import connection_lock
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.models.secret_errors import masked_traceback
from odoo.addons.sync_hub.models.worker_limits import processor_seconds_left
from odoo.addons.sync_hub.vault import opened_secrets
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .exchange_fault_texts import EXCHANGE_FAULT_TEXTS

_logger = logging.getLogger(__name__)
# Seconds after which the next task has its turn.
_SLICE = 10.0
# Slices that may be begun at the same place without getting any further.
_MOST_TRIES = 5
# Before any time at which something was worked on; naive, as Odoo keeps times.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)


class SyncExchangeTask(models.AbstractModel):
    """How longer work is done: by one scheduled action, slice by slice, one task after the other."""

    _inherit = "sync.exchange.task"

    @api.model
    def _work_off(self) -> None:
        """Scheduled action: give each work that was begun its slice, until this call's time or its worker's is up."""
        cron = self.env["ir.cron"]
        # Another worker is at these.
        taken: set[tuple[str, int]] = set()

        def time_left(worked: int = 0) -> float:
            left = cron._commit_progress(worked, remaining=len(self._unfinished() - taken))
            return min(left, processor_seconds_left())

        left = time_left()
        while left > 0 and (task := self._next(taken)) is not None:
            worked = task._work(time.monotonic() + min(left, _SLICE))
            if not worked:
                taken.add((task._name, task.id))
            left = time_left(int(worked))
        if self._unfinished() - taken:
            # Core repeats it too, but only after a minute's sleep.
            self._wake()
            cron._commit_progress()

    @api.model
    def _kinds(self) -> list[str]:
        """Names of all models of longer work."""
        names = self.env.registry.descendants(["sync.exchange.task"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    @api.model
    def _unfinished(self) -> set[tuple[str, int]]:
        working = [("state", "=", "working")]
        return {(name, res_id) for name in self._kinds() for res_id in self.env[name].search(working).ids}

    @api.model
    def _next(self, taken: set[tuple[str, int]]):
        """The work that has waited for its turn for longest, else the one that began first; None if there is none."""
        found = []
        for name in self._kinds():
            others = [res_id for model, res_id in taken if model == name]
            domain = [("state", "=", "working"), ("id", "not in", others)]
            found += self.env[name].search(domain, order="worked_at NULLS FIRST, begun_at, id", limit=1)
        return min(found, key=lambda task: (task.worked_at or _NEVER, task.begun_at, task.id), default=None)

    def _work(self, until: float) -> bool:
        """Work for one slice and commit; whatever happens is told on the record.

        :param until: monotonic second after which nothing new is begun
        :return: False when another worker is at it
        """
        self.ensure_one()
        # What is read under the lock must not be older than the lock.
        self.env.cr.commit()
        with connection_lock(self) as taken:
            if not taken:
                return False
            if self.exists() and self.state == "working":
                self._slice(until)
        return True

    def _slice(self, until: float) -> None:
        if self.tries >= _MOST_TRIES:
            self._end(
                "failed",
                self.env._(
                    "The worker that did it was ended %s times at the same place. Ask your administrator whether the "
                    "server has enough memory and time (limit_time_real_cron), and try again.",
                    self.tries,
                ),
            )
            self.env.cr.commit()
            return
        # Noted first: whoever is killed by it leaves a trace.
        self._tell(worked_at=datetime.now(UTC).replace(tzinfo=None), tries=self.tries + 1)
        self.env.cr.commit()
        note = ""
        try:
            with opened_secrets():
                note = self._do(until)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
            # Somebody has written the same at the same time, or has cancelled it: it comes again, from its checkpoint.
            self.env.cr.rollback()
            if self.exists() and self.state == "working" and self.tries >= _MOST_TRIES:
                note = self._unknown(error)
        if note:
            self.env.cr.rollback()
            if self.exists() and self.state == "working":
                self._end("failed", note)
        self.env.cr.commit()

    def _do(self, until: float) -> str:
        """Call the step.

        :return: why it cannot be done; an empty text when it can
        """
        try:
            worker = self._as_worker()
            done = getattr(worker, self.step)(until, **self.checkpoint["arguments"])
            if done:
                self._end("done")
            else:
                self._tell(tries=0)
            self.env.cr.commit()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Fault as fault:
            return str(fault_error(self.env, fault, EXCHANGE_FAULT_TEXTS))
        except UserError as error:
            return str(error)
        except Exception as error:  # whatever it is, the user learns that it has ended
            _logger.error("Sync Hub could not finish %s\n%s", self, masked_traceback(error))
            return self._unknown(error)
        return ""

    def _as_worker(self):
        """This work as whoever asked for it, in its company.

        :raises UserError: when they may not do it any more
        """
        user, company = self.user_id, self.company_id
        if not user.active and user != self.env.ref("base.user_root"):
            raise UserError(
                self.env._("%s, who asked for it, was archived. Somebody else may ask for it again.", user.name)
            )
        companies = [company.id, *(user.company_ids - company).ids]
        worker = self.with_user(user).with_context(allowed_company_ids=companies, lang=user.lang, tz=user.tz)
        worker._check_worker()
        return worker

    def _unknown(self, error: Exception) -> str:
        return self.env._(
            "Something happened that Sync Hub does not know: %s. Try again; if it happens again, ask your "
            "administrator for the log of this moment.",
            type(error).__name__,
        )
