# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64
from datetime import UTC

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.sync_hub_mail.sdi import Notification, SdiError, read_notification

from .sdi_hints import hint

KINDS = [
    ("NS", "Rejected (NS)"),
    ("RC", "Delivered (RC)"),
    ("MC", "Not delivered (MC)"),
    ("NE", "Answer of the customer (NE)"),
    ("DT", "Not answered in time (DT)"),
    ("AT", "Sent, but undeliverable (AT)"),
]


class SyncMailSdiNotification(models.Model):
    """What the SdI said of a file, as it came."""

    _name = "sync.mail.sdi.notification"
    _description = "Notification of the SdI"
    _inherit = ["sync.company.mixin"]
    _order = "moment desc, id desc"

    name = fields.Char(string="Notification", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    file_id = fields.Many2one("sync.mail.sdi.file", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    move_id = fields.Many2one(related="file_id.move_id", store=True, index=True)
    incoming_id = fields.Many2one(
        "sync.mail.incoming", string="Message as received", required=True, readonly=True, ondelete="restrict"
    )
    moment = fields.Datetime(string="Date", readonly=True)
    sdi_identifier = fields.Char(string="Number at the SdI", readonly=True)
    outcome = fields.Selection(
        [("EC01", "Accepted (EC01)"), ("EC02", "Refused (EC02)")], string="Answer", readonly=True
    )
    codes = fields.Char(readonly=True, help="Why the SdI rejected the file.")
    words = fields.Char(readonly=True, help="What came with a refusal or a failed delivery.")
    content = fields.Binary(attachment=True, required=True, readonly=True)

    _name_unique = models.UniqueIndex("(lower(name))", "This notification was taken in already.")

    @api.model
    def _take(self, file, incoming, name: str, content: bytes):
        """Keep a notification about a file and follow it, once.

        :raises SdiError: when it cannot be read, or another one of that name came before
        """
        said = read_notification(name, content)
        known = self.search([("name", "=ilike", name.replace("_", r"\_"))], limit=1)
        if known:
            if base64.b64decode(known.content) != content:
                raise SdiError(f"Another notification of the name “{name[:80]}” came before.")
            return known
        taken = self.create(
            {
                "name": name,
                "kind": said.kind.value,
                "file_id": file.id,
                "incoming_id": incoming.id,
                "moment": _naive(said) or incoming.moment or fields.Datetime.now(),
                "sdi_identifier": said.sdi_identifier,
                "outcome": said.outcome and said.outcome.value,
                "codes": ", ".join(rejection.code for rejection in said.rejections) or False,
                "words": said.description or said.note or False,
                "content": base64.b64encode(content),
            }
        )
        taken._tell(said, file._follow())
        return taken

    def _read(self) -> Notification:
        self.ensure_one()
        return read_notification(self.name, base64.b64decode(self.content))

    def _tell(self, said: Notification, change: Markup) -> None:
        """Post on the invoice what the SdI said, with the notification itself."""
        self.ensure_one()
        account = self.file_id.account_id
        env = self.with_context(lang=account._message_language()).env
        title = dict(self._fields["kind"]._description_selection(env))[self.kind]
        heading = env._("SdI: %(title)s, file %(file)s", title=title, file=self.file_id.name)
        rows = [Markup("<strong>%s</strong>") % heading]
        rows += [Markup("%s") % line for line in rejection_lines(self.env, said.rejections)]
        if self.outcome:
            rows.append(dict(self._fields["outcome"]._description_selection(env))[self.outcome])
        if self.words:
            rows.append(Markup("<em>%s</em>") % self.words)
        if said.hash_matches is False:
            rows.append(env._("The file that came with the attestation is not the one that it attests."))
        # The invoice is the company's own, whoever reads the mailbox for it.
        self.move_id.sudo().with_context(no_document=True, disable_attachment_import=True).message_post(
            body=Markup("<br/>").join(rows) + (Markup("<div>%s</div>") % change if change else Markup()),
            attachments=[(self.name, base64.b64decode(self.content))],
            subtype_xmlid="mail.mt_note",
        )


def rejection_lines(env, rejections) -> list[str]:
    """Reasons of a rejection: code, the SdI's words, and what to do."""
    return [
        " ".join(part for part in (f"{one.code}:", one.description, one.suggestion, hint(env, one.code)) if part)
        for one in rejections
    ]


def _naive(said: Notification):
    moment = said.delivered_at or said.received_at
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0) if moment else None
