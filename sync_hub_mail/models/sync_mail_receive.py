# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time

from odoo import fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.on_its_own import on_its_own

from ..imap import Mailbox, Trouble, Waiting, next_uids

# So many messages are looked at before what was seen is remembered.
_AT_ONCE = 200


class SyncMailAccount(models.Model):
    """How receipts arrive: what concerns messages of ours is kept byte by byte, then read; the rest stays unread."""

    _inherit = "sync.mail.account"

    # How far the mailbox was looked through (RFC 9051, 2.3.1.1); numbers have 32 bits, an integer here 31.
    imap_validity = fields.Char(readonly=True, copy=False)
    imap_uid = fields.Char(readonly=True, copy=False)

    def _steps(self, run):
        """Override of this model: receipts of certified mail come first."""
        steps = super()._steps(run)
        return [self._receive, *steps] if self.kind == "pec" and self.imap_host else steps

    def _receive(self, run, deadline: float) -> bool:
        """Keep what has come for us, flag it, and read it; each message on its own; commits.

        :return: whether the mailbox was looked through
        """
        finished = True
        # What an earlier run kept and was killed before it read.
        self._read_kept()
        with Mailbox(self._imap_account()) as box:
            after = self._begin_reading(box)
            while found := box.headers_after(after, _AT_ONCE):
                if time.monotonic() >= deadline or run._is_cancelled():
                    finished = False
                    break
                kept = self.env["sync.mail.incoming"]
                for waiting in found:
                    if self._concerns_us(waiting):
                        kept |= self._fetch_whole(box, waiting, run)
                after = found[-1].uid
                self.imap_uid = str(after)
                run._count(fetched=len(kept))
                # Kept first: what is flagged is never lost.
                self.env.cr.commit()
                self._read_kept()
            self._flag(box)
        self._tell_overdue()
        return finished

    def _begin_reading(self, box: Mailbox) -> int:
        """The number after which the mailbox is read. A box that was never read begins with what comes from now on,
        unless messages have left already whose receipts may lie in it."""
        known = int(self.imap_validity or 0), int(self.imap_uid or 0)
        start = next_uids(*known, box)
        after = start.after
        if not known[0] and box.uid_next and not self._has_sent():
            after = box.uid_next - 1
        self.write({"imap_validity": str(start.uid_validity), "imap_uid": str(after)})
        self.env.cr.commit()
        return after

    def _has_sent(self) -> bool:
        return bool(
            self.env["sync.mail.message"].search_count([("account_id", "=", self.id), ("tries", ">", 0)], limit=1)
        )

    def _concerns_us(self, waiting: Waiting) -> bool:
        """Whether a message is a receipt of one of ours, from its headers. All else in a mailbox is private."""
        if "X-Ricevuta" not in waiting.headers:
            return False
        reference = waiting.headers.get("X-Riferimento-Message-ID", "")
        return bool(self.env["sync.mail.message"]._by_message_id(self, reference))

    def _fetch_whole(self, box: Mailbox, waiting: Waiting, run):
        """Keep one message; one that is too large is set aside with what is known of it."""
        Incoming = self.env["sync.mail.incoming"]
        place = {"uid": str(waiting.uid), "uid_validity": str(box.uid_validity)}
        try:
            content = box.content(waiting.uid)
        except Fault as fault:
            if fault.provider_code != Trouble.MESSAGE_TOO_LARGE:
                raise
            kept = Incoming._keep(self, f"{box.uid_validity}/{waiting.uid}".encode(), **place)
            kept.content = False
            kept.subject = waiting.headers.get("Subject")
            kept._quarantine(self.env._("It has %s bytes, which is more than a receipt can have.", waiting.size))
            return kept
        return Incoming._keep(self, content, **place) if content is not None else Incoming.browse()

    def _flag(self, box: Mailbox) -> None:
        """Mark as read in the mailbox what was kept here and could be read."""
        kept = self.env["sync.mail.incoming"].search(
            [
                ("account_id", "=", self.id),
                ("flagged", "=", False),
                ("state", "!=", "quarantine"),
                ("uid_validity", "=", str(box.uid_validity)),
            ]
        )
        if kept:
            box.flag_seen(int(message.uid) for message in kept)
            kept.flagged = True
            self.env.cr.commit()

    def _read_kept(self) -> None:
        for message in self.env["sync.mail.incoming"].search(
            [("account_id", "=", self.id), ("state", "=", "new")], order="id"
        ):
            # A defect of ours must not keep the others from being read: it stays new, and is tried again.
            with on_its_own(message):
                message._read_in()
            self.env.cr.commit()
