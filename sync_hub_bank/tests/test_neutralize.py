# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .common import BankCase, ago


@tagged("post_install", "-at_install")
class TestNeutralize(BankCase):
    """A neutralized copy of a database speaks to no bank, even where the keys of the vault are at hand."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect(self.row(ago(1), "-1.00", "Rent", "ID-1"))
        self.synchronize(self.connection)
        self.closed = self.draft()
        self.closed.state = "closed"
        self.connection.action_sync_now()
        self.asked = len(self.bank.requests())
        self.env.flush_all()
        for query in get_neutralization_queries(["base", "sync_hub", "sync_hub_bank"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def test_keys_consents_and_returns_under_way_are_gone(self):
        self.assertFalse(self.provider.private_key or self.provider.application_id)
        self.assertEqual(self.connection._secret("session"), "")
        self.assertFalse(self.env["sync.bank.authorization"].sudo().search([]))

    def test_connections_ask_for_a_new_consent_and_run_by_themselves_no_more(self):
        self.assertEqual((self.connection.state, self.connection.automatic), ("reconnect", False))
        self.assertEqual(self.closed.state, "closed")
        self.assertFalse(self.connection.schedule_id)

    def test_nobody_asks_the_bank(self):
        """Neither what waited in the queue nor a press of the button."""
        self.work(self.connection)
        with self.assertRaisesRegex(Exception, "consent"):
            self.connection.action_sync_now()
        self.assertEqual(len(self.bank.requests()), self.asked)

    def test_the_books_stay_as_they_are(self):
        self.assertBooksEqualBank()
