# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import stat
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.vault import DOTS, new_key
from odoo.exceptions import AccessError, UserError
from odoo.tools import config

from .common import SyncHubCase

KEY = "sk_live_51H8xYzAbCdE"
MASKED = DOTS + "bCdE"


class TestVault(SyncHubCase):
    """Secrets are entered once and never shown again."""

    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.configure(data_dir=str(self.folder))
        for person in (self.user, self.manager):
            person.group_ids += self.env.ref("base.group_allow_export")
        self.one = self.connection(api_key=KEY)

    def configure(self, **options):
        self.enterContext(patch.object(config, "options", config.options.new_child(options)))

    def rows(self, connection):
        return self.env["sync.secret"].search([("res_model", "=", connection._name), ("res_id", "=", connection.id)])

    def test_a_secret_is_read_as_dots_from_the_moment_it_is_saved(self):
        """Managers see dots and at most the last four characters; code that speaks to the outside gets the secret."""
        self.assertEqual(self.one.api_key, MASKED)
        self.assertFalse(self.one.pin)
        self.assertEqual(self.one.with_user(self.manager).read(["api_key"])[0]["api_key"], MASKED)
        self.assertEqual(self.one._secret("api_key"), KEY)
        self.assertEqual(self.one._secret("pin"), "")

    def test_entering_one_secret_leaves_the_others_alone(self):
        self.env.invalidate_all()
        self.one.with_user(self.manager).pin = "123456"
        self.assertEqual((self.one.pin, self.one._secret("pin")), (DOTS, "123456"))
        self.assertEqual(self.one._secret("api_key"), KEY)
        self.env.invalidate_all()
        self.one.write({"pin": "654321", "name": "Renamed"})
        self.assertEqual((self.one._secret("pin"), self.one._secret("api_key")), ("654321", KEY))

    def test_saving_the_dots_keeps_the_secret_and_emptying_the_field_forgets_it(self):
        self.one.api_key = MASKED
        self.assertEqual(self.one._secret("api_key"), KEY)
        self.one.api_key = False
        self.assertEqual(self.one._secret("api_key"), "")
        self.assertFalse(self.rows(self.one))

    def test_dots_cannot_be_completed(self):
        """Who types behind the dots is told to enter the whole secret, instead of keeping a broken one."""
        with self.assertRaisesRegex(UserError, "whole secret"):
            self.one.api_key = MASKED + "more"

    def test_a_secret_that_is_too_long_is_refused_in_a_sentence(self):
        with self.assertRaisesRegex(UserError, "64 kilobytes"):
            self.one.api_key = "x" * (64 * 1024 + 1)

    def test_other_users_do_not_even_see_the_dots(self):
        """The field belongs to managers: absent for everybody else, in every way of reading."""
        one = self.one.with_user(self.user)
        self.assertNotIn("api_key", one.read()[0])
        self.assertNotIn("api_key", one.fields_get())
        for read in (
            lambda: one.read(["api_key"]),
            lambda: one.search_read([("id", "=", one.id)], ["api_key"]),
            lambda: one.export_data(["name", "api_key"]),
        ):
            with self.assertRaises(AccessError):
                read()

    def test_an_export_holds_no_secret(self):
        one = self.one.with_user(self.manager)
        self.assertEqual(one.export_data(["api_key"])["datas"], [[MASKED]])
        self.assertFalse(one.fields_get(["api_key"])["api_key"]["exportable"])

    def test_a_copy_has_no_secret(self):
        self.assertFalse(self.one.copy().api_key)

    def test_the_database_holds_only_the_sealed_secret(self):
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(s)::text FROM sync_secret s WHERE res_id = %s", [self.one.id])
        (row,) = self.env.cr.fetchone()
        self.assertIn('"token":"v1:', row)
        self.assertNotIn(KEY, row)
        self.env.cr.execute("SELECT row_to_json(c)::text FROM sync_test_connection c WHERE id = %s", [self.one.id])
        self.assertNotIn(KEY, self.env.cr.fetchone()[0])

    def test_a_secret_opens_only_in_its_own_place(self):
        """Whoever moves a sealed secret to another record in the database cannot use it there."""
        two = self.connection("Postmen", api_key="another-secret-0123456789")
        self.rows(two).token = self.rows(self.one).token
        with self.assertRaises(Fault) as caught:
            two._secret("api_key")
        self.assertEqual(caught.exception.kind, FaultKind.VAULT_KEY_MISSING)
        self.assertEqual(caught.exception.provider_code, "other-place")

    def test_a_copied_database_cannot_open_the_secrets(self):
        """Odoo gives a duplicated database an identity of its own."""
        self.env["ir.config_parameter"].set_param("database.uuid", "a-copy")
        with self.assertRaises(Fault) as caught:
            self.one._secret("api_key")
        self.assertEqual(caught.exception.provider_code, "other-place")

    def test_without_its_key_a_secret_stays_shut_and_says_so(self):
        """The run ends with a sentence that names the cure, not with a traceback."""
        (self.folder / "sync_hub" / "vault.keys").unlink()
        self.configure(sync_hub_vault_keys=new_key())
        with self.assertRaises(Fault) as caught:
            self.one._secret("api_key")
        self.assertEqual(caught.exception.kind, FaultKind.VAULT_KEY_MISSING)
        self.assertEqual(caught.exception.provider_code, "key-missing")
        self.assertEqual(self.one.api_key, MASKED, "The dots need no key.")
        self.one.api_key = "entered-again-0123456789"
        self.assertEqual(self.one._secret("api_key"), "entered-again-0123456789")

    def test_a_key_that_is_none_is_refused_before_anything_is_stored(self):
        self.configure(sync_hub_vault_keys="not-a-key")
        with self.assertRaisesRegex(UserError, "The keys that open the stored secrets are not here"):
            self.one.pin = "123456"

    def test_where_nobody_configured_keys_a_key_file_is_made_for_the_owner_alone(self):
        path = self.folder / "sync_hub" / "vault.keys"
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(path.parent.stat().st_mode), 0o700)
        self.assertNotIn(path.read_text().strip(), self.rows(self.one).token)

    def test_deleting_a_record_deletes_its_secrets(self):
        rows = self.rows(self.one)
        self.assertTrue(rows)
        self.one.unlink()
        self.assertFalse(rows.exists())
