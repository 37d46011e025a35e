# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.addons.sync_hub_exchange.series import DocumentModel, Issue
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Invoices get the numbers of the fiscal series of their journal."""

    _inherit = "account.move"

    sync_series_id = fields.Many2one("sync.exchange.series", string="Fiscal Series", compute="_compute_sync_series_id")
    sync_series_document_ids = fields.One2many(
        "sync.exchange.series.document", "move_id", string="Issued in Contingency", readonly=True
    )

    # -- Computes ------------------------------------------------------------------------------------------------------

    def _compute_sync_series_id(self):
        for move in self:
            move.sync_series_id = move._sync_series().sudo(False)

    def _sync_series(self):
        """The series that numbers this document, if any."""
        self.ensure_one()
        Series = self.env["sync.exchange.series"]
        if self.move_type not in ("out_invoice", "out_refund") or not self.l10n_latam_document_type_id:
            return Series
        # Who may post an invoice of the journal may have the next number of its series.
        return (
            Series.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("journal_id", "=", self.journal_id.id),
                    ("document_model", "=", self.l10n_latam_document_type_id.code),
                    ("peer_id", "=", False),
                ],
                limit=1,
            )
        )

    # -- Numbers -------------------------------------------------------------------------------------------------------

    def _get_next_sequence_format(self):
        """Override of ``account``: what the series has given elsewhere is not given again."""
        format_string, format_values = super()._get_next_sequence_format()
        series = self._sync_series()
        if series:
            format_values["seq"] = max(format_values["seq"], series._following() - 1)
        return format_string, format_values

    def _set_next_sequence(self):
        """Override of ``account``: the series is asked first, and told after."""
        series = self._sync_series()
        if not series:
            return super()._set_next_sequence()
        series._refuse_numbers(fields.Datetime.now())
        following = series._following()
        result = super()._set_next_sequence()
        if self.sequence_number < following:
            # Core counts on from the last invoice of this transaction, whatever was given since.
            self._get_sequence_cache().clear()
            result = super()._set_next_sequence()
        series._passed(self.sequence_number)
        return result

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_sync_contingency(self):
        """Button: the invoice was issued while the tax office could not be reached, and has a deadline now."""
        self.ensure_one()
        series = self._sync_series()
        if not series or self.state != "posted":
            raise UserError(
                self.env._(
                    "Confirm the invoice first, in a journal that has a fiscal series: only then it has a number."
                )
            )
        document = self.sync_series_document_ids
        if not document:
            offline = series.document_model == DocumentModel.NFCE.value
            document = self.env["sync.exchange.series.document"].create(
                {
                    "series_id": series.id,
                    "number": self.sequence_number,
                    "issue": (Issue.OFFLINE if offline else Issue.EPEC).value,
                    "move_id": self.id,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issued in Contingency"),
            "res_model": "sync.exchange.series.document",
            "res_id": document.id,
            "views": [(False, "form")],
        }
