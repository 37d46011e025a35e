# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..importer import InboxState, Reason


class SyncBankTransaction(models.Model):
    """Movements for which the journal has a line already."""

    _inherit = "sync.bank.transaction"

    suggested_line_id = fields.Many2one(
        "account.bank.statement.line",
        string="Perhaps the Same",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="Transaction of the journal that looks like this movement.",
    )
    suggested_date = fields.Date(related="suggested_line_id.date", string="Date of the Transaction")
    suggested_label = fields.Char(related="suggested_line_id.payment_ref", string="Label of the Transaction")
    linked = fields.Boolean(
        readonly=True, copy=False, help="The journal had the transaction before: it was not made of this movement."
    )
    replaced_by_id = fields.Many2one(
        "sync.bank.transaction",
        string="Came Again as",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The same movement, received through another service, which answers for the transaction now.",
    )

    # -- Actions ---------------------------------------------------------------------------------------------------

    def action_book(self):
        """Extension: who books a movement says that it is not the one that the journal has."""
        self.check_access("write")
        waiting = self.filtered(lambda row: row.state in (InboxState.PROPOSED, InboxState.DISMISSED))
        result = super().action_book()
        waiting.suggested_line_id = False
        return result

    def action_link_suggested(self):
        """Button: the movement is the transaction that looks like it."""
        self.check_access("write")
        for row in self.filtered("suggested_line_id"):
            row._check_can_be_linked(row.suggested_line_id)
            row._link_to_line(row.suggested_line_id)
        return True

    def action_choose_line(self):
        """Button: say which transaction of the journal the movement is."""
        self.ensure_one()
        self.check_access("write")
        choose = self.env["sync.bank.choose.line"].create({"transaction_id": self.id})
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_choose_line")
        return {**action, "res_id": choose.id}

    # -- Business --------------------------------------------------------------------------------------------------

    def _link_to_line(self, line) -> None:
        """Answer for a line that the journal has already, for ever: the movement is booked with it.

        A movement of another account that answered for it is known to be the same.
        """
        self.ensure_one()
        line.sync_transaction_id.replaced_by_id = self
        line.with_context(tracking_disable=True).sync_transaction_id = self
        self.write(
            {
                "state": InboxState.BOOKED,
                "reason": False,
                "detail": False,
                "suggested_line_id": False,
                "linked": True,
            }
        )

    def _decide_as(self, other, *, sure: bool) -> None:
        """A person decided about the same movement, received through another service, that it is in no journal.

        :param sure: whether it is the same, or looks like it: then a person decides once more
        """
        self.ensure_one()
        values = {
            "state": InboxState.DISMISSED if sure else InboxState.PROPOSED,
            "reason": False if sure else Reason.IN_JOURNAL,
            "detail": self.env._(
                "The movement of %(date)s of %(connection)s was dismissed, or its transaction deleted.",
                date=format_date(self.env, other.booking_date),
                connection=other.connection_id.display_name,
            ),
        }
        self.write(values)
        if sure:
            other.replaced_by_id = self

    def _check_can_be_booked(self) -> None:
        """Extension: not a second time where the same movement came through another connection and is in the books."""
        other = self.replaced_by_id
        if other.statement_line_ids:
            raise UserError(
                self.env._("The same movement came through %s and is booked there.", other.connection_id.display_name)
            )
        return super()._check_can_be_booked()

    def _check_can_be_linked(self, line) -> None:
        """:raises UserError: with the way out, when this movement cannot be that line"""
        self.ensure_one()
        if self.state not in (InboxState.PROPOSED, InboxState.DISMISSED) or self.reason == Reason.UNREADABLE:
            raise UserError(self.env._("Only a movement that waits, or was dismissed, can be linked to a transaction."))
        if not self.journal_id or line.journal_id != self.journal_id:
            raise UserError(
                self.env._("%s feeds another journal: choose a transaction of its own.", self.account_id.display_name)
            )
        if line.sync_transaction_id.account_id == self.account_id:
            raise UserError(
                self.env._(
                    "The transaction of %(date)s belongs to another movement of this account: choose another one.",
                    date=format_date(self.env, line.date),
                )
            )
