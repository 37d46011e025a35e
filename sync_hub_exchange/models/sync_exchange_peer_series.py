# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models

from ..remote import RemoteDatabase


class SyncExchangePeer(models.Model):
    """A peer's fiscal series: looked at in each run that receives, so that no two databases number the same one."""

    _inherit = "sync.exchange.peer"

    series_ids = fields.One2many("sync.exchange.series", "peer_id", string="Fiscal Series")

    def _synchronize(self, run, deadline):
        """Override of this model: after the records, the series of both sides are compared."""
        done = super()._synchronize(run, deadline)
        # Others than companies with a Brazilian tax number have no such series.
        if self.env["sync.exchange.series"]._tax_number_of(self.company_id):
            with self._remote() as remote:
                # No transaction waits for the network.
                self.env.cr.commit()
                clashing = self._check_series(remote)
            for series in clashing:
                name = series.display_name
                run._log("exchange_series_clash", "warning", record=series, record_name=name, other=series.clash_with)
            self.env.cr.commit()
        return done

    def _check_series(self, remote: RemoteDatabase):
        """Ask the peer which series it uses, and compare them with those of this database.

        :return: the series that both use
        :raises Fault: what the network brings
        """
        self.ensure_one()
        rows = remote.ask("sync.exchange.door", "series")
        return self.env["sync.exchange.series"]._check_all_of(self, rows)
