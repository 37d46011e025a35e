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
    standard = [name for name in target["ids"] if is_standard(name)]
    name = target.get("name") or code or ", ".join(standard)
    # What has a name of an exchange is exchanged itself.
    if not target["ids"] or standard:
        return "code", env._(
            "%(field)s: there is no %(kind)s “%(name)s” here, or more than one. Map it under “Codes”, or make it here; "
            "then the record is taken by itself.",
            field=label,
            kind=kind,
            name=name,
        )
    if not name:
        return "reference", env._(
            "%(field)s: the %(kind)s to which it leads is not here yet. The record is taken as soon as that comes; if "
            "it never does, add this kind of data to the exchange, or let its filter through.",
            field=label,
            kind=kind,
        )
    return "reference", env._(
        "%(field)s: the %(kind)s “%(name)s” is not here yet. It is taken as soon as it comes; if it never does, add "
        "this kind of data to the exchange, or map it under “Codes”.",
        field=label,
        kind=kind,
        name=name,
    )


def waiting_remedy(env, reason: str, direction: str) -> str:
    """What somebody can do about a record that waits.

    :param reason: see ``sync.exchange.waiting``
    """
    match reason:
        case "reference":
            return env._("Nothing, if it is exchanged too: it comes by itself. Otherwise add that kind of data.")
        case "code":
            return env._("Press “Map” and say what the code is on the other side, then “Try again”.")
        case "refused" if direction == "receive":
            return env._("Correct the record there or the setting here that refuses it; then “Try again”.")
        case "refused":
            return env._("Correct the record here or the setting there that refuses it; then “Try again”.")
        case "doubtful":
            return env._("Join the records that are meant to be one, or make their keys differ; then “Try again”.")
    return ""
