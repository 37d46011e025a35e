# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from .technical_fields import refuse_technical


class SyncService(models.Model):
    """A kind of synchronization; an addon declares its services as data."""

    _name = "sync.service"
    _description = "Synchronization Service"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    connection_model = fields.Char(
        required=True,
        readonly=True,
        help="Model of the connections that this service synchronizes.",
    )
    interval_number = fields.Integer(string="Default Interval", default=12, required=True)
    interval_type = fields.Selection(
        selection=[
            ("minutes", "Minutes"),
            ("hours", "Hours"),
            ("days", "Days"),
            ("weeks", "Weeks"),
        ],
        string="Default Interval Unit",
        default="hours",
        required=True,
    )
    schedule_ids = fields.One2many("sync.schedule", "service_id", string="Schedules")

    _code_unique = models.Constraint("UNIQUE (code)", "Two services cannot have the same code.")

    def _schedule_values(self, company) -> dict:
        """Values of a new schedule of this service for a company: its default interval, by the company's clock."""
        self.ensure_one()
        return {
            "service_id": self.id,
            "company_id": company.id,
            "interval_number": self.interval_number,
            "interval_type": self.interval_type,
            "tz": self.env["sync.schedule"]._company_tz(company),
        }

    @api.model
    def _with_connections(self):
        """Services whose connections are of a model that is there, switched off ones too.

        The row of a service outlives its model while an addon is updated or taken away.
        """
        services = self.with_context(active_test=False).search([("connection_model", "!=", False)])
        return services.filtered(lambda service: service.connection_model in self.env)

    def write(self, vals):
        """Override of ``base``: what a service works on is said by its addon's data, not by managers of a company."""
        refuse_technical(self, vals, ("code", "connection_model"))
        return super().write(vals)

    def unlink(self):
        """Override of ``base``: schedules go with their service, and their scheduled actions with them.

        A service is deleted when its addon is uninstalled; PostgreSQL's own cascade would leave the actions behind.
        """
        self.env["sync.schedule"].with_context(active_test=False).search([("service_id", "in", self.ids)]).unlink()
        return super().unlink()
