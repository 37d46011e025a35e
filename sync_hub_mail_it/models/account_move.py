# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.sync_hub_mail.sdi import SdiState, Standing

from .sdi_texts import message_text
from .sync_mail_sdi_notification import rejection_lines

# What Odoo calls a state of a file.
_STATES = {
    SdiState.REJECTED: "rejected",
    SdiState.DELIVERED: "forwarded",
    SdiState.UNDELIVERABLE: "forward_failed",
    SdiState.TERM_PASSED: "accepted_by_pa_partner_after_expiry",
    SdiState.ACCEPTED: "accepted_by_pa_partner",
    SdiState.REFUSED: "rejected_by_pa_partner",
}
_LEFT = ("sent", "accepted", "delivered")
_WAITING = ("queued", "sending", "unknown")


class AccountMove(models.Model):
    """Where an invoice stands that goes to the SdI by certified mail: told as if it had gone through Odoo's service."""

    _inherit = "account.move"

    sync_sdi_file_ids = fields.One2many(
        "sync.mail.sdi.file", "move_id", string="FatturaPA Files", readonly=True, copy=False
    )
    sync_sdi_notification_ids = fields.One2many(
        "sync.mail.sdi.notification", "move_id", string="Notifications of the SdI", readonly=True, copy=False
    )
    sync_sdi_can_send_again = fields.Boolean(compute="_compute_sync_sdi_can_send_again")

    @api.depends("state", "l10n_it_edi_state", "sync_sdi_file_ids.state")
    def _compute_sync_sdi_can_send_again(self):
        for move in self:
            move.sync_sdi_can_send_again = (
                move.state == "posted"
                and move.l10n_it_edi_state == "rejected"
                and move._sync_sdi_file().state == SdiState.REJECTED
            )

    @api.depends("company_id")
    def _compute_l10n_it_edi_button_label(self):
        """Override of ``l10n_it_edi``: by certified mail nothing is a demonstration."""
        result = super()._compute_l10n_it_edi_button_label()
        for company, moves in self.grouped("company_id").items():
            if company and self.env["sync.mail.account"]._sdi_account_of(company):
                moves.l10n_it_edi_button_label = self.env._("Send")
        return result

    def _sync_sdi_file(self):
        """The newest file of the invoice: the one that counts."""
        return self.sync_sdi_file_ids.sorted("id")[-1:]

    def _sync_is_at_sdi(self) -> bool:
        """Whether it went to the SdI by certified mail, not through Odoo's service."""
        file = self._sync_sdi_file()
        return bool(file) and self.l10n_it_edi_transaction == file.name

    # -- Following -----------------------------------------------------------------------------------------------------

    def _sync_follow_sdi(self, file, found: Standing) -> Markup:
        """Take the state of its file, as ``_l10n_it_edi_write_send_state`` does of a notification of Odoo's service.
        That one commits, which whoever reads a mailbox does itself.

        :return: what changed, in words; empty when nothing did
        """
        self.ensure_one()
        # Whoever reads the mailbox, or sends, moves the invoice of the same company.
        move = self.sudo().with_context(lang=file.account_id._message_language())
        before, state = move.l10n_it_edi_state, move._sync_sdi_state(file, found)
        words = move._sync_sdi_words(file, found, state)
        move.write(
            {
                "l10n_it_edi_state": state,
                # Set, it keeps the invoice from being changed.
                "l10n_it_edi_transaction": file.name if state and state != "rejected" else False,
                "l10n_it_edi_header": words or False,
            }
        )
        if state == "rejected" and move.l10n_it_edi_attachment_name == file.name:
            # A new one is made under a new name; this one stays in the history.
            move.l10n_it_edi_attachment_file = False
        return words if state != before else Markup()

    def _sync_sdi_state(self, file, found: Standing):
        """Odoo's name of the state; False before anything is on its way."""
        if found.state is SdiState.NOT_DELIVERED:
            # To an administration the SdI tries again; others find it in their reserved area.
            public = self.commercial_partner_id._l10n_it_edi_is_public_administration()
            return "forward_attempt" if public else "forward_failed"
        if found.state in _STATES:
            return _STATES[found.state]
        states = set(file.message_ids.filtered(lambda message: not message.superseded).mapped("state"))
        if states & set(_LEFT):
            return "processing"
        return "being_sent" if states & set(_WAITING) else False

    def _sync_sdi_words(self, file, found: Standing, state) -> Markup:
        message = file.message_ids.filtered(lambda one: not one.superseded)[:1]
        if state == "being_sent":
            held = message_text(self.env, message)
            return Markup("%s %s") % (
                self.env._(
                    "The e-invoice file %(file)s leaves by certified mail from %(account)s to the SdI.",
                    file=file.name,
                    account=file.account_id.email,
                ),
                held.sentence if held else "",
            )
        if not state:
            return Markup("%s %s") % (
                self.env._("The e-invoice file %s did not reach the SdI.", file.name),
                message.with_env(self.env).explanation or "",
            )
        told = self._l10n_it_edi_get_message(
            {
                "l10n_it_edi_state": state,
                "filename": file.name,
                "errors": list(
                    zip(
                        [one.code for one in found.rejections], rejection_lines(self.env, found.rejections), strict=True
                    )
                ),
            }
        )
        return Markup("%s") % told if told else Markup()

    # -- Odoo's own service is not asked -------------------------------------------------------------------------------

    def _l10n_it_edi_update_send_state(self):
        """Override of ``l10n_it_edi``: what left by certified mail is told by certified mail."""
        others = self.filtered(lambda move: not move._sync_is_at_sdi())
        return super(AccountMove, others)._l10n_it_edi_update_send_state() if others else None

    def action_check_l10n_it_edi(self):
        """Override of ``l10n_it_edi``: look into the mailbox."""
        self.ensure_one()
        if self._sync_is_at_sdi():
            return self._sync_sdi_file().account_id.action_sync_now()
        return super().action_check_l10n_it_edi()
