# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Errors of work that opens secrets: libraries quote what they could not use, keys included."""

import contextlib
import logging
import traceback
from collections.abc import Iterator

import psycopg2
from odoo.exceptions import UserError

from ..faults import Fault, FaultKind
from ..transport import mask_text, noted_calls
from ..vault import opened_secrets, opened_so_far

_logger = logging.getLogger(__name__)


def masked_traceback(error: BaseException) -> str:
    """The traceback of an error for the log, without the secrets that were opened; of an endless recursion its end."""
    lines = "".join(traceback.format_exception(error)).splitlines(keepends=True)
    return mask_text("".join(lines[-150:]), opened_so_far())


@contextlib.contextmanager
def errors_without_secrets(other_side: str) -> Iterator[None]:
    """Around what a button asks of the outside: no error leaves it with a secret that was opened inside.

    Odoo shows an error of a button with its whole traceback, in the browser and in the log, and with all that led to
    it.

    :param other_side: who is asked, for the log
    :raises Fault: as the work raises it, masked, with the calls that led to it; of kind ``unexpected`` for whatever
        nobody has foreseen
    """
    with opened_secrets(), noted_calls() as calls:
        try:
            yield
        except (UserError, psycopg2.Error):
            # What Odoo says to its user, and what the database says, which knows sealed secrets only.
            raise
        except Fault as fault:
            fault.detail = mask_text(fault.detail, opened_so_far())
            fault.calls = tuple(calls)
            # Without the error of a library that it was made of.
            raise fault from None
        except Exception as error:  # whatever it is, it is told as a fault
            _logger.error("A call of %s failed\n%s", other_side, masked_traceback(error))
            fault = Fault(FaultKind.UNEXPECTED, detail=type(error).__name__)
            fault.calls = tuple(calls)
            raise fault from None
