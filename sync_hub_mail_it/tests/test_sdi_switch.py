# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .sdi_case import ASSIGNED, SdiCase


class TestSdiSwitch(SdiCase):
    """Which account sends to the SdI, and who may see what."""

    def test_without_the_setting_odoos_own_service_stays(self):
        self.register_with_odoo()
        self.pec.sdi_send = False
        move = self.invoice(self.customer())
        self.press_send(move)
        self.assertEqual((move.l10n_it_edi_state, move.l10n_it_edi_transaction), ("processing", "demo"))
        self.assertFalse(self.messages(move))

    def test_only_certified_mail_whose_mailbox_is_read_can_send(self):
        with self.assertRaisesRegex(ValidationError, "certified mail"):
            self.account.sdi_send = True
        with self.assertRaisesRegex(ValidationError, "incoming"):
            self.pec.imap_host = False

    def test_one_account_of_a_company_sends(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.new_account("altra@pec.rossi.example", kind="pec", imap_host="127.0.0.1", sdi_send=True)

    def test_an_account_that_sends_is_not_archived_without_a_word(self):
        with self.assertRaisesRegex(UserError, "FatturaPA"):
            self.pec.active = False

    def test_a_branch_of_the_same_tax_code_sends_by_the_account_of_its_company(self):
        branch = self.company.sudo().create(
            {"name": "Filiale", "parent_id": self.company.id, "country_id": self.company.country_id.id}
        )
        branch.write({"vat": self.company.vat, "l10n_it_codice_fiscale": self.company.l10n_it_codice_fiscale})
        accounts = self.env["sync.mail.account"]
        self.assertEqual(accounts._sdi_account_of(branch), self.pec)
        branch.write({"vat": "IT12345670017", "l10n_it_codice_fiscale": "12345670017"})
        self.assertFalse(accounts._sdi_account_of(branch))

    def test_whoever_makes_invoices_sends_and_sees_files_of_the_own_companies_only(self):
        self.pec.sdi_address = ASSIGNED
        clerk = new_test_user(self.env(su=True), "clerk", "account.group_account_invoice", company_id=self.company.id)
        move = self.invoice(self.customer()).with_user(clerk)
        self.env["account.move.send.wizard"].with_user(clerk).create({"move_id": move.id}).action_send_and_print()
        self.assertEqual(move.sync_sdi_file_ids.name, move.l10n_it_edi_attachment_name)
        other = self.env["res.company"].sudo().create({"name": "Verdi"})
        stranger = new_test_user(self.env(su=True), "stranger", "account.group_account_invoice", company_id=other.id)
        for model in ("sync.mail.sdi.file", "sync.mail.sdi.notification"):
            self.assertFalse(self.env(user=stranger, context={})[model].search([]))
