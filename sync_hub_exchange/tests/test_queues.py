# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub_exchange.models.waiting_texts import missing_reference
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .peer_case import KEY, PeerCase


@tagged("post_install", "-at_install")
class TestQueues(PeerCase):
    """What waits and what is in conflict is listed with its reason, its remedy and a way to the record."""

    def setUp(self):
        super().setUp()
        self.mapped = self.mapping()
        self.partner = self.env["res.partner"].create({"name": "Anna", "city": "Rome"})
        self.peer.api_key = KEY
        self.peer.write({"state": "connected", "remote_company_id": 1})

    def wait(self, reason, direction="receive", key="__x__.1", **values):
        waiting = self.env["sync.exchange.waiting"].sudo()
        waiting._wait(self.mapped, direction, key, reason, "No.", title="Anna", **values)
        return self.env["sync.exchange.waiting"].search([("key", "=", key)])

    def conflict(self):
        conflicts = self.env["sync.exchange.conflict"].sudo()
        values = {"city": ("Rome", "Turin", "t1"), "name": ("Anna", "Anna B.", "t2")}
        conflicts._raise(self.mapped, self.partner, "values", values)
        return self.env["sync.exchange.conflict"].search([("res_id", "=", self.partner.id)])

    def test_each_reason_has_its_remedy(self):
        remedies = set()
        received = [(reason, "receive") for reason in ("reference", "code", "refused", "doubtful")]
        for number, (reason, direction) in enumerate([*received, ("refused", "send")]):
            with self.subTest(reason):
                waiting = self.wait(reason, direction, f"__x__.{number}")
                self.assertTrue(waiting.remedy)
                remedies.add(waiting.remedy)
        self.assertEqual(len(remedies), 5)
        self.assertEqual(self.peer.waiting_count, 5)

    def test_what_is_missing_is_said_of_the_side_where_it_is(self):
        reference = {"ids": [], "code": {"code": "XX"}, "name": "Utopia"}
        partners = self.env["res.partner"]
        reason, here = missing_reference(partners, "country_id", reference)
        self.assertEqual((reason, here), ("code", "Country: there is no Country “Utopia” here, or more than one."))
        _reason, there = missing_reference(partners, "country_id", reference, there=True)
        self.assertIn("“Utopia” there", there)
        contact = {"ids": ["__sync_7b0e7a52__.res_partner_1"], "name": "Bruno"}
        reason, sentence = missing_reference(partners, "child_ids.parent_id", contact, there=True)
        self.assertEqual(reason, "reference")
        self.assertIn("“Bruno” is not on the other side yet", sentence)

    def test_trying_again_begins_a_run_of_the_half_that_is_meant(self):
        received, sent = self.wait("refused"), self.wait("refused", "send", "__x__.2", res_id=self.partner.id)
        received.action_try_again()
        self.assertTrue(self.peer._unfinished_runs())
        self.assertFalse(self.peer.sending_id._unfinished_runs() or received.tried_at)
        sent.action_try_again()
        self.assertTrue(self.peer.sending_id._unfinished_runs())

    def test_a_record_that_waits_can_be_opened_if_it_is_here(self):
        waiting = self.wait("refused", "send", res_id=self.partner.id)
        self.assertEqual(waiting.action_open_record()["res_id"], self.partner.id)
        self.partner.unlink()
        with self.assertRaisesRegex(UserError, "not here any more"):
            waiting.action_open_record()

    def test_a_code_that_waits_leads_to_the_codes(self):
        action = self.wait("code").action_open_codes()
        self.assertEqual(action["res_model"], "sync.exchange.code")
        self.assertEqual(action["domain"], [("peer_id", "=", self.peer.id)])

    def test_buttons_of_a_peer_open_what_is_its_own(self):
        waiting, conflict = self.wait("refused"), self.conflict()
        other = self.new_peer(name="Milan")
        for action, found in (
            (self.peer.action_open_waiting(), waiting),
            (self.peer.action_open_conflicts(), conflict),
            (other.action_open_waiting(), waiting.browse()),
        ):
            self.assertEqual(self.env[action["res_model"]].search(action["domain"]), found)
        self.assertEqual((self.peer.waiting_count, self.peer.conflict_count, other.conflict_count), (1, 1, 0))

    def test_a_conflict_shows_both_values_of_each_field_and_takes_a_choice_for_each(self):
        conflict = self.conflict()
        self.assertEqual(set(conflict.field_names.split(", ")), {"City", "Name"})
        shown = {line.label: (line.here, line.there) for line in conflict.line_ids}
        self.assertEqual(shown, {"City": ("Rome", "Turin"), "Name": ("Anna", "Anna B.")})
        form = Form(conflict)
        with form.line_ids.edit(0) as line:
            line.choice = "there"
        form.save()
        self.assertEqual(conflict.line_ids[0].choice, "there")
        with self.assertRaisesRegex(UserError, "Choose for each field"):
            conflict.action_solve()
        for record, values in ((conflict, {"state": "solved"}), (conflict.line_ids[0], {"there": "Naples"})):
            with self.assertRaisesRegex(AccessError, "Only Sync Hub itself"):
                record.write(values)
        self.assertEqual(conflict.action_open_record()["res_id"], self.partner.id)

    def test_what_was_decided_stays_to_be_seen(self):
        conflict = self.conflict()
        conflict.action_keep_here()
        self.assertEqual((conflict.state, conflict.solved_by), ("solved", self.manager))
        self.assertEqual(conflict.line_ids.mapped("choice"), ["here", "here"])
        self.assertEqual((self.partner.name, self.partner.city), ("Anna", "Rome"))

    def test_open_conflicts_stand_first(self):
        first = self.conflict()
        first.sudo().state = "solved"
        second = self.conflict()
        conflicts = self.env["sync.exchange.conflict"].search([("peer_id", "=", self.peer.id)])
        self.assertEqual(conflicts, second + first)

    def test_records_in_step_are_shown_by_name(self):
        links = self.env["sync.exchange.link"].sudo()
        link = links.create({"peer_id": self.peer.id, "model": "res.partner", "res_id": self.partner.id})
        self.assertEqual((link.record_name, self.peer.link_count), ("Anna", 1))
        self.assertEqual(link.action_open_record()["res_id"], self.partner.id)
