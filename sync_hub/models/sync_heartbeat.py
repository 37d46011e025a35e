# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import socket
from datetime import timedelta

from odoo import api, fields, models

# Workers in containers take the name of their host with them when they go.
_DAYS = 7


class SyncHeartbeat(models.Model):
    """When a worker of a host last looked at the queue.

    A table of its own: it is written every few minutes, and a system parameter would empty the caches of all workers
    each time. No two workers write at once, because Odoo gives the queue's scheduled action to one at a time.
    """

    _name = "sync.heartbeat"
    _description = "Sign of Life of a Worker"
    _order = "date desc"

    host = fields.Char(required=True, readonly=True)
    date = fields.Datetime(string="Last Sign of Life", required=True, readonly=True)

    _host_unique = models.Constraint("UNIQUE (host)", "A host has one sign of life.")

    @api.model
    def _beat(self) -> None:
        """Leave a sign of life of this host."""
        host = socket.gethostname()
        now = fields.Datetime.now()
        known = self.search([("host", "=", host)])
        if known:
            known.date = now
        else:
            self.create({"host": host, "date": now})

    @api.autovacuum
    def _forget_hosts(self):
        self.search([("date", "<", fields.Datetime.now() - timedelta(days=_DAYS))]).unlink()


class SyncRun(models.Model):
    _inherit = "sync.run"

    @api.model
    def _work_off_queue(self):
        """Override: who looks at the queue is alive. The first commit of the work lets everybody know it."""
        self.env["sync.heartbeat"]._beat()
        return super()._work_off_queue()
