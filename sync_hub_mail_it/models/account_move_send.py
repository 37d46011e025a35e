# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """ "Send & Print" of companies that send to the SdI by certified mail."""

    _inherit = "account.move.send"

    @api.model
    def _sync_sdi_moves(self, moves_data) -> list:
        """Those that go to the SdI by certified mail."""
        return [
            move
            for move, data in moves_data.items()
            if "it_edi_send" in data["extra_edis"] and move._sync_sdi_account()
        ]

    @api.model
    def _get_alerts(self, moves, moves_data):
        """Override of ``l10n_it_edi``: nobody has to authorize Odoo's service where it is not used."""
        alerts = super()._get_alerts(moves, moves_data)
        by_mail = moves.browse([move.id for move in self._sync_sdi_moves(moves_data)])
        if not by_mail:
            return alerts
        if all(move._sync_sdi_account() for move in moves):
            alerts.pop("l10n_it_edi_invite_authorize", None)
        unsigned = by_mail.filtered(lambda move: move.commercial_partner_id._l10n_it_edi_is_public_administration())
        if unsigned:
            alerts["sync_hub_mail_it_unsigned"] = {
                "level": "warning",
                "message": self.env._(
                    "The SdI rejects files for the public administration that carry no signature, and certified mail "
                    "signs none: %s.",
                    ", ".join(unsigned.mapped("display_name")),
                ),
            }
        return alerts

    @api.model
    def _call_web_service_after_invoice_pdf_render(self, invoices_data):
        """Override of ``l10n_it_edi``: an invoice that was printed before has a PDF, but no file for the SdI yet."""
        for move in self._sync_sdi_moves(invoices_data):
            data = invoices_data[move]
            if not move.l10n_it_edi_attachment_file and not data.get("l10n_it_edi_values"):
                data["l10n_it_edi_values"] = move._l10n_it_edi_get_attachment_values(pdf_values=move._sync_pdf_values())
        return super()._call_web_service_after_invoice_pdf_render(invoices_data)

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """Override of ``sync_hub_mail``: a file belongs to the sending that it left with."""
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        for move in self._sync_sdi_moves(moves_data):
            session = self._session_of(moves_data[move])
            # Whoever sends the invoice need not see deliveries; they are only put to their sending.
            alone = move.sudo().sync_delivery_ids.filtered(lambda one: one.sdi_file_id and not one.session_id)
            alone.filtered(lambda one: not one.superseded).session_id = session
        return result
