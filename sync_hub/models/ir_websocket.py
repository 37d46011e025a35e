# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Override of ``bus``: users of Sync Hub hear how runs of their companies go on."""
        channels = list(channels)
        if self.env.user.has_group("sync_hub.group_user"):
            channels.extend((company, "sync_hub") for company in self.env.user.company_ids)
        return super()._build_bus_channel_list(channels)
