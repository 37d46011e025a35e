# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import base64

from markupsafe import Markup
from odoo import models
from odoo.exceptions import LockError, UserError


class AccountMove(models.Model):
    """How an invoice goes to the SdI by certified mail."""

    _inherit = "account.move"

    def _sync_sdi_account(self):
        """The account by which it goes to the SdI; none where Odoo's service does."""
        self.ensure_one()
        return self.env["sync.mail.account"]._sdi_account_of(self.company_id)

    def _l10n_it_edi_generate_filename(self):
        """Override of ``l10n_it_edi``: names of files that go by certified mail come from numbers of their own."""
        self.ensure_one()
        if self._sync_sdi_account():
            return self.company_id._sync_next_sdi_name()
        return super()._l10n_it_edi_generate_filename()

    def _l10n_it_edi_send(self, attachments_vals):
        """Override of ``l10n_it_edi``: invoices of a company that sends by certified mail do."""
        by_mail = self.filtered(lambda move: move._sync_sdi_account())
        others = self - by_mail
        results = super(AccountMove, others)._l10n_it_edi_send(attachments_vals) if others else {}
        try:
            by_mail.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(self.env._("This document is being sent by another process already.")) from None
        for move in by_mail:
            values = attachments_vals[move]
            try:
                with self.env.cr.savepoint():
                    move._sync_send_to_sdi(values["name"], values["raw"])
            except UserError as error:
                results[values["name"]] = {"error_message": str(error)}
                move.l10n_it_edi_header = Markup("%s") % str(error)
            else:
                results[values["name"]] = {"id_transaction": values["name"]}
        return results

    def _sync_send_to_sdi(self, name: str, content: bytes) -> None:
        """Let a file of this invoice wait for its departure to the SdI.

        :raises UserError: when it must not leave
        """
        self.ensure_one()
        account = self._sync_sdi_account()
        if account.state == "closed":
            raise UserError(
                self.env._("Nothing was sent to the SdI: the mail account “%s” is disconnected.", account.display_name)
            )
        # Users who send invoices need not be able to write files.
        files = self.env["sync.mail.sdi.file"].sudo()
        file = self.sudo()._sync_sdi_file()
        if file and file._is_under_way():
            raise UserError(
                self.env._("This invoice is at the SdI or on its way to it already, as the file %s.", file.name)
            )
        if not file or not file._may_leave_again(name, content):
            file = files._reserve(account, self, name, content)
        message = file._send()
        if message.state == "refused":
            raise UserError(f"{message.explanation} {message.remedy}".strip())
        change = file._follow()
        if change:
            # What the exchange system has said, in the name of the system.
            self.sudo().message_post(body=change, subtype_xmlid="mail.mt_note")

    def action_l10n_it_edi_send(self):
        """Override of ``l10n_it_edi``: what could not be sent is not called sent."""
        result = super().action_l10n_it_edi_send()
        if self._sync_sdi_account() and not self.l10n_it_edi_state:
            self.is_move_sent = False
        return result

    def action_sync_sdi_send_again(self):
        """Button: after a rejection, send the invoice to the SdI under a new file name."""
        self.ensure_one()
        self.check_access("write")
        if not self.sync_sdi_can_send_again:
            raise UserError(self.env._("Only an invoice whose file the SdI rejected is sent again."))
        if not self._sync_sdi_account():
            raise UserError(self.env._("No mail account of this company sends to the SdI any more."))
        if errors := self._l10n_it_edi_export_data_check():
            raise UserError("\n".join(error["message"] for error in errors.values()))
        values = self._l10n_it_edi_get_attachment_values(pdf_values=self._sync_pdf_values())
        self.l10n_it_edi_attachment_file = base64.b64encode(values["raw"])
        self.l10n_it_edi_attachment_name = values["name"]
        result = self._l10n_it_edi_send({self: values})[values["name"]]
        if "error_message" in result:
            raise UserError(result["error_message"])
        return True

    def _sync_pdf_values(self) -> dict | None:
        """The invoice's PDF as it goes into the file, None when there is none."""
        pdf = self.invoice_pdf_report_id
        return {"name": pdf.name, "raw": pdf.raw} if pdf else None
