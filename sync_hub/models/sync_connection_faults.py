# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC

from markupsafe import Markup
from odoo import api, fields, models

from ..faults import RULES, Fault, FaultKind
from .fault_texts import fault_text


class SyncConnectionMixin(models.AbstractModel):
    """What a connection shows of the fault of its last run, and what a fault does to it."""

    _inherit = "sync.connection.mixin"

    fault_line_id = fields.Many2one("sync.run.line", compute="_compute_fault")
    fault_message = fields.Char(compute="_compute_fault")
    fault_remedy = fields.Char(compute="_compute_fault")
    fault_reference = fields.Char(compute="_compute_fault")
    fault_button = fields.Char(compute="_compute_fault")

    @api.depends("last_run_id", "last_run_id.line_ids")
    @api.depends_context("lang", "tz", "uid")
    def _compute_fault(self):
        for connection in self:
            line = connection.last_run_id._errors()[-1:]
            connection.fault_line_id = line
            connection.fault_message = line.message
            connection.fault_remedy = line.remedy
            connection.fault_reference = line.run_id.reference
            # A note of an addon may be an error too; it has no rule.
            rule = RULES.get(line.kind)
            connection.fault_button = rule.button if rule else False

    # -- For the engine --------------------------------------------------------------------------------------------

    def _apply_fault(self, fault: Fault, run) -> None:
        """Called by the engine: take the state that a fault asks for and tell the people who follow."""
        self.ensure_one()
        values = {}
        if fault.rule.state and self.state != "closed":
            values["state"] = fault.rule.state
        if fault.not_before:
            values["not_before"] = fault.not_before.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        if fault.kind == FaultKind.USER_PRESENCE_REQUIRED:
            values["automatic"] = False
        self.write(values)
        if not self._is_old_news(fault, run):
            self._post_fault(run._errors()[-1:])

    def _is_old_news(self, fault: Fault, run) -> bool:
        """Whether an automatic run met again what will pass by itself; the run's log tells it, the chatter did."""
        # Who pressed the button is answered, also where the schedule had asked before.
        if run.trigger == "manual" or run.user_id or not fault.rule.temporary:
            return False
        return fault.kind in run._run_before().line_ids.mapped("kind")

    def _report_fault(self, fault: Fault, **values) -> dict:
        """Record a fault that happened outside a run, e.g. while the user was at the bank: as a run that failed.

        :param values: of the run, where it was not the user's doing
        :return: an action that shows it; raising instead would undo the record
        """
        self.ensure_one()
        # Users who may connect may leave the trace of what went wrong with it.
        run = (
            self.env["sync.run"]
            .sudo()
            .create(
                {
                    "service_id": self._sync_service().id,
                    "company_id": self.company_id.id,
                    "connection_id": self.id,
                    "trigger": "manual",
                    "user_id": self.env.uid,
                    "date_start": fields.Datetime.now(),
                    **values,
                }
            )
        )
        run._keep_calls(fault.calls)
        run._fail(self, fault)
        sentence, remedy = fault_text(self.env, fault.kind, fault.values, self._fault_texts())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger",
                "sticky": True,
                "title": sentence,
                "message": " ".join(part for part in (fault.detail, remedy) if part),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _post_fault(self, line) -> None:
        """Post an error of the log into the chatter: what happened, what to do, the code and the reference."""
        # The time zone of whoever is told, no more.
        localized = line.with_context(lang=self._message_language(), tz=self.user_id.sudo().tz)
        env = localized.env
        rows = [Markup("<strong>%s</strong>") % localized.message]
        if line.detail:
            rows.append(Markup("<em>%s</em>") % line.detail)
        if localized.remedy:
            rows.append(Markup("%s") % localized.remedy)
        if line.provider_code:
            rows.append(env._("Code: %s", line.provider_code))
        rows.append(env._("Reference: %s", line.run_id.reference))
        self.message_post(
            body=Markup("<p>%s</p>") % Markup("<br/>").join(rows),
            subtype_xmlid="mail.mt_note",
        )
