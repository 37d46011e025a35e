# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable

from odoo import api, fields, models

from ..models.mail_texts import step_text, step_title
from ..models.sync_mail_account_check import CREDENTIALS
from ..smtp import Step


class SyncMailCheck(models.TransientModel):
    """What a mail server said, step by step, when it was asked whether messages could be sent. None was."""

    _name = "sync.mail.check"
    _description = "Check of a Mail Account"

    account_id = fields.Many2one("sync.mail.account", string="Mail Account", readonly=True, ondelete="cascade")
    kind = fields.Selection(related="account_id.kind")
    state = fields.Selection(related="account_id.state")
    step_ids = fields.One2many("sync.mail.check.step", "check_id", string="Steps", readonly=True)
    hint_ids = fields.One2many(related="account_id.hint_ids")
    succeeded = fields.Boolean(compute="_compute_succeeded")
    refused = fields.Boolean(compute="_compute_succeeded")

    @api.depends("step_ids.state", "step_ids.fault")
    def _compute_succeeded(self):
        for check in self:
            check.succeeded = not check._failed()
            check.refused = check._is_about_credentials()

    @api.model
    def _keep(self, account, outgoing: Iterable[Step], incoming: Iterable[Step] = ()):
        """The dialog about the steps of a check."""
        # Written by nobody by hand: whoever may check the account may be told what came out.
        rows = [(0, 0, self.step_ids._values(step)) for step in outgoing]
        rows += [(0, 0, {**self.step_ids._values(step), "incoming": True}) for step in incoming]
        return self.sudo().create({"account_id": account.id, "step_ids": rows}).sudo(False)

    def _failed(self):
        return self.step_ids.filtered(lambda step: step.state == "failed")

    def _is_about_credentials(self) -> bool:
        """Whether user or password were what was refused."""
        return any(step.fault in CREDENTIALS for step in self._failed())

    def _action_show(self) -> dict:
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test of %s", self.account_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_send_test(self):
        """Button: send a message to oneself."""
        action = self.account_id.action_send_test()
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action

    def action_update_credentials(self):
        return self.account_id.action_update_credentials()


class SyncMailCheckStep(models.TransientModel):
    _name = "sync.mail.check.step"
    _description = "Step of the Check of a Mail Account"
    _order = "check_id, id"
    _rec_name = "step"

    check_id = fields.Many2one("sync.mail.check", required=True, readonly=True, ondelete="cascade", index=True)
    step = fields.Char(required=True, readonly=True)
    incoming = fields.Boolean(readonly=True, help="It was about receiving, not about sending.")
    state = fields.Selection(
        selection=[("ok", "✔ Good"), ("warning", "⚠ Note"), ("failed", "✘ Failed"), ("not_reached", "– Not tried")],
        required=True,
        readonly=True,
    )
    finding = fields.Char(readonly=True)
    fault = fields.Char(readonly=True)
    values = fields.Json(readonly=True)
    said = fields.Char(string="Words of the Server", readonly=True)
    # Text, not lines: lists cut lines off.
    title = fields.Text(string="What was asked", compute="_compute_text")
    message = fields.Text(string="What was found", compute="_compute_text")
    remedy = fields.Text(string="What to Do", compute="_compute_text")

    @api.depends("step", "incoming", "state", "finding", "values")
    @api.depends_context("lang")
    def _compute_text(self):
        for step in self:
            title = step_title(self.env, step.step)
            step.title = self.env._("Receiving: %s", title) if step.incoming else title
            if step.state == "not_reached":
                step.message = self.env._("Not tried: a step before it failed.")
                step.remedy = False
            else:
                step.message, step.remedy = step_text(self.env, step.step, step.finding, step.values)

    @api.model
    def _values(self, step: Step) -> dict:
        return {
            "step": str(step.name),
            "state": step.state.value,
            "finding": step.finding and str(step.finding),
            "fault": step.fault and step.fault.value,
            "values": dict(step.values),
            "said": step.said,
        }
