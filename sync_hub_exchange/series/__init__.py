# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fiscal series of electronic invoices in Brazil: whose they are, which numbers they may have, by when documents issued
in contingency must be transmitted, which numbers are missing. Pure Python; all rules are given as values."""

from .access_key import AccessKey, InvalidAccessKey, Issue, differences, parse_access_key
from .clashes import Clash, Holding, as_row, clashes, read_row
from .deadlines import Holiday, business_day_after, deadline_at, is_business_day, warning_at
from .federal_units import ZONES, zone_of
from .gaps import Gap, GapReport, Used, due_on, gap_report
from .rules import (
    NUMBER_LAST,
    SERIES_LAST,
    Deadline,
    DocumentModel,
    Finding,
    Kind,
    NumberRange,
    SeriesRule,
    Topic,
    Unit,
    Verdict,
    check_series,
    contradictions,
    rule_in_force,
)
from .tax_number import InvalidTaxNumber, tax_number

__all__ = [
    "NUMBER_LAST",
    "SERIES_LAST",
    "ZONES",
    "AccessKey",
    "Clash",
    "Deadline",
    "DocumentModel",
    "Finding",
    "Gap",
    "GapReport",
    "Holding",
    "Holiday",
    "InvalidAccessKey",
    "InvalidTaxNumber",
    "Issue",
    "Kind",
    "NumberRange",
    "SeriesRule",
    "Topic",
    "Unit",
    "Used",
    "Verdict",
    "as_row",
    "business_day_after",
    "check_series",
    "clashes",
    "contradictions",
    "deadline_at",
    "differences",
    "due_on",
    "gap_report",
    "is_business_day",
    "parse_access_key",
    "read_row",
    "rule_in_force",
    "tax_number",
    "warning_at",
    "zone_of",
]
