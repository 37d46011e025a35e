# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..importer import InboxState

_CHUNK = 5000

# What a movement says of people. What it is known by (reference, fingerprint, occurrence) says nothing of them.
PERSONAL_FIELDS = (
    "counterparty",
    "counterparty_account",
    "counterparty_bic",
    "remittance",
    "creditor_reference",
    "end_to_end_id",
    "transaction_label",
    "detail",
)


class SyncBankConnection(models.Model):
    """Erasure of personal data of a connection that has ended."""

    _inherit = "sync.bank.connection"

    def action_erase_data(self):
        """Button: say what would be erased and what would stay, and ask."""
        self.ensure_one()
        self._check_can_erase()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Data"),
            "res_model": "sync.bank.erase",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_connection_id": self.id},
        }

    def _check_can_erase(self) -> None:
        """:raises UserError: as long as the bank would send the same data again"""
        self._check_privacy_access()
        if self.state != "closed":
            raise UserError(self.env._("Disconnect %s first: the bank would send the same data again.", self.name))

    def _erase_data(self) -> int:
        """Erase what the bank said of people, but for what accounting must keep; irrevocable.

        :return: how many movements it concerned
        """
        self.ensure_one()
        self._check_can_erase()
        # Managers, who may delete the connection with all that it has, need not be accountants to forget a part of it.
        Inbox = self.env["sync.bank.transaction"].sudo()
        of_connection = [("connection_id", "=", self.id)]
        # A pending row is not final: the bank would send it anew.
        pending = Inbox.search([*of_connection, ("state", "=", InboxState.PENDING)])
        concerned = len(pending)
        pending.unlink()
        for state, personal in (("=", ()), ("!=", PERSONAL_FIELDS)):
            rows = Inbox.search([*of_connection, ("state", state, InboxState.BOOKED)])
            values = dict.fromkeys(("raw", *personal), False)
            for ids in split_every(_CHUNK, rows.ids):
                Inbox.browse(ids).write(values)
            concerned += len(rows)
            if personal:
                # Without its words nobody can say what it was.
                waiting = rows.filtered(lambda row: row.state in (InboxState.TO_BOOK, InboxState.PROPOSED))
                waiting.state = InboxState.DISMISSED
        for account in self.account_ids:
            account._forget_holder()
        self.env["sync.bank.audit"]._record(self, "erasure", movements=concerned)
        self.message_post(body=self.env._("The personal data of this connection were erased."))
        return concerned


class SyncBankAccount(models.Model):
    _inherit = "sync.bank.account"

    def _forget_holder(self) -> None:
        """Erase the holder's name, also where the bank named the account after its holder."""
        self.ensure_one()
        if self.holder and self.holder.casefold() in self.name.casefold():
            self.name = self.iban or self.number or self.env._("Bank account")
        self.holder = False
