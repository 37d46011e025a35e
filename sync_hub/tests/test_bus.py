# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged

from .common import SyncHubFixtures

PASSWORD = "sync-hub-test"


@tagged("post_install", "-at_install")
class TestBus(SyncHubFixtures, HttpCase):
    """Screens follow runs without a reload."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sync_hub()
        cls.one = cls.connection("Name of a bank")

    def hears(self, user):
        """What the web client of a user hears of runs."""
        user.password = PASSWORD
        # What is said is sent when the transaction ends.
        self.env.cr.precommit.run()
        self.authenticate(user.login, PASSWORD)
        params = {"channels": [], "last": 0, "is_first_poll": True}
        said = self.make_jsonrpc_request("/websocket/peek_notifications", params)["notifications"]
        return [row["message"]["payload"] for row in said if row["message"]["type"] == "sync_hub.run"]

    def test_users_hear_the_runs_of_their_own_companies_and_nobody_else_does(self):
        self.one.action_sync_now()
        run = self.runs(self.one)
        self.assertEqual([payload["id"] for payload in self.hears(self.user)], [run.id])
        self.assertEqual(self.hears(self.person("stranger", "sync_hub.group_manager", self.other_company)), [])
        self.assertEqual(self.hears(self.person("clerk", "base.group_user")), [])

    def test_what_is_said_holds_numbers_and_states_only(self):
        """Who listens looks the rest up, with the rights that they have."""
        self.one.action_sync_now()
        run = self.runs(self.one)
        run._begin()
        run._count(fetched=3)
        run._finish("done")
        said = self.hears(self.user)
        self.assertEqual([payload["state"] for payload in said], ["queued", "running", "finished"])
        self.assertEqual(
            said[-1],
            {
                "id": run.id,
                "connection_model": self.one._name,
                "connection_id": self.one.id,
                "schedule_id": False,
                "parent_id": False,
                "state": "finished",
                "outcome": "done",
                "cancelling": False,
                "fetched": 3,
                "done": 0,
                "total": 0,
                "percent": 100,
                "rate": None,
                "seconds_left": None,
            },
        )
