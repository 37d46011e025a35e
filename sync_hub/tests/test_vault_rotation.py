# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.models import sync_secret_rotation
from odoo.addons.sync_hub.vault import key_id, new_key
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import config, mute_logger

from .common import SyncHubCase
from .outside_system import brings

ROTATION_LOG = "odoo.addons.sync_hub.models.sync_secret_rotation"


class VaultCase(SyncHubCase):
    """A vault whose keys a test configures; no key file."""

    def setUp(self):
        super().setUp()
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.key_file = folder / "sync_hub" / "vault.keys"
        self.configure(data_dir=str(folder))
        self.vault = self.env["sync.secret"]
        self.vault.search([]).unlink()

    def configure(self, **options):
        self.enterContext(patch.object(config, "options", config.options.new_child(options)))

    def keys(self, *keys):
        """From now on these are the keys, the first one first."""
        self.configure(sync_hub_vault_keys=",".join(keys))

    def secrets(self, number, key):
        """So many connections whose secret is sealed with a key."""
        self.keys(key)
        return [self.connection(f"{key_id(key)} {count}", api_key=f"secret-{count}") for count in range(number)]

    def sealed_with(self):
        self.env.flush_all()
        return dict(self.vault._read_group([], ["key_reference"], ["__count"]))

    def rows(self):
        self.env.flush_all()
        return sorted((row.res_id, row.token) for row in self.vault.search([]))

    def seal(self):
        """What the command line does; returns how many were sealed, refused and left."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            vault = self.vault.with_env(self.env(cr=cr))
            done = vault._seal_anew(vault._key_ring())
        self.env.invalidate_all()
        return done

    def tick(self):
        """The scheduled action is called."""
        self.trigger(self.env.ref("sync_hub.ir_cron_seal_anew"))
        self.env.invalidate_all()


class TestVaultRotation(VaultCase):
    """All secrets are sealed anew with the first key, in chunks, and nothing is lost on the way."""

    def setUp(self):
        super().setUp()
        self.old, self.new = new_key(), new_key()
        self.startPatcher(patch.object(sync_secret_rotation, "CHUNK", 2))

    def test_all_secrets_are_sealed_anew_and_open_without_the_old_key(self):
        connections = self.secrets(5, self.old)
        self.keys(self.new, self.old)
        self.vault._ask_to_seal_anew()
        self.tick()
        self.assertEqual(self.sealed_with(), {key_id(self.new): 5})
        self.keys(self.new)
        self.assertEqual([one._secret("api_key") for one in connections], [f"secret-{count}" for count in range(5)])

    def test_nothing_is_sealed_anew_unless_somebody_asks(self):
        self.secrets(1, self.old)
        self.keys(self.new, self.old)
        self.tick()
        self.assertEqual(self.sealed_with(), {key_id(self.old): 1})

    def test_what_was_interrupted_goes_on_at_the_next_call(self):
        """Each chunk is committed, and what has the first key already is not touched again."""
        self.secrets(5, self.old)
        self.keys(self.new, self.old)
        self.vault._ask_to_seal_anew()
        reseal, calls = sync_secret_rotation.reseal, []

        def dies(ring, token):
            calls.append(token)
            if len(calls) == 4:
                raise SystemExit
            return reseal(ring, token)

        # Odoo's ``assertRaises`` would undo what was committed.
        with patch.object(sync_secret_rotation, "reseal", dies), contextlib.suppress(SystemExit):
            self.seal()
        self.assertEqual(len(calls), 4)
        self.env.invalidate_all()
        half = dict(self.rows())
        self.assertEqual(self.vault._seal_anew_wanted(), key_id(self.new))
        self.tick()
        self.assertEqual(self.sealed_with(), {key_id(self.new): 5})
        kept = [token for _record, token in self.rows() if token in half.values()]
        self.assertGreaterEqual(len(kept), 2, "the first chunk was committed")
        self.assertEqual(self.vault._seal_anew_wanted(), "")

    def test_sealing_twice_changes_nothing(self):
        self.secrets(3, self.old)
        self.keys(self.new, self.old)
        self.assertEqual(self.seal(), (3, 0, 0))
        before = self.rows()
        self.assertEqual(self.seal(), (0, 0, 0))
        self.assertEqual(self.rows(), before)

    def test_what_cannot_be_opened_stays_as_it_is_and_does_not_stop_the_others(self):
        """A lost key, and a secret that somebody damaged."""
        self.secrets(3, new_key())
        damaged = self.secrets(3, self.old)[1]
        row = self.vault._find(damaged, "api_key")
        row.token = row.token[:-6] + "AAAAAA"
        lost = [row for row in self.rows() if key_id(self.old) not in row[1]]
        self.keys(self.new, self.old)
        with mute_logger(ROTATION_LOG):
            self.assertEqual(self.seal(), (2, 4, 0))
        self.assertEqual([row for row in self.rows() if row in lost], lost)
        self.assertEqual(self.sealed_with()[key_id(self.new)], 2)

    def test_a_host_that_has_the_keys_in_another_order_leaves_it_to_the_others(self):
        """Otherwise two hosts would seal back and forth for ever."""
        self.secrets(2, self.old)
        self.keys(self.new, self.old)
        self.vault._ask_to_seal_anew()
        self.keys(self.old, self.new)
        with self.assertLogs(ROTATION_LOG, "WARNING") as logs:
            self.tick()
        self.assertIn("give every host the same keys", logs.output[0])
        self.assertEqual(self.sealed_with(), {key_id(self.old): 2})
        self.keys(self.new, self.old)
        self.tick()
        self.assertEqual(self.sealed_with(), {key_id(self.new): 2})

    def test_a_secret_that_is_entered_meanwhile_is_kept(self):
        one, two, three = self.secrets(3, self.old)
        self.keys(self.new, self.old)
        two.api_key = "entered meanwhile"
        three.unlink()
        self.assertEqual(self.seal().sealed, 1)
        self.assertEqual((one._secret("api_key"), two._secret("api_key")), ("secret-0", "entered meanwhile"))


class TestVaultScreen(VaultCase):
    """Managers see how the vault stands, and change the key with a button."""

    def setUp(self):
        super().setUp()
        self.old, self.new, self.lost = new_key(), new_key(), new_key()

    def look(self, person=None):
        return Form(self.env["sync.vault.state"].with_user(person or self.manager)).save()

    def test_the_screen_counts_secrets_by_key(self):
        self.secrets(2, self.lost)
        self.secrets(3, self.old)
        self.secrets(1, self.new)
        self.keys(self.new, self.old)
        state = self.look()
        self.assertEqual((state.secret_count, state.old_count, state.missing_count), (6, 3, 2))
        self.assertEqual(
            [(key.reference, key.place, key.secret_count) for key in state.key_ids],
            [(key_id(self.new), "first", 1), (key_id(self.old), "present", 3), (key_id(self.lost), "missing", 2)],
        )
        shown = f"{state.read()}{state.key_ids.read()}"
        for key in (self.old, self.new, self.lost):
            self.assertNotIn(key[:20], shown)
        self.assertNotIn("secret-", shown)

    def test_the_button_seals_all_anew(self):
        self.secrets(3, self.old)
        self.keys(self.new, self.old)
        self.look().action_seal_anew()
        self.assertTrue(self.look().in_progress)
        self.tick()
        state = self.look()
        self.assertEqual((state.old_count, state.in_progress), (0, False))

    def test_without_a_key_the_screen_says_what_to_do(self):
        self.secrets(1, self.old)
        self.keys("")
        state = self.look()
        self.assertIn("The vault has no key", state.fault_message)
        self.assertEqual(state.missing_count, 1)
        with self.assertRaisesRegex(UserError, "The vault has no key"):
            state.action_seal_anew()

    def test_a_vault_that_was_never_used_is_no_fault(self):
        state = self.look()
        self.assertFalse(state.fault_message)
        self.assertFalse(self.key_file.exists(), "Looking makes no key.")

    def test_users_do_not_see_the_vault(self):
        with self.assertRaises(AccessError):
            self.look(self.user)


class TestMissingKey(VaultCase):
    """Without its key a secret stays shut: each connection says so, and nothing is changed."""

    def uses_its_key(self, seen):
        def script(connection, run, deadline):
            seen.append(connection._secret("api_key"))
            return brings(1)(connection, run, deadline)

        return script

    def connections(self, seen):
        self.configure(sync_hub_vault_keys="")
        return [
            self.connection(name, self.uses_its_key(seen), api_key=f"secret of {name}")
            for name in ("Couriers", "Postmen")
        ]

    def lose_the_key_file(self):
        self.key_file.rename(self.key_file.with_suffix(".away"))

    def find_the_key_file(self):
        self.key_file.with_suffix(".away").rename(self.key_file)

    def assert_each_says_so(self, connections, code, words):
        before, runs = self.rows(), self.env["sync.run"].search_count([])
        for one in connections:
            one.action_sync_now()
        self.work_off_queue()
        for one in connections:
            with self.subTest(one.name):
                line = one.fault_line_id
                self.assertEqual((one.last_outcome, line.kind), ("failed", FaultKind.VAULT_KEY_MISSING))
                self.assertEqual(line.provider_code, code)
                self.assertIn(words, line.detail)
                self.assertIn("The keys that open the stored secrets are not here.", one.fault_message)
                self.assertIn(line.run_id.reference, self.chatter(one))
                self.assertEqual(one.state, "connected")
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.env["sync.run"].search_count([]), runs + len(connections))

    def test_a_lost_key_file_is_said_on_each_connection_and_cured_by_putting_it_back(self):
        seen = []
        connections = self.connections(seen)
        self.lose_the_key_file()
        self.assert_each_says_so(connections, "no-keys", "put the key file back")
        self.assertFalse(self.key_file.exists(), "No other key takes its place.")
        self.find_the_key_file()
        for one in connections:
            self.assertEqual(self.sync(one).outcome, "done")
        self.assertEqual(seen, ["secret of Couriers", "secret of Postmen"])

    def test_a_wrong_key_is_said_on_each_connection(self):
        connections = self.connections([])
        self.lose_the_key_file()
        other = new_key()
        self.keys(other)
        self.assert_each_says_so(connections, "key-missing", key_id(other))

    def test_a_mistyped_key_is_said_on_each_connection(self):
        connections = self.connections([])
        self.keys(new_key()[:-3])
        self.assert_each_says_so(connections, "key-malformed", "position 1")

    def test_while_the_key_is_lost_nothing_is_sealed_with_another_one_unnoticed(self):
        """On a host without the key file, say: what it would seal could be opened nowhere else."""
        one, _two = self.connections([])
        self.lose_the_key_file()
        before = self.rows()
        with self.assertRaisesRegex(UserError, "sync_hub_rotate --new-key"):
            one.api_key = "entered again"
        self.env.invalidate_all()
        self.assertEqual(self.rows(), before)
        self.assertFalse(self.key_file.exists())
