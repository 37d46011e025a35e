# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo import models
from odoo.addons.sync_hub_mail.pec import IncomingKind, Letter, PecError, classify, read_letter
from odoo.addons.sync_hub_mail.sdi import (
    NotificationFile,
    NotificationKind,
    SdiError,
    is_sdi_address,
    parse_notification_name,
)

# What says nothing of a file that we sent: metadata come with invoices of suppliers, the others are for them.
_NOT_OURS = (
    NotificationKind.METADATA,
    NotificationKind.CUSTOMER_OUTCOME,
    NotificationKind.CUSTOMER_OUTCOME_REJECTION,
)
_ADDRESSES = re.compile(r"[^\s<>\"':;,]+@[^\s<>\"':;,]+")


class SyncMailAccount(models.Model):
    """What the SdI answers: which letters are for us, and the address that it assigns."""

    _inherit = "sync.mail.account"

    def _concerns_us(self, waiting):
        """Override of ``sync_hub_mail``: certified messages of the SdI, where files were sent to it."""
        return super()._concerns_us(waiting) or (self._has_sdi_files() and _is_from_the_sdi(waiting.headers))

    def _has_sdi_files(self) -> bool:
        return bool(self.env["sync.mail.sdi.file"].search_count([("account_id", "=", self.id)], limit=1))

    def _speaks_of_others(self, content: bytes) -> bool:
        """Whether a letter of the SdI says nothing of files that left by this account, such as one that brings an
        invoice of a supplier: it is for a person, and stays unread in the mailbox."""
        try:
            incoming = classify(content)
            if incoming.kind is not IncomingKind.CERTIFIED or not is_sdi_address(incoming.sender):
                return False
            return not self._sdi_notifications(read_letter(incoming.original or b""))
        except PecError:
            # What cannot be read is set aside, where somebody finds it.
            return False

    def _sdi_notifications(self, letter: Letter) -> list:
        """Attachments of a letter that speak of files of this account: (file, attachment)."""
        found = []
        for attachment in letter.attachments:
            name = _notification_name(attachment.name)
            file = name and self.env["sync.mail.sdi.file"]._by_notification(self, name)
            if file:
                found.append((file, attachment))
        return found

    # -- The address ---------------------------------------------------------------------------------------------------

    def _learn_sdi_address(self, address: str) -> None:
        """Remember from where the SdI answers, until somebody confirms it."""
        self.ensure_one()
        address = address.strip().lower()
        if not is_sdi_address(address) or address in (self.sdi_address, self.sdi_learned_address):
            return
        self.sdi_learned_address = address
        localized = self.with_context(lang=self._message_language())
        self.activity_schedule(
            "sync_hub_mail_it.activity_confirm_address",
            user_id=self.user_id.id or self.env.uid,
            note=localized.env._(
                "The SdI answered from %s. Confirm the address in the mail account: files go there from then on.",
                address,
            ),
        )

    def action_confirm_sdi_address(self):
        """Button: files go from now on to the address from which the SdI answered."""
        self.ensure_one()
        self.check_access("write")
        if self.sdi_learned_address:
            self.sdi_address = self.sdi_learned_address
        return True

    def _sdi_readdress(self) -> None:
        """What waits for its departure to the SdI goes to its address; what waited for the address does no longer."""
        for account in self:
            account.sdi_learned_address = False
            account.activity_feedback(["sync_hub_mail_it.activity_confirm_address"])
            # Whoever may change the account may change what follows from it.
            waiting = (
                self.env["sync.mail.message"]
                .sudo()
                .search([("account_id", "=", account.id), ("role", "=", "sdi"), ("state", "=", "queued")], order="id")
            )
            for message in waiting.try_lock_for_update():
                message._readdress(account.sdi_address)
            account._ask_to_send()

    def _sdi_next_first(self) -> None:
        """The first file did not reach the SdI: the next one asks for the address."""
        for account in self:
            if account.sdi_address or account.sdi_learned_address or account.sdi_first_id._asks_the_sdi():
                continue
            following = self.env["sync.mail.message"].search(
                [("account_id", "=", account.id), ("state", "=", "queued"), ("sdi_held", "=", True)],
                order="id",
                limit=1,
            )
            if following:
                following.sdi_held = False
                account.sdi_first_id = following
                account._ask_to_send()


def _is_from_the_sdi(headers) -> bool:
    """From the headers of a message, whether a provider certifies that the SdI wrote it (RFC 6109, 3.1.3: "Per conto
    di: ..." names the sender)."""
    if headers.get("X-Trasporto", "").strip().lower() != "posta-certificata":
        return False
    return any(is_sdi_address(address) for address in _ADDRESSES.findall(headers.get("From", "")))


def _notification_name(name: str) -> NotificationFile | None:
    try:
        found = parse_notification_name(name)
    except SdiError:
        return None
    return None if found.kind in _NOT_OURS else found
