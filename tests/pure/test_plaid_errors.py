# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each refusal of Plaid becomes the fault that tells the user what to do."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import Answer
from odoo.addons.sync_hub_bank.providers.plaid.errors import ApiFault, fault_from

NOW = datetime(2026, 6, 3, 23, 30, tzinfo=UTC)
K = FaultKind


def fault(status: int, body: Any, **known: Any) -> ApiFault:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return fault_from(Answer(status, {}, data, **known), NOW)


def refusal(error_type: str, code: str, status: int = 400, **more: Any) -> ApiFault:
    body = {"error_type": error_type, "error_code": code, "error_message": "Said so", "display_message": None, **more}
    return fault(status, body)


@pytest.mark.parametrize(
    ("error_type", "code", "kind"),
    [
        ("INVALID_INPUT", "INVALID_API_KEYS", K.CREDENTIALS_REJECTED),
        ("INVALID_INPUT", "UNAUTHORIZED_ENVIRONMENT", K.CREDENTIALS_REJECTED),
        ("ITEM_ERROR", "ITEM_LOGIN_REQUIRED", K.CONSENT_EXPIRED),
        ("ITEM_ERROR", "INVALID_CREDENTIALS", K.CONSENT_EXPIRED),
        ("ITEM_ERROR", "INVALID_MFA", K.CONSENT_EXPIRED),
        ("ITEM_ERROR", "USER_SETUP_REQUIRED", K.CONSENT_EXPIRED),
        ("ITEM_ERROR", "ITEM_LOCKED", K.CONSENT_EXPIRED),
        ("ITEM_ERROR", "ACCESS_NOT_GRANTED", K.CONSENT_EXPIRED),
        ("ITEM_ERROR", "PASSWORD_RESET_REQUIRED", K.CONSENT_EXPIRED),
        ("ITEM_ERROR", "ITEM_NOT_FOUND", K.CONSENT_EXPIRED),
        ("INVALID_INPUT", "INVALID_ACCESS_TOKEN", K.CONSENT_EXPIRED),
        ("ITEM_ERROR", "NO_ACCOUNTS", K.NO_ACCOUNTS),
        ("ITEM_ERROR", "PRODUCT_NOT_READY", K.PROVIDER_DOWN),
        ("ITEM_ERROR", "ITEM_NOT_SUPPORTED", K.REQUEST_REFUSED),
        ("ITEM_ERROR", "SOMETHING_NEW", K.REQUEST_REFUSED),
        ("INVALID_INPUT", "INVALID_ACCOUNT_ID", K.ACCOUNT_UNAVAILABLE),
        ("INVALID_INPUT", "INVALID_PUBLIC_TOKEN", K.AUTHORIZATION_INVALID),
        ("INVALID_INPUT", "INVALID_LINK_TOKEN", K.AUTHORIZATION_INVALID),
        ("INVALID_INPUT", "INVALID_INSTITUTION", K.REQUEST_REFUSED),
        ("INVALID_REQUEST", "MISSING_FIELDS", K.REQUEST_REFUSED),
        ("INSTITUTION_ERROR", "INSTITUTION_DOWN", K.PROVIDER_DOWN),
        ("INSTITUTION_ERROR", "INSTITUTION_NOT_RESPONDING", K.PROVIDER_DOWN),
        ("INSTITUTION_ERROR", "INSTITUTION_NOT_AVAILABLE", K.PROVIDER_DOWN),
        ("INSTITUTION_ERROR", "SOMETHING_NEW", K.PROVIDER_DOWN),
        ("INSTITUTION_ERROR", "INSTITUTION_NO_LONGER_SUPPORTED", K.REQUEST_REFUSED),
        ("API_ERROR", "INTERNAL_SERVER_ERROR", K.PROVIDER_DOWN),
        ("API_ERROR", "PLANNED_MAINTENANCE", K.PROVIDER_DOWN),
        ("TRANSACTIONS_ERROR", "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION", K.PROVIDER_DOWN),
        ("RATE_LIMIT_EXCEEDED", "ACCOUNTS_LIMIT", K.RATE_LIMITED),
        ("RATE_LIMIT_EXCEEDED", "SOMETHING_NEW", K.RATE_LIMITED),
    ],
)
@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_type_and_code_mean_the_same_with_every_status(
    error_type: str, code: str, kind: FaultKind, status: int
) -> None:
    found = refusal(error_type, code, status)
    assert (found.kind, found.provider_code, found.error, found.detail) == (kind, code, code, "Said so")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, K.REQUEST_REFUSED),
        (401, K.CREDENTIALS_REJECTED),
        (403, K.REQUEST_REFUSED),
        (404, K.REQUEST_REFUSED),
        (408, K.PROVIDER_DOWN),
        (425, K.PROVIDER_DOWN),
        (429, K.RATE_LIMITED),
        (500, K.PROVIDER_DOWN),
        (503, K.PROVIDER_DOWN),
        (301, K.BAD_DATA),
        (418, K.BAD_DATA),
    ],
)
@pytest.mark.parametrize("body", [b"<html>Bad Gateway</html>", b"", b"[]", b'{"error_type": 5, "error_code": {}}'])
def test_an_answer_without_a_known_code_is_judged_by_its_status(status: int, kind: FaultKind, body: bytes) -> None:
    found = fault(status, body)
    assert (found.kind, found.provider_code, found.error) == (kind, str(status), "")


def test_an_unknown_code_is_shown_and_judged_by_its_type_or_status() -> None:
    assert refusal("SOMETHING_NEW", "ODD").kind is K.REQUEST_REFUSED
    assert refusal("SOMETHING_NEW", "ODD", 500).kind is K.PROVIDER_DOWN
    assert refusal("SOMETHING_NEW", "ODD", 500).provider_code == "ODD"
    assert refusal("SOMETHING_NEW", "X" * 500).provider_code == "X" * 64 + "…"


def test_the_words_for_the_user_come_before_those_for_developers() -> None:
    found = refusal("ITEM_ERROR", "ITEM_LOGIN_REQUIRED", display_message="Please sign in.")
    assert found.detail == "Please sign in."
    found = refusal("ITEM_ERROR", "ITEM_LOGIN_REQUIRED", error_code_reason="OAUTH_USER_REVOKED")
    assert found.detail == "Said so (OAUTH_USER_REVOKED)"


def test_a_limit_of_calls_ends_when_the_answer_says_or_after_a_minute() -> None:
    assert refusal("RATE_LIMIT_EXCEEDED", "ITEM_GET_LIMIT", 429).not_before == NOW + timedelta(minutes=1)
    body = {"error_type": "RATE_LIMIT_EXCEEDED", "error_code": "ITEM_GET_LIMIT"}
    named = NOW + timedelta(hours=2)
    assert fault(429, body, not_before=named).not_before == named
    assert refusal("API_ERROR", "INTERNAL_SERVER_ERROR", 500).not_before is None


def test_a_secret_in_the_words_is_masked() -> None:
    token = "access-production-0000-1111"
    body = {"error_type": "INVALID_INPUT", "error_code": "X", "error_message": f"no item of {token} here"}
    assert fault(400, body, secrets=(token,)).detail == "no item of *** here"
    assert token not in str(fault(502, f"<p>{token}</p>".encode(), secrets=(token,)))
