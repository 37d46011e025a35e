# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sandbox of Salt Edge is as strict as the service: keys, signatures, numbers, pages."""

import base64
import json
import time
from decimal import Decimal
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from emulators.visitor import Visitor
from saltedge_link import BACK, Link, asked, days_ago, provider_of

pytest_plugins = ["saltedge_fixtures"]


def signed(edge: Any, method: str, url: str, body: str = "", **changes: Any) -> dict[str, str]:
    """Headers of a request, made here by the published rule; a change of None leaves a header out."""
    expires = str(changes.pop("expires", int(time.time()) + 60))
    key = load_pem_private_key(edge.private_key_pem.encode(), password=None)
    content = f"{expires}|{method}|{url}|{body}".encode()
    headers = {
        "App-id": edge.application_id,
        "Secret": edge.application_secret,
        "Content-Type": "application/json",
        "Expires-at": expires,
        "Signature": base64.b64encode(key.sign(content, PKCS1v15(), SHA256())).decode(),
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in headers.items() if value is not None}


def ask(edge: Any, path: str, **changes: Any) -> requests.Response:
    url = edge.url + path
    return requests.get(url, headers=signed(edge, "GET", url, **changes), timeout=20)


def refusal(answer: requests.Response) -> str:
    body = answer.json()
    assert not answer.ok
    assert set(body["error"]) == {"class", "message", "documentation_url", "request_id"}
    return body["error"]["class"]


def test_a_request_that_is_signed_by_the_published_rule_is_answered(edge: Any) -> None:
    assert ask(edge, "/countries").json()["data"][0]["code"] == "DE"
    assert ask(edge, "/providers?country_code=FI&include_sandboxes=true").json()["meta"]["next_id"] is None
    body = json.dumps({"data": {"identifier": "Società"}})
    url = f"{edge.url}/customers"
    answer = requests.post(url, data=body, headers=signed(edge, "POST", url, body), timeout=20)
    assert answer.json()["data"]["identifier"] == "Società"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"App_id": None}, "AppIdNotProvided"),
        ({"App_id": "x"}, "ApiKeyNotFound"),
        ({"Secret": None}, "SecretNotProvided"),
        ({"Secret": "x"}, "ApiKeyNotFound"),
        ({"Expires_at": None}, "MissingExpiresAt"),
        ({"Signature": None}, "MissingSignature"),
        ({"expires": "soon"}, "ExpiresAtInvalid"),
        ({"expires": int(time.time()) + 9000}, "ExpiresAtInvalid"),
        ({"expires": int(time.time()) - 1}, "RequestExpired"),
        ({"Expires_at": str(int(time.time()) + 1800)}, "SignatureNotMatch"),
        ({"Signature": "bm9uZQ=="}, "SignatureNotMatch"),
        ({"Signature": "?"}, "SignatureNotMatch"),
    ],
    ids=str,
)
def test_a_request_that_is_not_signed_as_it_should_be_is_refused(edge: Any, changes: dict[str, Any], name: str) -> None:
    assert refusal(ask(edge, "/countries", **changes)) == name


def test_a_signature_covers_method_query_and_body(edge: Any) -> None:
    url = f"{edge.url}/countries"
    headers = signed(edge, "GET", url)
    assert refusal(requests.get(f"{url}?x=1", headers=headers, timeout=20)) == "SignatureNotMatch"
    assert refusal(requests.get(url, data="{}", headers=headers, timeout=20)) == "SignatureNotMatch"
    other = signed(edge, "POST", url)
    assert refusal(requests.get(url, headers=other, timeout=20)) == "SignatureNotMatch"


def test_an_unknown_address_is_refused_in_the_shape_of_the_service(edge: Any) -> None:
    assert refusal(ask(edge, "/else")) == "RouteNotFound"
    assert refusal(ask(edge, "/connections/5")) == "ConnectionNotFound"
    assert refusal(ask(edge, "/transactions")) == "WrongRequestFormat"


def test_a_consent_needs_its_first_day(edge: Any) -> None:
    provider = provider_of(edge)
    provider.authorize(asked(provider))
    customer = next(iter(edge.customers().values()))
    data = {
        "customer_id": customer,
        "provider": {"code": edge.provider_code()},
        "consent": {"scopes": ["accounts"]},
        "attempt": {"return_to": BACK},
    }
    url, body = f"{edge.url}/connections/connect", json.dumps({"data": data})
    answer = requests.post(url, data=body, headers=signed(edge, "POST", url, body), timeout=20)
    assert refusal(answer) == "WrongRequestFormat"
    assert "from_date" in answer.json()["error"]["message"]
    assert answer.json()["request"]["body"] == {"data": data}


def test_the_pages_of_the_bank_want_password_code_and_consent(edge: Any) -> None:
    provider = provider_of(edge)
    url = provider.authorize(asked(provider)).url
    visitor = Visitor(edge)
    assert "username" in requests.get(url, timeout=20).text
    assert visitor.post_page(url, ("username", "demo"), ("password", "wrong")).status_code == 200
    visitor.post_page(url, ("username", "demo"), ("password", "demo"))
    visitor.post_page(url, ("otp", "123456"))
    assert visitor.post_page(url, ("accounts", "current")).status_code == 200, "no consent, no way back"
    assert edge.sessions() == []
    back = visitor.post_page(url, ("accounts", "current"), ("consent", "1")).headers["Location"]
    assert back.startswith(BACK + "&state=s-1&seal=")
    assert list(edge.sessions()[0]["accounts"].values()) == ["current"]
    assert requests.get(url, timeout=20).status_code == 410, "an address is good once"


def test_numbers_grow_in_the_order_in_which_rows_came_and_stay(edge: Any, edge_link: Link) -> None:
    edge.set_history(30)
    before = [row.references[0] for row in edge_link.rows()]
    edge.add_movements(5)
    edge.add_late(days_ago=25)
    after = [row.references[0] for row in edge_link.rows()]
    assert after[: len(before)] == before
    assert [int(number) for number in after] == sorted(int(number) for number in after)
    assert len(after) == 36


@pytest.mark.parametrize("switch", [{"fault": "odd"}, {"fault": "html", "call": "odd"}, {"fault": "html", "odd": 1}])
def test_a_fault_that_does_not_exist_is_not_switched_on(edge: Any, switch: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="odd"):
        edge.fail(**switch)


def test_a_reset_forgets_everything_but_the_keys(edge: Any, edge_link: Link) -> None:
    keys = (edge.application_id, edge.application_secret, edge.url)
    edge.fail("html", times=None)
    edge.behave(pending="together")
    edge.reset()
    assert (edge.application_id, edge.application_secret, edge.url) == keys
    assert (edge.sessions(), edge.customers(), edge.faults(), edge.requests()) == ([], {}, [], [])
    assert Link(edge).rows()


def test_a_row_can_be_found_by_its_amount(edge: Any, edge_link: Link) -> None:
    kept = edge.add_pending(amount=Decimal("-12.34"), day=days_ago(3))
    assert kept.amount == Decimal("-12.34")
    number = edge.number_of(Decimal("-12.34"))
    assert number in {row.references[0] for row in edge_link.rows()}
    with pytest.raises(StopIteration):
        edge.number_of(Decimal("-0.07"))
