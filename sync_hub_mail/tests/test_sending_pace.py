# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields

from ..models.draft import Draft
from .sending_case import NOW, SendingCase


class TestSendingPace(SendingCase):
    """Messages leave within the limits of their account, each of them once, whatever happens in between."""

    def enqueue(self, number, account=None):
        """So many messages that wait, as from many invoices."""
        messages = self.env["sync.mail.message"].sudo()
        for place in range(number):
            messages |= messages._enqueue(
                account or self.account, Draft("Invoice", f"<p>{place}</p>"), f"customer{place}@example.org"
            )
        return messages

    def arrived(self):
        return [received.recipients[0] for received in self.server.messages]

    def test_five_hundred_at_twenty_a_minute_all_leave_once_in_twenty_five_minutes(self):
        self.account.per_minute = 20
        messages = self.enqueue(500)
        moment, minutes = NOW, 0
        while "queued" in messages.mapped("state"):
            self.work()
            minutes += 1
            self.assertEqual(len(self.server.messages), 20 * minutes)
            # Before the minute is over nothing more leaves.
            self.work()
            self.assertEqual(len(self.server.messages), 20 * minutes)
            if minutes < 25:
                self.assertEqual(self.account.departure_at, moment + timedelta(minutes=1))
                moment = self.account.departure_at
                self.pass_until(moment)
        self.assertEqual(minutes, 25)
        self.assertEqual(set(messages.mapped("state")), {"sent"})
        self.assertEqual(sorted(self.arrived()), sorted(messages.mapped("recipient")))
        self.assertEqual(len({received.content for received in self.server.messages}), 500)
        self.assertFalse(self.account.departure_at)

    def test_a_day_has_a_limit_too(self):
        self.account.write({"per_minute": 10, "per_day": 3})
        self.enqueue(4)
        self.work()
        self.assertEqual(len(self.server.messages), 3)
        self.assertEqual(self.account.departure_at, NOW + timedelta(days=1))
        self.pass_until(NOW + timedelta(days=1))
        self.work()
        self.assertEqual(len(self.server.messages), 4)

    def test_the_limits_of_one_account_do_not_hold_up_another(self):
        self.account.per_minute = 1
        other = self.new_account("rossi@pec.rossi.example", kind="pec")
        self.enqueue(2)
        self.enqueue(3, other)
        self.work()
        self.assertEqual(len([one for one in self.server.messages if one.sender == other.email]), 3)

    def test_a_worker_that_was_killed_while_a_message_left_never_sends_it_again_by_itself(self):
        first, second = self.enqueue(2)
        # What a killed worker leaves behind: the message was about to leave, and nobody knows more.
        first.write({"state": "sending", "tries": 1, "last_try": NOW, "first_try": NOW})
        self.work()
        self.assertEqual((first.state, second.state), ("unknown", "sent"))
        self.assertEqual(self.arrived(), [second.recipient])
        self.assertIn("never leaves twice", first.remedy)
        self.work()
        self.assertEqual(self.arrived(), [second.recipient])

    def test_a_person_decides_about_a_message_of_which_nobody_knows_whether_it_left(self):
        first, second = self.enqueue(2)
        (first | second).write({"state": "sending", "tries": 1, "last_try": NOW, "first_try": NOW})
        self.work()
        first.action_arrived()
        second.action_send_again()
        self.work()
        self.assertEqual((first.state, second.superseded), ("sent", True))
        self.assertEqual(self.arrived(), [second.recipient])

    def test_a_server_that_took_the_message_and_fell_silent_gets_no_second_one(self):
        (message,) = self.enqueue(1)
        self.server.play(self.smtp.Stage.VERDICT, self.smtp.Act.KEEP_AND_DROP, times=1)
        self.work()
        self.assertEqual((message.state, message.reason), ("unknown", "connection_lost"))
        self.pass_until(NOW + timedelta(days=1))
        self.work()
        self.assertEqual(len(self.server.messages), 1)

    def test_a_server_that_drops_the_connection_before_the_end_gets_it_again(self):
        (message,) = self.enqueue(1)
        self.server.play(self.smtp.Stage.DATA, self.smtp.Act.DROP, times=1)
        self.work()
        self.assertEqual((message.state, message.tries), ("queued", 1))
        self.pass_until(message.next_try)
        self.work()
        self.assertEqual((message.state, len(self.server.messages)), ("sent", 1))

    def test_a_message_that_the_server_puts_off_for_five_days_is_given_up(self):
        (message,) = self.enqueue(1)
        self.server.play(self.smtp.Stage.RCPT, reply="451 4.3.0 Try later")
        while message.state == "queued":
            self.work()
            if message.next_try:
                self.pass_until(max(message.next_try, fields.Datetime.now()))
        self.assertEqual(message.state, "not_delivered")
        self.assertLessEqual(message.last_try - message.first_try, timedelta(days=5, minutes=1))

    def test_a_wrong_password_keeps_all_waiting_and_asks_for_the_password_once(self):
        self.account.password = "not this"
        self.account.state = "connected"
        messages = self.enqueue(3)
        self.work()
        self.assertEqual(self.account.state, "credentials")
        self.assertEqual(set(messages.mapped("state")), {"queued"})
        self.work()
        self.assertEqual(self.server.connections, 1)
        self.account.password = "correct horse"
        self.account.state = "connected"
        self.work()
        self.assertEqual(set(messages.mapped("state")), {"sent"})

    def test_a_server_that_is_down_is_tried_again_and_nothing_is_lost(self):
        messages = self.enqueue(2)
        self.server.play(self.smtp.Stage.GREETING, reply="421 4.3.2 Closing", times=1)
        self.work()
        self.assertEqual(set(messages.mapped("state")), {"queued"})
        self.assertGreater(self.account.departure_at, NOW)
        self.pass_until(self.account.departure_at)
        self.work()
        self.assertEqual(set(messages.mapped("state")), {"sent"})
        self.assertEqual(set(messages.mapped("tries")), {1})

    def test_a_message_larger_than_the_account_may_send_is_refused_before_it_leaves(self):
        self.account.size_limit = 1
        from ..sending import Attachment

        draft = Draft("Big", "<p>x</p>", (Attachment("big.pdf", b"x" * 900_000, "application/pdf"),))
        message = self.env["sync.mail.message"].sudo()._enqueue(self.account, draft, "anna@example.org")
        self.assertEqual((message.state, message.reason), ("refused", "message_too_large"))
        self.assertTrue(message.explanation)
        self.work()
        self.assertFalse(self.server.messages)

    def test_a_message_that_waits_can_be_held_back(self):
        first, second = self.enqueue(2)
        first.action_cancel()
        self.work()
        self.assertEqual((first.state, second.state), ("cancelled", "sent"))
        self.assertEqual(self.arrived(), [second.recipient])

    def test_messages_leave_although_automatic_synchronization_is_off(self):
        self.account.automatic = False
        (message,) = self.enqueue(1)
        self.work()
        self.assertEqual(message.state, "sent")
