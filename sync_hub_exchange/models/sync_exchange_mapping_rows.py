# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Iterable, Sequence
from dataclasses import replace

from odoo import models

from ..records import Decision, Policy, RowMerge, agreed, merge_rows, remember, token

# Policies that choose between single fields, and so between single rows too.
_ROW_BY_ROW = (Policy.FIELDS, Policy.ASK)
# What is agreed about a field with rows of which a person is asked: nothing, so that they are compared every time. The
# tokens here and there, by which it is sent meanwhile, are kept with the rows.
ASKED = ["", ""]


def is_to_be_sent(pair: list) -> bool:
    """Whether what both sides have agreed about a field says that it is to be sent."""
    return _tokens_of(pair)[0] == ""


def as_sent(base: dict, names: Iterable[str]) -> dict:
    """What both sides have agreed, where a person is asked about rows of some fields and the others are sent."""
    return {**base, **{name: [*_tokens_of(base[name]), *base[name][2:]] for name in names if name in base}}


def _tokens_of(pair: list) -> list[str]:
    return (kept_of(pair) or {}).get("asked") or pair[:2]


def kept_of(pair: Sequence) -> dict | None:
    """What is remembered of the rows of a field; None if nothing is."""
    return pair[2] if len(pair) > 2 else None


class SyncExchangeMapping(models.Model):
    """Rows that belong to a record, such as the rules of a price list, are compared row by row.

    The link keeps of a field with rows a third thing, besides its tokens here and there: the marks of its rows, see
    ``records.Memory``. Where these are not known (a link of an older version, rows that cannot be told apart), the rows
    are compared as one value.
    """

    _inherit = "sync.exchange.mapping"

    def _row_keys(self, line) -> tuple[str, ...] | None:
        """See ``Rule``."""
        if self._policy() not in _ROW_BY_ROW or line.conversion != "same":
            return None
        field = self.env[self.model]._fields[line.name]
        return self.env["sync.exchange.unit"]._of(field.comodel_name)._row_keys

    # -- Receiving ---------------------------------------------------------------------------------------------------

    def _merge_rows(
        self, decision: Decision, record: dict, here: dict, as_here: dict, base: dict, *, there_is_newer: bool
    ) -> tuple[Decision, dict[str, RowMerge]]:
        """Compare rows that have changed on both sides.

        :return: the decision about the record, with that about its rows; field -> what becomes of its rows
        """
        record["kept"] = {name: kept for name in record["row_keys"] if (kept := kept_of(base.get(name, ())))}
        merged = {}
        for name in record["kept"].keys() & set(decision.clash):
            rows = merge_rows(
                self._policy(),
                here["values"][name] or (),
                record["values"][name] or (),
                as_here[name] or (),
                record["kept"][name],
                record["row_keys"][name],
                there_is_newer=there_is_newer,
            )
            if rows:
                merged[name] = rows
        if not merged:
            return decision, merged
        more = {
            "take": [name for name, rows in merged.items() if rows.clash and rows.takes and there_is_newer],
            "ask": [name for name, rows in merged.items() if rows.asks],
            "clash": [name for name, rows in merged.items() if rows.clash],
        }
        parts = {
            part: (*(name for name in getattr(decision, part) if name not in merged), *more.get(part, ()))
            for part in ("take", "keep", "ask", "clash")
        }
        return replace(decision, **parts), merged

    def _pair_of_rows(self, rows: RowMerge, here: str, there: str) -> list:
        """What is agreed of a field whose rows were compared: see ``_merge``."""
        if rows.asks:
            return list(ASKED)
        if rows.sends:
            return ["", there]
        return [None if rows.takes else here, there]

    def _plan_rows(
        self, record: dict, as_here: dict, base: dict, new_base: dict, decision: Decision, merged: dict[str, RowMerge]
    ) -> None:
        """Note in a record what will have to be remembered of its rows."""
        for name, keys in record["row_keys"].items():
            if name in merged:
                record["plans"][name] = merged[name].plan
                if merged[name].asks:
                    record["asked"][name] = merged[name].sends
                continue
            if name not in new_base:
                continue
            there_as_before = name in record["kept"] and base[name][1] == new_base[name][1]
            if there_as_before and (name in decision.keep or base[name][0] == new_base[name][0]):
                # What was remembered holds on.
                continue
            taken = name not in decision.keep
            record["plans"][name] = agreed(record["values"][name] or (), as_here[name] or (), keys, taken=taken)

    def _plan_rows_made(self, record: dict) -> None:
        """The same for a record that was made: it has the rows of the other side."""
        for name, keys in record["row_keys"].items():
            rows = record["values"][name] or ()
            record["plans"][name] = agreed(rows, rows, keys)

    def _with_rows(self, base: dict, record: dict, values: dict, missing) -> dict:
        """What is agreed of a record, with what is to be remembered of its rows.

        :param values: what it is here now
        :param missing: paths of what could not be taken
        """
        if not record["row_keys"]:
            return base
        lacking = {path.partition(".")[0] for path in missing}
        result = dict(base)
        for name in record["row_keys"].keys() & base.keys() & values.keys():
            kept = record["kept"].get(name)
            if name in record["plans"] and name not in lacking:
                kept = remember(record["plans"][name], values[name] or (), record["row_keys"][name])
                if name in record["asked"]:
                    here = "" if record["asked"][name] else token(values[name])
                    kept["asked"] = [here, record["tokens"][name]]
            if kept is not None:
                result[name] = [*base[name][:2], kept]
        return result
