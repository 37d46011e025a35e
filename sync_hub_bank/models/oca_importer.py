# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import RedirectWarning

# The model of OCA's online importer. Nothing of it is needed here: it is looked for by its name.
OCA_PROVIDER = "online.bank.statement.provider"


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        """Extension: without OCA's importer there is nothing to take over from it."""
        hidden = super()._load_menus_blacklist()
        if OCA_PROVIDER not in self.env:
            hidden.append(self.env.ref("sync_hub_bank.menu_sync_bank_takeover").id)
        return hidden


class SyncBankAccount(models.Model):
    _inherit = "sync.bank.account"

    def _link(self, journal, chosen=None):
        """Extension: a journal that OCA's importer feeds too would get everything twice."""
        if journal._oca_providers():
            raise RedirectWarning(
                self.env._(
                    "OCA's importer feeds the journal %s too, so it would get every movement twice. "
                    "Take it over first: what it has imported is recognized.",
                    journal.display_name,
                ),
                self.env.ref("sync_hub_bank.action_sync_bank_takeover").id,
                self.env._("Take over"),
            )
        return super()._link(journal, chosen)


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _oca_providers(self):
        """The records of OCA's importer that feed these journals; nothing where it is not installed."""
        if OCA_PROVIDER not in self.env:
            return []
        # Superuser: OCA lets only users of "full accounting features" see it, whom Community does not have. Who may
        # use the journal may know what feeds it.
        return self.env[OCA_PROVIDER].sudo().search([("journal_id", "in", self.ids), ("active", "=", True)])
