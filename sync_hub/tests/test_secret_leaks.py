# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
import logging
import tempfile
from unittest.mock import patch

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.vault import DOTS, new_key
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import config

from .common import SyncHubCase, SyncHubFixtures
from .leak_watch import LeakWatch, leaks
from .outside_system import MODEL, brings

KEY = "sk_live_51H8xYzAbCdE-9876543210"
TYPED = "another-secret-0123456789-zyxw"
PASSWORD = "sync-hub-test"


class TestSecretLeaks(SyncHubCase):
    """A secret does not leave the vault by the side doors: logs, chatter, tracebacks, searches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.enterClassContext(patch.object(config, "options", config.options.new_child({"data_dir": folder})))
        cls.env["sync.secret"].search([]).unlink()

    def setUp(self):
        super().setUp()
        self.one = self.connection(api_key=KEY)
        self.env.flush_all()

    def told(self, connection) -> str:
        """All that people can read about a connection and its runs."""
        runs = self.runs(connection)
        return f"{self.chatter(connection)}{connection.read()}{runs.read()}{runs.line_ids.read()}"

    def test_the_watch_catches_a_line_that_gives_a_secret_away(self):
        """So that the tests below mean something: at any level, in an argument, in half, in a traceback."""
        logger = logging.getLogger("odoo.sql_db")
        for speak in (
            lambda: logger.debug("the key is %s", KEY),
            lambda: logger.info("it begins with %s", KEY[: len(KEY) // 2]),
            lambda: logging.getLogger("sync_hub.other").warning(json.dumps({"key": KEY})),
        ):
            with LeakWatch() as watch:
                speak()
            self.assertEqual(leaks(watch.text, [KEY]), [KEY])
        with LeakWatch() as watch:
            try:
                raise ValueError(KEY)
            except ValueError:
                logger.exception("it went wrong")
        self.assertEqual(leaks(watch.text, [KEY]), [KEY])
        self.assertEqual(leaks("nothing of it", [KEY]), [])

    def test_logs_hold_no_secret(self):
        """Not even with every statement of the database in the log."""
        with LeakWatch() as watch:
            self.one.with_user(self.manager).write({"api_key": TYPED, "pin": "47110815"})
            self.env.flush_all()
            self.env.invalidate_all()
            self.one._secret("api_key")
            self.one.read()
            self.connection("Postmen", brings(1), api_key=TYPED)
            self.env.flush_all()
            self.sync(self.one)
        self.assertIn('INSERT INTO "sync_secret"', watch.text)
        self.assertIn('UPDATE "sync_secret"', watch.text)
        self.assertEqual(leaks(watch.text, [KEY, TYPED, "47110815"]), [])

    def run_that(self, error):
        """A run that opens the secret and fails with an error; the log of the process, and what people can read."""

        def script(connection, run, deadline):
            raise error(connection._secret("api_key"))

        failing = self.connection("failing", script, api_key=KEY)
        with LeakWatch() as watch:
            run = self.sync(failing)
        self.assertEqual(run.outcome, "failed")
        return watch.text, self.told(failing)

    def test_an_error_that_quotes_a_secret_is_logged_without_it(self):
        """As libraries do: "Invalid header value 'Bearer ...'". The rest of the traceback stays, to find the defect."""
        log, told = self.run_that(lambda secret: ValueError(f"Invalid header value 'Bearer {secret}'"))
        self.assertIn("ValueError: Invalid header value", log)
        self.assertIn("in script", log)
        self.assertEqual(leaks(log + told, [KEY]), [])

    def test_a_sentence_that_quotes_a_secret_is_shown_without_it(self):
        log, told = self.run_that(lambda secret: UserError(f"The key {secret} is too short."))
        self.assertIn("is too short.", told)
        self.assertEqual(leaks(log + told, [KEY]), [])

    def test_the_words_of_the_other_side_are_shown_without_the_secret_that_they_repeat(self):
        log, told = self.run_that(lambda secret: Fault(FaultKind.REQUEST_REFUSED, detail=f"unknown key {secret}"))
        self.assertIn("unknown key", told)
        self.assertEqual(leaks(log + told, [KEY]), [])

    def test_a_secret_that_was_renewed_during_the_run_is_hidden_too(self):
        def renews(secret):
            renewed._keep_secret("pin", TYPED)
            return ValueError(f"cannot use {TYPED}")

        renewed = self.connection("renewed")
        log, told = self.run_that(renews)
        self.assertEqual(leaks(log + told, [KEY, TYPED]), [])

    def test_nothing_can_be_found_sorted_or_grouped_by_a_secret(self):
        """Who may try one value after the other finds the right one."""
        self.env.invalidate_all()
        model = self.env[MODEL].with_user(self.manager)
        for value in (KEY, DOTS + KEY[-4:]):
            with self.assertRaises(ValueError):
                model.search([("api_key", "=", value)])
        with self.assertRaises(ValueError):
            model.search([("api_key", "like", KEY[:4])])
        with self.assertRaises(ValueError):
            model.search([], order="api_key")
        with self.assertRaises(ValueError):
            model.formatted_read_group([], ["api_key"], ["__count"])
        with self.assertRaises(AccessError):
            self.env[MODEL].with_user(self.user).search([("api_key", "=", KEY)])


@tagged("post_install", "-at_install")
class TestSecretLeaksOverHttp(SyncHubFixtures, HttpCase):
    """What a browser or a program gets to see when it goes wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sync_hub()
        cls.manager.password = PASSWORD
        cls.one = cls.connection()

    def test_a_traceback_in_the_browser_holds_no_secret(self):
        """The secret is typed while the keys of the vault are broken: the dialog says so, its details show nothing."""
        self.authenticate("sync_manager", PASSWORD)
        broken = config.options.new_child({"sync_hub_vault_keys": new_key()[:-4]})
        params = {"model": MODEL, "method": "write", "args": [self.one.ids, {"api_key": TYPED}], "kwargs": {}}
        with patch.object(config, "options", broken), LeakWatch() as watch:
            answer = self.url_open(
                "/web/dataset/call_kw", json.dumps({"params": params}), headers={"Content-Type": "application/json"}
            )
        error = answer.json()["error"]["data"]
        self.assertIn("The keys that open the stored secrets are not here.", error["message"])
        self.assertIn("Traceback", error["debug"])
        self.assertEqual(leaks(answer.text + watch.text, [TYPED]), [])

    def test_a_read_over_rpc_gives_dots(self):
        self.one._keep_secret("api_key", KEY)
        self.authenticate("sync_manager", PASSWORD)
        params = {"model": MODEL, "method": "web_read", "args": [self.one.ids, {"api_key": {}}], "kwargs": {}}
        answer = self.url_open(
            "/web/dataset/call_kw", json.dumps({"params": params}), headers={"Content-Type": "application/json"}
        )
        self.assertEqual(answer.json()["result"][0]["api_key"], DOTS + KEY[-4:])
        self.assertEqual(leaks(answer.text, [KEY]), [])
