# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import tempfile
from unittest.mock import patch

from odoo.addons.sync_hub.vault import new_key
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import config

from .common import BankCase, ago


@tagged("post_install", "-at_install")
class TestVaultKey(BankCase):
    """Without the key of the vault no bank is asked, the connection says why, and all is well once it is back."""

    def setUp(self):
        super().setUp()
        self.connection = self.connect(self.row(ago(1), "-1.00", "Rent", "ID-1"))

    def without_the_key(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        other = {"data_dir": folder, "sync_hub_vault_keys": new_key()}
        return patch.object(config, "options", config.options.new_child(other))

    def sealed(self):
        self.env.flush_all()
        return sorted((row.res_id, row.token) for row in self.env["sync.secret"].sudo().search([]))

    def test_the_connection_says_so_and_keeps_consent_and_cursor(self):
        before, calls = self.sealed(), len(self.bank.requests())
        with self.without_the_key():
            run = self.synchronize(self.connection)
        self.assertEqual(run.outcome, "failed")
        self.assertFault(self.connection, "vault_key_missing")
        self.assertEqual(len(self.bank.requests()), calls, "The bank is not asked with half of what it needs.")
        self.assertEqual(self.sealed(), before)
        self.assertEqual((self.connection.state, self.connection.account_ids.complete_until), ("connected", False))
        self.assertEqual(self.synchronize(self.connection).outcome, "done")
        self.assertBooksEqualBank()

    def test_the_buttons_say_so_too(self):
        with self.without_the_key():
            with self.assertRaisesRegex(UserError, "The keys that open the stored secrets are not here"):
                self.provider.action_test()
            notice = self.connection.action_fetch_accounts()
        self.assertIn("The keys that open the stored secrets are not here", str(notice))
