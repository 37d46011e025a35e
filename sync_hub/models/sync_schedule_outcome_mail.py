# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.translate import LazyTranslate

from ..outcome import AddressError, Flaw, parse_addresses
from .fault_texts import fill
from .outcome_delivery import OBSTACLES, obstacle

_lt = LazyTranslate(__name__)

_FLAWS = {
    Flaw.SEPARATOR: _lt(
        "Address %(position)s of the list, “%(address)s” (from character %(column)s), is more than one address:"
        " separate addresses with a semicolon."
    ),
    Flaw.NO_AT: _lt(
        "Address %(position)s of the list, “%(address)s” (from character %(column)s), is no e-mail address:"
        " it has no “@”."
    ),
    Flaw.LOCAL_PART: _lt(
        "Address %(position)s of the list, “%(address)s” (from character %(column)s), is no e-mail address:"
        " look at what stands before the “@”."
    ),
    Flaw.DOMAIN: _lt(
        "Address %(position)s of the list, “%(address)s” (from character %(column)s), is no e-mail address:"
        " look at what stands after the “@”."
    ),
}


class SyncSchedule(models.Model):
    """Who is told of outcomes by e-mail."""

    _inherit = "sync.schedule"

    outcome_mail_to = fields.Char(
        string="Outcome E-mails to",
        tracking=True,
        help="One or more addresses, separated by semicolons.",
    )
    outcome_mail_policy = fields.Selection(
        selection=[
            ("always", "Every outcome"),
            ("failures", "Failures"),
            ("changes", "First failure and recovery"),
        ],
        string="Tell of",
        required=True,
        default="changes",
        tracking=True,
        help="A failure that repeats is not told again at once: repetitions are gathered in one summary a day.",
    )
    outcome_mail_obstacle = fields.Selection(selection=OBSTACLES, compute="_compute_outcome_mail_obstacle")

    @api.depends("company_id")
    def _compute_outcome_mail_obstacle(self):
        found = {company: obstacle(company) for company in self.company_id}
        for schedule in self:
            schedule.outcome_mail_obstacle = found.get(schedule.company_id, False)

    @api.constrains("outcome_mail_to")
    def _check_outcome_mail_to(self):
        for schedule in self:
            try:
                parse_addresses(schedule.outcome_mail_to or "")
            except AddressError as error:
                values = {"position": error.position, "column": error.column, "address": error.text}
                raise ValidationError(fill(self.env._(_FLAWS[error.flaw]), values)) from error

    def action_outcome_mail_settings(self):
        """Button: open what keeps e-mails from being sent. For administrators, whom alone Odoo lets change it."""
        self.ensure_one()
        if self.outcome_mail_obstacle in ("no_sender", "certified_sender"):
            return {
                "type": "ir.actions.act_window",
                "res_model": "res.company",
                "res_id": self.company_id.id,
                "views": [(False, "form")],
            }
        return self.env["ir.actions.act_window"]._for_xml_id("base.action_ir_mail_server_list")
