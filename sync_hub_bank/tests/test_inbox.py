# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from lxml import etree
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import BankCase, ago


@tagged("post_install", "-at_install")
class TestInbox(BankCase):
    """The list of bank movements: what waits and why, and what is done with it."""

    def waiting(self):
        """A journal with movements that wait for four reasons; returns the connection."""
        connection = self.connect(
            self.row(ago(9), "-9.00", "locked"),
            self.row(ago(6), "-6.00", "too early"),
            self.row(ago(3), "-3.00", "typed"),
            self.row(ago(2), "-2.00", "francs", currency="CHF"),
            self.row(ago(1), "-1.00", "good"),
        )
        self.company.sudo().fiscalyear_lock_date = ago(8)
        line = {"journal_id": self.journal.id, "date": ago(3), "amount": -3.0, "payment_ref": "By hand"}
        self.env["account.bank.statement.line"].create(line)
        self.synchronize(connection)
        # As if the first day had been chosen before they came.
        early = self.inbox(amount=-6.0)
        early.statement_line_ids.statement_id.line_ids.statement_id = False
        early.statement_line_ids.unlink()
        early.write({"state": "proposed", "reason": "before_start"})
        return connection

    def test_each_movement_waits_with_its_reason(self):
        self.waiting()
        reasons = {row.amount: row.reason for row in self.inbox(state="proposed")}
        self.assertEqual(
            reasons, {-9.0: "locked_period", -6.0: "before_start", -3.0: "in_journal", -2.0: "other_currency"}
        )

    def test_of_several_that_are_booked_together_those_that_cannot_be_stay_and_it_says_why(self):
        self.waiting()
        answer = self.inbox(state="proposed").action_book()
        self.assertEqual(answer["params"]["type"], "warning")
        for words in ("2 booked, 2 stay", "locked period", "CHF"):
            self.assertIn(words, answer["params"]["message"])
        self.assertEqual(set(self.inbox(state="proposed").mapped("amount")), {-9.0, -2.0})
        self.assertEqual(len(self.lines()), 4)

    def test_when_all_can_be_booked_nothing_more_is_said(self):
        self.waiting()
        good = self.inbox(state="proposed").filtered(lambda row: row.amount in (-6.0, -3.0))
        self.assertIs(good.action_book(), True)
        self.assertEqual(good.mapped("state"), ["booked", "booked"])

    def test_one_alone_that_cannot_be_booked_is_refused_with_the_remedy(self):
        self.waiting()
        with self.assertRaisesRegex(UserError, "Open the period"):
            self.inbox(amount=-9.0).action_book()

    def test_several_are_dismissed_and_restored_with_their_reasons(self):
        connection = self.waiting()
        rows = self.inbox(state="proposed")
        rows.action_dismiss()
        self.assertEqual(self.inbox(state="dismissed"), rows)
        self.synchronize(connection)
        self.assertEqual(self.inbox(state="dismissed"), rows)
        rows.action_restore()
        self.assertEqual(self.inbox(state="proposed"), rows)
        self.assertTrue(all(rows.mapped("reason")))

    def test_it_opens_on_what_waits_grouped_by_reason_with_all_states_beside(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_bank.action_sync_bank_transaction")
        context = safe_eval(action["context"])
        self.assertEqual(context["searchpanel_default_state"], "proposed")
        self.assertTrue(context["search_default_group_reason"])
        arch = etree.fromstring(self.env["sync.bank.transaction"].get_view(view_type="search")["arch"])
        self.assertEqual(arch.xpath("//searchpanel/field/@name"), ["state", "reason", "account_id"])
        filters = set(arch.xpath("//filter/@name"))
        self.assertLessEqual({"proposed", "to_book", "skipped", "pending", "dismissed", "withdrawn"}, filters)
        self.waiting()
        self.bank.add_pending()
        counted = self.env["sync.bank.transaction"].search_panel_select_range("state", enable_counters=True)
        counts = {value["id"]: value["__count"] for value in counted["values"]}
        self.assertEqual((counts["proposed"], counts["booked"]), (4, 1))
