# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every request that the adapter sends is one that Enable Banking's OpenAPI file describes.

The file is not part of the project: the tests are skipped where it is not at hand.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
import yaml
from jsonschema import Draft202012Validator
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.enablebanking import EnableBanking, const
from odoo.addons.sync_hub_bank.providers.values import (
    AttendedUser,
    AuthorizationRequest,
    TransactionQuery,
)
from recorder import Recorder
from werkzeug.wrappers import Request

ROOT = Path(__file__).resolve().parent.parent.parent
SPECIFICATION = ROOT.parent / "shared" / "specs" / "enablebanking-openapi.yml"
BACK = "https://books.example/return"
# What HTTP itself adds to a request; the rest must be described.
TRANSPORT_HEADERS = {
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type",
    "host", "user-agent",
}  # fmt: skip

pytestmark = pytest.mark.skipif(
    not SPECIFICATION.exists(), reason="the OpenAPI file of Enable Banking is not at hand"
)


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    return yaml.load(SPECIFICATION.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture
def sent(bank: Any, serve: Callable[..., str]) -> list[Request]:
    """Every request of the adapter's whole life."""
    recorder = Recorder(bank.web, lambda request: not request.path.startswith("/consent/"))
    provider = EnableBanking(
        {"application_id": bank.application_id},
        {"private_key": bank.private_key_pem},
        HttpSession(serve(recorder)),
    )
    provider.check()
    list(provider.institutions())
    found = next(iter(provider.institutions("it")))
    url = provider.authorize(AuthorizationRequest(found, "business", BACK, "s", "it")).url
    with requests.Session() as browser:
        browser.post(url, data={"username": "demo", "password": "demo"})
        browser.post(url, data={"otp": "123456"})
        back = browser.post(
            url, data={"consent": "1", "accounts": ["current"]}, allow_redirects=False
        ).headers["Location"]
    consent = provider.open_session(dict(parse_qsl(urlsplit(back).query)))
    session, uid = consent.session, consent.accounts[0].uid
    provider.consent_status(session)
    provider.accounts(session)
    user = AttendedUser(
        "203.0.113.7", "Browser/1.0", "https://books.example/", "text/html", "utf-8", "gzip", "it",
        "-1.2345,6.789",
    )  # fmt: skip
    provider.balances(session, uid, user)
    bank.configure(page_size=50)
    today = datetime.now(UTC).date()
    first = provider.transactions(session, TransactionQuery(uid))
    provider.transactions(session, TransactionQuery(uid, continuation=first.continuation))
    bank.fail("aspsp_error", call="transactions", bank_status=500)
    period = TransactionQuery(uid, today - timedelta(days=30), today, attended=user)
    provider.transactions(session, period)
    provider.revoke(session)
    return recorder.requests


def operation_of(specification: dict, request: Request) -> tuple[dict[str, Any], dict[str, str]]:
    """The operation that a request is, and the values of its path."""
    for path, operations in specification["paths"].items():
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        match = re.fullmatch(pattern, request.path)
        if match and request.method.lower() in operations:
            return operations[request.method.lower()], match.groupdict()
    raise AssertionError(f"{request.method} {request.path} is not described")


def check(specification: dict, schema: dict, value: Any) -> None:
    # References of the file point into it: the schema is looked at as a part of the whole.
    whole = {"components": specification["components"], "allOf": [schema]}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


def test_every_request_is_described(specification: dict, sent: list[Request]) -> None:
    calls = set()
    for request in sent:
        operation, in_path = operation_of(specification, request)
        described = {
            (item["in"], item["name"].lower()): item for item in operation.get("parameters", ())
        }
        values = {("path", name): text for name, text in in_path.items()}
        values |= {("query", name): text for name, text in request.args.items()}
        values |= {
            ("header", name.lower()): text
            for name, text in request.headers
            if name.lower() not in TRANSPORT_HEADERS
        }
        for place, text in values.items():
            assert place in described, f"{place} of {request.method} {request.path}"
            check(specification, described[place]["schema"], text)
        required = {place for place, item in described.items() if item.get("required")}
        assert required <= set(values)
        body = operation.get("requestBody")
        assert bool(body) is bool(request.get_data())
        if body:
            assert request.mimetype == "application/json"
            schema = body["content"]["application/json"]["schema"]
            check(specification, schema, request.get_json())
        calls.add((request.method, re.sub(r"[0-9a-f-]{36}", "*", request.path)))
    assert calls == {
        ("GET", "/application"),
        ("GET", "/aspsps"),
        ("POST", "/auth"),
        ("POST", "/sessions"),
        ("GET", "/sessions/*"),
        ("DELETE", "/sessions/*"),
        ("GET", "/accounts/*/details"),
        ("GET", "/accounts/*/balances"),
        ("GET", "/accounts/*/transactions"),
    }


def test_a_body_holds_only_fields_that_are_described(
    specification: dict, sent: list[Request]
) -> None:
    schemas = specification["components"]["schemas"]
    body = next(item for item in sent if item.path == "/auth").get_json()
    assert set(body) <= set(schemas["StartAuthorizationRequest"]["properties"])
    assert set(body["access"]) <= set(schemas["Access"]["properties"])
    assert set(body["aspsp"]) == set(schemas["ASPSP"]["properties"])
    body = next(item for item in sent if item.path == "/sessions").get_json()
    assert set(body) == set(schemas["AuthorizeSessionRequest"]["properties"])


@pytest.mark.parametrize(
    ("schema", "known"),
    [
        ("TransactionStatus", const.TRANSACTION_STATUSES),
        ("SessionStatus", const.SESSION_STATUSES),
        ("Environment", const.ENVIRONMENTS),
    ],
)
def test_every_value_of_a_status_is_known(
    specification: dict, schema: str, known: dict[str, Any]
) -> None:
    assert set(specification["components"]["schemas"][schema]["enum"]) == set(known)


def test_every_error_that_is_not_about_payments_is_known(specification: dict) -> None:
    described = set(specification["components"]["schemas"]["ErrorCode"]["enum"])
    payments = {code for code in described if "PAYMENT" in code} | {"WEBHOOK_URI_NOT_ALLOWED"}
    assert set(const.ERROR_KINDS) == described - payments


def test_every_kind_of_balance_is_one_that_is_described(specification: dict) -> None:
    described = set(specification["components"]["schemas"]["BalanceStatus"]["enum"])
    assert set(const.BALANCE_KINDS) <= described
    assert described - set(const.BALANCE_KINDS) == {"INFO", "OTHR", "VALU", "XPCD"}
