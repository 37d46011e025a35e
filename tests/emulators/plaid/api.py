# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The endpoints. Each takes the body of a call and gives that of its answer."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from ..enablebanking.banks import Account
from ..faults import Fault
from . import rendering
from .errors import ApiError
from .faults import ROW_FAULTS, spoil_rows
from .world import LINK_LIFE, PUBLIC_TOKEN_LIFE, Item, Visit, World

# endpoint -> its name in the switches, fields that must be there, fields that may
ENDPOINTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "/institutions/get": ("institutions", ("count", "offset", "country_codes"), ("options",)),
    "/link/token/create": (
        "link_create",
        ("client_name", "language", "country_codes"),
        (
            "user", "user_id", "products", "additional_consented_products", "webhook", "access_token", "redirect_uri",
            "transactions", "institution_id", "hosted_link", "update",
        ),
    ),
    "/link/token/get": ("link_get", ("link_token",), ()),
    "/item/public_token/exchange": ("exchange", ("public_token",), ()),
    "/item/get": ("item", ("access_token",), ()),
    "/item/remove": ("item_remove", ("access_token",), ("reason_code", "reason_note")),
    "/accounts/get": ("accounts", ("access_token",), ("options",)),
    "/auth/get": ("numbers", ("access_token",), ("options",)),
    "/transactions/sync": ("transactions", ("access_token",), ("cursor", "count", "options")),
    "/webhook_verification_key/get": ("webhook_key", ("key_id",), ()),
}  # fmt: skip
# Calls that a bank answers, and that an Item which wants its user refuses.
_OF_THE_BANK = frozenset({"accounts", "numbers", "transactions"})
_OF_AN_ITEM = _OF_THE_BANK | {"item", "item_remove"}
_COUNTRIES = frozenset(
    {
        "US", "GB", "ES", "NL", "FR", "IE", "CA", "DE", "IT", "PL", "DK", "NO", "SE", "EE", "LT", "LV", "PT", "BE",
        "AT", "FI",
    }
)  # fmt: skip


@dataclass
class Call:
    """A call whose keys were good; ``account``: slug of the one account that it is about."""

    name: str
    base_url: str
    body: dict[str, Any]
    item: Item | None = None
    account: str | None = None
    faults: list[Fault] = field(default_factory=list)


class Api:
    """The endpoints of one world. The caller holds its lock."""

    def __init__(self, world: World) -> None:
        self.world = world

    def identify(self, call: Call) -> None:
        """Find the Item that a call is about, and the slug of the account if it names just one. Raises ApiError."""
        if call.name not in _OF_AN_ITEM:
            return
        item = call.item = self.world.item(call.body["access_token"])
        options = call.body.get("options") or {}
        named = options.get("account_ids") or [options.get("account_id")]
        if len(named) == 1:
            call.account = next((slug for slug in item.accounts if item.account_id(slug) == named[0]), None)

    def answer(self, call: Call) -> dict[str, Any]:
        """The body of the answer. Raises ApiError."""
        self.world.count_call(call.name, call.item)
        if call.name in _OF_THE_BANK and call.item and call.item.error:
            raise ApiError(call.item.error, error_code_reason=call.item.reason)
        return getattr(self, f"_{call.name}")(call)

    # -- banks -------------------------------------------------------------------------------

    def _institutions(self, call: Call) -> dict[str, Any]:
        count, offset = call.body["count"], call.body["offset"]
        if count.__class__ is not int or not 1 <= count <= 500 or offset.__class__ is not int or offset < 0:
            raise ApiError("INVALID_FIELD", "count must be between 1 and 500")
        countries = _countries(call)
        found = [bank for bank in self.world.banks.values() if bank.country in countries]
        shown = [rendering.institution(self.world, bank) for bank in found]
        count = min(count, self.world.page_limit)
        return {"institutions": shown[offset : offset + count], "total": len(shown)}

    # -- Link --------------------------------------------------------------------------------

    def _link_create(self, call: Call) -> dict[str, Any]:
        world, body = self.world, call.body
        _countries(call)
        client_user = (body.get("user") or {}).get("client_user_id")
        if not client_user and not body.get("user_id"):
            raise ApiError("MISSING_FIELDS", "user.client_user_id")
        redirect_uri = body.get("redirect_uri")
        if redirect_uri and urlsplit(redirect_uri).query:
            raise ApiError("INVALID_FIELD", "redirect_uri must not contain a query")
        days = (body.get("transactions") or {}).get("days_requested", 90)
        if days.__class__ is not int or not 1 <= days <= 730:
            raise ApiError("INVALID_FIELD", "transactions.days_requested must be between 1 and 730")
        token = body.get("access_token")
        if token:
            if body.get("products"):
                raise ApiError("INVALID_FIELD", "products must be omitted in update mode")
            slug = world.item(token).bank
        else:
            if not body.get("products"):
                raise ApiError("MISSING_FIELDS", "products")
            chosen = body.get("institution_id")
            slug = world.institution(chosen).slug if chosen else world.bank(None).slug
        now = world.now()
        visit = Visit(
            link_token=f"link-{world.environment}-{uuid.uuid4()}",
            visit_id=secrets.token_urlsafe(16),
            bank=slug,
            request=body,
            created=now,
            expires=now + LINK_LIFE[bool(token)],
            item=token or "",
        )
        world.visits[visit.visit_id] = visit
        answer = {"link_token": visit.link_token, "expiration": rendering.instant(visit.expires)}
        if body.get("hosted_link") is not None:
            answer["hosted_link_url"] = f"{call.base_url}/hosted/{visit.visit_id}"
        return answer

    def _link_get(self, call: Call) -> dict[str, Any]:
        visit = self._visit(lambda visit: visit.link_token == call.body["link_token"], "INVALID_LINK_TOKEN")
        request = visit.request
        return {
            "link_token": visit.link_token,
            "created_at": rendering.instant(visit.created),
            "expiration": rendering.instant(visit.expires),
            "link_sessions": rendering.link_sessions(self.world, visit),
            "metadata": {
                "client_name": request["client_name"],
                "country_codes": request["country_codes"],
                "initial_products": request.get("products") or [],
                "language": request["language"],
                "redirect_uri": request.get("redirect_uri"),
                "webhook": request.get("webhook"),
            },
        }

    def _exchange(self, call: Call) -> dict[str, Any]:
        token = call.body["public_token"]
        visit = self._visit(lambda visit: token and visit.public_token == token, "INVALID_PUBLIC_TOKEN")
        if visit.stage != "done" or not visit.finished or visit.finished + PUBLIC_TOKEN_LIFE < self.world.now():
            raise ApiError("INVALID_PUBLIC_TOKEN")
        visit.stage = "exchanged"
        item = self.world.new_item(visit)
        return {"access_token": item.access_token, "item_id": item.item_id}

    def _visit(self, wanted: Any, refusal: str) -> Visit:
        for visit in self.world.visits.values():
            if wanted(visit):
                return visit
        raise ApiError(refusal)

    # -- Items -------------------------------------------------------------------------------

    def _item(self, call: Call) -> dict[str, Any]:
        return {"item": rendering.item(self.world, call.item), "status": None}

    def _item_remove(self, call: Call) -> dict[str, Any]:
        call.item.removed = True
        return {}

    def _accounts(self, call: Call) -> dict[str, Any]:
        shown = [rendering.account(self.world, call.item, kept) for kept in self._chosen(call)]
        return {"accounts": shown, "item": rendering.item(self.world, call.item)}

    def _numbers(self, call: Call) -> dict[str, Any]:
        if "auth" not in call.item.consented:
            raise ApiError("PRODUCTS_NOT_SUPPORTED")
        chosen = [kept for kept in self._chosen(call) if kept.kind != "CARD"]
        international = [
            {"account_id": call.item.account_id(kept.slug), "iban": kept.iban, "bic": kept.bic} for kept in chosen
        ]
        return self._accounts(call) | {
            "numbers": {"ach": [], "eft": [], "bacs": [], "international": international}
        }

    def _chosen(self, call: Call) -> list[Account]:
        """The Item's accounts, or those that ``options.account_ids`` names."""
        item = call.item
        mine = {item.account_id(kept.slug): kept for kept in self._accounts_of(item)}
        wanted = (call.body.get("options") or {}).get("account_ids")
        if wanted is None:
            return list(mine.values())
        if not set(wanted) <= set(mine):
            raise ApiError("INVALID_ACCOUNT_ID")
        return [mine[account_id] for account_id in wanted]

    def _accounts_of(self, item: Item) -> Iterable[Account]:
        offered = self.world.accounts_of(self.world.banks[item.bank], item.username)
        return (kept for kept in offered if kept.slug in item.accounts)

    # -- transactions ------------------------------------------------------------------------

    def _transactions(self, call: Call) -> dict[str, Any]:
        world, item, options = self.world, call.item, call.body.get("options") or {}
        count = call.body.get("count", 100)
        if count.__class__ is not int or not 1 <= count <= 500:
            raise ApiError("INVALID_FIELD", "count must be between 1 and 500")
        account_id = options.get("account_id")
        mine = {item.account_id(kept.slug): kept for kept in self._accounts_of(item)}
        if account_id is not None and account_id not in mine:
            raise ApiError("INVALID_ACCOUNT_ID")
        stream = [item.item_id, account_id]
        chosen = [kept for uid, kept in mine.items() if account_id in (None, uid)]
        added: list[dict[str, Any]] = []
        modified: list[dict[str, Any]] = []
        removed: list[dict[str, Any]] = []
        answer = {"added": added, "modified": modified, "removed": removed, "accounts": []}
        if world.first_pull_held:
            return answer | {"next_cursor": "", "has_more": False, "transactions_update_status": "NOT_READY"}
        item.synced = True
        lengths = {kept.slug: len(world.book(kept).changes) for kept in chosen}
        places, seen = _read_cursor(call.body.get("cursor"), stream)
        if seen is not None and seen != lengths:
            raise ApiError("TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")
        left = min(count, world.page_limit)
        first = world.today() - timedelta(days=item.days_requested)
        for kept in chosen:
            book, begin = world.book(kept), places.get(kept.slug, 0)
            changes = book.changes[begin : begin + left]
            places[kept.slug] = begin + len(changes)
            left -= len(changes)
            told = set()
            for kind, key in changes:
                if kind == "removed":
                    gone = item.transaction_id(kept.slug, key)
                    removed.append({"transaction_id": gone, "account_id": item.account_id(kept.slug)})
                elif key in book.rows and key not in told and book.rows[key].day >= first:
                    told.add(key)
                    original = options.get("include_original_description") is True
                    shown = rendering.transaction(item, book, book.rows[key], original)
                    (added if kind == "added" else modified).append(shown)
        for fault in call.faults:
            if fault.fault in ROW_FAULTS:
                spoil_rows(added or modified, fault)
        more = any(places[slug] < length for slug, length in lengths.items())
        return answer | {
            "next_cursor": _cursor(stream, places, lengths if more else None),
            "has_more": more,
            "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE",
        }

    # -- messages ----------------------------------------------------------------------------

    def _webhook_key(self, call: Call) -> dict[str, Any]:
        for key in self.world.signing_keys:
            if key.key_id == call.body["key_id"]:
                return {"key": key.jwk()}
        raise ApiError("INVALID_FIELD", "key_id")


def _countries(call: Call) -> list[str]:
    countries = call.body["country_codes"]
    if not isinstance(countries, list) or not countries or not set(countries) <= _COUNTRIES:
        raise ApiError("INVALID_FIELD", "country_codes must be a list of supported countries")
    return countries


def _cursor(stream: list[Any], places: dict[str, int], lengths: dict[str, int] | None) -> str:
    """Where a reader stands; in the midst of a listing also how long it was when it began."""
    return base64.urlsafe_b64encode(json.dumps([stream, places, lengths]).encode()).decode()


def _read_cursor(cursor: Any, stream: list[Any]) -> tuple[dict[str, int], dict[str, int] | None]:
    if not cursor:
        return {}, None
    try:
        found, places, lengths = json.loads(base64.urlsafe_b64decode(cursor))
    except (ValueError, TypeError) as error:
        raise ApiError("INVALID_FIELD", "cursor not associated with access_token") from error
    if found != stream:
        raise ApiError("INVALID_FIELD", "cursor not associated with access_token")
    return places, lengths
