# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Authorizations (a user on the way through the bank's pages) and sessions (a consent given)."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from .errors import ApiError

CODE_LIFE = timedelta(minutes=10)
SESSION_ERRORS = {
    "EXPIRED": "EXPIRED_SESSION",
    "CLOSED": "CLOSED_SESSION",
    "REVOKED": "REVOKED_SESSION",
}


@dataclass
class Authorization:
    """One POST /auth. ``stage`` is the page that the user sees: login, otp, accounts; then
    done or cancelled. Instants are ISO texts, as in the state file."""

    authorization_id: str
    bank: str
    psu_type: str
    psu_id_hash: str
    state: str
    redirect_url: str
    language: str
    access: dict[str, Any]
    created: str
    stage: str = "login"
    username: str = ""
    prefilled: str = ""
    accounts: list[str] = field(default_factory=list)
    code: str | None = None
    code_expires: str | None = None
    code_used: bool = False

    def issue_code(self, accounts: list[str], now: datetime) -> str:
        """The user confirmed ``accounts`` (slugs): a code that works once, for ten minutes."""
        self.stage = "done"
        self.accounts = accounts
        self.code = secrets.token_urlsafe(24)
        self.code_expires = (now + CODE_LIFE).isoformat()
        return self.code


@dataclass
class Session:
    """A consent. ``uids`` maps an account uid of this session to the account's slug;
    ``unreadable`` are accounts that came without a uid."""

    session_id: str
    bank: str
    username: str
    psu_type: str
    psu_id_hash: str
    access: dict[str, Any]
    created: str
    authorized: str
    uids: dict[str, str]
    unreadable: list[str] = field(default_factory=list)
    status: str = "AUTHORIZED"
    closed: str | None = None

    def refresh(self, now: datetime) -> None:
        """An authorized session whose time is over is EXPIRED."""
        over = datetime.fromisoformat(self.access["valid_until"]) <= now
        if self.status == "AUTHORIZED" and over:
            self.status = "EXPIRED"

    def check(self) -> None:
        """Raise ApiError unless the session can be used."""
        if self.status != "AUTHORIZED":
            raise ApiError(SESSION_ERRORS.get(self.status, "WRONG_SESSION_STATUS"))


class Consents:
    """All authorizations and sessions. ``older_sessions`` is what a new consent of the same
    customer makes of the earlier ones: EXPIRED, CLOSED, REVOKED or AUTHORIZED (they live on)."""

    def __init__(self) -> None:
        self.authorizations: dict[str, Authorization] = {}
        self.sessions: dict[str, Session] = {}
        self.older_sessions = "CLOSED"

    def redeem(self, code: str, closed_accounts: set[tuple[str, str]], now: datetime) -> Session:
        """The session that ``code`` buys, once. Raises ApiError."""
        found = [
            item
            for item in self.authorizations.values()
            if item.code is not None and secrets.compare_digest(item.code.encode(), code.encode())
        ]
        if not found:
            raise ApiError("WRONG_AUTHORIZATION_CODE")
        authorization = found[0]
        if authorization.code_used:
            raise ApiError("ALREADY_AUTHORIZED")
        if datetime.fromisoformat(authorization.code_expires or "") <= now:
            raise ApiError("EXPIRED_AUTHORIZATION_CODE")
        authorization.code_used = True
        if not authorization.accounts:
            raise ApiError("NO_ACCOUNTS_ADDED")
        self._supersede(authorization, now)
        readable, unreadable = [], []
        for slug in authorization.accounts:
            closed = (authorization.bank, slug) in closed_accounts
            (unreadable if closed else readable).append(slug)
        session = Session(
            session_id=str(uuid.uuid4()),
            bank=authorization.bank,
            username=authorization.username,
            psu_type=authorization.psu_type,
            psu_id_hash=authorization.psu_id_hash,
            access=authorization.access,
            created=authorization.created,
            authorized=now.isoformat(),
            uids={str(uuid.uuid4()): slug for slug in readable},
            unreadable=unreadable,
        )
        self.sessions[session.session_id] = session
        return session

    def _supersede(self, authorization: Authorization, now: datetime) -> None:
        for session in self.sessions.values():
            same_customer = (session.bank, session.username) == (
                authorization.bank,
                authorization.username,
            )
            if same_customer and session.status == "AUTHORIZED":
                session.status = self.older_sessions
                if self.older_sessions == "CLOSED":
                    session.closed = now.isoformat()

    def session(self, session_id: str, now: datetime) -> Session:
        """The session of that id. Raises ApiError SESSION_DOES_NOT_EXIST."""
        session = self.sessions.get(session_id)
        if session is None:
            raise ApiError("SESSION_DOES_NOT_EXIST")
        session.refresh(now)
        return session

    def by_account(self, uid: str, now: datetime) -> tuple[Session, str]:
        """The session to which the account ``uid`` belongs, and the account's slug. Raises
        ApiError ACCOUNT_DOES_NOT_EXIST."""
        for session in self.sessions.values():
            if uid in session.uids:
                session.refresh(now)
                return session, session.uids[uid]
        raise ApiError("ACCOUNT_DOES_NOT_EXIST")

    def set_status(self, status: str, bank: str | None, now: datetime) -> int:
        """Give ``status`` to the authorized sessions (of ``bank``). Returns how many."""
        changed = 0
        for session in self.sessions.values():
            session.refresh(now)
            if session.status == "AUTHORIZED" and bank in (None, session.bank):
                session.status = status
                session.closed = now.isoformat() if status == "CLOSED" else None
                changed += 1
        return changed

    def age(self, passed: timedelta, bank: str | None) -> None:
        """Make consents look ``passed`` older than they are."""
        for session in self.sessions.values():
            if bank in (None, session.bank):
                for name in ("created", "authorized"):
                    moved = datetime.fromisoformat(getattr(session, name)) - passed
                    setattr(session, name, moved.isoformat())
                valid = datetime.fromisoformat(session.access["valid_until"]) - passed
                session.access = session.access | {"valid_until": valid.isoformat()}

    def expire_codes(self, now: datetime) -> None:
        """Codes issued so far are too old from now on."""
        for key, item in self.authorizations.items():
            if item.code:
                self.authorizations[key] = replace(item, code_expires=now.isoformat())

    def to_json(self) -> dict[str, Any]:
        """For the state file."""
        return {
            "authorizations": [asdict(item) for item in self.authorizations.values()],
            "sessions": [asdict(item) for item in self.sessions.values()],
            "older_sessions": self.older_sessions,
        }

    def restore(self, data: dict[str, Any]) -> None:
        """Take back what ``to_json`` told."""
        authorizations = [Authorization(**item) for item in data["authorizations"]]
        sessions = [Session(**item) for item in data["sessions"]]
        self.authorizations = {item.authorization_id: item for item in authorizations}
        self.sessions = {item.session_id: item for item in sessions}
        self.older_sessions = data["older_sessions"]
