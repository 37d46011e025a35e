# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.sync_hub_mail.models.draft import Draft
from odoo.addons.sync_hub_mail.sdi import SdiError, SdiState, Standing, parse_invoice_name, standing
from odoo.addons.sync_hub_mail.sending import Attachment
from odoo.exceptions import UserError

# In the order of ``SdiState``, whose values they are.
STATES = [
    (SdiState.SENT.value, "No answer yet"),
    (SdiState.REJECTED.value, "Rejected by the SdI"),
    (SdiState.NOT_DELIVERED.value, "Not delivered yet"),
    (SdiState.DELIVERED.value, "Delivered"),
    (SdiState.UNDELIVERABLE.value, "Cannot be delivered"),
    (SdiState.TERM_PASSED.value, "Not answered in time"),
    (SdiState.ACCEPTED.value, "Accepted by the customer"),
    (SdiState.REFUSED.value, "Refused by the customer"),
]
# A message that never reached the SdI, so that its file may leave again.
_FAILED = ("refused", "not_delivered", "cancelled")


class SyncMailSdiFile(models.Model):
    """A file that goes to the SdI by certified mail, once under its name, and what the SdI says of it."""

    _name = "sync.mail.sdi.file"
    _description = "FatturaPA File"
    _inherit = ["sync.company.mixin"]
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    # As notifications repeat it: without extension, in small letters.
    stem = fields.Char(required=True, readonly=True)
    account_id = fields.Many2one("sync.mail.account", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    move_id = fields.Many2one("account.move", required=True, readonly=True, index=True, ondelete="restrict")
    content = fields.Binary(attachment=True, required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True, default=SdiState.SENT.value, index=True)
    sdi_identifier = fields.Char(string="Number at the SdI", readonly=True)
    message_ids = fields.One2many("sync.mail.message", "sdi_file_id", string="Messages", readonly=True)
    notification_ids = fields.One2many("sync.mail.sdi.notification", "file_id", string="Notifications", readonly=True)

    _stem_unique = models.Constraint("UNIQUE (stem)", "A file of this name was sent already: no name is used twice.")

    # -- Names ---------------------------------------------------------------------------------------------------------

    @api.model
    def _is_taken(self, name: str) -> bool:
        """Whether a file of that name was made before, by this channel or another."""
        # Names of all companies count: two of them may have the same tax identifier.
        everywhere = self.env["account.move"].sudo().with_context(active_test=False)
        return bool(
            self.sudo().search_count([("stem", "=", _stem(name))], limit=1)
            or everywhere.search_count([("l10n_it_edi_attachment_name", "=ilike", name.replace("_", r"\_"))], limit=1)
        )

    @api.model
    def _reserve(self, account, move, name: str, content: bytes):
        """A new file of an invoice.

        :raises UserError: when its name is none, or another file has it
        """
        try:
            stem = _stem(name)
        except SdiError as error:
            raise UserError(self.env._("The SdI does not take a file of the name “%s”.", name)) from error
        # Also of companies that the user does not see.
        other = self.sudo().search([("stem", "=", stem)], limit=1)
        if other:
            raise UserError(
                self.env._(
                    "The file %(name)s was sent already, with %(document)s: the SdI would reject it. Send the invoice "
                    "under a new file name.",
                    name=name,
                    document=other.move_id.display_name,
                )
            )
        return self.create(
            {
                "name": name,
                "stem": stem,
                "account_id": account.id,
                "move_id": move.id,
                "content": base64.b64encode(content),
            }
        )

    @api.model
    def _by_notification(self, account, notification_name):
        """The file of an account that a notification speaks of, from its parsed name."""
        return self.search([("account_id", "=", account.id), ("stem", "=", notification_name.stem.casefold())], limit=1)

    # -- Sending -------------------------------------------------------------------------------------------------------

    def _is_current(self) -> bool:
        """Whether no newer file of the same invoice took its place."""
        return self == self.move_id.sync_sdi_file_ids.sorted("id")[-1:]

    def _is_under_way(self) -> bool:
        """Whether it is at the SdI, or may get there: then the invoice must not be sent once more."""
        self.ensure_one()
        if self.notification_ids:
            return self.state != SdiState.REJECTED
        return any(message.state not in _FAILED and not message.superseded for message in self.message_ids)

    def _may_leave_again(self, name: str, content: bytes) -> bool:
        """Whether it is that file, and the SdI has never seen it."""
        return self.name == name and not self.notification_ids and base64.b64decode(self.content) == content

    def _send(self):
        """Let the file wait for its departure; other messages of the invoice to the SdI do not count any more."""
        self.ensure_one()
        before = self.move_id.sync_sdi_file_ids.message_ids
        before.superseded = True
        recipient, held = self.account_id._sdi_recipient()
        message = self.env["sync.mail.message"]._enqueue(
            self.account_id,
            self._draft(),
            recipient,
            document=self.move_id,
            role="sdi",
            sdi_file_id=self.id,
            sdi_held=held,
            partner_id=self.move_id.commercial_partner_id.id,
            again_of_id=before.filtered(lambda one: one.sdi_file_id == self)[:1].id,
        )
        if not held and not self.account_id.sdi_address:
            # Whoever writes this at the same time is told to begin anew, so that one file goes first.
            self.account_id.sdi_first_id = message
        self.account_id._ask_to_send()
        return message

    def _draft(self) -> Draft:
        self.ensure_one()
        return Draft(
            subject=self.name,
            html=str(Markup("<p>%s</p>") % f"FatturaPA: {self.name}"),
            attachments=(Attachment(self.name, base64.b64decode(self.content), "application/xml"),),
        )

    # -- What became of it ---------------------------------------------------------------------------------------------

    def _standing(self) -> Standing:
        self.ensure_one()
        return standing(notification._read() for notification in self.notification_ids)

    def _follow(self) -> Markup:
        """Take the state that messages and notifications prove together, whatever their order; the invoice follows.

        :return: what changed for the invoice, in the words of Odoo; empty when nothing did
        """
        self.ensure_one()
        found = self._standing()
        self.write({"state": found.state.value, "sdi_identifier": found.sdi_identifier})
        self.message_ids.filtered(lambda message: not message.superseded)._follow_sdi(found.state)
        return self.move_id._sync_follow_sdi(self, found) if self._is_current() else Markup()


def _stem(name: str) -> str:
    """:raises SdiError: when the SdI would not take the name"""
    return parse_invoice_name(name).stem.casefold()
