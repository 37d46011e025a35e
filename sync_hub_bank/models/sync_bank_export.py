# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import split_every

EXPORT_PATH = "/sync_hub_bank/export"
# Records that are in memory together.
_CHUNK = 2000

# What is exported, by name: a field that is added later is not exported before somebody has thought about it.
_CONNECTION = (
    "name", "institution_key", "bic", "country_id", "provider_id", "psu_type", "state", "consent_until", "automatic",
    "user_id", "company_id", "last_success", "create_date", "create_uid",
)  # fmt: skip
_ACCOUNT = (
    "name", "iban", "number", "bic", "holder", "kind", "currency_id", "identifiers", "gone", "journal_id",
    "automatic", "date_from", "complete_until", "history_from", "bank_balance", "bank_balance_date", "opening_balance",
    "create_date",
)  # fmt: skip
_MOVEMENT = (
    "account_id", "state", "reason", "detail", "booking_date", "value_date", "transaction_date", "amount",
    "currency_id", "counterparty", "counterparty_account", "counterparty_bic", "remittance", "creditor_reference",
    "end_to_end_id", "transaction_code", "transaction_label", "instructed_amount", "instructed_currency_id",
    "exchange_rate", "reference", "former_references", "contested_reference", "fingerprint", "occurrence",
    "statement_line_ids", "create_date", "raw",
)  # fmt: skip
_AUDIT = (
    "at", "event", "scope", "attended", "calls", "movements", "fault", "user_name", "ip_address", "connection_name",
    "provider_name", "account_number", "run_reference",
)  # fmt: skip


class SyncBankConnection(models.Model):
    """All that is kept of a connection, for whoever has a right to it: without keys and handles."""

    _inherit = "sync.bank.connection"

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_export_data(self):
        """Button: download all that is kept of this connection."""
        self.ensure_one()
        self._check_privacy_access()
        return {"type": "ir.actions.act_url", "url": f"{EXPORT_PATH}/{self.id}", "target": "download"}

    # -- Export ------------------------------------------------------------------------------------------------------

    def _check_privacy_access(self) -> None:
        """:raises AccessError: for who is no manager, or not of this company"""
        self.check_access("write")
        if not self.env.user.has_group("sync_hub.group_manager"):
            raise AccessError(self.env._("Only managers of Sync Hub export or erase bank data."))

    def _export_data(self, stream: BinaryIO) -> None:
        """Write a ZIP archive of JSON files, and record that it was done.

        :param stream: takes bytes, in any order
        """
        self.ensure_one()
        self._check_privacy_access()
        # Managers may read all of it but the statement lines, of which only the numbers leave: not every manager is an
        # accountant.
        connection = self.sudo()
        movements = self.env["sync.bank.transaction"].sudo().search([("connection_id", "=", self.id)], order="id")
        audit = self.env["sync.bank.audit"]
        audit._record(self, "export", movements=len(movements))
        entries = audit.sudo().search([("connection_id", "=", self.id)], order="id")
        about = next(_values(connection, _CONNECTION))
        about["exported_at"] = fields.Datetime.to_string(fields.Datetime.now())
        about["exported_by"] = self.env.user.name
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            _write_json(archive, "connection.json", [about])
            _write_json(archive, "accounts.json", _values(connection.account_ids, _ACCOUNT))
            _write_json(archive, "movements.json", _values(movements, _MOVEMENT))
            _write_json(archive, "access_log.json", _values(entries, _AUDIT))


def _values(records, names: Iterable[str]) -> Iterator[dict]:
    """Values of records as JSON can hold them: a record as its name, nothing as null."""
    for ids in split_every(_CHUNK, records.ids):
        for record in records.browse(ids):
            yield {"id": record.id, **{name: _value(record, name) for name in names}}
        records.env.invalidate_all()


def _value(record, name: str):
    value, kind = record[name], record._fields[name].type
    if kind == "many2one":
        return value.display_name or None
    if kind in ("one2many", "many2many"):
        return value.ids
    return None if value is False and kind != "boolean" else value


def _write_json(archive: zipfile.ZipFile, name: str, values: Iterable[dict]) -> None:
    """A JSON list, one value to a line, of which only one is in memory."""
    with archive.open(name, "w", force_zip64=True) as file:
        separator = "[\n"
        for value in values:
            file.write(f"{separator}{json.dumps(value, ensure_ascii=False, default=str)}".encode())
            separator = ",\n"
        file.write(b"\n]\n" if separator == ",\n" else b"[]\n")
