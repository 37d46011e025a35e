# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import heapq
from collections.abc import Iterator

from odoo import api, fields, models
from odoo.addons.sync_hub_exchange.series import Used
from odoo.exceptions import ValidationError

_PAGE = 5000


class SyncExchangeSeries(models.Model):
    """A series numbers the invoices of a journal; the journal's field “Series” is filled with it."""

    _inherit = "sync.exchange.series"

    journal_id = fields.Many2one(
        "account.journal",
        tracking=True,
        index="btree_not_null",
        check_company=True,
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        help="Its invoices of this kind of document get the numbers of this series. The series is written into the "
        "journal's own field.",
    )

    # -- Constraints ---------------------------------------------------------------------------------------------------

    @api.constrains("journal_id", "peer_id", "document_model", "series_number")
    def _check_journal(self):
        for series in self.filtered("journal_id"):
            if series.peer_id:
                raise ValidationError(
                    self.env._(
                        "%(series)s is numbered by %(holder)s, so that no journal of this database can use it. Leave "
                        "the journal empty, or add another series.",
                        series=series.display_name,
                        holder=series._holder(),
                    )
                )
            twin = self.search(
                [
                    ("id", "!=", series.id),
                    ("journal_id", "=", series.journal_id.id),
                    "|",
                    ("document_model", "=", series.document_model),
                    ("series_number", "!=", series.series_number),
                ],
                limit=1,
            )
            if twin:
                raise ValidationError(
                    self.env._(
                        "The journal %(journal)s has %(twin)s already: a journal has one series. Duplicate the "
                        "journal and choose the copy.",
                        journal=series.journal_id.name,
                        twin=twin.display_name,
                    )
                )

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``sync_hub_exchange``: the journal is told."""
        series = super().create(vals_list)
        series._tell_journal()
        return series

    def write(self, vals):
        """Override of ``sync_hub_exchange``: the journal is told."""
        result = super().write(vals)
        if "journal_id" in vals or "series_number" in vals:
            self._tell_journal()
        return result

    def _tell_journal(self) -> None:
        """Write the series into the journal, and note the numbers that the journal gave before."""
        for series in self.filtered("journal_id"):
            serial = str(series.series_number)
            if series.journal_id.l10n_br_invoice_serial != serial:
                series.journal_id.l10n_br_invoice_serial = serial
            last = series._last_invoice()
            if last:
                series._passed(last)

    # -- Numbers -------------------------------------------------------------------------------------------------------

    def _invoice_domain(self) -> list:
        """Domain: the invoices that have a number of this series, cancelled ones too."""
        self.ensure_one()
        return [
            ("journal_id", "=", self.journal_id.id),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("l10n_latam_document_type_id.code", "=", self.document_model),
            ("name", "not in", (False, "/")),
            ("sequence_number", ">", 0),
        ]

    def _invoices(self):
        # Who may see a series may know which of its numbers are used, and nothing else of the invoices leaves.
        return self.env["account.move"].sudo().with_context(active_test=False)

    def _last_invoice(self) -> int:
        """The highest number that an invoice of the journal has, 0: none."""
        if not self.journal_id:
            return 0
        return self._invoices().search(self._invoice_domain(), order="sequence_number desc", limit=1).sequence_number

    def _last_used(self):
        """Override of ``sync_hub_exchange``: invoices have numbers, too."""
        return max(super()._last_used(), self._last_invoice())

    def _documents_alone(self):
        """Override of ``sync_hub_exchange``: what is an invoice is told as one."""
        return [*super()._documents_alone(), ("move_id", "=", False)]

    def _used(self):
        """Override of ``sync_hub_exchange``: invoices have numbers, too."""
        return heapq.merge(super()._used(), self._used_by_invoices(), key=lambda used: used.number)

    def _used_by_invoices(self) -> Iterator[Used]:
        last = 0
        while self.journal_id:
            page = self._invoices().search_fetch(
                [*self._invoice_domain(), ("sequence_number", ">", last)],
                ["sequence_number", "invoice_date"],
                order="sequence_number, id",
                limit=_PAGE,
            )
            for move in page:
                yield Used(move.sequence_number, move.invoice_date or None)
            if len(page) < _PAGE:
                return
            last = page[-1].sequence_number
            page.invalidate_recordset(flush=False)
