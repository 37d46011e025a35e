# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from collections.abc import Callable
from datetime import UTC, timedelta

from odoo import fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..wire import Cursor, FileEntry, Page, WireError
from .sync_portal_source import understood
from .turn import Turn

# Documents of a page.
_AT_ONCE = 200
# A pass over all documents finds those that were deleted; passes between look at what has changed.
_FULL_EVERY = timedelta(hours=23)
# Faults that are those of the books as a whole: the other companies would meet them too.
_OF_THE_BOOKS = frozenset(
    {
        FaultKind.CREDENTIALS_REJECTED,
        FaultKind.CREDENTIALS_MISSING,
        FaultKind.CONSENT_EXPIRED,
        FaultKind.RATE_LIMITED,
        FaultKind.PROVIDER_DOWN,
        FaultKind.NETWORK_UNREACHABLE,
        FaultKind.NETWORK_UNTRUSTED,
        FaultKind.VAULT_KEY_MISSING,
    }
)

Ask = Callable[..., object]


class SyncPortalCompany(models.Model):
    """How a company's documents come to the site: what has changed, page by page, then the files of each document.

    Each page and each document is committed by itself, and begun again where it was left.
    """

    _inherit = "sync.portal.company"

    cursor = fields.Char(readonly=True, copy=False, groups="sync_hub.group_operator")
    full_at = fields.Datetime(
        string="Last Full Pass",
        readonly=True,
        copy=False,
        groups="sync_hub.group_user",
        help="By the clock of the books.",
    )

    def _visit(self, run, ask: Ask, turn: Turn) -> bool:
        """Fetch what is new.

        :return: whether the company is done with
        :raises Fault: when the books as a whole cannot be asked
        """
        self.ensure_one()
        if (run.checkpoint or {}).get("visiting") != self.id:
            before = run.created_count + run.updated_count
            run.checkpoint = {**(run.checkpoint or {}), "visiting": self.id, "before": before, "company_listed": False}
        try:
            finished = self._listed(run, ask, turn) and self._fetch_files(run, ask, turn)
        except Fault as fault:
            self.env.cr.rollback()
            self._visited("failed", fault.kind)
            if fault.kind in _OF_THE_BOOKS:
                self.env.cr.commit()
                raise
            run._log_fault(fault, record=self)
            run._count(failed=1)
            return True
        if finished:
            broken = self.document_ids.search_count(
                [("portal_company_id", "=", self.id), ("problem", "!=", False)], limit=1
            )
            # All slices of the run count.
            news = run.created_count + run.updated_count > run.checkpoint["before"]
            self._visited("partly_failed" if broken else "done" if news else "nothing_new")
        return finished

    def _visited(self, outcome: str, kind: FaultKind | None = None) -> None:
        # Nobody waits any more, whatever came out of it: the next press is counted anew.
        self.write(
            {
                "last_sync": fields.Datetime.now(),
                "last_outcome": outcome,
                "last_fault": str(kind) if kind else False,
                "asked_at": False,
            }
        )

    # -- The list of documents -----------------------------------------------------------------------------------------

    def _listed(self, run, ask: Ask, turn: Turn) -> bool:
        """The same as ``_list``, once in a run: slices that are short would come no further otherwise."""
        if not run.checkpoint["company_listed"]:
            if not self._list(run, ask, turn):
                return False
            run.checkpoint = {**run.checkpoint, "company_listed": True}
            self.env.cr.commit()
        return True

    def _list(self, run, ask: Ask, turn: Turn) -> bool:
        """Go on with the pass over the documents, or begin one; commits page by page.

        :return: whether it has come to its end
        """
        while True:
            if turn.is_over() or run._is_cancelled():
                return False
            position = self._position()
            if not position:
                self._try_again()
            cursor = position.to_wire() if position else None
            # The transaction ends before the network is waited for.
            self.env.cr.commit()
            with understood():
                page = Page.from_wire(ask("documents", company=self.key, cursor=cursor, limit=_AT_ONCE))
            self._take_page(run, page, full=not position or position.full)
            self.cursor = page.cursor.to_wire()
            self.env.cr.commit()
            turn.count()
            if not page.more:
                return True

    def _position(self) -> Cursor | None:
        """Where the pass stands; None begins a full one."""
        try:
            position = Cursor.from_wire(self.cursor or "")
        except WireError:
            return None
        if position.after or position.full:
            return position
        recent = self.full_at and self.full_at.replace(tzinfo=UTC) > position.began - _FULL_EVERY
        return position if recent else None

    def _try_again(self) -> None:
        """A full pass begins: files that could not be had are asked for once more."""
        torn = self.document_ids.search([("portal_company_id", "=", self.id), ("problem", "!=", False)])
        # Documents are written by synchronizations alone.
        torn.sudo().write({"stale": True, "problem": False})

    def _take_page(self, run, page: Page, *, full: bool) -> None:
        documents = self.env["sync.portal.document"]
        began = page.cursor.began.replace(tzinfo=None)
        created, updated = documents._take(self, page.documents, run)
        run._count(fetched=len(page.documents), created=created, updated=updated, failed=len(page.broken))
        for reason in page.broken:
            run._log("portal_document_broken", "error", record=self, company=self.name, reason=reason)
        withdrawn = documents._of(self, page.gone)
        if full:
            documents._of(self, [entry.key for entry in page.documents]).seen_at = began
            if not page.more and not page.broken:
                withdrawn |= documents.search(
                    [("portal_company_id", "=", self.id), "|", ("seen_at", "=", False), ("seen_at", "!=", began)]
                )
            if not page.more:
                self.full_at = began
        run._count(updated=withdrawn._withdraw())

    # -- Their files ---------------------------------------------------------------------------------------------------

    def _fetch_files(self, run, ask: Ask, turn: Turn) -> bool:
        """Fetch the files of documents that are new or have changed; commits each.

        :return: whether all are there
        """
        waiting = self.document_ids.search(
            [("portal_company_id", "=", self.id), ("stale", "=", True), ("withdrawn", "=", False)]
        )
        left = run.progress_total - run.progress_done
        run._expect(left + len(waiting))
        for document in waiting:
            if turn.is_over() or run._is_cancelled():
                return False
            began = time.monotonic()
            self.env.cr.commit()
            try:
                with understood():
                    told = ask("files", company=self.key, document=document.key)
                    entries = [FileEntry.from_wire(item) for item in self._items(told)]
            except Fault as fault:
                if fault.kind in _OF_THE_BOOKS:
                    raise
                # Documents are written by synchronizations alone; this one is tried again with the next full pass.
                document.sudo().write({"problem": fault.detail or str(fault.kind), "stale": False})
                run._log(
                    "portal_files_missing", "error", record=document, document=document.number, reason=fault.detail
                )
                run._count(failed=1)
            else:
                document._take_files(entries, run)
            run._advance(1, time.monotonic() - began)
            self.env.cr.commit()
            turn.count()
        return True

    @staticmethod
    def _items(told: object) -> list:
        if not isinstance(told, list):
            raise WireError("the list of files is none")
        return told

    # -- Words
    # -----------------------------------------------------------------------------------------------------------

    def _outcome_text(self) -> str:
        """What came out of the last synchronization, as a sentence for the accountant."""
        self.ensure_one()
        texts = {
            "done": self.env._("New documents have come."),
            "nothing_new": self.env._("There was nothing new."),
            "partly_failed": self.env._("Documents have come; files of some of them are missing."),
            "failed": self.env._("It failed. What had come before is here."),
        }
        return texts.get(self.last_outcome, self.env._("It was not synchronized yet."))

    def _is_waited_for(self) -> bool:
        """Whether somebody has asked for what is new and it has not come yet."""
        self.ensure_one()
        # A yes or no leaves this method.
        asked = self.sudo().asked_at
        return bool(asked and asked > fields.Datetime.now() - timedelta(hours=1))
