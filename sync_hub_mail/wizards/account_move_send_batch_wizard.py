# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class AccountMoveSendBatchWizard(models.TransientModel):
    _name = "account.move.send.batch.wizard"
    _inherit = ["account.move.send.batch.wizard", "sync.mail.send.mixin"]
    _sync_company_field = "sync_company_id"

    sync_company_id = fields.Many2one("res.company", string="Company", compute="_compute_sync_company")

    @api.depends("move_ids")
    def _compute_sync_company(self):
        """The company whose mail account these documents leave by; none for those of several companies."""
        for wizard in self:
            company = wizard.move_ids.company_id
            values = self.env["sync.mail.session"]._values_for(company) if len(company) == 1 else {}
            has_account = values and (values["account_id"] or values["pec_account_id"])
            wizard.sync_company_id = company if has_account else False

    @api.depends("move_ids")
    def _compute_sync_from_account(self):
        """Override of ``sync.mail.send.mixin``."""
        return super()._compute_sync_from_account()

    @api.depends("sync_override")
    def _compute_alerts(self):
        """Override of ``account``: the tick takes warnings away."""
        return super()._compute_alerts()

    def _get_alerts(self, moves, moves_data):
        """Override of ``account``: with what is typed here."""
        if len(self) == 1:
            moves_data = {move: {**data, "sync_override": self.sync_override} for move, data in moves_data.items()}
        return super()._get_alerts(moves, moves_data)

    def action_send_and_print(self, force_synchronous=False, allow_fallback_pdf=False):
        """Override of ``account``: the documents of each company are one sending."""
        result = super().action_send_and_print(
            force_synchronous=force_synchronous, allow_fallback_pdf=allow_fallback_pdf
        )
        if not force_synchronous:
            for company, moves in self.move_ids.grouped("company_id").items():
                # What was typed is for the company whose account the dialog shows.
                typed = self._sync_typed() if company == self.sync_company_id else {}
                session = self.env["sync.mail.session"]._begin(company, moves, **typed)
                if session:
                    kept = {"sync_session_id": session.id, "sync_override": self.sync_override}
                    # Core has written the same to all of them.
                    moves.sending_data = {**moves[0].sending_data, **kept}
        return result
