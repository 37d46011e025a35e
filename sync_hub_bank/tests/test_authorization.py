# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.tests import new_test_user, tagged

from .common import IBAN, NOW, BankCase, ago


@tagged("post_install", "-at_install")
class TestAuthorization(BankCase):
    """A return from the bank counts once, for the user who was sent out, within an hour."""

    def setUp(self):
        super().setUp()
        self.load(self.row(ago(1), "-1.00"))
        self.connection = self.draft()
        self.answer = self.visitor().consent(self.connection.action_authorize()["url"], [IBAN])

    def assertRefused(self, answer):
        with self.assertRaises(Fault) as caught:
            self.come_back(answer)
        self.assertEqual(caught.exception.kind, FaultKind.AUTHORIZATION_INVALID)

    def test_the_return_connects_and_shows_until_when(self):
        self.come_back(self.answer)
        self.assertEqual(self.connection.state, "connected")
        self.assertGreater(self.connection.consent_until, (NOW + timedelta(days=170)).replace(tzinfo=None))
        self.assertEqual(self.connection.account_ids.iban, IBAN)

    def test_a_state_that_is_not_ours_is_refused(self):
        for state in ("forged", ""):
            self.assertRefused({**self.answer, "state": state})
        self.assertEqual(self.connection.state, "draft")

    def test_a_state_is_good_for_one_return(self):
        self.come_back(self.answer)
        self.assertRefused(self.answer)
        self.assertEqual(self.connection.state, "connected")

    def test_a_state_of_another_user_is_refused(self):
        company = {"company_id": self.company.id, "company_ids": self.company.ids}
        colleague = new_test_user(self.env, "colleague", "account.group_account_manager", **company)
        mine, self.env = self.env, self.env(user=colleague)
        self.assertRefused(self.answer)
        self.env = mine
        self.come_back(self.answer)
        self.assertEqual(self.connection.state, "connected")

    def test_a_state_older_than_an_hour_is_refused(self):
        with freeze_time(NOW + timedelta(minutes=61)):
            self.assertRefused(self.answer)

    def test_a_code_that_the_bank_does_not_accept_is_told_on_the_connection(self):
        self.bank.expire_codes()
        self.come_back(self.answer)
        line = self.assertFault(self.connection, "authorization_invalid")
        self.assertEqual((line.provider_code, self.connection.state), ("EXPIRED_AUTHORIZATION_CODE", "draft"))

    def test_the_state_itself_is_nowhere_in_the_database(self):
        stored = self.env["sync.bank.authorization"].sudo().search([])
        self.assertTrue(stored)
        self.assertNotIn(self.answer["state"], str(stored.read()))
