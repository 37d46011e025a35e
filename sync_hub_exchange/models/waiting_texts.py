# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a record waits, for the person who can do something about it."""

from odoo import fields

from ..records import is_standard
from .sync_exchange_wire import kind_of


def missing_reference(Model, path: str, target: dict) -> tuple[str, str]:
    """Something that a record needs is not here.

    :param path: name of the field that leads to it; of rows, after the name of theirs and a dot
    :param target: the reference, as it travels
    :return: reason and message, see ``sync.exchange.waiting``
    """
    env, field = Model.env, Model._fields[path.partition(".")[0]]
    label = field._description_string(env)
    for name in path.split(".")[1:]:
        Model = env[field.comodel_name]
        field = kind_of(Model, name)
    # What a unit adds is no field that a person knows.
    if isinstance(field, fields.Field):
        label = field._description_string(env)
    kind = env[field.comodel_name]._description
    code = " / ".join((target.get("code") or {}).values())
    name = target.get("name") or code or ", ".join(target["ids"])
    # What has a name of an exchange is exchanged itself.
    if not target["ids"] or any(map(is_standard, target["ids"])):
        return "code", env._(
            "%(field)s: there is no %(kind)s “%(name)s” here, or more than one. Map it under “Codes”, or make it here; then "
            "the record is taken by itself.",
            field=label,
            kind=kind,
            name=name,
        )
    return "reference", env._(
        "%(field)s: the %(kind)s “%(name)s” is not here yet. It is taken as soon as it comes; if it never does, add this "
        "kind of data to the exchange.",
        field=label,
        kind=kind,
        name=name,
    )
