# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import psycopg2
from odoo import models
from odoo.addons.sync_hub.models.connection_lock import lock_key
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_datetime

from ..importer import InboxState


class SyncBankFetch(models.Model):
    """How a fetch is undone: its transactions that nobody has worked on go, and the account is what it was before.

    The next fetch asks for the same days again. A movement that it would not ask for, because it is older, waits in
    the inbox instead and is booked by it.
    """

    _inherit = "sync.bank.fetch"

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_undo(self):
        """Button: show what would go and what would stay, and ask."""
        undo = self.env["sync.bank.undo"].create({"fetch_ids": self.ids})
        return undo._action_open()

    # -- Undo --------------------------------------------------------------------------------------------------------

    def _undo(self) -> tuple:
        """Undo these fetches, the last ones of their accounts.

        A fetch that has been undone is left as it is.

        :return: statement lines that stay, by line the reason, and how many were removed
        :raises UserError: with the way out, when a fetch cannot be undone now
        """
        kept: dict = {}
        removed = 0
        for fetch in self.filtered(lambda fetch: fetch.state != "undone").sorted("id", reverse=True):
            fetch._check_can_be_undone()
            stays, number = fetch._undo_one()
            kept |= stays
            removed += number
        return kept, removed

    def _check_can_be_undone(self) -> None:
        """:raises UserError: with the way out"""
        self.ensure_one()
        account = self.account_id
        account.check_access("write")
        if account.connection_id._unfinished_runs() or not self._take_connection():
            raise UserError(self.env._("A synchronization is going on. Wait until it has ended, or cancel it first."))
        last = account._last_fetch()
        if last != self:
            raise UserError(
                self.env._("Only the last fetch of an account can be undone: undo “%s” first.", last.display_name)
            )
        if self.journal_id != account.journal_id:
            raise UserError(
                self.env._(
                    "This fetch went into the journal %(journal)s, which the account does not feed any more. "
                    "Choose that journal for it again first.",
                    journal=self.journal_id.display_name,
                )
            )

    def _take_connection(self) -> bool:
        """Keep workers away until this transaction ends; False when one is at the connection already."""
        # Advisory locks have no place in the ORM; this one goes with the transaction.
        key = lock_key(self.connection_id)
        ((taken,),) = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", key))
        return taken

    def _undo_one(self) -> tuple[dict, int]:
        lines = self._booked_lines()
        kept = self._reasons_to_keep(lines)
        free = lines.browse(line.id for line in lines if line not in kept)
        rows = free.sync_transaction_id
        statements = free.statement_id
        refused = self._remove(free)
        kept |= refused
        gone = rows.filtered(lambda row: not row.statement_line_ids)
        self._restore_account()
        self._give_back(gone)
        self.env["sync.bank.statement.grouping"]._regroup(self.account_id, statements)
        # Who may undo a fetch may not change what else it has recorded.
        self.sudo().write({"state": "undone"})
        self.env["sync.bank.balance"].sudo().search([("fetch_id", "=", self.id)]).unlink()
        self._tell_undone(len(gone), len(kept))
        return kept, len(gone)

    def _booked_lines(self):
        return self.env["account.bank.statement.line"].search(
            [("sync_transaction_id.booking_fetch_id", "=", self.id)], order="internal_index"
        )

    def _reasons_to_keep(self, lines) -> dict:
        """Lines that an undo does not touch, each with the reason."""
        lock_date = self.journal_id._bank_lock_date()
        kept = {}
        for line in lines:
            _liquidity, _suspense, others = line._seek_for_lines()
            if line.is_reconciled or others or line.line_ids.matched_debit_ids or line.line_ids.matched_credit_ids:
                kept[line] = self.env._("It is matched.")
            elif lock_date and line.date <= lock_date:
                kept[line] = self.env._("The period is locked.")
            elif line.move_id.inalterable_hash or self.journal_id.restrict_mode_hash_table:
                kept[line] = self.env._("The journal is secured against changes.")
            elif line.statement_id and not line.statement_id.sync_journal_id:
                kept[line] = self.env._("It stands in a statement that was made by hand.")
        return kept

    def _remove(self, lines) -> dict:
        """Remove lines; those that accounting does not let go stay, each with its words."""
        if not lines:
            return {}
        try:
            with self.env.cr.savepoint():
                # Core lets nothing go from a statement that is complete.
                lines.statement_id = False
                lines.with_context(sync_bank_undo=True).unlink()
                self.env.flush_all()
                return {}
        except AccessError:
            raise
        except (UserError, ValidationError, psycopg2.IntegrityError) as error:
            self.env.invalidate_all(flush=False)
            if len(lines) == 1:
                return {lines: str(error).strip().splitlines()[0]}
        half = len(lines) // 2
        return self._remove(lines[:half]) | self._remove(lines[half:])

    def _restore_account(self) -> None:
        account = self.account_id
        before = dict(self.account_before or {})
        if account.opening_line_id or before.get("opening_known", True):
            # A transaction says it, or it was known before: it has not been found by this fetch.
            before.pop("opening_balance", None)
            before.pop("opening_known", None)
        account.write({**before, "complete_until": self.complete_until_before, **self._cursor_values()})

    def _cursor_values(self) -> dict:
        return {"cursor": self.cursor_before} if "cursor" in self.account_id._fields else {}

    def _give_back(self, gone) -> None:
        """Forget what this fetch brought, as far as the next one brings it again; let the rest be booked by it.

        :param gone: inbox rows whose lines have been removed
        """
        # Accountants may change movements and not delete them: these are the ones of this fetch alone.
        Inbox = self.env["sync.bank.transaction"].sudo()
        mine = [("fetch_id", "=", self.id)]
        Inbox.search([*mine, ("state", "=", InboxState.PENDING)]).unlink()
        asked = self.env["sync.bank.import"]._ask_from(self.account_id)
        # A service that goes on from a mark sends all that came after it again, whatever its day.
        again = [] if self.cursor_before or not asked else [("booking_date", ">=", asked)]
        waiting = Inbox.search([*mine, *again, ("state", "in", (InboxState.TO_BOOK, InboxState.PROPOSED))])
        repeated = Inbox.search([("id", "in", gone.ids), *mine, *again])
        (gone.sudo() - repeated).write({"state": InboxState.TO_BOOK, "reason": False, "booking_fetch_id": False})
        (repeated | waiting).unlink()

    def _tell_undone(self, removed: int, kept: int) -> None:
        connection = self.connection_id
        env = connection.with_context(lang=connection._message_language()).env
        connection.message_post(
            body=env._(
                "%(user)s undid the fetch of %(account)s of %(began)s: %(removed)s transactions removed, "
                "%(kept)s stay.",
                user=self.env.user.name,
                account=self.account_id.display_name,
                began=format_datetime(env, self.began, dt_format="short"),
                removed=removed,
                kept=kept,
            ),
            subtype_xmlid="mail.mt_note",
        )


class SyncBankAccount(models.Model):
    _inherit = "sync.bank.account"

    def _last_fetch(self):
        """The last fetch of this account that was not undone."""
        return self.env["sync.bank.fetch"].search(
            [("account_id", "=", self.id), ("state", "!=", "undone")], limit=1
        )


class SyncBankConnection(models.Model):
    _inherit = "sync.bank.connection"

    def action_undo_last_fetch(self):
        """Button: undo what the last synchronization did, in all accounts that it fetched."""
        self.ensure_one()
        last = self.env["sync.bank.fetch"].search(
            [("connection_id", "=", self.id), ("state", "!=", "undone")], limit=1
        )
        if not last:
            raise UserError(self.env._("There is no fetch that could be undone."))
        together = last.run_id.bank_fetch_ids.filtered(
            lambda fetch: fetch.state != "undone" and fetch.account_id._last_fetch() == fetch
        )
        return (last | together).action_undo()


class SyncBankStatementGrouping(models.AbstractModel):
    _inherit = "sync.bank.statement.grouping"

    def _regroup(self, account, statements) -> None:
        """Set the balances anew after lines were removed; statements of ours without lines go."""
        empty = statements.filtered(lambda statement: statement.sync_journal_id and not statement.line_ids)
        empty.unlink()
        self._chain_all(account)
