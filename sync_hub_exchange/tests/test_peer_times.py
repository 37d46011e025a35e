# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .peer_case import KEY, PeerCase


@tagged("post_install", "-at_install")
class TestPeerTimes(PeerCase):
    """Receiving and sending have intervals of their own, and one switch sets both to five minutes."""

    def schedules(self, peer):
        return [half._own_schedule() for half in (peer, peer.sending_id)]

    def test_the_key_brings_a_schedule_for_receiving_and_one_for_sending(self):
        self.assertFalse(any(self.schedules(self.peer)))
        self.peer.api_key = KEY
        receiving, sending = self.schedules(self.peer)
        self.assertTrue(receiving.active and sending.active)
        self.assertEqual(receiving.service_id.code, "exchange_receive")
        self.assertEqual(sending.service_id.code, "exchange_send")
        self.assertEqual((self.peer.receive_interval, self.peer.send_interval), (15, 15))

    def test_a_peer_that_is_saved_with_its_key_has_both_schedules_too(self):
        peer = self.new_peer(name="Milan", api_key=KEY)
        self.assertEqual(len(peer.sending_ids), 1)
        self.assertTrue(all(schedule.active for schedule in self.schedules(peer)))

    def test_somebody_who_wants_messages_can_save_a_peer_with_its_key(self):
        """Whoever makes a peer follows it; with its key, its sending and two schedules are made before that."""
        peers = self.env(context={"allowed_company_ids": self.company.ids})["sync.exchange.peer"]
        peer = peers.create({"name": "Milan", "url": "https://milan.example.com", "api_key": KEY, "automatic": False})
        self.assertIn(self.manager.partner_id, peer.message_partner_ids)
        self.assertTrue(peer.active and peer.sending_id.active)
        self.assertEqual(peer.sending_id.user_id, self.manager)

    def test_without_the_key_both_schedules_rest_and_a_new_one_wakes_them(self):
        self.peer.api_key = KEY
        self.peer.send_interval = 7
        self.peer.api_key = ""
        self.assertFalse(any(schedule.active for schedule in self.schedules(self.peer)))
        self.peer.api_key = KEY[::-1]
        self.assertTrue(all(schedule.active for schedule in self.schedules(self.peer)))
        self.assertEqual((self.peer.receive_interval, self.peer.send_interval), (15, 7))

    def test_each_interval_is_changed_without_the_other(self):
        self.peer.api_key = KEY
        self.peer.receive_interval = 20
        receiving, sending = self.schedules(self.peer)
        self.assertEqual((receiving.interval_number, receiving.interval_type), (20, "minutes"))
        self.assertEqual((sending.interval_number, sending.interval_type), (15, "minutes"))
        self.peer.send_interval = 90
        self.assertEqual((self.peer.receive_interval, self.peer.send_interval), (20, 90))

    def test_intervals_that_are_chosen_before_the_key_wait_for_it(self):
        form = Form(self.env["sync.exchange.peer"])
        form.name, form.url, form.receive_interval = "Milan", "https://milan.example.com", 30
        peer = form.save()
        receiving, sending = self.schedules(peer)
        self.assertTrue(receiving.key_removed)
        self.assertFalse(sending, "nobody has chosen its interval")
        self.assertTrue(peer.automatic and peer.send_automatic, "the switch was not touched")
        self.assertEqual((peer.receive_interval, peer.send_interval), (30, 15))
        peer.api_key = KEY
        self.assertTrue(all(schedule.active for schedule in self.schedules(peer)))
        self.assertEqual((peer.receive_interval, peer.send_interval), (30, 15))

    def test_everything_can_be_chosen_before_the_peer_is_saved(self):
        form = Form(self.env["sync.exchange.peer"])
        form.name, form.url, form.send_interval, form.send_automatic = "Milan", "https://milan.example.com", 40, False
        peer = form.save()
        self.assertEqual((peer.send_interval, peer.send_automatic, peer.automatic), (40, False, True))
        form = Form(self.env["sync.exchange.peer"])
        form.name, form.url, form.every_five_minutes = "Cuneo", "https://cuneo.example.com", True
        peer = form.save()
        self.assertEqual((peer.receive_interval, peer.send_interval), (5, 5))
        peer.api_key = KEY
        self.assertTrue(peer.every_five_minutes)

    def test_hours_of_a_schedule_are_shown_as_minutes(self):
        self.peer.api_key = KEY
        self.schedules(self.peer)[0].write({"interval_number": 2, "interval_type": "hours"})
        self.peer.invalidate_recordset()
        self.assertEqual(self.peer.receive_interval, 120)

    def test_an_interval_is_a_minute_at_least_and_a_day_at_most(self):
        self.peer.api_key = KEY
        for minutes in (0, -5, 1441):
            with self.subTest(minutes), self.assertRaisesRegex(ValidationError, "1 to 1440"):
                self.peer.receive_interval = minutes

    def test_one_switch_sets_both_to_five_minutes_and_back(self):
        self.peer.api_key = KEY
        self.peer.write({"receive_interval": 30, "send_interval": 45, "automatic": False})
        self.assertFalse(self.peer.every_five_minutes)
        self.peer.every_five_minutes = True
        self.assertEqual((self.peer.receive_interval, self.peer.send_interval), (5, 5))
        self.assertTrue(self.peer.automatic and self.peer.send_automatic)
        self.peer.invalidate_recordset()
        self.assertTrue(self.peer.every_five_minutes)
        self.peer.every_five_minutes = False
        self.assertEqual((self.peer.receive_interval, self.peer.send_interval), (30, 45))
        self.assertFalse(self.peer.automatic or self.peer.send_automatic)

    def test_the_switch_shows_what_is_set_whoever_has_set_it(self):
        self.peer.api_key = KEY
        self.peer.write({"receive_interval": 5, "send_interval": 5})
        self.assertTrue(self.peer.every_five_minutes)
        self.peer.send_automatic = False
        self.assertFalse(self.peer.every_five_minutes)
        self.assertFalse(self.peer.sending_id.automatic)

    def test_each_half_shows_its_next_run_as_soon_as_it_is_connected(self):
        self.peer.api_key = KEY
        self.assertFalse(self.peer.next_run or self.peer.send_next_run)
        self.peer.state = "connected"
        self.assertTrue(self.peer.next_run and self.peer.send_next_run)
        self.peer.send_automatic = False
        self.assertFalse(self.peer.send_next_run)

    def test_the_schedule_of_each_half_is_one_press_away(self):
        self.peer.api_key = KEY
        receiving, sending = self.schedules(self.peer)
        self.assertEqual(self.peer.action_open_receive_schedule()["res_id"], receiving.id)
        self.assertEqual(self.peer.action_open_send_schedule()["res_id"], sending.id)

    def test_force_update_receives_and_send_now_sends(self):
        self.peer.write({"api_key": KEY})
        with self.assertRaisesRegex(UserError, "Add data"):
            self.peer.action_sync_now()
        self.mapping(direction="receive")
        with self.assertRaisesRegex(UserError, "not connected"):
            self.peer.action_sync_now()
        self.peer.state = "connected"
        self.peer.action_sync_now()
        with self.assertRaisesRegex(UserError, "Add data"):
            self.peer.action_send_now()
        self.assertEqual(self.peer._unfinished_runs().service_id.code, "exchange_receive")
        self.mapping("res.partner.category", ["name"])
        self.peer.action_send_now()
        self.assertEqual(self.peer.sending_id._unfinished_runs().service_id.code, "exchange_send")
        self.assertTrue(self.peer.current_run_id)
        self.assertEqual(len(self.env["sync.run"].search(self.peer.action_open_runs()["domain"])), 2)
        self.peer.action_cancel_run()
        runs = self.peer._unfinished_runs() | self.peer.sending_id._unfinished_runs()
        self.assertFalse(runs)
