# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterator

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..series import NUMBER_LAST, DocumentModel, GapReport, Kind, Topic, Used, Verdict, gap_report, rule_in_force

_PAGE = 5000


class SyncExchangeSeries(models.Model):
    """The numbers that a series gives, has given, and is missing."""

    _inherit = "sync.exchange.series"

    document_ids = fields.One2many("sync.exchange.series.document", "series_id", string="Documents")
    void_ids = fields.One2many("sync.exchange.series.void", "series_id", string="Void Numbers")
    document_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer(string="To Transmit", compute="_compute_counts")
    deadline = fields.Datetime(string="First Deadline", compute="_compute_counts")
    is_used = fields.Boolean(compute="_compute_is_used")

    # -- Computes ------------------------------------------------------------------------------------------------------

    @api.depends("document_ids.state", "document_ids.deadline")
    def _compute_counts(self):
        Document = self.env["sync.exchange.series.document"]
        groups = Document._read_group(
            [("series_id", "in", self._origin.ids)], ["series_id", "state"], ["__count", "deadline:min"]
        )
        found = {(series.id, state): (count, first) for series, state, count, first in groups}
        for series in self:
            series.waiting_count, series.deadline = found.get((series.id, "waiting"), (0, False))
            series.document_count = sum(
                count for (number, _state), (count, _first) in found.items() if number == series.id
            )

    @api.depends("document_ids", "void_ids", "number_next", "number_first")
    def _compute_is_used(self):
        for series in self:
            # The sequence belongs to the series, see number_next.
            given = series.sequence_id.sudo().number_next > series.number_first
            of_it = [("series_id", "in", series._origin.ids)]
            series.is_used = (
                given
                or bool(self.env["sync.exchange.series.document"].search_count(of_it, limit=1))
                or bool(self.env["sync.exchange.series.void"].search_count(of_it, limit=1))
            )

    # -- Actions -------------------------------------------------------------------------------------------------------

    def action_documents(self):
        """Stat button: the documents of this series."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sync_hub_exchange.action_sync_exchange_series_document")
        return {
            **action,
            "domain": [("series_id", "=", self.id)],
            "context": {"default_series_id": self.id},
        }

    def action_gaps(self):
        """Button: which numbers are missing."""
        return self.env["sync.exchange.series.gaps"]._look_at(self)._action_show()

    # -- Giving numbers ------------------------------------------------------------------------------------------------

    def _make_sequences(self) -> None:
        """Give each series of this database a sequence that begins with its first number."""
        for series in self.filtered(lambda one: not one.peer_id and not one.sequence_id):
            # A manager of series need not be one of sequences: this one is for the series and nothing else.
            series.sequence_id = (
                self.env["ir.sequence"]
                .sudo()
                .create(
                    {
                        "name": f"{series.display_name} {series.tax_number}",
                        "code": "sync.exchange.series",
                        # A number that was drawn and rolled back is drawn again.
                        "implementation": "no_gap",
                        "number_next": series.number_first,
                        "company_id": series.company_id.id,
                    }
                )
            )
        self.invalidate_recordset(["number_next", "is_used"])

    def _begin_numbering(self) -> None:
        """Let the first number be the next one: of a series that has given none."""
        # Made with the series; the right to change that was checked when it was written.
        self.sequence_id.sudo().number_next = self.number_first
        self.invalidate_recordset(["number_next", "is_used"])

    def _draw(self, moment=None, kind: Kind | None = None) -> int:
        """The next number. Another transaction that draws from the same series at that time has to wait and try again.

        :param moment: of issue, naive UTC; None: now
        :param kind: how the document is issued; None: as the series says
        :raises UserError: when the series gives no numbers
        """
        self.ensure_one()
        self._refuse_numbers(moment or fields.Datetime.now(), kind)
        # Whoever may issue a document of the series may have its next number.
        self._passed(self._following() - 1)
        number = int(self.sequence_id.sudo().next_by_id())
        self.invalidate_recordset(["number_next", "is_used"])
        if number > NUMBER_LAST:
            raise UserError(self.env._("%s has no numbers left. End it and add another series.", self.display_name))
        return number

    def _passed(self, number: int) -> None:
        """Note that a number was given elsewhere, e.g. typed: the next one comes after it."""
        self.ensure_one()
        # As with drawing.
        sequence = self.sequence_id.sudo()
        if sequence and not self.peer_id and number >= sequence.number_next:
            sequence.number_next = number + 1
            self.invalidate_recordset(["number_next", "is_used"])

    def _following(self) -> int:
        """The next number that was not declared void."""
        self.ensure_one()
        number = self.number_next
        while void := self._void_with(number):
            number = void.number_until + 1
        return number

    def _void_with(self, number: int):
        """The range declared void in which a number lies, if any."""
        self.ensure_one()
        return self.env["sync.exchange.series.void"].search(
            [("series_id", "=", self.id), ("number_from", "<=", number), ("number_until", ">=", number)],
            order="number_until desc",
            limit=1,
        )

    def _refuse_numbers(self, moment, kind: Kind | None = None) -> None:
        """:raises UserError: when no document may be issued in this series here and now"""
        if self.peer_id:
            raise UserError(
                self.env._(
                    "%(series)s is numbered by %(holder)s, so that it gives no numbers here. Choose a series of this "
                    "database.",
                    series=self.display_name,
                    holder=self._holder(),
                )
            )
        if self.state == "ended":
            raise UserError(self.env._("%s has ended. Open it again, or choose another series.", self.display_name))
        finding = self._finding(self._local_date(moment), kind)
        if finding.verdict is Verdict.REFUSED:
            raise UserError(self._refusal(finding))

    # -- Missing numbers -----------------------------------------------------------------------------------------------

    def _used(self) -> Iterator[Used]:
        """Each number that a document of this series has, ascending. Other addons add what they know."""
        self.ensure_one()
        last = 0
        while True:
            page = self.env["sync.exchange.series.document"].search_fetch(
                [*self._documents_alone(), ("number", ">", last)],
                ["number", "issued_at"],
                order="number",
                limit=_PAGE,
            )
            for document in page:
                yield Used(document.number, self._local_date(document.issued_at))
            if len(page) < _PAGE:
                return
            last = page[-1].number
            # A series can have a million documents: none is kept in memory.
            page.invalidate_recordset(flush=False)

    def _documents_alone(self) -> list:
        """Domain: the documents whose numbers nobody else tells of."""
        return [("series_id", "=", self.id)]

    def _last_used(self) -> int:
        """The highest number that a document has, 0: none. Other addons add what they know."""
        self.ensure_one()
        documents = self.env["sync.exchange.series.document"]
        return documents.search([("series_id", "=", self.id)], order="number desc", limit=1).number

    def _gap_report(self) -> GapReport:
        """What became of the numbers that this series has given."""
        self.ensure_one()
        rules = self.env["sync.exchange.series.rule"]._all_rules()
        today = self._local_date(fields.Datetime.now())
        asked = DocumentModel(self.document_model), Kind(self.kind), self._uf(), today
        rule = rule_in_force(rules, Topic.GAPS, *asked)
        last = max(self.number_next - 1, self._last_used())
        return gap_report(
            self._used(),
            [void._value() for void in self.void_ids],
            first=self.number_first,
            last=max(last, self.number_first - 1),
            gap_day=rule.gap_day if rule else None,
        )
