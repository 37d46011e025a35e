# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The endpoints of the API. Each returns the JSON text of its answer or raises ApiError.

Documentation: https://enablebanking.com/docs/api/reference.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from .banks import Account, Bank
from .consents import Authorization, Session
from .errors import ApiError
from .faults import Fault, spoil_rows
from .paging import Handles, Place, continuation_key, place_of
from .rendering import render_account, render_aspsp, render_balances, render_transaction
from .validation import (
    Window,
    check_access,
    check_credentials,
    check_psu_headers,
    check_uuid,
    choice_of,
    missing_psu_header,
    text_of,
    wrong,
)
from .world import World

DEFAULT_PERIOD = timedelta(days=90)  # what a bank gives when no date_from is asked
COUNTRIES = ("DE", "FI", "FR", "IT", "PL")


@dataclass
class Call:
    """One request to the API, with what is known of it so far."""

    name: str
    base_url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    arguments: Mapping[str, str]
    session: Session | None = None
    account: Account | None = None
    bank: Bank | None = None
    user_present: bool = False
    faults: list[Fault] = field(default_factory=list)


class Api:
    """The endpoints on one world. The caller holds its lock."""

    def __init__(self, world: World) -> None:
        self.world = world

    def identify(self, call: Call) -> None:
        """Find out which bank and account a call is about, where it says so."""
        world, now = self.world, self.world.now()
        if "uid" in call.arguments:
            check_uuid(call.arguments["uid"], "account_id")
            call.session, slug = world.consents.by_account(call.arguments["uid"], now)
            call.bank = world.banks[call.session.bank]
            call.account = world.account(call.bank.slug, slug)
        elif "session_id" in call.arguments:
            check_uuid(call.arguments["session_id"], "session_id")
            call.session = world.consents.session(call.arguments["session_id"], now)
            call.bank = world.banks[call.session.bank]
        elif call.name == "auth" and isinstance(call.body, dict):
            name = call.body.get("aspsp")
            if isinstance(name, dict):
                names = {bank.name: bank for bank in world.banks.values()}
                call.bank = names.get(str(name.get("name")))

    def answer(self, call: Call) -> str:
        """The JSON text of the answer."""
        return getattr(self, call.name)(call)

    # -- the application and the banks ---------------------------------------------------------

    def application(self, call: Call) -> str:
        """GET /application"""
        application = self.world.application
        return json.dumps(
            {
                "name": application.name,
                "description": None,
                "kid": application.application_id,
                "environment": "SANDBOX",
                "redirect_urls": application.redirect_urls,
                "active": application.active,
                "countries": list(COUNTRIES),
                "services": ["AIS"],
            }
        )

    def aspsps(self, call: Call) -> str:
        """GET /aspsps"""
        country = call.query.get("country")
        if country is not None and not (
            len(country) == 2 and country.isalpha() and country.isupper()
        ):
            raise wrong("country: two capital letters")
        psu_type = choice_of(call.query, "psu_type", ("business", "personal"))
        service = choice_of(call.query, "service", ("AIS", "PIS"))
        banks = [
            bank
            for bank in self.world.banks.values()
            if country in (None, bank.country)
            and (psu_type is None or psu_type in bank.psu_types)
            # no bank of the sandbox makes payments
            and service in (None, "AIS")
            and "payment_type" not in call.query
        ]
        rendered = [
            render_aspsp(bank, self.world.settings[bank.slug], call.base_url) for bank in banks
        ]
        return json.dumps({"aspsps": rendered}, ensure_ascii=False)

    # -- consent -------------------------------------------------------------------------------

    def auth(self, call: Call) -> str:
        """POST /auth"""
        world, body = self.world, _object(call.body)
        name = body.get("aspsp")
        if not isinstance(name, dict):
            raise wrong("aspsp: an object is required")
        bank_name, country = text_of(name, "name"), text_of(name, "country")
        state, redirect_url = text_of(body, "state"), text_of(body, "redirect_url")
        bank = world.aspsp(str(bank_name), str(country))
        if not world.application.allows_redirect(str(redirect_url)):
            raise ApiError("REDIRECT_URI_NOT_ALLOWED")
        psu_type = choice_of(body, "psu_type", ("business", "personal")) or "personal"
        if psu_type not in bank.psu_types:
            raise wrong(f"psu_type: {bank.name} does not offer {psu_type}")
        access = check_access(body.get("access"), bank, world.now())
        language = text_of(body, "language", required=False) or ""
        if language and not (len(language) == 2 and language.isalpha() and language.islower()):
            raise wrong("language: two small letters")
        credentials = check_credentials(body, bank, psu_type)
        psu_id = text_of(body, "psu_id", required=False) or secrets.token_hex(16)
        kid = world.application.application_id
        authorization = Authorization(
            authorization_id=str(uuid.uuid4()),
            bank=bank.slug,
            psu_type=psu_type,
            psu_id_hash=hashlib.sha256(f"{kid}/{psu_id}".encode()).hexdigest(),
            state=str(state),
            redirect_url=str(redirect_url),
            language=language,
            access=access,
            created=world.now().isoformat(),
            prefilled=credentials.get("userId", ""),
        )
        user = world.user(bank, credentials.get("userId", ""))
        known = user and credentials.get("password") == user.password
        if known and body.get("credentials_autosubmit", True) is not False:
            authorization.username, authorization.stage = authorization.prefilled, "otp"
        world.consents.authorizations[authorization.authorization_id] = authorization
        world.save()
        return json.dumps(
            {
                "url": f"{call.base_url}/consent/{authorization.authorization_id}",
                "authorization_id": authorization.authorization_id,
                "psu_id_hash": authorization.psu_id_hash,
            }
        )

    def create_session(self, call: Call) -> str:
        """POST /sessions"""
        world = self.world
        code = text_of(_object(call.body), "code") or ""
        try:
            session = world.consents.redeem(code, world.closed_accounts, world.now())
        finally:
            world.save()
        call.bank = world.banks[session.bank]
        accounts = [
            render_account(world.account(session.bank, slug), uid)
            for slug, uid in [
                *((slug, uid) for uid, slug in session.uids.items()),
                *((slug, None) for slug in session.unreadable),
            ]
        ]
        return json.dumps(
            {
                "session_id": session.session_id,
                "accounts": accounts,
                "aspsp": _aspsp(call.bank),
                "psu_type": session.psu_type,
                "access": session.access,
            },
            ensure_ascii=False,
        )

    def get_session(self, call: Call) -> str:
        """GET /sessions/{session_id}"""
        session, bank = _known(call.session), _known(call.bank)
        accounts = {uid: self.world.account(bank.slug, slug) for uid, slug in session.uids.items()}
        return json.dumps(
            {
                "status": session.status,
                "accounts": list(accounts),
                "accounts_data": [
                    {
                        "uid": uid,
                        "identification_hash": account.identification_hash,
                        "identification_hashes": account.identification_hashes,
                    }
                    for uid, account in accounts.items()
                ],
                "aspsp": _aspsp(bank),
                "psu_type": session.psu_type,
                "psu_id_hash": session.psu_id_hash,
                "access": session.access,
                "created": session.created,
                "authorized": session.authorized,
                "closed": session.closed,
            },
            ensure_ascii=False,
        )

    def delete_session(self, call: Call) -> str:
        """DELETE /sessions/{session_id}"""
        session = _known(call.session)
        session.check()
        session.status, session.closed = "CLOSED", self.world.now().isoformat()
        self.world.save()
        return json.dumps({"message": "OK"})

    # -- accounts ------------------------------------------------------------------------------

    def details(self, call: Call) -> str:
        """GET /accounts/{account_id}/details"""
        account = self._readable(call)
        return json.dumps(render_account(account, call.arguments["uid"]), ensure_ascii=False)

    def balances(self, call: Call) -> str:
        """GET /accounts/{account_id}/balances"""
        account = self._readable(call, "balances")
        balances = render_balances(
            self.world.ledger(account),
            self.world.settings[account.bank],
            self.world.today(),
            self.world.now(),
        )
        return json.dumps({"balances": balances}, ensure_ascii=False)

    def transaction(self, call: Call) -> str:
        """GET /accounts/{account_id}/transactions/{transaction_id}"""
        account = self._readable(call, "transactions")
        settings = self.world.settings[account.bank]
        handle = call.arguments["transaction_id"]
        row = self.world.ledger(account).find(self._handles(call).read(handle))
        if row is None or not settings.transaction_ids:
            raise ApiError("TRANSACTION_DOES_NOT_EXIST")
        return render_transaction(row, account, settings, handle)

    def transactions(self, call: Call) -> str:
        """GET /accounts/{account_id}/transactions"""
        world, account = self.world, self._readable(call, "transactions")
        settings, ledger = world.settings[account.bank], world.ledger(account)
        window = Window.of(call.query, world.today())
        date_from = self._earliest(call, window)
        binding = self._binding(call)
        key = call.query.get("continuation_key")
        place = Place() if key is None else place_of(world.secret, binding, key)
        rows = []
        if not place.empty:
            rows = ledger.page(
                date_from,
                window.date_to,
                window.status,
                newest_first=settings.order == "newest",
                start=place.offset,
                stop=place.offset + settings.page_size,
                balances=settings.balance_after,
            )
        after: Place | None = Place(
            place.offset + len(rows), place.page + 1, settings.empty_pages and bool(rows)
        )
        if after and after.offset >= ledger.count(date_from, window.date_to, window.status):
            after = None
        next_key = after and continuation_key(world.secret, binding, after)
        for fault in call.faults:
            if fault.fault == "endless_pages":
                page = place.page + 1 if fault.options.get("keys") == "fresh" else 0
                next_key = continuation_key(world.secret, binding, Place(0, page))
        make = self._handles(call).make if settings.transaction_ids else lambda handle: None
        texts = [render_transaction(row, account, settings, make(row.handle)) for row in rows]
        listing = ", ".join(self._spoiled(texts, call))
        return f'{{"transactions": [{listing}], "continuation_key": {json.dumps(next_key)}}}'

    def _spoiled(self, texts: list[str], call: Call) -> list[str]:
        faults = [fault for fault in call.faults if fault.fault not in ("endless_pages", "slow")]
        if not faults:
            return texts
        rows = [json.loads(text) for text in texts]
        for fault in faults:
            spoil_rows(rows, fault)
        return [json.dumps(row, ensure_ascii=False) for row in rows]

    def _readable(self, call: Call, scope: str | None = None) -> Account:
        """The account, once session, scope, user and quota allow to read it."""
        world, account = self.world, _known(call.account)
        session = _known(call.session)
        session.check()
        if scope and not session.access.get(scope, True):
            raise ApiError("ACCESS_DENIED")
        if (account.bank, account.slug) in world.closed_accounts:
            raise ApiError("ASPSP_ACCOUNT_NOT_ACCESSIBLE")
        settings = world.settings[account.bank]
        call.user_present = check_psu_headers(call.headers, settings.required_psu_headers)
        if not call.user_present:
            if settings.user_present == "header":
                raise missing_psu_header((*settings.required_psu_headers, "Psu-Ip-Address")[0])
            if settings.user_present == "action":
                raise ApiError("ASPSP_PSU_ACTION_REQUIRED")
            # a following page belongs to the read that began the listing
            if "continuation_key" not in call.query:
                world.count_unattended_read(account, call.name)
                # a call must not take longer the more accounts the bank has
                world.save_soon()
        return account

    def _earliest(self, call: Call, window: Window) -> date | None:
        """The first day of the listing. Raises ApiError when the bank does not go so far."""
        world, session = self.world, _known(call.session)
        settings = world.settings[session.bank]
        limit = settings.history_days
        since_consent = world.now() - datetime.fromisoformat(session.authorized)
        if since_consent < timedelta(minutes=settings.full_history_minutes):
            limit = None
        earliest = None if limit is None else world.today() - timedelta(days=limit)
        if window.longest:
            return max(filter(None, (earliest, window.date_from)), default=None)
        wanted = window.date_from or world.today() - DEFAULT_PERIOD
        if earliest is None or wanted >= earliest:
            return wanted
        world.period_errors += 1
        silent = settings.history_detail == "none" or (
            settings.history_detail == "alternate" and world.period_errors % 2 == 0
        )
        detail = None if silent else {"date_from": earliest.isoformat()}
        raise ApiError("WRONG_TRANSACTIONS_PERIOD", detail)

    def _binding(self, call: Call) -> str:
        names = ("date_from", "date_to", "transaction_status", "strategy")
        parameters = [call.query.get(name, "") for name in names]
        return "|".join((_known(call.session).session_id, call.arguments["uid"], *parameters))

    def _handles(self, call: Call) -> Handles:
        binding = f"{_known(call.session).session_id}|{call.arguments['uid']}"
        return Handles(self.world.secret, binding)


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise wrong("body: a JSON object is required")
    return body


def _known(value: Any) -> Any:
    """What ``identify`` found; a call without it never reaches its endpoint."""
    assert value is not None
    return value


def _aspsp(bank: Bank) -> dict[str, str]:
    return {"name": bank.name, "country": bank.country}
