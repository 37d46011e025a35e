# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models

from ..faults import Fault
from ..models.fault_texts import fault_error


class SyncVaultState(models.TransientModel):
    """What can be said of the vault without opening it: how many secrets, and which keys seal them."""

    _name = "sync.vault.state"
    _description = "State of the Vault"

    secret_count = fields.Integer(string="Secrets", readonly=True)
    old_count = fields.Integer(string="Under an Old Key", readonly=True)
    missing_count = fields.Integer(string="Under a Missing Key", readonly=True)
    in_progress = fields.Boolean(readonly=True)
    fault_message = fields.Text(readonly=True)
    key_ids = fields.One2many("sync.vault.state.key", "state_id", string="Keys", readonly=True)

    @api.model
    def default_get(self, fields):
        """Override of ``base``: the screen shows what is there when it opens."""
        seen = self._look()
        return super().default_get(fields) | {name: seen[name] for name in fields if name in seen}

    @api.model
    def _look(self) -> dict:
        # The vault is closed to every group: managers learn numbers and public ids from it, no secret and no hint.
        vault = self.env["sync.secret"].sudo()
        ring, message = None, False
        try:
            ring = vault._key_ring()
        except Fault as fault:
            # A vault that was never used has no key either, and nothing is wrong with it.
            message = fault.detail if vault.search_count([], limit=1) else False
        uses = vault._key_uses(ring)
        counts = {place: sum(use.secrets for use in uses if use.place == place) for place in ("present", "missing")}
        return {
            "secret_count": sum(use.secrets for use in uses),
            "old_count": counts["present"],
            "missing_count": counts["missing"],
            "in_progress": bool(counts["present"] and ring and vault._seal_anew_wanted() == ring.primary_id),
            "fault_message": message,
            "key_ids": [
                Command.create({"reference": use.reference, "place": use.place, "secret_count": use.secrets})
                for use in uses
            ],
        }

    def action_seal_anew(self):
        """Button: let a worker seal everything with the first key."""
        self.env["sync.engine"]._check_configurable()
        # Managers may ask for it; what is done is the same whoever asks, and shows nobody a secret.
        vault = self.env["sync.secret"].sudo()
        try:
            vault._ask_to_seal_anew()
        except Fault as fault:
            raise fault_error(self.env, fault) from fault
        return self.action_refresh()

    def action_refresh(self):
        """Button: look again."""
        return self.env["ir.actions.act_window"]._for_xml_id("sync_hub.action_sync_vault_state")


class SyncVaultStateKey(models.TransientModel):
    _name = "sync.vault.state.key"
    _description = "Key of the Vault"

    state_id = fields.Many2one("sync.vault.state", required=True, ondelete="cascade")
    reference = fields.Char(
        string="Fingerprint", readonly=True, help="The first 8 digits of the SHA-256 of the key: it tells keys apart."
    )
    place = fields.Selection(
        selection=[
            ("first", "First: seals new secrets"),
            ("present", "Old: opens secrets only"),
            ("missing", "Missing: its secrets stay shut"),
        ],
        string="Use",
        readonly=True,
    )
    secret_count = fields.Integer(string="Secrets", readonly=True)
