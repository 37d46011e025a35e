# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import models
from odoo.tools import format_datetime
from odoo.tools.translate import LazyTranslate

from ..outcome import Turn
from .fault_texts import fill

_lt = LazyTranslate(__name__)

_FAILURES = (Turn.FIRST_FAILURE, Turn.REPEATED_FAILURE)
# How many reasons of one connection a message names; the run has them all.
_MOST_REASONS = 5

_SUBJECTS = {
    "recovery": _lt("%(service)s of %(company)s: works again"),
    "done": _lt("%(service)s of %(company)s: done"),
    "nothing_new": _lt("%(service)s of %(company)s: nothing new"),
    "partly_failed": _lt("%(service)s of %(company)s: partly failed"),
    "failed": _lt("%(service)s of %(company)s: failed"),
    "interrupted": _lt("%(service)s of %(company)s: interrupted"),
}
# What the preview of the template shows of a run that is going on.
_NO_OUTCOME = _lt("%(service)s of %(company)s")


class SyncRun(models.Model):
    """What the templates of outcome e-mails say of a run, in the language and zone of their reader."""

    _inherit = "sync.run"

    def _outcome_subject(self) -> str:
        turns = set(self._turns().values())
        recovered = Turn.RECOVERY in turns and not turns & set(_FAILURES)
        sentence = _SUBJECTS.get("recovery" if recovered else self.outcome, _NO_OUTCOME)
        return fill(self.env._(sentence), {"service": self.service_id.name, "company": self.company_id.name})

    def _outcome_letter(self) -> Markup:
        return self.env["ir.qweb"]._render("sync_hub.outcome_letter", {"object": self})

    def _outcome_failures(self) -> list[dict]:
        """What failed: connection, why, what to do, reference and link of each."""
        return [run._outcome_failure() for run, turn in self._turns().items() if turn in _FAILURES]

    def _outcome_recovered(self) -> str:
        """Names of the connections that work again."""
        return ", ".join(
            run.connection_name or run.service_id.name for run, turn in self._turns().items() if turn is Turn.RECOVERY
        )

    def _outcome_failure(self) -> dict:
        # Several accounts often fail for the same reason.
        reasons = {(line.message, line.detail, line.remedy): line for line in self._errors()}
        return {
            "name": self.connection_name or self.service_id.name,
            "reasons": list(reasons.values())[:_MOST_REASONS],
            "reference": self.reference,
            "url": self._outcome_url(),
        }

    def _outcome_url(self) -> str:
        """Where the run can be read: Odoo's own way, which also brings the reader into the run's company."""
        return f"{self.get_base_url()}/mail/view?model={self._name}&res_id={self.id}"

    def _outcome_time(self) -> str:
        return format_datetime(self.env, self.date_end, dt_format="short") if self.date_end else ""
