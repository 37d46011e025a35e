# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What hosted mode refuses, whatever way it is asked for. The engine's own code, as superuser, is not stopped."""

from odoo import api, models


class SyncService(models.Model):
    _inherit = "sync.service"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: refused in hosted mode."""
        self.env["sync.engine"]._check_configurable()
        return super().create(vals_list)

    def write(self, vals):
        """Override: refused in hosted mode."""
        self.env["sync.engine"]._check_configurable()
        return super().write(vals)

    def unlink(self):
        """Override: refused in hosted mode."""
        self.env["sync.engine"]._check_configurable()
        return super().unlink()


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _check_sync_hub_configurable(self) -> None:
        """:raises AccessError: in hosted mode, when scheduled actions of Sync Hub are among these"""
        if self.env.su or not self.env["sync.engine"]._is_hosted():
            return
        # Only whether they are ours is asked.
        crons = self.sudo()
        if crons.sync_schedule_ids or any(
            xmlid.partition(".")[0].startswith("sync_hub") for xmlid in crons.get_external_id().values()
        ):
            self.env["sync.engine"]._check_configurable()

    def write(self, vals):
        """Override of ``base``: refused in hosted mode."""
        self._check_sync_hub_configurable()
        return super().write(vals)

    def unlink(self):
        """Override of ``base``: refused in hosted mode."""
        self._check_sync_hub_configurable()
        return super().unlink()


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def _check_sync_hub_configurable(self) -> None:
        if self.env.su or not self.env["sync.engine"]._is_hosted():
            return
        # The code of a scheduled action stands in a record that can be written by itself; only whether it is ours is
        # asked.
        crons = self.env["ir.cron"].sudo().with_context(active_test=False)
        found = crons.search([("ir_actions_server_id", "in", self.ids)])
        found.sudo(False)._check_sync_hub_configurable()

    def write(self, vals):
        """Override of ``base``: refused in hosted mode."""
        self._check_sync_hub_configurable()
        return super().write(vals)

    def unlink(self):
        """Override of ``base``: refused in hosted mode."""
        self._check_sync_hub_configurable()
        return super().unlink()


class IrConfig_Parameter(models.Model):
    _inherit = "ir.config_parameter"

    def _check_sync_hub_configurable(self, keys) -> None:
        """:raises AccessError: in hosted mode, when parameters of Sync Hub are among these"""
        if any((key or "").startswith("sync_hub.") for key in keys):
            self.env["sync.engine"]._check_configurable()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: refused in hosted mode."""
        self._check_sync_hub_configurable(vals.get("key") for vals in vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Override of ``base``: refused in hosted mode."""
        self._check_sync_hub_configurable([*self.mapped("key"), vals.get("key")])
        return super().write(vals)

    def unlink(self):
        """Override of ``base``: refused in hosted mode."""
        self._check_sync_hub_configurable(self.mapped("key"))
        return super().unlink()


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        """Override of ``base``: hosted mode hides what it refuses."""
        hidden = super()._load_menus_blacklist()
        if self.env["sync.engine"]._is_hosted():
            hidden += [self.env.ref(f"sync_hub.menu_{name}").id for name in ("services", "vault_state")]
        return hidden
