# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the adapter sends, and what the sandbox answers, is what Yodlee's description of its interface says.

The file is not part of the project: the tests are skipped where it is not at hand.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from emulators.yodlee import Emulator
from jsonschema import Draft4Validator
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub_bank.providers.values import AttendedUser, TransactionQuery
from recorder import Recorder
from werkzeug.wrappers import Request, Response
from yodlee_link import OAUTH, asked, connect, provider_of

SPECIFICATION = Path(__file__).resolve().parents[3] / "shared" / "specs" / "yodlee-swagger.yaml"
ROOT = "/ysl"
BANK = "musterbank-lindenau"
# Documented beside the file: data extracts of many rows come in pages, with a Link header.
UNDESCRIBED = {("GET", "/dataExtracts/userData"): {"skip", "top"}}
TYPES = {"string": r".+", "integer": r"-?\d+"}

pytest_plugins = ["yodlee_fixtures"]
pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason="the description of Yodlee is not at hand")


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    return yaml.load(SPECIFICATION.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture
def calls(yodlee: Emulator, serve: Callable[..., str]) -> list[tuple[Request, Response]]:
    """Every call of the adapter's whole life, good and refused ones."""
    recorder = Recorder(yodlee, lambda request: request.path.startswith(ROOT))
    provider = provider_of(yodlee, serve(recorder) + ROOT)
    provider.check()
    hook = "https://books.example/hook"
    consent = connect(provider, OAUTH, webhook_url=hook)
    provider.authorize(asked(provider, OAUTH, session=consent.session, webhook_url=f"{hook}/2"))
    provider.consent_status(consent.session)
    provider.accounts(consent.session)
    yodlee.set_history(700, BANK)
    uid = consent.accounts[0].uid
    provider.balances(consent.session, uid)
    yodlee.add_pending(BANK)
    pages = [provider.transactions(consent.session, TransactionQuery(uid))]
    pages.append(provider.transactions(consent.session, TransactionQuery(uid, continuation=pages[-1].continuation)))
    # More changes within an hour than a page holds: what was entered above, and one that is taken back.
    yodlee.advance(minutes=20)
    yodlee.book_pending(BANK)
    user = AttendedUser("203.0.113.7")
    query = {"cursor": pages[-1].cursor, "date_from": yodlee.now().date(), "date_to": yodlee.now().date()}
    pages = [provider.transactions(consent.session, TransactionQuery(uid, attended=user, **query))]
    while pages[-1].continuation:
        following = TransactionQuery(uid, continuation=pages[-1].continuation, **query)
        pages.append(provider.transactions(consent.session, following))
    assert any(page.removed for page in pages)
    yodlee.fail("error", call="accounts")
    with pytest.raises(Fault):
        provider.accounts(consent.session)
    provider.revoke(consent.session)
    provider.revoke(consent.session)
    return recorder.calls


def operation_of(specification: dict[str, Any], request: Request) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Path and operation that a request is, and the values in its path; a fixed path comes before one with a value."""
    asked_path = request.path.removeprefix(ROOT)
    for path in sorted(specification["paths"], key=lambda text: text.count("{")):
        match = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path), asked_path)
        if match and request.method.lower() in specification["paths"][path]:
            return path, specification["paths"][path][request.method.lower()], match.groupdict()
    raise AssertionError(f"{request.method} {asked_path} is not described")


def problems(specification: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    validator = Draft4Validator({"allOf": [schema], "definitions": specification["definitions"]})
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(value)]


def without_nulls(value: Any) -> Any:
    """The description knows no null, though Yodlee writes it in its own examples."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def unknown_fields(specification: dict[str, Any], schema: dict[str, Any], value: Any, where: str = "") -> set[str]:
    """Fields of an object, and of the objects in it, that its definition does not list."""
    if "$ref" in schema:
        schema = specification["definitions"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        items = schema.get("items", {})
        return {name for item in value for name in unknown_fields(specification, items, item, where)}
    known = schema.get("properties")
    if not isinstance(value, dict) or not known:
        return set()
    found = {f"{where}.{name}" for name in value if name not in known}
    for name in value.keys() & known.keys():
        found |= unknown_fields(specification, known[name], value[name], f"{where}.{name}")
    return found


def test_every_request_is_described_and_says_what_it_may(
    calls: list[tuple[Request, Response]], specification: dict[str, Any]
) -> None:
    seen = set()
    for request, _response in calls:
        path, operation, in_path = operation_of(specification, request)
        described = {(item["in"], item["name"]): item for item in operation.get("parameters", ())}
        values = {("path", name): text for name, text in in_path.items()}
        values |= {("query", name): text for name, text in request.args.items()}
        values |= {("formData", name): text for name, text in request.form.items()}
        for place, text in values.items():
            if place[1] in UNDESCRIBED.get((request.method, path), ()):
                continue
            assert place in described, f"{place} of {request.method} {path}"
            assert re.fullmatch(TYPES[described[place]["type"]], text), f"{place} of {request.method} {path}: {text}"
            assert text in described[place].get("enum", [text])
        required = {place for place, item in described.items() if item.get("required") and place[0] != "body"}
        assert required <= set(values)
        body = next((item for place, item in described.items() if place[0] == "body"), None)
        if body is None:
            assert request.mimetype != "application/json"
        else:
            told = request.get_json()
            assert problems(specification, body["schema"], told) == []
            assert not unknown_fields(specification, body["schema"], told)
        seen.add((request.method, path))
    assert seen == {
        ("POST", "/auth/token"),
        ("GET", "/providers"),
        ("GET", "/providers/count"),
        ("GET", "/providerAccounts/{providerAccountId}"),
        ("DELETE", "/providerAccounts/{providerAccountId}"),
        ("PUT", "/providerAccounts/refresh"),
        ("GET", "/consents"),
        ("GET", "/accounts"),
        ("GET", "/transactions"),
        ("GET", "/dataExtracts/userData"),
        ("GET", "/configs/notifications/events"),
        ("POST", "/configs/notifications/events/{eventName}"),
        ("PUT", "/configs/notifications/events/{eventName}"),
    }


def test_every_answer_of_the_sandbox_is_one_that_is_described(
    calls: list[tuple[Request, Response]], specification: dict[str, Any]
) -> None:
    statuses = set()
    for request, response in calls:
        path, operation, _in_path = operation_of(specification, request)
        known = dict(operation["responses"])
        if "204" in operation["description"]:
            # Where words and table of the description differ, the words were seen to be right.
            known.setdefault(204, {})
        assert response.status_code in known, f"{request.method} {path}: {response.status_code}"
        statuses.add(response.status_code)
        schema = known[response.status_code].get("schema")
        if response.status_code >= 400:
            schema = {"$ref": "#/definitions/YodleeError"}
        if schema is None:
            assert not response.get_data()
            continue
        told = without_nulls(json.loads(response.get_data()))
        assert problems(specification, schema, told) == [], f"{request.method} {path}"
        assert not unknown_fields(specification, schema, told), f"{request.method} {path}"
    assert {200, 201, 204, 400, 404} <= statuses
