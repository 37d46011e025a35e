# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..importer import Reason

# Refused movements whose names may stand in what accounting said.
_MOST_REFUSED = 100


class SyncBankConnection(models.Model):
    """What support is told of a bank connection, and what it is not."""

    _inherit = "sync.bank.connection"

    def _support_facts(self):
        """Override of ``sync_hub``: which bank, through which service."""
        provider = self.provider_id
        environment = dict(provider._fields["environment"]._description_selection(self.env)).get(provider.environment)
        psu_type = dict(self._fields["psu_type"]._description_selection(self.env))[self.psu_type]
        return [
            (self.env._("Service"), " · ".join(filter(None, (provider.code, environment)))),
            (self.env._("Bank"), " · ".join(filter(None, (self.institution_key, self.country_id.code, self.bic)))),
            (self.env._("Type of account"), psu_type),
            *super()._support_facts(),
        ]

    def _private_names(self, run):
        """Override of ``sync_hub``: holders, names of accounts, and who was paid."""
        persons, labels = super()._private_names(run)
        refused = self.env["sync.bank.transaction"].search(
            [("connection_id", "=", self.id), ("reason", "in", (Reason.REFUSED, Reason.UNREADABLE))],
            limit=_MOST_REFUSED,
        )
        accounts = self.account_ids
        persons += [*accounts.mapped("holder"), *refused.mapped("counterparty")]
        labels += [
            *accounts.mapped("name"),
            *accounts.mapped("number"),
            *refused.mapped("label"),
        ]
        return persons, labels
