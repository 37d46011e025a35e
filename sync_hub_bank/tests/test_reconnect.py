# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import tagged

from ..models.disconnect_texts import DISCONNECT_TEXTS, disconnect_text
from ..providers import all_providers
from ..providers.ponto import Ponto, PontoConnect
from .common import BANK, IBAN, OTHER_IBAN, TODAY, BankCase, ago


@tagged("post_install", "-at_install")
class TestReconnect(BankCase):
    """Reconnect takes up everything where it stood, whatever was archived meanwhile; Disconnect says what remains."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect(self.row(ago(3), "-1.00"), self.row(ago(2), "-2.00"))
        self.synchronize(self.connection)
        self.account = self.connection.account_ids

    def reconnect(self):
        self.bank.expire_consents()
        self.add(self.row(ago(1), "5.00"))
        self.consent(self.connection)
        self.synchronize(self.connection)

    def assertTakenUp(self):
        self.assertEqual((self.connection.state, self.connection.account_ids), ("connected", self.account))
        self.assertEqual((self.account.journal_id, self.account.complete_until), (self.journal, TODAY))
        self.assertBooksEqualBank()

    def test_an_archived_bank_account_is_reconnected(self):
        number = self.journal.bank_account_id
        number.active = False
        self.reconnect()
        self.assertTakenUp()
        self.assertEqual((self.journal.bank_account_id, number.active), (number, True))

    def test_an_archived_journal_is_fed_again_and_comes_back(self):
        self.journal.active = False
        self.reconnect()
        self.assertTakenUp()
        self.assertTrue(self.journal.active)
        self.assertIn(self.journal.name, "".join(self.connection.message_ids.mapped("body")))

    def test_an_archived_connection_comes_back(self):
        self.connection.active = False
        self.reconnect()
        self.assertTrue(self.connection.active)
        self.assertTakenUp()

    def test_what_was_disconnected_and_archived_finds_its_journal_again(self):
        self.connection.action_disconnect()
        self.journal.bank_account_id.active = False
        self.journal.active = False
        self.add(self.row(ago(1), "5.00"))
        self.consent(self.connection)
        wizard = self.env["sync.bank.link"].create({"connection_id": self.connection.id})
        self.assertEqual(wizard.line_ids.journal_id, self.journal)
        wizard.action_confirm()
        self.work(self.connection)
        self.assertTakenUp()
        self.assertTrue(self.journal.active and self.journal.bank_account_id.active)

    def test_a_new_journal_for_an_archived_bank_account_takes_that_number(self):
        number = self.journal.bank_account_id
        self.connection.action_disconnect()
        self.journal.bank_account_id = False
        number.active = False
        self.consent(self.connection)
        wizard = self.env["sync.bank.link"].create({"connection_id": self.connection.id})
        wizard.line_ids.write({"choice": "new", "journal_id": False})
        wizard.action_confirm()
        self.assertEqual(self.account.journal_id.bank_account_id, number)
        self.assertTrue(number.active)

    # -- Other accounts --------------------------------------------------------------------------------------------

    def test_fetch_accounts_and_new_keys_touch_no_other_account(self):
        second = self.second_account(self.connection, self.row(ago(4), "-4.00"))
        self.synchronize(self.connection)
        elsewhere = self.draft("Banca Sandbox Italia")
        stranger = self.env["sync.bank.account"].create(
            {"connection_id": elsewhere.id, "name": "Savings", "uid": "elsewhere", "identifiers": ["else"]}
        )
        names = [name for name in stranger._fields if name not in ("write_date", "write_uid", "__last_update")]
        before = (self.account | second | stranger).read(names)
        self.connection.action_fetch_accounts()
        wizard = self.env["sync.bank.credentials"].create({"provider_id": self.provider.id})
        wizard.action_save()
        self.assertEqual((self.account | second | stranger).read(names), before)

    def test_an_account_that_was_gone_comes_back_with_its_journal_and_its_cursor(self):
        second = self.second_account(self.connection, self.row(ago(4), "-4.00"))
        self.synchronize(self.connection)
        self.consent(self.connection, (IBAN,))
        self.assertEqual(self.connection.account_ids.filtered("gone"), second)
        self.consent(self.connection, (IBAN, OTHER_IBAN))
        self.assertFalse(second.gone)
        self.assertTrue(second.journal_id and second.complete_until)
        self.assertEqual(self.synchronize(self.connection).created_count, 0)
        self.assertBooksEqualBank(OTHER_IBAN, BANK, second.journal_id)

    # -- Disconnect ------------------------------------------------------------------------------------------------

    def test_a_dialog_and_the_chatter_say_what_was_ended_and_what_remains(self):
        action = self.connection.action_disconnect()
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        self.assertFalse(dialog.by_hand)
        self.assertIn("ended at Enable Banking and at the bank", dialog.text)
        self.assertIn(dialog.text, "".join(self.connection.message_ids.mapped("body")))

    def test_an_ended_consent_is_still_given_back_at_the_service(self):
        """Some services bill a consent until it is removed, whether it still opens anything or not."""
        self.connection.consent_until = "2026-06-01 00:00:00"
        self.connection.action_disconnect()
        self.assertEqual([session["status"] for session in self.bank.sessions()], ["CLOSED"])

    def test_every_service_has_its_text(self):
        self.assertLessEqual(set(all_providers()), set(DISCONNECT_TEXTS))
        self.assertTrue(all(adapter.revokes for code, adapter in all_providers().items() if code != "ponto"))
        self.assertTrue(PontoConnect.revokes)

    def test_a_service_that_cannot_end_the_access_says_where_its_user_does(self):
        self.assertFalse(Ponto.revokes)
        self.assertIn("dashboard.myponto.com", disconnect_text(self.env, "ponto"))
        self.assertIn("saltedge.com/dashboard", disconnect_text(self.env, "saltedge"))
