# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import config

from ..vault import KeyRing, SecretContext, key_id_of, load_key_ring, mask, note_opened, seal, unseal


class SyncSecret(models.Model):
    """The vault: one row per secret, sealed with a key that the database does not hold.

    No group has any right on it. The only ways in are :class:`SyncSecretMixin` and the rotation of keys.
    """

    _name = "sync.secret"
    _description = "Secret in the Vault"

    res_model = fields.Char(string="Record Model", required=True, index=True)
    res_id = fields.Many2oneReference(string="Record ID", model_field="res_model", required=True)
    field_name = fields.Char(required=True)
    token = fields.Text(required=True)
    key_reference = fields.Char(string="Key", required=True, help="Public id of the key that seals it.")
    hint = fields.Char(help="What may be shown of the secret: dots and at most its last four characters.")

    _place_unique = models.Constraint(
        "UNIQUE (res_model, res_id, field_name)", "A field has one secret only."
    )

    @api.model
    def _key_file(self) -> Path:
        return Path(config["data_dir"]) / "sync_hub" / "vault.keys"

    @api.model
    def _key_ring(self, create: bool = False) -> KeyRing:
        """The keys, from odoo.conf, the environment, or the key file in Odoo's data folder.

        :param create: make the key file where there is no key at all
        :raises Fault: of kind ``vault_key_missing`` when they cannot be read
        """
        return load_key_ring(config.get("sync_hub_vault_keys") or "", os.environ, self._key_file(), create)

    @api.model
    def _context_of(self, record, name: str) -> SecretContext:
        database = self.env["ir.config_parameter"].sudo().get_param("database.uuid")  # not a secret
        return SecretContext(database, record._name, record.id, name)

    @api.model
    def _open(self, record, name: str) -> str:
        """The secret of a record in clear, or an empty text when there is none.

        :raises Fault: of kind ``vault_key_missing`` when no key fits or the token was not made for this place
        """
        found = self._find(record, name)
        value = unseal(self._key_ring(), found.token, self._context_of(record, name)) if found else ""
        note_opened(value)
        return value

    @api.model
    def _keep(self, record, name: str, value: str) -> None:
        """Keep a secret of a record; an empty text forgets it.

        :raises Fault: of kind ``vault_key_missing`` when there is no key to seal it with
        """
        found = self._find(record, name)
        if not value:
            found.unlink()
            return
        note_opened(value)
        # Only an empty vault gets a key by itself. A second one, made where the first was lost or where it stayed on
        # another host, would split the secrets over two keys without anybody noticing.
        ring = self._key_ring(create=not self.search_count([], limit=1))
        token = seal(ring, value, self._context_of(record, name))
        values = {"token": token, "key_reference": key_id_of(token), "hint": mask(value)}
        if found:
            found.write(values)
        else:
            self.create({"res_model": record._name, "res_id": record.id, "field_name": name, **values})

    @api.model
    def _find(self, record, name: str):
        return self.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("field_name", "=", name)]
        )
