# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The rules and holidays that the addon brings, read from its data files without Odoo."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from odoo.addons.sync_hub_exchange.series import (
    Deadline,
    DocumentModel,
    Holiday,
    Kind,
    NumberRange,
    SeriesRule,
    Unit,
)

_DATA = Path(__file__).resolve().parents[2] / "sync_hub_exchange" / "data"


def _records(file: str) -> list[dict[str, str]]:
    records = []
    for record in ElementTree.parse(_DATA / file).getroot().iter("record"):
        values = {field.get("name"): field.text or field.get("ref") or field.get("eval") for field in record}
        records.append({"id": record.get("id"), **values})
    return records


def _range(values: dict[str, str], condition: str, first: str, last: str) -> NumberRange | None:
    return NumberRange(int(values[first]), int(values[last])) if values.get(condition) == "True" else None


def shipped_rules() -> list[SeriesRule]:
    return [
        SeriesRule(
            key=values["id"],
            model=DocumentModel(values["document_model"]),
            kind=Kind(values["kind"]),
            uf=values["state_id"].removeprefix("base.state_br_").upper() if "state_id" in values else None,
            valid_from=date.fromisoformat(values["date_from"]),
            valid_until=date.fromisoformat(values["date_until"]) if "date_until" in values else None,
            numbers=_range(values, "says_numbers", "number_from", "number_until"),
            certain=_range(values, "is_disputed", "certain_from", "certain_until"),
            deadline=Deadline(Unit(values["deadline_unit"]), int(values["deadline_amount"]))
            if "deadline_unit" in values
            else None,
            gap_day=int(values["gap_day"]) if "gap_day" in values else None,
        )
        for values in _records("sync_exchange_series_rule_data.xml")
    ]


def shipped_sources() -> list[dict[str, str]]:
    return _records("sync_exchange_series_rule_data.xml")


def shipped_holidays() -> list[Holiday]:
    return [
        Holiday(date.fromisoformat(values["date"]), yearly=values.get("yearly") == "True")
        for values in _records("sync_exchange_series_holiday_data.xml")
    ]
