# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Mapping

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..faults import Fault
from ..vault import DOTS, MAX_BYTES
from .fault_texts import FAULT_TEXTS, FaultText, fault_error
from .secret_logging import hide_in_logs


class _Sealed:
    """A field whose value lives in the vault: written in clear once, read as dots ever after.

    Use it on models that inherit ``sync.secret.mixin``. Code that needs the value calls ``record._secret(name)``.
    """

    def __init__(self, *args, **kwargs):
        # Methods of the field itself, not of the model: fields with one method in common are read and written
        # together, so that a secret that is entered would be taken for a change of the others too.
        vault = {"compute": self._show, "inverse": self._keep, "store": False, "copy": False, "exportable": False}
        super().__init__(*args, **(vault | {"groups": "sync_hub.group_manager"} | kwargs))

    def __set_name__(self, owner, name):
        hide_in_logs(name)
        return super().__set_name__(owner, name)

    def _show(self, records):
        hints = records._secret_hints(self.name)
        for record in records:
            record[self.name] = hints.get(record._origin.id, False)

    def _keep(self, records):
        for record in records:
            record._enter_secret(self.name, record[self.name] or "")


class Secret(_Sealed, fields.Text):
    """A secret that is pasted, such as a key of many lines."""


class SecretLine(_Sealed, fields.Char):
    """A secret that is typed. With ``password="True"`` in its view nobody reads it over a shoulder."""


class SyncSecretMixin(models.AbstractModel):
    _name = "sync.secret.mixin"
    _description = "Record with Secrets"

    def _secret_hints(self, name: str) -> dict[int, str]:
        """What may be shown of a secret, by record id."""
        # The vault is closed to every group: only the hint, which may be shown, is read from it here.
        kept = self.env["sync.secret"].sudo().search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("field_name", "=", name)], ["res_id", "hint"]
        )
        return {secret.res_id: secret.hint for secret in kept}

    def _enter_secret(self, name: str, value: str) -> None:
        """Keep what a user has typed into a field, unless it is the dots that were shown.

        :raises UserError: when it cannot be kept
        """
        self.ensure_one()
        value = value.strip()
        if value == self._secret_hints(name).get(self.id, ""):
            return
        if value.startswith(DOTS):
            raise UserError(self.env._("Enter the whole secret: what is shown as dots cannot be completed."))
        if len(value.encode("utf-8", "surrogatepass")) > MAX_BYTES:
            raise UserError(self.env._("A secret has at most %s kilobytes.", MAX_BYTES // 1024))
        try:
            # What was typed leaves the cache: the next read shows dots.
            self._keep_secret(name, value)
        except Fault as fault:
            raise fault_error(self.env, fault, self._fault_texts()) from fault

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
        before = self.id in self._secret_hints(name)
        # As in ``_secret``: whoever may write the record may replace its secrets, not read them.
        self.env["sync.secret"].sudo()._keep(self, name, value)
        if name in self._fields:
            self.invalidate_recordset([name])
        if before != bool(value):
            self._secret_came_or_went(name, bool(value))

    @api.model
    def _fault_texts(self) -> Mapping[str, FaultText]:
        """Lazily translated sentences of all kinds of fault; a model whose words are others overrides it."""
        return FAULT_TEXTS

    def _secret_came_or_went(self, name: str, present: bool) -> None:
        """Called when a secret is there that was not, or the other way round; not when one replaces another."""
