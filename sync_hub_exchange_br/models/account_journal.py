# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountJournal(models.Model):
    """A journal's series is one that this database may number."""

    _inherit = "account.journal"

    sync_series_ids = fields.One2many("sync.exchange.series", "journal_id", string="Fiscal Series", readonly=True)

    # -- Constraints ---------------------------------------------------------------------------------------------------

    @api.constrains("l10n_br_invoice_serial", "company_id", "type")
    def _check_sync_series(self):
        Series = self.env["sync.exchange.series"]
        for journal in self.filtered(lambda one: one.type == "sale" and one.l10n_br_invoice_serial):
            serial = journal._sync_series_number()
            # Whose a series is: of the company's own tax number, whoever looks at the journal.
            series = Series.sudo().with_context(active_test=False)
            linked = series.search([("journal_id", "=", journal.id)], limit=1)
            if linked and linked.series_number != serial:
                raise ValidationError(
                    self.env._(
                        "The journal %(journal)s numbers invoices of %(series)s. Change the journal there, under "
                        "Fiscal Series, or duplicate this journal for another series.",
                        journal=journal.name,
                        series=linked.display_name,
                    )
                )
            number = Series._tax_number_of(journal.company_id)
            taken = series.search(
                [("tax_number", "=", number), ("series_number", "=", serial), ("peer_id", "!=", False)], limit=1
            )
            if number and taken:
                raise ValidationError(
                    self.env._(
                        "Series %(serial)s is already used by %(holder)s (%(series)s). Choose another series for the "
                        "journal %(journal)s: two that number the same one would issue each number twice.",
                        serial=serial,
                        holder=taken._holder(),
                        series=taken.display_name,
                        journal=journal.name,
                    )
                )

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def _sync_series_number(self) -> int | None:
        """The journal's series as a number, None: there is none, or it is no number."""
        text = (self.l10n_br_invoice_serial or "").strip()
        return int(text) if text.isascii() and text.isdigit() else None
