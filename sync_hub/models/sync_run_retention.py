# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

RETENTION_PARAMETER = "sync_hub.run_retention_days"
DEFAULT_RETENTION_DAYS = 180
# Runs that are deleted and committed together.
CHUNK = 1000


class SyncRun(models.Model):
    """How long runs are kept."""

    _inherit = "sync.run"

    @api.model
    def _retention_days(self) -> int:
        """Days for which runs are kept; 0 keeps them for ever."""
        # The parameter is no secret; only its number leaves this method.
        value = self.env["ir.config_parameter"].sudo().get_param(RETENTION_PARAMETER, "")
        return int(value) if value.isdecimal() else DEFAULT_RETENTION_DAYS

    @api.autovacuum
    def _delete_old_runs(self):
        """Delete runs that ended long ago, but for those that still say how their connection stands.

        Movements keep what a run brought; only the link to its log goes.

        :return: how many were deleted, and whether more are left
        """
        days = self._retention_days()
        if not days:
            return 0, 0
        domain = [
            ("state", "=", "finished"),
            ("date_end", "<", fields.Datetime.now() - timedelta(days=days)),
            ("id", "not in", self._kept_for_ever().ids),
        ]
        old = self.search(domain, order="id", limit=CHUNK)
        # A run of several connections takes theirs along: they may have gone with it already.
        old.exists().unlink()
        return len(old), self.search_count(domain, limit=1)

    @api.model
    def _kept_for_ever(self):
        """The last run, the last success and the last failure of each connection, and the last run of each schedule."""
        ran = [("last_run_id", "!=", False)]
        kept = self.env["sync.schedule"].with_context(active_test=False).search(ran).last_run_id
        for service in self.env["sync.service"]._with_connections():
            connections = self.env[service.connection_model].with_context(active_test=False).search(ran)
            kept |= connections.last_run_id | connections.last_success_run_id
            failures = self._read_group(
                [
                    ("service_id", "=", service.id),
                    ("connection_id", "in", connections.ids),
                    ("outcome", "in", ("failed", "partly_failed")),
                ],
                ["connection_id"],
                ["id:max"],
            )
            kept |= self.browse(run_id for _connection, run_id in failures)
        # Deleting the sum of several connections would delete their runs as well.
        return kept | kept.parent_id
