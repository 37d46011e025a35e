# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


class ConversionError(ValueError):
    """A value that has no counterpart on the other side.

    :ivar value: the value
    """

    def __init__(self, value: Any):
        super().__init__(f"no counterpart of {value!r}")
        self.value = value


@dataclass(frozen=True, slots=True)
class Conversion:
    """How a value here becomes the one of the other side, and back.

    :param kind: ``same``, ``table`` (values by pairs), ``factor`` (numbers: there = here * factor), ``upper`` or
        ``lower`` (texts; the way back leaves them as they are), ``fixed`` (there it is always the same; back it is not
        taken)
    :param table: for ``table``: value here -> value there, each of them once
    :param number: for ``factor``
    :param text: for ``fixed``

    >>> Conversion("table", {"consu": "goods"}).there("consu"), Conversion("table", {"consu": "goods"}).here("goods")
    ('goods', 'consu')
    >>> Conversion("factor", number=Decimal("1000")).there(1.5), Conversion("factor", number=Decimal(1000)).here(1500)
    (1500.0, 1.5)
    """

    kind: str = "same"
    table: Mapping[str, str] = field(default_factory=dict)
    number: Decimal = Decimal(1)
    text: str = ""

    def there(self, value: Any) -> Any:
        """:raises ConversionError: when a table does not have the value"""
        if self.kind == "fixed":
            return self.text
        if value in (None, False, ""):
            return value
        match self.kind:
            case "table":
                return _look_up(self.table, value)
            case "factor":
                return float(Decimal(repr(value)) * self.number)
            case "upper":
                return _each(value, str.upper)
            case "lower":
                return _each(value, str.lower)
        return value

    def here(self, value: Any) -> Any:
        """:raises ConversionError: when a table does not have the value"""
        if value in (None, False, ""):
            return value
        match self.kind:
            case "table":
                return _look_up({there: here for here, there in self.table.items()}, value)
            case "factor":
                return float(Decimal(repr(value)) / self.number)
        return value

    @property
    def one_way(self) -> bool:
        """Whether nothing comes back: the other side's value tells nothing."""
        return self.kind == "fixed"


def _look_up(table: Mapping[str, str], value: Any) -> str:
    try:
        return table[str(value)]
    except KeyError as error:
        raise ConversionError(value) from error


def _each(value: Any, change) -> Any:
    """A text, or the texts of all languages, changed."""
    if isinstance(value, Mapping):
        return {language: change(text) if isinstance(text, str) else text for language, text in value.items()}
    return change(value) if isinstance(value, str) else value
