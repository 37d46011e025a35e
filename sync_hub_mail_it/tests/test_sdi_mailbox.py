# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .sdi_case import ASSIGNED, SdiCase

_ORDINARY = b"From: anna@rossi.example\r\nTo: rossi@pec.rossi.example\r\nSubject: sdi26\r\n\r\nCiao\r\n"


class TestSdiMailbox(SdiCase):
    """The real mailbox: what the SdI says of our files is read, all else stays unread."""

    def seen(self, raw):
        """Whether a message in the mailbox is marked as read."""
        (stored,) = (one for one in self.box.imap.stored() if one.content == raw)
        return "seen" in stored.flags

    def test_a_file_and_all_that_comes_back_of_it_through_real_servers(self):
        self.box.pec.answers[:] = ["MC", "RC"]
        move = self.invoice(self.customer())
        file = self.sent_to_sdi(move)
        self.receive()
        self.assertEqual((move.l10n_it_edi_state, file.state), ("forwarded", "delivered"))
        self.assertEqual(sorted(file.notification_ids.mapped("kind")), ["MC", "RC"])
        message = self.messages(move)
        self.assertEqual((message.state, message.certified), ("delivered", "yes"))
        self.assertEqual(move.sync_delivery_state, "delivered")
        self.receive()
        self.assertEqual(len(file.notification_ids), 2)

    def test_a_notification_is_marked_as_read_once_it_is_kept(self):
        file = self.sent_to_sdi(self.invoice(self.customer()))
        raw = self.letter("RC", file)
        self.box.imap.deliver(raw)
        self.receive()
        self.assertTrue(self.seen(raw))
        self.assertTrue(file.notification_ids)

    def test_what_is_not_about_our_files_stays_unread_and_is_not_kept(self):
        file = self.sent_to_sdi(self.invoice(self.customer()))
        at = self.pec.create_date
        strangers = self.exchange.notification("RC", "IT99999999999_00001.xml", b"<x/>", at)
        supplier = self.exchange.notification("MT", "IT99999999999_00002.xml", b"<x/>", at)
        # A self-invoice that comes back: its metadata name our own file.
        own = self.exchange.notification("MT", file.name, b"<x/>", at)
        letters = [self.letter_with(one) for one in (strangers, supplier, own)]
        for raw in (*letters, _ORDINARY):
            self.box.imap.deliver(raw)
        before = self.env["sync.mail.incoming"].search_count([("kind", "=", "posta-certificata")])
        self.receive()
        for raw in (*letters, _ORDINARY):
            self.assertFalse(self.seen(raw))
        self.assertEqual(self.env["sync.mail.incoming"].search_count([("kind", "=", "posta-certificata")]), before)
        self.assertFalse(file.notification_ids)

    def test_a_mailbox_by_which_no_file_left_keeps_its_letters(self):
        letter = self.letter_with(
            self.exchange.notification("RC", "IT00743110157_00001.xml", b"<x/>", self.pec.create_date)
        )
        self.receive()
        self.box.imap.deliver(letter)
        self.receive()
        self.assertFalse(self.seen(letter))
        self.assertFalse(self.env["sync.mail.incoming"].search([("sender", "=", ASSIGNED)]))
