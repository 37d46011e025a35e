# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..faults import Fault
from .fault_texts import fault_error


class SyncSchedule(models.Model):
    """When a service runs by itself for a company, and as whom. Each schedule owns one scheduled action.

    What it is for stands here; its rule in ``sync_schedule_when``, its scheduled action in ``sync_schedule_automatic``.
    """

    _name = "sync.schedule"
    _description = "Synchronization Schedule"
    _inherit = ["mail.thread", "sync.company.mixin"]
    _order = "service_id, company_id, id"
    _rec_names_search = ("service_id", "company_id")

    # Not stored: everybody reads it in their own language.
    name = fields.Char(compute="_compute_name")
    active = fields.Boolean(default=True, tracking=True)
    service_id = fields.Many2one("sync.service", required=True, ondelete="cascade", tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, tracking=True
    )
    connection_model = fields.Char(related="service_id.connection_model")
    connection_id = fields.Many2oneReference(
        model_field="connection_model",
        help="Leave it empty to synchronize every connection of the company.",
    )
    connection_name = fields.Char(compute="_compute_connection_name", tracking=True)
    key_removed = fields.Boolean(
        readonly=True,
        copy=False,
        help="Switched off because the connection's key was removed. Entering a key switches it on again.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Runs as",
        required=True,
        default=lambda self: self.env.ref("sync_hub.user_operator", raise_if_not_found=False),
        tracking=True,
        help="Odoo needs no password for it. The user must be active and have access to the company.",
    )
    run_ids = fields.One2many("sync.run", "schedule_id", string="Runs")
    # A pointer only: the outcome stands in the run.
    last_run_id = fields.Many2one("sync.run", readonly=True, copy=False, ondelete="set null")
    last_outcome = fields.Selection(related="last_run_id.outcome")
    last_run_date = fields.Datetime(related="last_run_id.date_end", string="Last Run End")

    # A plain constraint would let a company have many without a connection: PostgreSQL holds no NULL equal to another.
    _one_per_target = models.UniqueIndex(
        "(service_id, company_id, COALESCE(connection_id, 0))",
        "This service has a schedule for that company and connection already.",
    )

    # -- Computed fields -------------------------------------------------------------------------------------------

    @api.depends("service_id", "company_id", "connection_name")
    @api.depends_context("lang")
    def _compute_name(self):
        for schedule in self:
            parts = (schedule.service_id.name, schedule.company_id.name, schedule.connection_name)
            schedule.name = " / ".join(part for part in parts if part)

    @api.depends("connection_model", "connection_id")
    def _compute_connection_name(self):
        self.connection_name = False
        for model, schedules in self.filtered("connection_id").grouped("connection_model").items():
            if model in self.env:
                connections = self.env[model].browse(schedules.mapped("connection_id")).exists()
                names = {connection.id: connection.display_name for connection in connections}
                for schedule in schedules:
                    schedule.connection_name = names.get(schedule.connection_id, False)

    # -- Constraints -----------------------------------------------------------------------------------------------

    @api.constrains("user_id", "company_id")
    def _check_operator(self):
        for schedule in self:
            try:
                schedule.user_id._check_sync_operator(schedule.company_id)
            except Fault as fault:
                raise ValidationError(str(fault_error(self.env, fault))) from fault

    @api.constrains("connection_id", "service_id", "company_id")
    def _check_connection(self):
        for schedule in self.filtered("connection_id"):
            # Only whether it is the company's own connection leaves this method.
            connection = self.env[schedule.connection_model].sudo().browse(schedule.connection_id).exists()
            if connection.company_id != schedule.company_id:
                raise ValidationError(self.env._("The connection of a schedule belongs to the schedule's company."))

    # -- CRUD ------------------------------------------------------------------------------------------------------

    def write(self, vals):
        """Override of ``base``: a schedule that somebody switches on or off is not held by a removed key any more."""
        if "active" in vals:
            vals = {"key_removed": False, **vals}
        return super().write(vals)

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_run_now(self):
        """Button: run at once, whatever the clock says."""
        self.ensure_one()
        connections = self._connections()
        if not connections:
            raise UserError(self.env._("There is nothing to synchronize yet."))
        # One that cannot synchronize now does not keep the others from it; if none can, the first says why.
        ready = connections.filtered(lambda connection: connection._can_sync())
        return (ready or connections[:1])._ask_for_runs(self)

    def action_open_runs(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub.action_sync_run")
        action["domain"] = [("schedule_id", "=", self.id)]
        return action

    def action_create_for_all_companies(self):
        """Button: give every company of the user that lacks it a schedule of the same service, with the same rule.

        The companies that the user may work for, also those that are not ticked in the switcher. Twice is once.
        """
        self.check_access("read")
        companies = self.env.user.company_ids
        everywhere = self.with_context(allowed_company_ids=companies.ids, active_test=False)
        created = self.browse()
        for service, schedules in everywhere.grouped("service_id").items():
            domain = [("service_id", "=", service.id), ("connection_id", "in", (False, 0))]
            for company in companies - everywhere.search(domain).company_id:
                created |= schedules[0]._copy_for(company)
        if created:
            names = ", ".join(created.company_id.mapped("name"))
            message = self.env._("Schedules created for: %s.", names)
        else:
            message = self.env._("Each of your companies has its schedule already.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if created else "info",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # -- Helpers ---------------------------------------------------------------------------------------------------

    def _note(self, message: str) -> None:
        """Write into the chatter what happened to the schedule by itself."""
        self.message_post(body=message, subtype_xmlid="mail.mt_note")

    def _copy_for(self, company):
        """A schedule like this one for all connections of another company, by that company's clock."""
        self.ensure_one()
        # Only where the operator may work is read of a user whom the manager may not see.
        keeps_operator = company in self.user_id.sudo().company_ids
        operator = self.user_id if keeps_operator else self.env.ref("sync_hub.user_operator")
        return self.copy(
            {
                "company_id": company.id,
                "connection_id": False,
                "tz": self._company_tz(company),
                "user_id": operator.id,
            }
        )

    def _connections(self):
        """The connections that this schedule is for."""
        self.ensure_one()
        # The list of schedules shows those that are switched off; past connections are not meant by that.
        connections = self.env[self.service_id.connection_model].with_context(active_test=True)
        if self.connection_id:
            return connections.browse(self.connection_id).exists()
        return connections.search([("company_id", "=", self.company_id.id)])
