# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.models.fault_texts import FAULT_TEXTS
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from .common import BankCase, ago


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
