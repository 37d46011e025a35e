# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.account_move_send_checks import YIELDING


class AccountMoveSendBatchWizard(models.TransientModel):
    _inherit = "account.move.send.batch.wizard"

    sync_company_id = fields.Many2one("res.company", string="Company", compute="_compute_sync_company")
    sync_copy_to = fields.Char(
        string="Copy to",
        compute="_compute_sync_from_account",
        store=True,
        readonly=False,
        help="For this sending only.",
    )
    sync_all_to = fields.Char(
        string="All to",
        compute="_compute_sync_from_account",
        store=True,
        readonly=False,
        help="One message with all documents of this sending. For this sending only.",
    )
    sync_accountant_to = fields.Char(
        string="Accountant",
        compute="_compute_sync_from_account",
        store=True,
        readonly=False,
        help="For this sending only.",
    )
    sync_override = fields.Boolean(string="Send anyway", help="Also where an address does not fit the kind of mail.")
    sync_can_override = fields.Boolean(string="Can be sent anyway", compute="_compute_sync_can_override")

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
        for wizard in self:
            company = wizard.sync_company_id
            values = self.env["sync.mail.session"]._values_for(company) if company else {}
            wizard.sync_copy_to = values.get("copy_to")
            wizard.sync_all_to = values.get("all_to")
            wizard.sync_accountant_to = values.get("accountant_to")

    @api.depends("alerts", "sync_override")
    def _compute_sync_can_override(self):
        for wizard in self:
            yields = any(key.startswith(YIELDING) for key in wizard.alerts or ())
            wizard.sync_can_override = yields or wizard.sync_override

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
                session = self.env["sync.mail.session"]._begin(company, moves, **self._sync_typed(company))
                if session:
                    kept = {"sync_session_id": session.id, "sync_override": self.sync_override}
                    # Core has written the same to all of them.
                    moves.sending_data = {**moves[0].sending_data, **kept}
        return result

    def _sync_typed(self, company) -> dict:
        if company != self.sync_company_id:
            return {}
        return {
            "copy_to": self.sync_copy_to,
            "all_to": self.sync_all_to,
            "accountant_to": self.sync_accountant_to,
        }
