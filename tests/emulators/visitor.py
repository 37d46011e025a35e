# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An application and its user, who go through the sandbox over HTTP as a browser would."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from .enablebanking import Emulator, bearer

TODAY = date(2026, 6, 30)  # of the fixtures' sandbox
CALLBACK = "http://127.0.0.1:8069/callback"
PRESENT = {"Psu-Ip-Address": "192.0.2.7", "Psu-User-Agent": "Browser/1.0"}
TIMEOUT = 20


class Visitor:
    """``Visitor(bank)`` signs requests with the application's key; ``connect`` gives a
    session."""

    def __init__(self, bank: Emulator) -> None:
        self.bank = bank
        self.http = requests.Session()
        self._good, self._good_until = "", 0.0
        self.http.trust_env = False  # no proxy stands between us and loopback

    def token(
        self,
        *,
        header: dict[str, Any] | None = None,
        claims: dict[str, Any] | None = None,
        key: str | None = None,
    ) -> str:
        """A bearer token, good unless ``header``, ``claims`` or ``key`` change it. A value of
        None leaves the name out."""
        now = int(time.time())
        head = {"typ": "JWT", "alg": "RS256", "kid": self.bank.application_id}
        body = {
            "iss": bearer.ISSUER, "aud": bearer.AUDIENCE, "iat": now, "exp": now + 3600,
        }  # fmt: skip
        changed = [
            {name: value for name, value in (base | (change or {})).items() if value is not None}
            for base, change in ((head, header), (body, claims))
        ]
        return bearer.sign(changed[0], changed[1], key or self.bank.private_key_pem)

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        """Any request of the API, signed."""
        if time.time() > self._good_until:
            self._good, self._good_until = self.token(), time.time() + 600
        headers = {"Authorization": f"Bearer {self._good}", **more.pop("headers", {})}
        return self.http.request(
            method, self.bank.url + path, headers=headers, timeout=TIMEOUT, **more
        )

    def get(self, path: str, present: bool = False, **query: str) -> requests.Response:
        """GET; ``present`` sends the headers of a user who is there."""
        return self.call("GET", path, params=query, headers=PRESENT if present else {})

    def start(
        self, bank_name: str = "Banca Sandbox Italia", country: str = "IT", **body: Any
    ) -> requests.Response:
        """POST /auth with good values unless ``body`` changes them."""
        valid_until = datetime.now(UTC) + timedelta(days=60)
        good = {
            "access": {"valid_until": valid_until.isoformat()},
            "aspsp": {"name": bank_name, "country": country},
            "state": str(uuid.uuid4()),
            "redirect_url": CALLBACK,
            "psu_type": "business",
        }
        return self.call("POST", "/auth", json=good | body)

    def post_page(self, url: str, *fields: tuple[str, str]) -> requests.Response:
        """Send a form of the bank's pages, without following where it leads."""
        return self.http.post(url, data=list(fields), allow_redirects=False, timeout=TIMEOUT)

    def consent(
        self,
        url: str,
        accounts: list[str] | None = None,
        user: tuple[str, str, str] = ("demo", "demo", "123456"),
    ) -> dict[str, str]:
        """Sign in, type the code, tick ``accounts`` (all for None), confirm. Returns the
        parameters with which the browser comes back."""
        username, password, otp = user
        self.post_page(url, ("username", username), ("password", password), ("confirm", "1"))
        page = self.post_page(url, ("otp", otp), ("confirm", "1"))
        if accounts is None:
            page = self.http.get(url, timeout=TIMEOUT)
            ticks = page.text.split('name="accounts" value="')[1:]
            accounts = [tick.split('"')[0] for tick in ticks]
        ticked = [("accounts", slug) for slug in accounts]
        page = self.post_page(url, *ticked, ("consent", "1"), ("confirm", "1"))
        query = parse_qs(urlsplit(page.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}

    def connect(
        self,
        bank_name: str = "Banca Sandbox Italia",
        country: str = "IT",
        *,
        accounts: list[str] | None = None,
        user: tuple[str, str, str] = ("demo", "demo", "123456"),
        **body: Any,
    ) -> dict[str, Any]:
        """The whole way to a session: what POST /sessions answers."""
        url = self.start(bank_name, country, **body).json()["url"]
        code = self.consent(url, accounts, user)["code"]
        answer = self.call("POST", "/sessions", json={"code": code})
        answer.raise_for_status()
        return answer.json()

    def pages(self, uid: str, present: bool = False, **query: str) -> list[list[dict[str, Any]]]:
        """All pages of a listing."""
        found = []
        while True:
            answer = self.get(f"/accounts/{uid}/transactions", present, **query)
            answer.raise_for_status()
            page = answer.json()
            found.append(page["transactions"])
            if not page["continuation_key"]:
                return found
            query["continuation_key"] = page["continuation_key"]

    def rows(self, uid: str, present: bool = False, **query: str) -> list[dict[str, Any]]:
        """All rows of a listing."""
        return [row for page in self.pages(uid, present, **query) for row in page]


def error_of(answer: requests.Response) -> tuple[int, str]:
    """Status and code of a refusal, once its body has the documented shape."""
    body = answer.json()
    assert set(body) == {"message", "code", "error", "detail"}
    assert body["code"] == answer.status_code
    assert isinstance(body["message"], str)
    return answer.status_code, body["error"]
