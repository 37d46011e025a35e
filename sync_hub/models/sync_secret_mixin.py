# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..faults import Fault
from .fault_texts import fault_error


class Secret(fields.Text):
    """A field whose value lives in the vault: written in clear once, read as dots ever after.

    Use it on models that inherit ``sync.secret.mixin``. Code that needs the value calls ``record._secret(name)``.
    """

    def __init__(self, string, **kwargs):
        super().__init__(
            string,
            compute="_compute_secrets",
            inverse="_inverse_secrets",
            store=False,
            copy=False,
            exportable=False,
            groups="sync_hub.group_manager",
            **kwargs,
        )


class SyncSecretMixin(models.AbstractModel):
    _name = "sync.secret.mixin"
    _description = "Record with Secrets"

    @api.model
    def _secret_names(self) -> list[str]:
        return [name for name, field in self._fields.items() if isinstance(field, Secret)]

    def _compute_secrets(self):
        names = self._secret_names()
        # The vault is closed to every group: only the hint, which may be shown, is read from it here.
        kept = self.env["sync.secret"].sudo().search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], ["res_id", "field_name", "hint"]
        )
        hints = {(secret.res_id, secret.field_name): secret.hint for secret in kept}
        for record in self:
            for name in names:
                record[name] = hints.get((record._origin.id, name), False)

    def _inverse_secrets(self):
        # The vault is closed to every group: whoever may write the record may replace its secrets, not read them.
        vault = self.env["sync.secret"].sudo()
        names = self._secret_names()
        for record in self:
            for name in names:
                value = (record[name] or "").strip()
                if value == (vault._find(record, name).hint or ""):
                    continue
                try:
                    vault._keep(record, name, value)
                except Fault as fault:
                    raise fault_error(self.env, fault) from fault
        # What was typed leaves the cache: the next read shows dots.
        self.invalidate_recordset(names)

    def unlink(self):
        """Override of ``base``: a secret goes with its record."""
        # The vault is closed to every group: whoever may delete the record may delete its secrets.
        vault = self.env["sync.secret"].sudo()
        vault.search([("res_model", "=", self._name), ("res_id", "in", self.ids)]).unlink()
        return super().unlink()

    def _secret(self, name: str) -> str:
        """A secret in clear, for code that talks to the outside; an empty text when there is none.

        :raises Fault: of kind ``vault_key_missing``
        """
        self.ensure_one()
        # The vault is closed to every group. Methods with an underscore cannot be called from outside, and the
        # caller has this record, so it may be used on its behalf.
        return self.env["sync.secret"].sudo()._open(self, name)

    def _keep_secret(self, name: str, value: str) -> None:
        """Replace a secret from code (a renewed token, a new session); an empty text forgets it.

        :raises Fault: of kind ``vault_key_missing``
        """
        self.ensure_one()
        # As in ``_secret``.
        self.env["sync.secret"].sudo()._keep(self, name, value)
        if name in self._fields:
            self.invalidate_recordset([name])
