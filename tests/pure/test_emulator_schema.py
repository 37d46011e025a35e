# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every answer of the sandbox follows the published schemas, where their file is at hand."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from emulators.enablebanking.errors import ERRORS

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


SPECIFICATION = (
    Path(__file__).resolve().parents[3] / "shared" / "specs" / "enablebanking-openapi.yml"
)


@pytest.fixture(scope="module")
def schemas():
    """``schemas(name)`` gives a validator of one schema of the specification."""
    yaml = pytest.importorskip("yaml")
    jsonschema = pytest.importorskip("jsonschema")
    if not SPECIFICATION.exists():
        pytest.skip("the specification is not at hand")
    document = yaml.load(SPECIFICATION.read_text("utf-8"), getattr(yaml, "CSafeLoader", None)
                         or yaml.SafeLoader)  # fmt: skip

    def validator(name):
        return jsonschema.Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": document["components"]},
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        )

    return validator


def without_nulls(value):
    """The schemas know no null, though banks send it wherever a field is unknown."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def check(schemas, name, answer):
    errors = list(schemas(name).iter_errors(without_nulls(answer.json())))
    assert not errors, [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in errors[:5]]


def undocumented(schemas, name, answer):
    """Fields of an answer that its schema does not list."""
    validator = schemas(name)
    properties = validator.schema["components"]["schemas"][name]["properties"]
    return set(answer.json()) - set(properties)


def test_the_validator_notices_a_wrong_answer(schemas):
    assert list(schemas("HalBalances").iter_errors({"balances": [{"name": 1}]}))


def test_application_and_banks_follow_the_schema(schemas, visitor):
    check(schemas, "GetApplicationResponse", visitor.get("/application"))
    answer = visitor.get("/aspsps")
    check(schemas, "GetAspspsResponse", answer)
    listed = schemas("ASPSPData").schema["components"]["schemas"]["ASPSPData"]["properties"]
    assert all(set(item) <= set(listed) for item in answer.json()["aspsps"])


def test_the_way_to_a_session_follows_the_schema(schemas, visitor):
    started = visitor.start(language="en")
    check(schemas, "StartAuthorizationResponse", started)
    code = visitor.consent(started.json()["url"])["code"]
    session = visitor.call("POST", "/sessions", json={"code": code})
    check(schemas, "AuthorizeSessionResponse", session)
    path = f"/sessions/{session.json()['session_id']}"
    for name, answer in (
        ("GetSessionResponse", visitor.get(path)),
        ("SuccessResponse", visitor.call("DELETE", path)),
        ("GetSessionResponse", visitor.get(path)),
    ):
        check(schemas, name, answer)
        assert not undocumented(schemas, name, answer)


def test_accounts_balances_and_rows_of_every_bank_follow_the_schema(schemas, bank, visitor):
    for item in bank.list_banks():
        bank.configure(item["slug"], page_size=60)
        session = visitor.connect(item["name"], item["country"])
        for account, known in zip(session["accounts"], item["accounts"], strict=True):
            bank.add_movements(8, item["slug"], known["slug"])
            bank.add_pending(item["slug"], known["slug"])
            path = f"/accounts/{account['uid']}"
            answer = visitor.get(f"{path}/details", present=True)
            check(schemas, "AccountResource", answer)
            assert not undocumented(schemas, "AccountResource", answer)
            check(schemas, "HalBalances", visitor.get(f"{path}/balances", present=True))
            listing = visitor.get(f"{path}/transactions", present=True)
            check(schemas, "HalTransactions", listing)
            handle = listing.json()["transactions"][0]["transaction_id"]
            if handle:
                row = visitor.get(f"{path}/transactions/{handle}", present=True)
                check(schemas, "Transaction", row)
                assert not undocumented(schemas, "Transaction", row)


def test_refusals_follow_the_schema_and_all_its_codes_are_known(schemas, bank, visitor):
    check(schemas, "ErrorResponse", visitor.get(f"/sessions/{uuid.uuid4()}"))
    codes = schemas("ErrorCode").schema["components"]["schemas"]["ErrorCode"]["enum"]
    assert set(codes) == set(ERRORS)
    for code in codes:
        bank.fail("error", code=code)
        check(schemas, "ErrorResponse", visitor.get("/application"))
