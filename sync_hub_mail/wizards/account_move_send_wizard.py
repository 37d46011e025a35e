# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..models.account_move_send import OWN_METHODS


class AccountMoveSendWizard(models.TransientModel):
    _name = "account.move.send.wizard"
    _inherit = ["account.move.send.wizard", "sync.mail.send.mixin"]

    sync_has_account = fields.Boolean(compute="_compute_sync_has_account")
    sync_account_id = fields.Many2one(
        "sync.mail.account",
        string="Send from",
        compute="_compute_sync_from_account",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('kind', '=', 'ordinary')]",
    )
    sync_pec_to = fields.Char(string="PEC of the Recipient", compute="_compute_sync_pec_to", store=True, readonly=False)

    @api.depends("company_id")
    def _compute_sync_has_account(self):
        for wizard in self:
            values = self.env["sync.mail.session"]._values_for(wizard.company_id)
            wizard.sync_has_account = bool(values["account_id"] or values["pec_account_id"])

    @api.depends("move_id")
    def _compute_sync_from_account(self):
        """Override of ``sync.mail.send.mixin``: the account too can be chosen here."""
        for wizard in self:
            wizard.sync_account_id = self.env["sync.mail.session"]._values_for(wizard.company_id)["account_id"]
        return super()._compute_sync_from_account()

    @api.depends("move_id")
    def _compute_sync_pec_to(self):
        for wizard in self:
            wizard.sync_pec_to = wizard.move_id.partner_id._pec_address()

    @api.depends("sync_pec_to", "sync_override", "sync_accountant_to")
    def _compute_alerts(self):
        """Override of ``account``: what we catch depends on our fields too."""
        return super()._compute_alerts()

    @api.depends("move_id")
    def _compute_sending_method_checkboxes(self):
        """Override of ``account``: as with e-mail, an address that is missing can be typed here."""
        result = super()._compute_sending_method_checkboxes()
        for wizard in self:
            boxes = dict(wizard.sending_method_checkboxes or {})
            for method in OWN_METHODS & boxes.keys() & self._get_default_sending_methods(wizard.move_id):
                boxes[method] = {**boxes[method], "checked": True}
            wizard.sending_method_checkboxes = boxes
        return result

    @api.depends("sending_methods")
    def _compute_can_edit_body(self):
        """Override of ``account``: our methods send the text too."""
        result = super()._compute_can_edit_body()
        for wizard in self:
            wizard.can_edit_body = wizard.can_edit_body or bool(OWN_METHODS & set(wizard.sending_methods or []))
        return result

    def _get_alerts(self, moves, moves_data):
        """Override of ``account``: with what is typed here."""
        if len(self) == 1:
            typed = {**self._sync_move_data(), "sync_accountant_to": self.sync_accountant_to or ""}
            moves_data = {move: {**data, **typed} for move, data in moves_data.items()}
        return super()._get_alerts(moves, moves_data)

    def _sync_move_data(self) -> dict:
        """What was typed here for the document itself, beside its sending."""
        self.ensure_one()
        return {"sync_pec_to": self.sync_pec_to or "", "sync_override": self.sync_override}

    def _get_sending_settings(self):
        """Override of ``account``: what is typed here counts for this sending only."""
        settings = super()._get_sending_settings()
        session = self.env["sync.mail.session"]._begin(
            self.company_id, self.move_id, account_id=self.sync_account_id.id, **self._sync_typed()
        )
        if session:
            settings.update(sync_session_id=session.id, **self._sync_move_data())
        if "mail_body" not in settings and OWN_METHODS & set(self.sending_methods or []):
            settings.update(
                mail_template=self.template_id, mail_lang=self.lang, mail_body=self.body, mail_subject=self.subject
            )
        return settings
