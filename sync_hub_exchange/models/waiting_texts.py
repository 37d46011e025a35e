# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Why a record waits, for the person who can do something about it."""

from odoo import fields

from ..records import is_standard
from .sync_exchange_wire import kind_of


def field_at(Model, path: str):
    """The field to which a path leads: its name; of rows, after the name of theirs and a dot."""
    field = Model._fields[path.partition(".")[0]]
    for name in path.split(".")[1:]:
        field = kind_of(Model.env[field.comodel_name], name)
    return field


def missing_reference(Model, path: str, target: dict, *, there: bool = False) -> tuple[str, str]:
    """Something that a record needs is missing.

    :param path: see ``field_at``
    :param target: the reference, as it travels
    :param there: whether it is missing on the other side, not here
    :return: reason and message, see ``sync.exchange.waiting``
    """
    env, field = Model.env, field_at(Model, path)
    label = Model._fields[path.partition(".")[0]]._description_string(env)
    # What a unit adds is no field that a person knows.
    if isinstance(field, fields.Field):
        label = field._description_string(env)
    kind = env[field.comodel_name]._description
    code = " / ".join((target.get("code") or {}).values())
    standard = [name for name in target["ids"] if is_standard(name)]
    name = target.get("name") or code or ", ".join(standard)
    # What has a name of an exchange is exchanged itself.
    if not target["ids"] or standard:
        values = {"field": label, "kind": kind, "name": name}
        if there:
            return "code", env._("%(field)s: there is no %(kind)s “%(name)s” there, or more than one.", **values)
        return "code", env._("%(field)s: there is no %(kind)s “%(name)s” here, or more than one.", **values)
    if not name:
        values = {"field": label, "kind": kind}
        if there:
            return "reference", env._("%(field)s: the %(kind)s to which it leads is not there yet.", **values)
        return "reference", env._("%(field)s: the %(kind)s to which it leads is not here yet.", **values)
    values = {"field": label, "kind": kind, "name": name}
    if there:
        return "reference", env._("%(field)s: the %(kind)s “%(name)s” is not on the other side yet.", **values)
    return "reference", env._("%(field)s: the %(kind)s “%(name)s” is not here yet.", **values)


def waiting_remedy(env, reason: str, direction: str) -> str:
    """What somebody can do about a record that waits.

    :param reason: see ``sync.exchange.waiting``
    """
    match reason:
        case "reference":
            return env._(
                "Nothing, if it is exchanged too: the record follows by itself. If it never does, add that kind of "
                "data, let its filter through, or map it under “Codes”."
            )
        case "code":
            return env._(
                "Press “Map” and say what it is on the other side, or make it where it is missing. Then the record "
                "follows by itself."
            )
        case "refused" if direction == "receive":
            return env._("Correct the record there or the setting here that refuses it; then “Try again”.")
        case "refused":
            return env._("Correct the record here or the setting there that refuses it; then “Try again”.")
        case "doubtful":
            return env._("Join the records that are meant to be one, or make their keys differ; then “Try again”.")
    return ""
