# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Knowing which secrets a piece of work has opened, so that none leaves it in the text of an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_opened: ContextVar[set[str] | None] = ContextVar("opened secrets", default=None)


@contextmanager
def opened_secrets() -> Iterator[set[str]]:
    """Collect the secrets that are opened inside; nothing is remembered after it.

    Errors of libraries quote what they could not use: a header with a token in it, a key that they
    could not read. What is logged or shown of such an error is masked with this set first.

    >>> with opened_secrets() as opened:
    ...     note_opened("pazzword")
    >>> opened
    {'pazzword'}
    """
    collected: set[str] = set()
    before = _opened.set(collected)
    try:
        yield collected
    finally:
        _opened.reset(before)


def opened_so_far() -> frozenset[str]:
    """The secrets that the present piece of work has opened; none outside of one.

    For what catches an error deep inside of it.

    >>> with opened_secrets():
    ...     note_opened("pazzword")
    ...     sorted(opened_so_far())
    ['pazzword']
    >>> sorted(opened_so_far())
    []
    """
    return frozenset(_opened.get() or ())


def note_opened(value: str) -> None:
    """Called by the vault with every secret that goes through it in clear."""
    collected = _opened.get()
    if collected is not None and value:
        collected.add(value)
