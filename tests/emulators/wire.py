# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Arguments and results of an emulator's switches as JSON, guided by their type hints."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .enablebanking.movement import Movement

Switches = Mapping[str, Callable[..., Any]]
# Begin and end belong to whoever made the emulator.
_NOT_SWITCHES = frozenset({"start", "stop"})


def switches_of(kind: type) -> Switches:
    """The public methods of an emulator or its switches, by name."""
    names = (name for name in dir(kind) if not name.startswith("_") and name not in _NOT_SWITCHES)
    return {name: getattr(kind, name) for name in names if inspect.isfunction(getattr(kind, name))}


def to_json(value: Any) -> Any:
    """``value`` in JSON types: dates ISO, amounts decimal strings, bytes as text, records as objects."""
    if isinstance(value, _movement()):
        return value.to_json()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return {name: to_json(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set)) or inspect.isgenerator(value):
        return [to_json(item) for item in value]
    return value


def from_json(hint: str, value: Any) -> Any:
    """The inverse, for a type hint of a switch. Raises ValueError or TypeError."""
    if value is None:
        return None
    kind = hint.removesuffix(" | None")
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "Decimal":
        return Decimal(str(value))
    if kind == "Movement":
        return _movement().from_json(value)
    if kind in ("list[Movement]", "Iterable[Movement]"):
        return [_movement().from_json(item) for item in value]
    return value


def call_switch(target: Any, switches: Switches, name: str, arguments: dict[str, Any]) -> Any:
    """Call a switch with JSON arguments by name; its result in JSON types. Arguments that it does not name are fields
    of a movement, or plain values. Raises KeyError for a switch unknown here, ValueError or TypeError for wrong
    arguments."""
    hints = switches[name].__annotations__
    fields = {field.name: str(field.type) for field in dataclasses.fields(_movement())}
    values = {
        key: from_json(hints.get(key) or fields.get(key, "Any"), value) for key, value in arguments.items()
    }
    return to_json(getattr(target, name)(**values))


@functools.cache
def _movement() -> type[Movement]:
    # Not at the head: that package has a control page, which needs this module.
    from .enablebanking.movement import Movement

    return Movement
