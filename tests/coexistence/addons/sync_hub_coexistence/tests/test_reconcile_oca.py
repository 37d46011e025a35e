# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.addons.sync_hub_bank.tests.common import ago
from odoo.tests import tagged

from .common import OcaCase


@tagged("post_install", "-at_install")
class TestReconcileOca(OcaCase):
    """OCA's reconciliation works on synchronized lines, and its screens stand beside ours."""

    def invoice(self, amount):
        """An open invoice; returns the item that a payment settles."""
        partner = self.env["res.partner"].create({"name": "Azure Interior"})
        line = Command.create({"name": "Table", "quantity": 1, "price_unit": amount, "tax_ids": []})
        move = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": partner.id, "invoice_date": ago(9), "invoice_line_ids": [line]}
        )
        move.action_post()
        return move.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable")

    def test_a_synchronized_line_pays_an_invoice_and_can_be_taken_back(self):
        connection = self.connect(*self.rows())
        self.synchronize(connection)
        receivable = self.invoice(120.0)
        line = self.lines().filtered(lambda line: line.amount == 120.0)
        line._add_account_move_line(receivable)
        line.reconcile_bank_line()
        self.assertTrue(line.is_reconciled)
        self.assertFalse(receivable.move_id.amount_residual)
        self.assertEqual(self.synchronize(connection).created_count, 0)
        line.unreconcile_bank_line()
        self.assertFalse(line.is_reconciled)
        self.assertEqual(receivable.move_id.amount_residual, 120.0)
        self.assertEqual((line.sync_transaction_id.state, line.payment_ref), ("booked", "Saldo fattura 12"))
        self.assertBooksEqualBank()

    def test_a_line_of_another_importer_that_pays_an_invoice_is_linked_as_it_is(self):
        receivable = self.invoice(120.0)
        connection = self.connect(*self.rows())
        line = self.from_file(self.rows()[2])
        line._add_account_move_line(receivable)
        line.reconcile_bank_line()
        self.synchronize(connection)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.sync_transaction_id.state, "booked")
        self.assertBooksEqualBank()

    def test_a_line_can_be_deleted_and_does_not_come_back(self):
        self.journal.sync_statement_period = "none"
        connection = self.connect(*self.rows())
        self.synchronize(connection)
        self.lines()[-1].unlink()
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertEqual(len(self.lines()), 5)

    def test_the_dashboard_shows_both(self):
        self.synchronize(self.connect(*self.rows()))
        views = self.env["account.journal"].get_views(
            [(self.env.ref("account.account_journal_dashboard_kanban_view").id, "kanban")]
        )
        arch = views["views"]["kanban"]["arch"]
        self.assertIn("dashboard.number_to_reconcile", arch)
        data = self.journal._get_journal_dashboard_data_batched()[self.journal.id]
        self.assertEqual((data["sync"]["state"], data["number_to_reconcile"]), ("connected", 6))

    def test_transactions_open_in_our_list_and_statements_in_ocas(self):
        action = self.journal.open_action()
        self.assertEqual((action["res_model"], action["path"]), ("account.bank.statement.line", "bank-transactions"))
        lines = self.env["account.bank.statement.line"]
        for view, kind in action["views"]:
            self.assertTrue(lines.get_views([(view, kind)])["views"][kind]["arch"])
        oca = self.env["ir.actions.act_window"]._for_xml_id(
            "account_reconcile_oca.action_bank_statement_line_reconcile_all"
        )
        self.assertTrue(lines.get_views(oca["views"])["views"])
        self.synchronize(self.connect(*self.rows()))
        self.assertEqual(
            self.env["account.bank.statement.line"].search_count([("journal_id", "=", self.journal.id)]), 6
        )
        self.assertEqual(self.lines()[0].date, ago(40))
