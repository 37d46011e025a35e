# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, date, datetime, timedelta

from odoo import Command, api, fields, models
from odoo.addons.sync_hub.models.ir_mail_server import ORDINARY_SERVERS_ONLY
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import consteq
from odoo.tools.translate import LazyTranslate

from ..access import Flaw, Grant, LinkError, new_nonce, open_signed, sign
from ..archive import Archive, Wording, archive_name

_lt = LazyTranslate(__name__)

ARCHIVE_PATH = "/my/companies/archive"
# Mails to one accountant in 24 hours: whoever may have documents sent must not fill mailboxes.
_MOST_A_DAY = 30
# So long a link that has expired can still be explained.
_KEPT = timedelta(days=30)
# The words of the table in the archive, as ``archive.TEXTS`` has them.
WORDS = {
    "kind": _lt("Kind"),
    "number": _lt("Number"),
    "date": _lt("Date"),
    "partner": _lt("Partner"),
    "vat": _lt("Tax ID"),
    "currency": _lt("Currency"),
    "untaxed": _lt("Untaxed"),
    "tax": _lt("Tax"),
    "total": _lt("Total"),
    "file": _lt("File"),
    "role": _lt("Contents"),
    "size": _lt("Size (bytes)"),
    "sha256": _lt("SHA-256"),
    "kind:out_invoice": _lt("Customer invoices"),
    "kind:out_refund": _lt("Customer credit notes"),
    "kind:out_receipt": _lt("Sales receipts"),
    "kind:in_invoice": _lt("Vendor bills"),
    "kind:in_refund": _lt("Vendor credit notes"),
    "kind:in_receipt": _lt("Purchase receipts"),
    "role:pdf": _lt("PDF"),
    "role:xml": _lt("XML"),
    "role:receipt": _lt("Receipt"),
    "role:other": _lt("Other"),
    "missing": _lt("missing"),
    "no_file": _lt("no file"),
}


class SyncPortalArchive(models.Model):
    """Documents that were sent to one accountant by e-mail: as a file, or as a link that expires.

    The link opens the very documents that were chosen, for that accountant only, as long as he or she may see the
    company.
    """

    _name = "sync.portal.archive"
    _description = "Documents Sent to an Accountant"
    _inherit = ["sync.company.mixin"]
    _order = "id desc"
    _rec_name = "user_id"

    portal_company_id = fields.Many2one(
        "sync.portal.company",
        string="Company on the Site",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="portal_company_id.company_id", store=True, index=True)
    user_id = fields.Many2one("res.users", string="For", required=True, readonly=True, index=True, ondelete="cascade")
    document_ids = fields.Many2many("sync.portal.document", string="Documents", readonly=True)
    first_date = fields.Date(string="From Date", readonly=True)
    last_date = fields.Date(string="To Date", readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    attached = fields.Boolean(readonly=True, help="The archive itself was in the mail.")
    nonce = fields.Char(required=True, readonly=True, groups=NO_ACCESS, default=lambda self: new_nonce())
    expires_at = fields.Datetime(string="Expires", required=True, readonly=True)
    revoked = fields.Boolean(readonly=True)
    use_count = fields.Integer(string="Downloads", readonly=True)

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_revoke(self):
        """Button: let the link open nothing any more."""
        self.check_access("write")
        # The fields are the site's own; who may revoke was looked at.
        self.sudo().revoked = True
        return True

    # -- Making --------------------------------------------------------------------------------------------------------

    @api.model
    def _send(self, company, documents, user) -> "SyncPortalArchive":
        """Send documents to the accountant who asks for them: in the mail, or as a link when they are too large for
        one.

        :param documents: those that the user may see
        :raises MailDeliveryException: when the mail does not leave; then nothing is marked as transferred
        :raises UserError: when the accountant has had too many of them
        """
        self._check_number(user)
        # The site writes down what it sends; the user was let through to the documents before.
        source = company.sudo().source_id
        size = documents._size()
        dates = documents.mapped("date")
        archive = self.sudo().create(
            {
                "portal_company_id": company.id,
                "user_id": user.id,
                "document_ids": [Command.set(documents.ids)],
                "first_date": min(dates),
                "last_date": max(dates),
                "size": size,
                "attached": size <= source.attach_up_to * 1_000_000,
                "expires_at": fields.Datetime.now() + timedelta(days=source.link_days),
            }
        )
        # The address of whoever has asked for the mail.
        values = {"email_to": user.sudo().email_formatted}
        packed = None
        if archive.attached:
            packed = Archive(documents._archived(), self._wording(user))
            file = {
                "name": self._archive_name(company, archive.first_date, archive.last_date),
                "raw": b"".join(packed.pieces()),
                # It goes with the mail.
                "res_model": "mail.message",
            }
            values["attachment_ids"] = [Command.create(file)]
        template = self.env.ref("sync_hub_portal.mail_template_archive").sudo()
        template.with_context(lang=user.sudo().lang, **{ORDINARY_SERVERS_ONLY: True}).send_mail(
            archive.id, force_send=True, raise_exception=True, email_values=values
        )
        if packed:
            archive._taken_over(packed, user)
        return archive

    @api.model
    def _check_number(self, user) -> None:
        yesterday = fields.Datetime.now() - timedelta(days=1)
        # Of the one who asks, counted for the site.
        sent = self.sudo().search_count([("user_id", "=", user.id), ("create_date", ">", yesterday)])
        if sent >= _MOST_A_DAY:
            raise UserError(
                self.env._("You have had documents sent to you %s times in 24 hours. Download them here instead.", sent)
            )

    @api.model
    def _archive_name(self, company, first: date, last: date) -> str:
        """What the archive of a company's documents is called."""
        return archive_name(company.name, first, last)

    @api.model
    def _wording(self, user) -> Wording:
        """The words, and the decimal mark, of a user's language."""
        # A user's own language.
        localized = self.with_context(lang=user.sudo().lang or "en_US")
        texts = {key: localized.env._(text) for key, text in WORDS.items()}
        language = self.env["res.lang"]._get_data(code=localized.env.lang)
        return Wording(texts, language.decimal_point or ".")

    @api.model
    def _taken_over(self, packed: Archive, user) -> None:
        """An archive has reached an accountant: whatever is complete in it is transferred."""
        # The mark, and what the company reads of it, are the site's.
        documents = self.env["sync.portal.document"].sudo().browse(int(key) for key in packed.complete)
        documents._mark_transferred(user)
        for company, taken in documents.grouped("portal_company_id").items():
            company.message_post(
                body=company.env._("Documents downloaded: %(count)s.", count=len(taken)),
                author_id=user.sudo().partner_id.id,
                subtype_xmlid="mail.mt_note",
            )

    # -- The link
    # --------------------------------------------------------------------------------------------------------

    def _url(self) -> str:
        """The address that opens it."""
        self.ensure_one()
        grant = Grant(self.id, self.user_id.id, self.expires_at.replace(tzinfo=UTC), self.sudo().nonce)
        return f"{self.get_base_url()}{ARCHIVE_PATH}/{sign(grant, self._link_key())}"

    @api.model
    def _link_key(self) -> bytes:
        # A secret of the database that never leaves it; what is signed with it names its purpose.
        return self.env["ir.config_parameter"].sudo().get_param("database.secret").encode()

    @api.model
    def _opened_by(self, token: str) -> "SyncPortalArchive":
        """The archive that a link opens, as the accountant for whom it was made.

        :raises LinkError: when it opens nothing
        """
        grant = open_signed(token, self._link_key(), datetime.now(UTC))
        # Whoever holds a link that was signed here may have what it was signed for, and nothing else.
        archive = self.sudo().search([("id", "=", grant.subject), ("user_id", "=", grant.holder)])
        if not archive or archive.revoked or not archive.user_id.active or not consteq(archive.nonce, grant.nonce):
            raise LinkError(Flaw.FORGED)
        return archive

    @api.autovacuum
    def _gc_expired(self):
        self.search([("expires_at", "<", fields.Datetime.now() - _KEPT)]).unlink()

    # -- The letter
    # ------------------------------------------------------------------------------------------------------

    def _letter(self):
        """The mail in which it is, or in which the link is."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "sync_hub_portal.archive_letter", {"archive": self, "megabytes": megabytes(self.size)}
        )

    def _subject(self) -> str:
        self.ensure_one()
        return self.env._("Documents of %s", self.portal_company_id.name)


def megabytes(size: int) -> float:
    """Bytes as people read them; not even a small file is none."""
    return max(round(size / 1_000_000, 1), 0.1)
