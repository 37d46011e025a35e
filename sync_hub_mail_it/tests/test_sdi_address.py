# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import ValidationError
from odoo.tests import Form

from .sdi_case import ASSIGNED, FIRST_ADDRESS, SdiCase


class TestSdiAddress(SdiCase):
    """The first file goes to a fixed address; the others wait until the SdI's answer gives the assigned one."""

    def three(self):
        partner = self.customer()
        return [self.invoice(partner) for _number in range(3)]

    def test_the_first_file_asks_for_the_address_and_the_others_wait_with_a_reason(self):
        moves = self.three()
        messages = self.to_sdi(*moves).sorted("id")
        self.assertEqual(messages.mapped("sdi_held"), [False, True, True])
        self.work()
        self.assertEqual(self.submitted(), [(FIRST_ADDRESS, [moves[0].l10n_it_edi_attachment_name])])
        self.assertEqual(messages.mapped("state"), ["sent", "queued", "queued"])
        self.assertIn("answer to the first file", messages[1].explanation)
        self.assertIn("answer to the first file", moves[1].l10n_it_edi_header)
        self.assertEqual(self.pec.sdi_held_count, 2)

    def test_what_is_held_keeps_no_worker_busy(self):
        self.to_sdi(*self.three())
        self.work()
        runs = self.env["sync.run"].search_count([("connection_id", "=", self.pec.id)])
        self.assertFalse(self.pec.departure_at)
        self.work()
        self.work()
        self.assertEqual(self.env["sync.run"].search_count([("connection_id", "=", self.pec.id)]), runs)

    def test_the_answer_teaches_the_address_and_a_button_confirms_it(self):
        self.box.pec.answers[:] = ["RC"]
        moves = self.three()
        messages = self.to_sdi(*moves).sorted("id")
        self.work()
        self.receive()
        self.assertEqual((self.pec.sdi_learned_address, self.pec.sdi_address), (ASSIGNED, False))
        self.assertEqual(len(self.submitted()), 1)
        self.assertIn("confirmed", messages[1].explanation)
        activity = self.pec.activity_ids
        self.assertIn(ASSIGNED, activity.note)
        self.pec.action_confirm_sdi_address()
        self.assertFalse(self.pec.activity_ids)
        self.work()
        self.assertEqual(self.submitted()[1:], [(ASSIGNED, [move.l10n_it_edi_attachment_name]) for move in moves[1:]])
        for sent in self.box.pec.submissions[1:]:
            self.assertEqual(sent.message["To"], ASSIGNED)
        self.receive()
        self.assertEqual([move.l10n_it_edi_state for move in moves], ["forwarded"] * 3)
        self.assertFalse(self.pec.sdi_learned_address)

    def test_after_the_answer_another_file_waits_for_the_confirmation_and_then_goes_there(self):
        self.box.pec.answers[:] = ["NS"]
        first, second, third = self.three()
        self.to_sdi(first)
        self.work()
        self.receive()
        (held,) = self.to_sdi(second)
        self.assertTrue(held.sdi_held)
        self.pec.action_confirm_sdi_address()
        (free,) = self.to_sdi(third)
        self.assertEqual((free.recipient, free.sdi_held), (ASSIGNED, False))

    def test_when_the_first_file_does_not_arrive_the_next_one_asks(self):
        moves = self.three()
        messages = self.to_sdi(*moves).sorted("id")
        messages[0].action_cancel()
        self.work()
        self.assertEqual(self.submitted(), [(FIRST_ADDRESS, [moves[1].l10n_it_edi_attachment_name])])
        self.assertEqual(messages.mapped("state"), ["cancelled", "sent", "queued"])

    def test_only_addresses_of_the_sdi_are_learned(self):
        file = self.sent_to_sdi(self.invoice(self.customer()))
        self.pec.sdi_address = False
        (kept,) = self.feed(self.letter("RC", file, sender="sdi26@pec.fatturapa.it.example"))
        self.assertFalse(self.pec.sdi_learned_address)
        self.assertFalse(file.notification_ids)
        self.assertEqual(kept.state, "done")
        with self.assertRaises(ValidationError):
            self.pec.sdi_address = "sdi26@pec.fatturapa.it.example"
        self.feed(self.letter("RC", file, sender="SDI31@pec.fatturapa.it"))
        self.assertEqual(self.pec.sdi_learned_address, "sdi31@pec.fatturapa.it")

    def test_an_answer_from_another_address_asks_for_a_confirmation_and_changes_nothing_by_itself(self):
        file = self.sent_to_sdi(self.invoice(self.customer()))
        self.feed(self.letter("RC", file, sender="sdi31@pec.fatturapa.it"))
        self.assertEqual((self.pec.sdi_address, self.pec.sdi_learned_address), (ASSIGNED, "sdi31@pec.fatturapa.it"))

    def test_changing_the_address_by_hand_warns_and_what_waits_goes_to_the_new_one(self):
        self.pec.sdi_address = ASSIGNED
        (message,) = self.to_sdi(self.invoice(self.customer()))
        account = self.pec.new(origin=self.pec)
        account.sdi_address = "sdi31@pec.fatturapa.it"
        self.assertIn(ASSIGNED, account._onchange_sdi_address()["warning"]["message"])
        self.pec.sdi_address = "sdi31@pec.fatturapa.it"
        self.assertEqual(message.recipient, "sdi31@pec.fatturapa.it")
        self.work()
        self.assertEqual(self.box.pec.submissions[0].recipients, ("sdi31@pec.fatturapa.it",))

    def test_the_form_shows_the_settings_for_certified_accounts(self):
        with Form(self.pec) as form:
            self.assertTrue(form.sdi_send)
            form.sdi_address = ASSIGNED.upper()
        self.assertEqual(self.pec.sdi_address, ASSIGNED)
