# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from dataclasses import replace
from queue import Full, Queue
from threading import Event

from odoo.addons.sync_hub_bank.providers import BankProvider
from odoo.addons.sync_hub_bank.providers.values import AttendedUser, Balance, Page, TransactionQuery

# Accounts that are read at the same time. Services count calls by the minute: ten of them at 300 ms a call stay below
# the smallest of their limits, 2 500.
WORKERS = 10
# Pages of one account that wait to be imported: a bank that is faster than the books must not fill the memory.
_PAGES_WAITING = 2
# How often a thread that waits for room looks whether it is still wanted, in seconds.
_LOOK = 0.1


class FetchAhead:
    """Reads some accounts while another one is imported; use it as a context manager.

    :param open_adapter: makes an adapter for one thread. It is called in that thread: all that comes from a database
        must have been read before
    """

    def __init__(self, open_adapter: Callable[[], AbstractContextManager[BankProvider]], workers: int = WORKERS):
        self._open_adapter = open_adapter
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="sync_hub_fetch")
        self._over = Event()
        self._readings: dict[int, Reading] = {}
        self._most = 2 * workers

    def __enter__(self) -> "FetchAhead":
        return self

    def __exit__(self, *exc_info: object) -> None:
        """No thread outlives the import: the calls that are under way are waited for, none is begun."""
        self._over.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def room(self) -> int:
        """How many more accounts may be ordered for now."""
        return self._most - len(self._readings)

    def is_reading(self, key: int) -> bool:
        """Whether an account was ordered and not yet taken."""
        return key in self._readings

    def order(self, key: int, session: str, query: TransactionQuery) -> None:
        """Begin to read an account, all pages and then its balances.

        :param key: what the caller calls the account
        """
        reading = Reading(session, query, self._over)
        self._readings[key] = reading
        # In the context of the import: what is noted there of calls and secrets is noted of these too.
        self._pool.submit(copy_context().run, reading.work, self._open_adapter)

    def take(self, key: int) -> "Reading | None":
        """The reading of an account that was ordered; None for one that was not. It is handed out once."""
        return self._readings.pop(key, None)


class Reading:
    """One account that is read in a thread, a :class:`~.source.Source` for whoever imports it."""

    def __init__(self, session: str, query: TransactionQuery, over: Event):
        self._session = session
        self.asked = query
        self._over = over
        # The importer has seen enough pages: what is left is the balances.
        self._enough = Event()
        self._pages: Queue[Page | Exception] = Queue(_PAGES_WAITING)
        self._balances: Queue[tuple[Balance, ...] | Exception] = Queue(1)

    def page_is_here(self) -> bool:
        """Implementation of ``Source``."""
        return _is_here(self._pages)

    def balances_are_here(self) -> bool:
        """Implementation of ``Source``."""
        return _is_here(self._balances)

    def page(self, query: TransactionQuery) -> Page:
        """Implementation of ``Source``: pages come in their order, each once."""
        return _unwrapped(self._pages.get())

    def balances(self, account_uid: str, attended: AttendedUser | None) -> tuple[Balance, ...]:
        """Implementation of ``Source``."""
        self._enough.set()
        return _unwrapped(self._balances.get())

    def work(self, open_adapter: Callable[[], AbstractContextManager[BankProvider]]) -> None:
        """What the thread does."""
        try:
            with open_adapter() as adapter:
                self._read_pages(adapter)
                self._balances.put(adapter.balances(self._session, self.asked.account_uid, self.asked.attended))
        except Exception as error:  # whatever it is, it is raised where the account is imported
            # Whoever waits for a page or for the balances meets it; nobody waits for both.
            self._put(error)
            try:
                self._balances.put_nowait(error)
            except Full:
                return

    def _read_pages(self, adapter: BankProvider) -> None:
        query = self.asked
        while not self._done():
            page = adapter.transactions(self._session, query)
            self._put(page)
            if not page.continuation:
                return
            query = replace(query, continuation=page.continuation)

    def _put(self, item: Page | Exception) -> None:
        while not self._done():
            try:
                return self._pages.put(item, timeout=_LOOK)
            except Full:
                continue

    def _done(self) -> bool:
        return self._enough.is_set() or self._over.is_set()


def _is_here(waiting: Queue) -> bool:
    """Whether there is something to take other than an error. Nobody else takes."""
    with waiting.mutex:
        return bool(waiting.queue) and not isinstance(waiting.queue[0], Exception)


def _unwrapped(item):
    if isinstance(item, Exception):
        raise item
    return item
