# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
import logging
import math
import time
from dataclasses import replace
from datetime import date

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.secret_errors import masked_traceback
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date, format_datetime

from ..fetching import Direct, FetchAhead, Source
from ..importer import InboxState, Reason, fetch_from
from ..providers import get_provider
from ..providers.values import BalanceKind, TransactionQuery
from .landing import Landing
from .sync_bank_audit import COUNTED_SCOPES

_logger = logging.getLogger(__name__)

# Faults that every account of a connection would meet alike; the others stop one account only.
_WHOLE_CONNECTION = {
    FaultKind.VAULT_KEY_MISSING,
    FaultKind.USER_PRESENCE_REQUIRED,
    FaultKind.NETWORK_UNTRUSTED,
    FaultKind.NETWORK_UNREACHABLE,
}
# Most pages of one fetch: a bank that invents a new continuation for ever is stopped too.
MOST_PAGES = 20_000
# Most readings of one fetch: a bank that takes in movements all the time is asked again by the next one.
MOST_READINGS = 3


class SyncBankImport(models.AbstractModel):
    """The way of a bank transaction: fetch and land page by page, then book, then compare the balance.

    Every step is committed. The run's checkpoint holds what the next slice needs: accounts that are finished, and
    for the one under work the stage, the continuation and the known rows that this fetch has brought so far. A
    checkpoint that is lost costs a second fetch, never a row.
    """

    _name = "sync.bank.import"
    _description = "Import of Bank Transactions"

    @api.model
    def _import_connection(self, connection, run, deadline: float) -> bool:
        """Import every linked account. See ``sync.connection.mixin._synchronize``."""
        done = dict(run.checkpoint or {})
        finished, failed = set(done.get("finished", ())), set(done.get("failed", ()))
        accounts = connection.account_ids._wanted_by(run)
        waiting = accounts.filtered(lambda account: account.id not in finished | failed)
        begun = False
        with connection.provider_id._open(connection) as adapter, self._ahead(connection, waiting) as ahead:
            for number, account in enumerate(waiting):
                # Each slice begins one account at least, and no other when its time is over: a bank may be slow.
                if run._must_stop(deadline if begun else math.inf):
                    return False
                begun = True
                try:
                    # Read for each account anew: some services change it while it is used.
                    session = connection._session()
                    if ahead and time.monotonic() < deadline:
                        self._begin_ahead(ahead, session, waiting[number:], run)
                    # What was read ahead had leave to be asked for when that began, and is counted since then.
                    source = ahead and ahead.take(account.id)
                    allowed = source or not self._has_used_up_calls(account, run)
                    direct = Direct(adapter, session)
                    if allowed and not self._import_account(source or direct, direct, account, run, deadline):
                        return False
                    finished.add(account.id)
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    # Somebody else wrote the same rows at the same time: the engine tries the slice again.
                    raise
                except Exception as error:  # one account's failure stops one account
                    self.env.cr.rollback()
                    if isinstance(error, Fault) and (error.rule.state or error.kind in _WHOLE_CONNECTION):
                        raise
                    self._account_failed(account, run, error)
                    failed.add(account.id)
                run.checkpoint = {"finished": sorted(finished), "failed": sorted(failed), "succeeded": len(finished)}
                self.env.cr.commit()
        return True

    @api.model
    def _ahead(self, connection, accounts):
        """What reads accounts ahead of the one that is imported; nothing for a single one.

        Nor for a service that changes the session at every use: two adapters would take it from each other.
        """
        provider = connection.provider_id
        if len(accounts) < 2 or get_provider(provider.code).session_changes:
            return contextlib.nullcontext()
        return FetchAhead(provider._opener(connection))

    @api.model
    def _begin_ahead(self, ahead: FetchAhead, session: str, accounts, run) -> None:
        """Let accounts be read ahead, as far as there is room, of which all may be asked for.

        One that was begun before goes on where it was.
        """
        begun = self._begun_account_id(run)
        waiting = accounts.filtered(lambda account: account.id != begun and not ahead.is_reading(account.id))
        if not (waiting and ahead.room):
            return
        used_up = waiting._used_up_until(run)
        wanted = waiting.filtered(lambda account: account.id not in used_up)[: ahead.room]
        if wanted:
            self.env["sync.bank.audit"]._record_access(wanted, COUNTED_SCOPES, run)
            queries = [(account.id, self._first_query(account, run)) for account in wanted]
            self.env.cr.commit()
            for account_id, query in queries:
                ahead.order(account_id, session, query)

    @api.model
    def _has_used_up_calls(self, account, run) -> bool:
        """Whether the bank allows no call without its user for now; then the log says until when."""
        allowed = account.id != self._begun_account_id(run) and account._next_unattended_call(run)
        if allowed:
            self._log_quota("bank_quota", "warning", account, run, allowed)
        return bool(allowed)

    @api.model
    def _log_quota(self, kind: str, severity: str, account, run, allowed) -> None:
        provider = account.connection_id.provider_id
        time = format_datetime(self.env, allowed)
        values = {"account": account.display_name, "count": provider.calls_per_day, "time": time}
        run._log(kind, severity, record=account, **values)

    @api.model
    def _begun_account_id(self, run) -> int | None:
        """The account that an earlier slice left half done."""
        return ((run.checkpoint or {}).get("account") or {}).get("id")

    @api.model
    def _first_query(self, account, run) -> TransactionQuery:
        return TransactionQuery(
            account.uid,
            date_from=self._ask_from(account),
            cursor=account.cursor or "",
            attended=account.connection_id._attended(run),
        )

    @api.model
    def _account_failed(self, account, run, error: Exception) -> None:
        if not isinstance(error, Fault):
            what = (account.display_name, run.reference, masked_traceback(error))
            _logger.error("Import of %s failed in run %s\n%s", *what)
            error = Fault(FaultKind.UNEXPECTED, detail=type(error).__name__)
        self._report(account, run, error)
        self.env["sync.bank.fetch"]._begin(account, run)._fail()

    @api.model
    def _report(self, account, run, fault: Fault) -> None:
        """Write what went wrong with one account into the log, the connection and its chatter."""
        fault.values.setdefault("account", account.display_name)
        run._log_fault(fault, record=account)
        account.connection_id._apply_fault(fault, run)

    @api.model
    def _import_account(self, source: Source, direct: Direct, account, run, deadline: float) -> bool:
        """Import one account; False when the slice is over before the work is.

        :param direct: what is asked where a page of ``source`` is wanted once more
        :raises Fault: what has been landed and booked stays
        """
        stage = (run.checkpoint or {}).get("account") or {}
        if stage.get("id") != account.id:
            stage = {"id": account.id, "stage": "fetch"}
        fetch = self.env["sync.bank.fetch"]._begin(account, run)
        if stage["stage"] == "fetch":
            if not self._fetch(source, direct, account, run, deadline, stage, fetch):
                return False
            self._compare_balance(source, account, run, fetch)
            self._try_refused_again(account)
        booking = self.env["sync.bank.booking"]
        if booking._has_waiting(account):
            if stage["stage"] == "fetch":
                # Committed with what it expects to book.
                self._set_stage(run, {"id": account.id, "stage": "book"})
            if not booking._book_waiting(account, run, deadline, fetch):
                return False
            if refused := self._refused(account):
                self._report(account, run, Fault(FaultKind.BOOKING_REFUSED, detail=refused[0].detail or ""))
        fetch._check_balance()
        fetch._end()
        return True

    @api.model
    def _refused(self, account):
        return self.env["sync.bank.transaction"].search(
            [("account_id", "=", account.id), ("state", "=", InboxState.PROPOSED), ("reason", "=", Reason.REFUSED)]
        )

    @api.model
    def _try_refused_again(self, account) -> None:
        """What accounting refused is tried again by each synchronization: the cause may have been cured."""
        if refused := self._refused(account):
            refused.write({"state": InboxState.TO_BOOK, "reason": False, "detail": False})

    @api.model
    def _set_stage(self, run, stage: dict) -> None:
        run.checkpoint = {**(run.checkpoint or {}), "account": stage}

    # -- Fetch and land ------------------------------------------------------------------------------------------------

    @api.model
    def _fetch(self, source: Source, direct: Direct, account, run, deadline: float, stage: dict, fetch) -> bool:
        """Land all pages of one account; False when the slice is over before the last page."""
        query = source.asked or self._first_query(account, run)
        if "asked" in stage:
            asked = stage["asked"] and date.fromisoformat(stage["asked"])
            query = replace(query, date_from=asked, cursor=stage["cursor"], continuation=stage["continuation"])
        asked = query.date_from
        today = date.fromisoformat(stage["today"]) if stage.get("today") else fields.Date.context_today(self)
        pages, readings = stage.get("pages", 0), stage.get("readings", 1)
        kept = ("claimed", "last_page", "removed", "reading", "reading_before")
        landing = Landing(account, run, fetch, asked, **{name: stage[name] for name in kept if name in stage})
        fetch.asked_from = asked
        if not pages and isinstance(source, Direct):
            self.env["sync.bank.audit"]._record_access(account, "transactions", run)
        covered = asked
        passed: set[str] = {query.continuation}
        while True:
            if not source.page_is_here():
                # Nothing of ours is open while the bank is waited for.
                self.env.cr.commit()
            page = source.page(query)
            brought = landing.land(page)
            run._push_progress(pause=1)
            pages += 1
            fetch._count(page=1, call=1)
            covered = page.date_from or covered
            query = replace(query, continuation=page.continuation)
            if not query.continuation:
                if landing.is_certain():
                    break
                if readings == MOST_READINGS:
                    # Each time the list moved while it was read: the same days are asked for once more.
                    left = landing.break_off(covered)
                    run._log("bank_moved", "warning", record=account, account=account.display_name, count=left)
                    return True
                landing.read_again()
                readings += 1
                source, passed = direct, set()
            elif not brought or query.continuation in passed or pages > MOST_PAGES:
                # Nothing new will come any more. What came is good and goes on; the cursor stays where it was.
                landing.break_off(covered)
                repeats = self.env._("The bank repeats the same page for ever; what came before it has been kept.")
                self._report(account, run, Fault(FaultKind.BAD_DATA, detail=repeats))
                fetch._fail()
                return True
            passed.add(query.continuation)
            if run._must_stop(deadline):
                self._set_stage(
                    run,
                    {
                        "id": account.id,
                        "stage": "fetch",
                        "asked": asked and asked.isoformat(),
                        "today": today.isoformat(),
                        "cursor": query.cursor,
                        "continuation": query.continuation,
                        "claimed": landing.known.claimed(),
                        "pages": pages,
                        "readings": readings,
                        "reading": landing.reading,
                        "reading_before": landing.reading_before,
                        "last_page": landing.last_page,
                        "removed": sorted(landing.removed),
                    },
                )
                landing.note()
                return False
        landing.complete(covered)
        landing.note()
        if landing.unreadable:
            # Each of them stands in the log; the chatter says once that there are some.
            account.connection_id._apply_fault(Fault(FaultKind.BAD_DATA), run)
        if covered and (asked is None or covered > asked):
            account.history_from = account.history_from or covered
            if asked:
                day = format_date(self.env, covered)
                run._log("bank_history", record=account, account=account.display_name, date=day)
        account.write({"complete_until": today, "cursor": page.cursor or False})
        fetch.covered_from = covered
        return True

    @api.model
    def _ask_from(self, account):
        """First day to ask for; None: as far back as the bank goes."""
        oldest = self.env["sync.bank.transaction"].search(
            [("account_id", "=", account.id), ("state", "=", InboxState.PENDING)], order="booking_date", limit=1
        )
        return fetch_from(account.date_from or None, account.complete_until or None, oldest.booking_date or None)

    # -- Balance -------------------------------------------------------------------------------------------------------

    @api.model
    def _compare_balance(self, source: Source, account, run, fetch) -> None:
        """Keep what the bank says; the first time, also what an empty journal must have begun with."""
        if isinstance(source, Direct):
            allowed = account._next_unattended_call(run, "balances")
            if allowed:
                return self._log_quota("bank_quota_balance", "info", account, run, allowed)
            self.env["sync.bank.audit"]._record_access(account, "balances", run)
        fetch._count(call=1)
        if not source.balances_are_here():
            self.env.cr.commit()
        try:
            balances = source.balances(account.uid, account.connection_id._attended(run))
        except Fault as fault:
            # Movements are worth more than a comparison: they go on without it.
            run._log_fault(fault, record=account, severity="warning")
            return
        currency = account._journal_currency().name
        by_kind = {balance.kind: balance for balance in balances if balance.currency == currency}
        balance = by_kind.get(BalanceKind.CLOSING_BOOKED) or by_kind.get(BalanceKind.INTERIM_BOOKED)
        if not balance:
            return
        day = balance.reference_date or fields.Date.context_today(self)
        account.write({"bank_balance": balance.amount, "bank_balance_date": day})
        fetch.write({"bank_balance": balance.amount, "bank_balance_date": day})
        if account.complete_until:
            account._keep_opening_balance(balance.amount, balance.reference_date)
