# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable

from odoo.exceptions import AccessError


def refuse_technical(records, names: Iterable[str], technical: Iterable[str]) -> None:
    """Let nobody but the engine's own code, as superuser, write fields that steer it.

    ``readonly`` holds for screens only; whoever may write a record may write all of its fields over an interface.

    :param names: fields that are about to be written
    :param technical: those that belong to the engine
    :raises AccessError: when one of them is among them
    """
    touched = sorted(set(names) & set(technical))
    if touched and not records.env.su:
        raise AccessError(records.env._("Only Sync Hub itself writes these fields: %s.", ", ".join(touched)))
