# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Provider accounts: a user's links to banks, and what Yodlee found behind them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from odoo.addons.sync_hub.faults import Fault, FaultKind

from ..values import BankAccount
from . import const
from .client import Client, is_gone, path_of, rows_of
from .errors import ApiFault
from .fastlink import Departure
from .parse import instant, parse_accounts, text
from .state import Stage, item_state


class Items:
    """The provider accounts of users, asked and changed through ``client``.

    :param clock: the present, as an aware datetime
    :param pause: waits that many seconds
    """

    def __init__(self, client: Client, clock: Callable[[], datetime], pause: Callable[[float], None]):
        self._client = client
        self._clock = clock
        self._pause = pause

    def fetch(self, login: str, item: str) -> dict[str, Any]:
        """The provider account. Raises :class:`ApiFault` CONSENT_EXPIRED when it is not there."""
        try:
            body = self._client.get(path_of(const.PATH_ITEM, item=item), login)
        except ApiFault as fault:
            if not is_gone(fault):
                raise
            raise ApiFault(
                FaultKind.CONSENT_EXPIRED,
                status=fault.status,
                error=fault.error,
                provider_code=fault.provider_code,
                detail=fault.detail,
            ) from fault
        entry = next((e for e in rows_of(body, "providerAccount") if isinstance(e, dict)), None)
        if entry is None:
            raise ApiFault(FaultKind.CONSENT_EXPIRED, status=200, error="", detail="no provider account")
        return entry

    def remove(self, login: str, item: str) -> None:
        """Remove the provider account and all its data. One that is not there is no fault."""
        try:
            self._client.call("DELETE", path_of(const.PATH_ITEM, item=item), login)
        except ApiFault as fault:
            if not is_gone(fault):
                raise

    def newest(self, departure: Departure) -> str:
        """The provider account that came into being since the browser left; empty when none did."""
        entries, _linked = self._client.rows(const.PATH_ITEMS, "providerAccount", departure.login)
        found = [
            int(text(entry.get("id")))
            for entry in entries
            if isinstance(entry, dict)
            and text(entry.get("id")).isdecimal()
            and text(entry.get("providerId")) == departure.provider
            and is_newer(entry, departure)
        ]
        return str(max(found)) if found else ""

    def arrived(self, login: str, item: str) -> tuple[dict[str, Any], tuple[BankAccount, ...]]:
        """The provider account and its accounts, once Yodlee has found them at the bank.

        :raises Fault: AUTHORIZATION_INVALID when it is not the user's or signing in at the bank failed, NO_ACCOUNTS
            when there are none, PROVIDER_DOWN when the bank does not answer or takes too long
        """
        for look in range(const.ARRIVAL_LOOKS):
            if look:
                self._pause(const.ARRIVAL_PAUSE)
            try:
                entry = self.fetch(login, item)
            except ApiFault as fault:
                if fault.kind is not FaultKind.CONSENT_EXPIRED:
                    raise
                raise Fault(FaultKind.AUTHORIZATION_INVALID, provider_code=fault.provider_code) from fault
            state = item_state(entry, self._clock())
            if state.stage is Stage.USER:
                raise Fault(FaultKind.AUTHORIZATION_INVALID, provider_code=state.code)
            accounts = self.accounts(login, item)
            if accounts:
                return entry, accounts
            if state.stage is not Stage.UNDER_WAY:
                break
        if state.stage is Stage.GOOD:
            raise Fault(FaultKind.NO_ACCOUNTS, provider_code=state.code)
        raise state.fault() or Fault(FaultKind.PROVIDER_DOWN, provider_code=state.code)

    def accounts(self, login: str, item: str) -> tuple[BankAccount, ...]:
        """The accounts behind a provider account."""
        entries, _linked = self._client.rows(const.PATH_ACCOUNTS, "account", login, providerAccountId=item)
        return parse_accounts(entries)

    def consents(self, login: str, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The consents of a provider account: there are some in open banking only."""
        item = text(entry.get("id"))
        if not item or not text(entry.get("consentId")):
            return []
        try:
            listed, _linked = self._client.rows(const.PATH_CONSENTS, "consent", login, providerAccountIds=item)
        except ApiFault as fault:
            if fault.kind is FaultKind.REQUEST_REFUSED:
                return []
            raise
        return [e for e in listed if isinstance(e, dict) and text(e.get("providerAccountId")) in ("", item)]


def is_newer(entry: Mapping[str, Any], departure: Departure) -> bool:
    """Whether a provider account came into being after the browser left."""
    said = text(entry.get("createdDate"))
    created = instant(said)
    # Some answers tell the day only; their clock may be behind ours.
    slack = timedelta(days=1) if len(said) == 10 else timedelta(minutes=1)
    return created is not None and created + slack >= departure.at


def end_of(consents: Iterable[Mapping[str, Any]]) -> datetime | None:
    """When the longest of the consents that still stand ends; None when none tells."""
    standing = [c for c in consents if text(c.get("consentStatus")) not in const.CONSENT_ENDED]
    ends = (instant(c.get("expirationDateTime")) or instant(c.get("expirationDate")) for c in standing)
    return max(filter(None, ends), default=None)
