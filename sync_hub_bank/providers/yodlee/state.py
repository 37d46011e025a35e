# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the status of a provider account means.

Yodlee collects from the bank by itself, about once a day, and goes on giving what it collected last when that fails.
So whether a listing is complete cannot be seen in the listing: the provider account tells.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind

from . import const
from .parse import instant, text


class Stage(Enum):
    GOOD = "good"
    UNDER_WAY = "under way"
    USER = "the user must act"
    DOWN = "the bank cannot be read now"
    NEVER = "the bank cannot be read"


@dataclass(frozen=True, slots=True)
class ItemState:
    """How a provider account stands.

    :param code: the status that says so, in Yodlee's words
    :param updated_at: when data came last, None when none ever came
    :param refreshable: whether a refresh may be asked for without the user
    """

    stage: Stage
    code: str
    updated_at: datetime | None
    refreshable: bool

    def fault(self) -> Fault | None:
        """Why what Yodlee has now is not to be read as complete, or None."""
        if self.stage is Stage.USER:
            return Fault(FaultKind.CONSENT_EXPIRED, provider_code=self.code)
        if self.stage is Stage.NEVER:
            return Fault(FaultKind.REQUEST_REFUSED, provider_code=self.code)
        # While older data is refreshed it is as complete as it was before.
        if self.stage is Stage.DOWN or (self.stage is Stage.UNDER_WAY and self.updated_at is None):
            return Fault(FaultKind.PROVIDER_DOWN, provider_code=self.code)
        return None


def item_state(item: dict[str, Any], now: datetime) -> ItemState:
    """The state of a provider account (schema ProviderAccount).

    :param now: aware; data that only the user can refresh is good for a day
    """
    datasets = item.get("dataset")
    listed = [entry for entry in datasets if isinstance(entry, dict)] if isinstance(datasets, list) else []
    dataset = next((entry for entry in listed if entry.get("name") == const.DATASET), {})
    status = text(item.get("status")).upper()
    additional = text(dataset.get("additionalStatus")).upper()
    updated_at = instant(dataset.get("lastUpdated")) or instant(item.get("lastUpdated"))
    eligibility = text(dataset.get("updateEligibility")).upper()
    stage = _stage(status, additional)
    if eligibility == const.UPDATE_BY_USER and stage in (Stage.GOOD, Stage.DOWN):
        fresh = updated_at is not None and now - updated_at < const.ATTENDED_DATA_LIFE
        if not (fresh and stage is Stage.GOOD):
            stage = Stage.USER
    unattended = eligibility in ("", const.UPDATE_ALLOWED) and item.get("isRealTimeMFA") is not True
    refreshable = unattended and stage in (Stage.GOOD, Stage.DOWN)
    return ItemState(stage, (additional or status)[:64], updated_at, refreshable)


def _stage(status: str, additional: str) -> Stage:
    # The dataset says more than the whole; what it does not say, or what is new to us, the whole decides.
    if additional in const.ADDITIONAL_USER or status == const.STATUS_USER:
        return Stage.USER
    if additional in const.ADDITIONAL_NEVER:
        return Stage.NEVER
    if additional in const.ADDITIONAL_DOWN:
        return Stage.DOWN
    if additional in const.ADDITIONAL_UNDER_WAY or status in const.STATUSES_UNDER_WAY:
        return Stage.UNDER_WAY
    if additional in const.ADDITIONAL_GOOD or status in const.STATUSES_GOOD:
        return Stage.GOOD
    return Stage.DOWN
