# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.models.fault_texts import FAULT_TEXTS
from odoo.tests import Form, tagged
from odoo.tools.translate import code_translations

from .common import NOW, BankCase, ago


@tagged("post_install", "-at_install")
class TestSchedules(BankCase):
    """Every twelve hours by itself, unless the bank wants its customer present."""

    def schedules(self, company):
        service = self.env.ref("sync_hub_bank.service_bank_transactions")
        return (
            self.env["sync.schedule"].sudo().search([("company_id", "=", company.id), ("service_id", "=", service.id)])
        )

    def test_every_company_has_a_schedule_of_twelve_hours_after_installation(self):
        for company in self.env["res.company"].sudo().search([]):
            schedule = self.schedules(company)
            self.assertEqual((schedule.interval_number, schedule.interval_type), (12, "hours"), company.name)
            self.assertTrue(schedule.cron_id.active)

    def test_a_new_company_gets_one_too(self):
        company = self.env["res.company"].sudo().create({"name": "Founded today"})
        self.assertEqual(len(self.schedules(company)), 1)

    def test_the_schedule_imports_without_anybody(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        run = self.scheduled(connection)
        self.assertEqual((run.trigger, run.outcome), ("scheduled", "done"))
        self.assertEqual(self.lines().create_uid, self.env.ref("sync_hub.user_operator"))
        self.assertGreater(connection.next_run, run.date_end)

    def test_a_connection_that_is_switched_to_manual_is_left_alone(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        connection.automatic = False
        self.assertFalse(self.scheduled(connection))
        self.assertFalse(connection.next_run)
        self.assertEqual(self.synchronize(connection).outcome, "done")

    def test_an_account_that_is_switched_off_is_left_out_and_fetched_by_the_button(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        other = self.second_account(connection, self.row(ago(1), "-3.00"))
        other.automatic = False
        self.assertEqual(self.scheduled(connection).outcome, "done")
        self.assertEqual((len(self.lines()), len(self.lines(other.journal_id))), (1, 0))
        self.assertTrue(connection.next_run)
        self.assertEqual(self.synchronize(connection).outcome, "done")
        self.assertEqual(self.lines(other.journal_id).mapped("amount"), [-3.0])

    def test_who_presses_the_button_while_the_schedules_run_waits_gets_all_accounts(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        connection.account_ids.automatic = False
        self.env["sync.run"].sudo()._queue(connection, "scheduled", schedule=connection.schedule_id)
        self.assertEqual(self.synchronize(connection).trigger, "scheduled")
        self.assertEqual(len(self.lines()), 1)

    def test_without_an_account_that_runs_by_itself_no_run_comes_and_nobody_is_told_of_silence(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        run = self.synchronize(connection)
        connection.schedule_id.anchor_date = ago(1)
        connection.account_ids.automatic = False
        self.assertEqual(self.scheduled(connection), run)
        self.assertFalse(connection.next_run)
        with freeze_time(NOW + timedelta(days=9)):
            self.assertFalse(connection.schedule_id._silent_since(connection))
            connection.account_ids.automatic = True
            self.assertTrue(connection.schedule_id._silent_since(connection))

    def test_the_switch_of_an_account_stands_at_the_connection_and_at_its_journal(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        with Form(connection) as form, form.account_ids.edit(0) as account:
            account.automatic = False
        self.assertFalse(self.journal.sync_automatic)
        with Form(self.journal) as form:
            form.sync_automatic = True
        self.assertTrue(connection.account_ids.automatic)

    def test_the_same_account_at_another_service_keeps_to_the_switch(self):
        former = self.connect(self.row(ago(1), "-1.00")).account_ids
        former.automatic = False
        account = self.consent(self.draft()).account_ids
        self.assertTrue(account.automatic)
        account._link(self.journal)
        self.assertEqual((former.journal_id.ids, account.automatic), ([], False))

    def test_a_bank_that_refuses_automatic_access_switches_to_manual_and_says_so_in_the_users_language(self):
        self.env["res.lang"].sudo()._activate_lang("it_IT")
        self.env.user.lang = "it_IT"
        sentence = FAULT_TEXTS[FaultKind.USER_PRESENCE_REQUIRED].sentence._source
        italian = {("sync_hub", "it_IT"): {sentence: "La banca vuole che tu sia presente."}}
        connection = self.connect_bank("Credito Presente")
        with patch.dict(code_translations.python_translations, italian):
            self.scheduled(connection)
        line = connection.fault_line_id
        self.assertEqual((line.kind, connection.state), ("user_presence_required", "connected"))
        self.assertFalse(connection.automatic)
        posts = "".join(connection.message_ids.mapped("body"))
        self.assertIn("La banca vuole che tu sia presente.", posts)
        calls = len(self.bank.requests())
        self.scheduled(connection)
        self.assertEqual(len(self.bank.requests()), calls)
