# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.technical_fields import refuse_technical


class SyncService(models.Model):
    _inherit = "sync.service"

    job_channel_id = fields.Many2one(
        "queue.job.channel",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The capacity of this channel, set in the configuration of the job runner, says how many connections of "
        "the service are worked on at once.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``sync_hub``: a service comes with its channel."""
        services = super().create(vals_list)
        services._make_job_channels()
        return services

    def write(self, vals):
        """Override of ``sync_hub``: the channel is the service's own."""
        refuse_technical(self, vals, ("job_channel_id",))
        return super().write(vals)

    def unlink(self):
        """Override of ``sync_hub``: the channel goes with its service."""
        channels = self.job_channel_id
        result = super().unlink()
        # Whoever may delete the service may delete what only serves it.
        channels.sudo().unlink()
        return result

    def _make_job_channels(self) -> None:
        parent = self.env.ref("sync_hub_queue.channel_sync_hub", raise_if_not_found=False)
        if not parent:
            # Services that another addon brings while this one is being installed: the hook comes later.
            return
        for service in self:
            # Channels belong to administrators of the queue; this one is named after the service alone.
            channel = self.env["queue.job.channel"].sudo()
            service.job_channel_id = channel.create({"name": service.code, "parent_id": parent.id})
