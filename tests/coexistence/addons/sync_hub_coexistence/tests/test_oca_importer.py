# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, time

from odoo.addons.sync_hub_bank.tests.common import IBAN, TODAY, ago
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import new_test_user, tagged

from .common import OcaCase


@tagged("post_install", "-at_install")
class TestOcaImporter(OcaCase):
    """A journal is taken over from OCA's online importer."""

    def test_the_first_fetch_after_a_takeover_brings_no_line_twice(self):
        lines = self.pull(self.oca_provider(), *self.rows())
        self.assertEqual(len(lines), 6)
        self.assertTrue(lines[0].unique_import_id.endswith(f"{IBAN}-{self.journal.id}-2026-0001"))
        self.take_over()
        connection = self.connect(*self.rows())
        run = self.synchronize(connection)
        self.assertEqual((run.created_count, run.skipped_count), (0, 0))
        self.assertEqual(self.lines(), lines)
        self.assertEqual(len(lines.sync_transaction_id), 5, "all of the days that were fetched")
        self.assertEqual(self.synchronize(connection).created_count, 0)
        self.assertBooksEqualBank()

    def test_the_ids_alone_recognize_them_when_words_and_dates_are_others(self):
        lines = self.pull(self.oca_provider(), *self.rows(), words="Op. {0:.1}")
        self.take_over()
        rows = (
            self.row(row.day, str(row.amount), f"MOV. {place}", row.entry_reference, counterparty=None)
            for place, row in enumerate(self.rows())
        )
        run = self.synchronize(self.connect(*rows, self.row(ago(8), "-12.00", "Another one", "2026-0090")))
        self.assertEqual((run.created_count, len(lines.sync_transaction_id)), (1, 5))
        self.assertEqual({row.reference[-1] for row in lines.sync_transaction_id}, set("23456"))
        self.assertBooksEqualBank()

    def test_what_oca_lost_and_what_came_since_is_booked(self):
        self.pull(self.oca_provider(), *self.rows())
        self.take_over()
        late, new = self.row(ago(6), "-37.45", "Late", "2026-0091"), self.row(TODAY, "5.00", "Today", "2026-0092")
        self.assertEqual(self.synchronize(self.connect(*self.rows(), late, new)).created_count, 2)
        self.assertBooksEqualBank()

    def test_the_dialog_proposes_what_oca_was_set_to(self):
        provider = self.oca_provider()
        self.pull(provider, *self.rows())
        line = self.take_over()
        self.assertEqual((line.journal_id, line.oca_service, line.imported), (self.journal, "Dummy", 6))
        self.assertEqual((line.last_pull, line.resume_from, line.period), (ago(1), ago(11), "week"))
        self.assertEqual(self.journal.sync_statement_period, "week")
        self.assertEqual(self.journal.sync_resume_from, ago(11))

    def test_without_statements_there_they_are_not_made_here(self):
        self.oca_provider(create_statement=False)
        self.take_over()
        self.assertEqual(self.journal.sync_statement_period, "none")

    def test_ocas_importer_is_archived_says_why_and_pulls_no_more(self):
        provider = self.oca_provider(next_run=datetime.combine(ago(1), time(21)))
        lines = self.pull(provider, *self.rows()[:2])
        self.take_over()
        self.assertFalse(provider.active)
        self.assertIn("Sync Hub has taken the journal over", "".join(provider.message_ids.mapped("body")))
        self.assertEqual(self.journal.bank_statements_source, "undefined")
        missed = {"date": datetime.combine(ago(1), time(21, 30)), "amount": 1.0, "payment_ref": "Missed"}
        self.oca.sudo().with_context(rows_of_the_bank=[missed])._scheduled_pull()
        self.assertEqual(self.lines(), lines)
        self.assertEqual(self.answer["tag"], "sync_hub_bank.add_bank_account")
        self.assertEqual(self.answer["params"]["journal_id"], self.journal.id)

    def test_one_that_begins_with_nothing_imported_begins_after_the_last_transaction(self):
        self.oca_provider()
        self.line(ago(4), 5.0)
        self.assertFalse(self.take_over().resume_from)
        self.connect(*self.rows())
        self.assertEqual(self.journal.sync_account_ids.date_from, ago(3))

    def test_so_does_a_journal_that_was_kept_by_hand_since(self):
        self.pull(self.oca_provider(last_successful_run=datetime.combine(ago(5), time(20))), *self.rows()[:5])
        self.line(ago(2), 5.0)
        self.assertFalse(self.take_over().resume_from)

    def test_it_does_not_go_back_before_the_first_line_that_oca_brought(self):
        self.pull(self.oca_provider(), *self.rows()[2:])
        self.assertEqual(self.take_over().resume_from, ago(5))

    def test_while_oca_feeds_a_journal_no_account_can_be_linked_to_it(self):
        self.oca_provider()
        with self.assertRaisesRegex(RedirectWarning, "every movement twice"):
            self.connect(*self.rows())
        self.take_over()
        self.connect(*self.rows())
        self.assertTrue(self.journal.sync_account_ids)

    def test_a_journal_that_is_not_chosen_stays_with_oca(self):
        provider = self.oca_provider()
        with self.assertRaisesRegex(UserError, "Choose at least one"):
            self.take_over(chosen=False)
        self.assertTrue(provider.active)

    def test_the_keys_of_ponto_are_taken_along(self):
        self.oca_provider(service="ponto", username="my-client", password="my-secret")
        line = self.take_over()
        self.assertEqual((line.service, line.provider_id.client_id), ("ponto", "my-client"))
        self.assertEqual(line.provider_id._secret("client_secret"), "my-secret")
        self.assertEqual(self.answer["params"]["journal_id"], self.journal.id)

    def test_the_menu_is_there_for_accountants(self):
        menu = self.env.ref("sync_hub_bank.menu_sync_bank_takeover")
        self.assertIn(menu.id, self.env["ir.ui.menu"].load_menus(False))

    def test_the_importers_of_other_companies_stay_unseen(self):
        provider = self.oca_provider()
        other = self.env["res.company"].sudo().create({"name": "Bianchi S.r.l."})
        groups = "account.group_account_manager,account.group_account_user"
        stranger = new_test_user(self.env(su=True), "stranger", groups, company_id=other.id)
        takeovers = self.env["sync.bank.takeover"].with_user(stranger).with_context(allowed_company_ids=other.ids)
        action = takeovers._action_open()
        self.assertFalse(takeovers.browse(action["res_id"]).line_ids)
        self.assertTrue(provider.active)
