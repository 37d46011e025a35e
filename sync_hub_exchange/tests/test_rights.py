# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api
from odoo.addons.sync_hub_exchange.verification import Checksums
from odoo.tests import new_test_user, tagged

from .check_case import CheckCase
from .peer_case import PEER_UUID

INDUSTRY = "res.partner.industry"
CURSOR = {"since": "1:1:", "at": "2026-05-01T12:00:00+00:00"}
ANNA = {
    "ids": ["__sync_7b0e7a52__.res_partner_7"],
    "values": {"name": "Anna", "city": "Turin"},
    "at": "2026-05-01T12:00:00+00:00",
}


@tagged("post_install", "-at_install")
class TestRights(CheckCase):
    """A run works with the rights of the user in its schedule, and says whose rights do not suffice for what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapping(domain="[('ref', '=', 'X7')]")

    def connect(self):
        """Connect, and let the other database answer by itself: it has nothing but the contact."""
        self.peer._connected()
        self.peer.remote_company_id = self.there.id
        door = self.env["sync.exchange.door"].with_user(self.visitor).with_context(allowed_company_ids=self.there.ids)
        hello = {**door.hello(), "uuid": PEER_UUID}
        described = door.describe(self.peer.mapping_ids._models())
        page = {"records": [], "gone": [], "more": False, "after": 0, "cursor": CURSOR, "now": hello["now"]}
        self.other.answers = {
            "hello": lambda _arguments: hello,
            "describe": lambda _arguments: described,
            "watch": lambda _arguments: {"ready": True, "known": True, "moment": None, "cursor": CURSOR},
            "rows": lambda arguments: {**page, "records": [ANNA] if arguments["model"] == "res.partner" else []},
            "changes": lambda _arguments: page,
            "absent": lambda _arguments: [],
            "named": lambda arguments: [None for _names in arguments["names"]],
        }
        return described

    def receive(self):
        self.peer.action_sync_now()
        self.work()
        return self.peer.last_run_id

    def test_data_that_the_operator_may_not_write_is_named_with_the_cure_and_the_rest_is_exchanged(self):
        self.mapping(INDUSTRY, ["name"])
        self.connect()
        run = self.receive()
        self.assertEqual(run.outcome, "partly_failed")
        self.assertIn("Sync operator may not change, create Industry", self.peer.fault_message)
        self.assertIn("Choose another user in the schedule", self.peer.fault_remedy)
        self.assertEqual(run.created_count, 1, "the contact")
        cursors = {mapping.model: bool(mapping.receive_cursor) for mapping in self.peer.mapping_ids}
        self.assertEqual(cursors, {"res.partner": True, INDUSTRY: False})

    def test_another_user_in_the_schedule_cures_it(self):
        self.mapping(INDUSTRY, ["name"], domain="[('name', '=', 'no such')]")
        self.connect()
        groups = "sync_hub.group_operator,base.group_system,base.group_partner_manager"
        boss = new_test_user(self.env(su=True), "exchange_boss", groups, company_id=self.company.id)
        self.peer._own_schedule().user_id = boss
        self.peer.invalidate_recordset()
        self.assertEqual(self.receive().outcome, "done")
        self.assertFalse(self.peer.fault_message)

    def test_whoever_only_sends_needs_to_read_only(self):
        self.mapping(INDUSTRY, ["name"], direction="send", domain="[('name', '=', 'no such')]")
        self.connect()
        self.peer.action_send_now()
        self.work()
        self.assertIn("The user of the key may not do there what this data needs", self.peer.send_fault_message)
        self.assertNotIn("Sync operator", self.peer.send_fault_message)

    def test_data_that_the_other_side_lacks_stops_itself_only(self):
        self.mapping("res.partner.category", ["name"])
        del self.connect()["res.partner"]
        run = self.receive()
        self.assertIn("Contact: The other database does not have this kind of data", self.peer.fault_message)
        self.assertIn("Press “Check”", self.peer.fault_message)
        cursors = {mapping.model: bool(mapping.receive_cursor) for mapping in self.peer.mapping_ids}
        self.assertEqual(cursors, {"res.partner": False, "res.partner.category": True})
        self.assertEqual(run.line_ids.mapped("kind"), ["exchange_unfit"])

    def test_a_run_knows_how_much_is_before_it_if_the_other_side_can_say_that(self):
        """One that has an older version of the addon cannot."""
        self.connect()
        run = self.receive()
        self.assertEqual((run.outcome, run.progress_done, run.progress_total), ("done", 1, 0))
        self.peer.mapping_ids._start_again()
        self.other.answers["ahead"] = lambda arguments: [1 for _feed in arguments["feeds"]]
        run = self.receive()
        self.assertEqual((run.progress_done, run.progress_total), (1, 1))
        self.peer.mapping_ids._start_again()
        self.other.answers["ahead"] = lambda arguments: [7 for _feed in arguments["feeds"]]
        run = self.receive()
        self.assertEqual((run.progress_done, run.progress_total), (1, 1), "the others are not waited for")

    def test_what_is_only_sent_is_verified_with_an_older_version_too(self):
        """It can only be asked for sums of all its records."""
        mapping = self.peer.mapping_ids
        mapping.direction = "send"
        self.env["res.partner"].create({"name": "Anna", "ref": "X7"})
        self.connect()
        nothing = Checksums(0).to_wire()
        self.other.answers.update(
            checksums=lambda _arguments: {"sums": nothing, "after": 0, "more": False},
            listing=lambda _arguments: {"digests": {}, "after": 0, "more": False},
            look_up=lambda _arguments: {"records": [], "deleted": []},
        )
        verification = self.env["sync.exchange.verification"].browse(self.peer.action_verify()["res_id"])
        self.env.flush_all()
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["sync.exchange.task"]._work_off()
        self.env.invalidate_all()
        self.assertEqual((verification.state, verification.note), ("done", False))
        found = verification.line_ids
        self.assertEqual((found.mapped("title"), found.mapped("difference")), (["Anna"], ["only_here"]))
        self.assertEqual(verification.kind_ids.bucket_count, 1)
        found.sudo().state = "done"
        self.assertTrue(verification.in_step)
        verification.kind_ids.sudo().unlisted_count = 2
        self.assertFalse(verification.in_step, "nobody knows what differs in the ranges that were not listed")
