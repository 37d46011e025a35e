# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Collection, Mapping


def strayed(
    before: Mapping[str, str] | None,
    wanted: Mapping[str, str],
    after: Mapping[str, str],
    rounded: Collection[str] = (),
) -> set[str]:
    """Fields that have become something else than what was to be written: Odoo, or an addon, has a will of its own.

    The other side has to hear of them. A field that has kept its value although another one was written is no news:
    this side has its own form of it, and to tell it again and again would never end.

    :param before: token of each field before; None for a record that was made
    :param wanted: token of each field that was written
    :param after: token of each field now
    :param rounded: fields that may be stored with fewer digits, which the other side need not lose too

    >>> strayed({"city": "a", "vat": "1"}, {"city": "b"}, {"city": "b", "vat": "2"})
    {'vat'}
    >>> strayed({"city": "a"}, {"city": "b"}, {"city": "B"}), strayed({"city": "B"}, {"city": "b"}, {"city": "B"})
    ({'city'}, set())
    >>> strayed(None, {"price": "1.234"}, {"price": "1.23"}, {"price"})
    set()
    """
    result = set()
    for name, mark in after.items():
        stayed = before is not None and before.get(name) == mark
        if name in wanted:
            if mark != wanted[name] and name not in rounded and not stayed:
                result.add(name)
        elif before is not None and not stayed:
            result.add(name)
    return result
