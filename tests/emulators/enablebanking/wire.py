# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Arguments and results of the switches as JSON, guided by their type hints."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from .movement import Movement
from .switches import Switches

SWITCHES: dict[str, Callable[..., Any]] = {
    name: method
    for name, method in vars(Switches).items()
    if not name.startswith("_") and callable(method)
}


def to_json(value: Any) -> Any:
    """``value`` in JSON types: dates ISO, amounts decimal strings, rows as objects."""
    if isinstance(value, Movement):
        return value.to_json()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return {name: to_json(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set)) or inspect.isgenerator(value):
        return [to_json(item) for item in value]
    return value


def from_json(hint: str, value: Any) -> Any:
    """The inverse, for a type hint of ``Switches``. Raises ValueError or TypeError."""
    if value is None:
        return None
    kind = hint.removesuffix(" | None")
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "Decimal":
        return Decimal(str(value))
    if kind == "Movement":
        return Movement.from_json(value)
    if kind in ("list[Movement]", "Iterable[Movement]"):
        return [Movement.from_json(item) for item in value]
    return value


def call_switch(switches: Switches, name: str, arguments: dict[str, Any]) -> Any:
    """Call a switch with JSON arguments by name; its result in JSON types. Raises KeyError for
    a switch unknown here, ValueError or TypeError for wrong arguments."""
    hints = SWITCHES[name].__annotations__
    values = {key: from_json(hints.get(key, "Any"), value) for key, value in arguments.items()}
    return to_json(getattr(switches, name)(**values))
