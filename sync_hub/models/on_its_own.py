# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from collections.abc import Iterator
from contextlib import contextmanager

_logger = logging.getLogger(__name__)


@contextmanager
def on_its_own(record) -> Iterator[None]:
    """Do one record's part of a work for many: when it fails it is undone and logged, and the others go on.

    Not for work that commits.
    """
    try:
        with record.env.cr.savepoint():
            yield
    except Exception:  # whatever it is, it concerns this record only
        _logger.exception("Sync Hub leaves %s out this time", record)
