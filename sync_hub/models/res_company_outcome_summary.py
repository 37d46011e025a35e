# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models

from ..outcome import parse_addresses
from .outcome_delivery import deliver, obstacle, reason_of
from .sync_run_outcome_mail import GOOD

_logger = logging.getLogger(__name__)

# What could not be told for so long is no news any more; the runs have it.
_DAYS = 7

_RUNS = "sync_hub_summary_runs"


class ResCompany(models.Model):
    """The daily summary of outcomes that were not told at once: one message per company and list of addresses."""

    _inherit = "res.company"

    @api.model
    def _send_outcome_summaries(self) -> None:
        """Scheduled action, once a day."""
        cron = self.env["ir.cron"]
        groups = self._outcome_summary_groups()
        cron._commit_progress(remaining=len(groups))
        for number, ((company, addresses), runs) in enumerate(groups.items(), 1):
            company._send_outcome_summary(addresses, runs)
            cron._commit_progress(1, remaining=len(groups) - number)

    @api.model
    def _outcome_summary_groups(self) -> dict:
        """Runs that nobody was told of yet, by company and addresses."""
        untold = self.env["sync.run"].search(
            [
                ("outcome_mail", "in", ("held_back", "unsent")),
                ("parent_id", "=", False),
                ("date_end", ">=", fields.Datetime.now() - timedelta(days=_DAYS)),
            ],
            order="id",
        )
        groups = {}
        for schedule, runs in untold.grouped("schedule_id").items():
            addresses = parse_addresses(schedule.outcome_mail_to or "")
            if not addresses:
                # The list was emptied, or the schedule deleted, meanwhile.
                runs._mark_outcome_mail(False)
                continue
            key = (schedule.company_id, tuple(sorted(addresses)))
            groups[key] = groups.get(key, runs.browse()) | runs
        return groups

    def _send_outcome_summary(self, addresses: tuple[str, ...], runs) -> None:
        if obstacle(self):
            # The schedule says what is missing; once it is there, the next summary tells of these runs.
            return
        try:
            with self.env.cr.savepoint():
                # Written first: what could fail in the database fails before anything has left.
                runs._mark_outcome_mail("summed_up")
                self.env.flush_all()
                template = self.env.ref("sync_hub.mail_template_outcome_summary").with_context(**{_RUNS: runs.ids})
                deliver(template, self, self, addresses, runs[-1].schedule_id.tz)
        except Exception as error:  # whatever it is, the runs have ended and stay as they are
            _logger.info("The outcome summary of %s could not be mailed", self.name, exc_info=True)
            runs[-1]._log(
                "outcome_mail_unsent", "warning", addresses="; ".join(addresses), reason=reason_of(error)
            )

    # -- For the template ------------------------------------------------------------------------------------------

    def _outcome_summary_letter(self) -> Markup:
        return self.env["ir.qweb"]._render("sync_hub.outcome_summary_letter", {"object": self})

    def _outcome_summary_runs(self):
        """The runs of the connections of which the summary tells."""
        runs = self.env["sync.run"].browse(self.env.context.get(_RUNS, ()))
        return runs._present_children() | runs.filtered(lambda run: not run.child_ids)

    def _outcome_summary_failures(self) -> list[dict]:
        """For each connection that failed: schedule, how often, when, why the last time, and whether it works again."""
        failed = self._outcome_summary_runs().filtered(lambda run: run.outcome not in GOOD).sorted("id")
        return [
            {
                **runs[-1]._outcome_failure(),
                "service": runs[-1].service_id.name,
                "count": len(runs),
                "first": runs[0]._outcome_time(),
                "last": runs[-1]._outcome_time(),
                "recovered": runs[-1]._outcome_recovery()._outcome_time(),
            }
            for runs in failed.grouped(lambda run: (run.service_id, run.connection_id)).values()
        ]

    def _outcome_summary_untold(self) -> int:
        """How many good outcomes could not be mailed when they came."""
        return len(self._outcome_summary_runs().filtered(lambda run: run.outcome in GOOD and not run.parent_id))

    def _outcome_summary_subject(self) -> str:
        return self.env._("Daily summary of synchronizations: %s", self.name)
