# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta
from types import SimpleNamespace

from freezegun import freeze_time
from lxml import etree
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open, html2plaintext

from .common import NOW, BankCase, ago


@tagged("post_install", "-at_install")
class TestDashboard(BankCase):
    """What the card of a bank journal knows, and what its buttons do."""

    def card(self, journal=None):
        journal = journal or self.journal
        journal.invalidate_recordset(["kanban_dashboard"])
        return json.loads(journal.kanban_dashboard)["sync"]

    def printed(self, name):
        """What the card says where it prints a value, and nothing where the value is empty."""
        with file_open("sync_hub_bank/static/src/dashboard/sync_status.xml", "rb") as source:
            (element,) = etree.parse(source).xpath("//*[t[@t-out=$value]]", value=f"sync.{name}")
        return html2plaintext(self.env["ir.qweb"]._render(element, {"sync": SimpleNamespace(**self.card())}))

    def test_the_feed_can_be_chosen_and_is_set_by_linking_an_account(self):
        sources = dict(self.journal._fields["bank_statements_source"]._description_selection(self.env))
        self.assertIn("online_sync", sources)
        self.connect()
        self.assertEqual(self.journal.bank_statements_source, "online_sync")
        self.assertEqual(self.journal.bank_account_id.sanitized_acc_number, self.journal.sync_account_ids.iban)

    def test_a_journal_that_is_not_connected_offers_to_connect(self):
        self.assertFalse(self.card())
        action = self.journal.action_sync_now()
        self.assertEqual(action["tag"], "sync_hub_bank.add_bank_account")
        self.assertEqual(action["params"], {"journal_id": self.journal.id, "company_id": self.company.id})

    def test_the_card_shows_state_last_success_next_run_and_what_waits(self):
        connection = self.connect(self.row(ago(2), "-1.00"), self.row(ago(1), "2.00", currency="CHF"))
        self.synchronize(connection)
        card = self.card()
        self.assertEqual((card["state"], card["automatic"], card["waiting_count"]), ("connected", True, 1))
        self.assertTrue(card["last_success"] and card["next_run"])
        self.assertFalse(card["error"] or card["run"])

    def test_an_account_that_is_switched_off_is_manual_on_its_card_alone(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        other = self.second_account(connection, self.row(ago(1), "-3.00"))
        other.automatic = False
        card = self.card(other.journal_id)
        self.assertEqual((card["automatic"], card["next_run"]), (False, ""))
        self.assertTrue(self.card()["automatic"] and self.card()["next_run"])

    def test_the_card_prints_from_when_the_bank_may_be_called_again(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        self.assertEqual(self.printed("not_before"), "")
        self.env.user.tz = "Europe/Rome"
        self.journal = self.journal.with_context(tz="Europe/Rome", lang="en_US")
        self.bank.fail("rate_limit", call="transactions", retry_after=3 * 3600)
        self.synchronize(connection)
        self.assertRegex(self.card()["not_before"], r"^6/30/26, 3:00\sPM$")
        self.assertEqual(
            self.printed("not_before"), f"The bank allows the next call after {self.card()['not_before']}"
        )
        with freeze_time(NOW + timedelta(hours=4)):
            self.assertEqual(self.printed("not_before"), "")

    def test_a_run_that_waits_shows_on_the_card(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        connection.action_sync_now()
        self.assertEqual(self.card()["run"]["state"], "queued")

    def test_pressing_twice_asks_for_one_run(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        self.journal.action_sync_now()
        self.journal.action_sync_now()
        self.assertEqual(self.env["sync.run"].sudo().search_count([("connection_id", "=", connection.id)]), 1)

    def test_an_error_shows_with_remedy_reference_and_its_button(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        self.bank.expire_consents()
        run = self.synchronize(connection)
        card = self.card()
        self.assertEqual((card["state"], card["reference"]), ("reconnect", run.reference))
        self.assertTrue(card["error"] and card["remedy"])
        self.assertEqual(self.journal.action_sync_fix()["type"], "ir.actions.act_url")
        with self.assertRaises(UserError):
            self.journal.action_sync_now()

    def test_the_button_of_refused_keys_asks_for_new_ones(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        self.provider.private_key = "garbage"
        self.synchronize(connection)
        self.assertEqual(self.journal.action_sync_fix()["res_model"], "sync.bank.credentials")

    def test_journals_are_told_apart(self):
        connection = self.connect(self.row(ago(2), "-1.00"))
        account = self.second_account(connection, self.row(ago(2), "2.00", currency="CHF"))
        self.synchronize(connection)
        self.assertEqual(self.card()["waiting_count"], 0)
        self.assertEqual(self.card(account.journal_id)["waiting_count"], 1)

    def test_the_list_of_transactions_opens_for_the_journal_and_for_a_statement(self):
        self.synchronize(self.connect(self.row(ago(2), "-1.00")))
        Line = self.env["account.bank.statement.line"]
        for action in (self.journal.action_open_statement_lines(), self.statements().action_open_sync_lines()):
            self.assertEqual((action["res_model"], Line.search(action["domain"])), (Line._name, self.lines()))

    def test_the_waiting_movements_open_from_the_connection(self):
        connection = self.connect(self.row(ago(1), "2.00", currency="CHF"))
        self.synchronize(connection)
        self.assertEqual(connection.waiting_count, 1)
        action = connection.action_open_waiting()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.inbox())

    def test_an_existing_journal_is_proposed_by_its_number(self):
        self.journal.bank_acc_number = "IT60 X054 2811 1010 0000 0123 456"
        self.load(self.row(ago(2), "-1.00"))
        connection = self.consent(self.draft())
        line = self.env["sync.bank.link"].create({"connection_id": connection.id}).line_ids
        self.assertEqual((line.choice, line.journal_id), ("journal", self.journal))

    def test_a_company_with_a_hundred_bank_journals_gets_another_one(self):
        self.env["account.journal"].create(
            [{"name": f"No. {number}", "code": f"BNK{number}", "type": "general"} for number in range(2, 100)]
        )
        self.load(self.row(ago(2), "-1.00"))
        account = self.consent(self.draft()).account_ids
        self.assertEqual([account._create_journal().code for _journal in range(2)], ["B100", "B101"])

    def test_ignored_accounts_feed_nothing(self):
        self.load(self.row(ago(2), "-1.00"))
        connection = self.consent(self.draft())
        wizard = self.env["sync.bank.link"].create({"connection_id": connection.id})
        wizard.line_ids.choice = "ignore"
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_lock_dates_are_set_by_an_accountant(self):
        wizard = self.env["sync.bank.lock.dates"].create({"fiscalyear_lock_date": ago(30)})
        wizard.action_save()
        self.assertEqual(self.company.fiscalyear_lock_date, ago(30))
        self.assertEqual(self.journal._bank_lock_date(), ago(30))
