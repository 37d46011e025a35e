# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo logs the parameters of every call from outside at level DEBUG: those that are secrets are hidden there."""

import logging

from odoo.service.model import Params

from ..vault import DOTS

# Names of all fields whose value goes into the vault.
_names: set[str] = set()


def hide_in_logs(name: str) -> None:
    """Hide the values of fields of that name in the log of calls."""
    _names.add(name)


def _hidden(value):
    match value:
        case dict():
            return {key: DOTS if key in _names and item else _hidden(item) for key, item in value.items()}
        case list() | tuple():
            return type(value)(map(_hidden, value))
    return value


class _HideSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                Params(_hidden(part.args), _hidden(part.kwargs)) if isinstance(part, Params) else part
                for part in record.args
            )
        return True


logging.getLogger("odoo.service.model").addFilter(_HideSecrets())
