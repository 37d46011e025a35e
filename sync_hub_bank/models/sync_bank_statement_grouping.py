# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.tools import format_date

from ..importer import StatementPeriod, period_key


class SyncBankStatementGrouping(models.AbstractModel):
    """Statement lines into statements, one per period, with balances that follow from each other."""

    _name = "sync.bank.statement.grouping"
    _description = "Grouping of Bank Movements into Statements"

    @api.model
    def _gather(self, account, lines, fetch: str) -> None:
        """Put new lines into the statements of their periods and set the balances, once for all of them.

        :param fetch: reference of the run, for journals with one statement per synchronization
        """
        journal = account.journal_id
        period = journal._sync_period()
        if not lines or period == StatementPeriod.NONE:
            return
        groups = defaultdict(lines.browse)
        for line in lines:
            groups[period_key(period, line.date, fetch or account.connection_id.last_run_id.reference)] |= line
        statements = self.env["account.bank.statement"]
        for key, group in sorted(groups.items()):
            statements |= self._statement(journal, key, group)
        self._chain_balances(account, statements)

    @api.model
    def _statement(self, journal, key: str, lines):
        """The statement of a period, with these lines in it."""
        Statement = self.env["account.bank.statement"]
        statement = Statement.search([("sync_journal_id", "=", journal.id), ("sync_period", "=", key)])
        if statement:
            lines.write({"statement_id": statement.id})
        else:
            statement = Statement.create(
                {
                    "name": self._statement_name(journal, key),
                    "line_ids": [(6, 0, lines.ids)],
                    "sync_journal_id": journal.id,
                    "sync_period": key,
                }
            )
        return statement

    @api.model
    def _chain_balances(self, account, touched) -> None:
        """Let every statement of ours begin where the one before it ends, from the oldest that was touched on.

        Statements that a person or a file import made keep the balances that they state.
        """
        self._chain(account, [("first_line_index", ">=", min(touched.mapped("first_line_index")))])

    @api.model
    def _chain_all(self, account) -> None:
        """The same for all statements of ours: what the journal began with has become known."""
        self._chain(account, [("first_line_index", "!=", False)])

    @api.model
    def _chain(self, account, domain: list) -> None:
        Line = self.env["account.bank.statement.line"]
        ours = self.env["account.bank.statement"].search(
            [("sync_journal_id", "=", account.journal_id.id), *domain], order="first_line_index"
        )
        for statement in ours:
            start = self._balance_before(account, statement)
            ((moved,),) = Line._read_group(
                [("statement_id", "=", statement.id), ("state", "=", "posted")], [], ["amount:sum"]
            )
            end = start + (moved or 0.0)
            currency = statement.currency_id
            if currency.compare_amounts(statement.balance_start, start):
                statement.balance_start = start
            if currency.compare_amounts(statement.balance_end_real, end):
                statement.balance_end_real = end
            if currency.compare_amounts(statement.balance_end, end):
                # Core computes it before the beginning, when it makes a statement, and leaves it so.
                self.env.add_to_compute(statement._fields["balance_end"], statement)

    @api.model
    def _balance_before(self, account, statement) -> float:
        """Balance of the journal before the first line of a statement."""
        before = [
            ("journal_id", "=", statement.journal_id.id),
            ("internal_index", "<", statement.first_line_index),
            ("state", "=", "posted"),
        ]
        Line = self.env["account.bank.statement.line"]
        previous = Line.search(
            [*before, ("statement_id", "not in", (False, statement.id))], order="internal_index desc", limit=1
        )
        since = [("internal_index", ">", previous.internal_index)] if previous else []
        ((loose,),) = Line._read_group([*before, *since, ("statement_id", "=", False)], [], ["amount:sum"])
        # Statements may overlap, one per synchronization with late rows does: core compares by their first lines.
        last = self.env["account.bank.statement"].search(
            [("journal_id", "=", statement.journal_id.id), ("first_line_index", "<", statement.first_line_index)],
            order="first_line_index desc",
            limit=1,
        )
        begin = last.balance_end_real if last else account.opening_balance
        return begin + (loose or 0.0)

    @api.model
    def _statement_name(self, journal, key: str) -> str:
        kind, value = key.split(" ", 1)
        if kind == StatementPeriod.FETCH:
            return f"{journal.code} {value}"
        first = date.fromisoformat(value)
        pattern = {"month": "MMMM yyyy", "week": "'W'w yyyy"}.get(kind)
        language = self.env["res.lang"]._get_code(journal.company_id.partner_id.lang or self.env.lang)
        return f"{journal.code} {format_date(self.env, first, lang_code=language, date_format=pattern)}"
