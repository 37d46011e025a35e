# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each refusal of Enable Banking becomes the fault that tells the user what to do."""

import doctest
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import Answer
from odoo.addons.sync_hub_bank.providers.enablebanking import period
from odoo.addons.sync_hub_bank.providers.enablebanking.errors import ApiFault, fault_from
from odoo.addons.sync_hub_bank.providers.enablebanking.period import shorter_periods

NOW = datetime(2026, 6, 3, 23, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 4, tzinfo=UTC)
TODAY = date(2026, 6, 30)
K = FaultKind


def fault(status: int, body: Any, **known: Any) -> ApiFault:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return fault_from(Answer(status, {}, data, **known), NOW)


def refusal(error: str | None, detail: Any = None, status: int = 422) -> ApiFault:
    return fault(status, {"message": "Said so", "code": status, "error": error, "detail": detail})


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("UNAUTHORIZED_ACCESS", K.CREDENTIALS_REJECTED),
        ("AUTHORIZATION_NOT_PROVIDED", K.CREDENTIALS_REJECTED),
        ("ACCESS_DENIED", K.REQUEST_REFUSED),
        ("UNAUTHORIZED_IP", K.REQUEST_REFUSED),
        ("INVALID_HOST", K.REQUEST_REFUSED),
        ("REDIRECT_URI_NOT_ALLOWED", K.REQUEST_REFUSED),
        ("WRONG_ASPSP_PROVIDED", K.REQUEST_REFUSED),
        ("WRONG_CREDENTIALS_PROVIDED", K.REQUEST_REFUSED),
        ("INVALID_ACCOUNT_ID", K.REQUEST_REFUSED),
        ("WRONG_AUTHORIZATION_CODE", K.AUTHORIZATION_INVALID),
        ("EXPIRED_AUTHORIZATION_CODE", K.AUTHORIZATION_INVALID),
        ("ALREADY_AUTHORIZED", K.AUTHORIZATION_INVALID),
        ("NO_ACCOUNTS_ADDED", K.NO_ACCOUNTS),
        ("EXPIRED_SESSION", K.CONSENT_EXPIRED),
        ("CLOSED_SESSION", K.CONSENT_EXPIRED),
        ("REVOKED_SESSION", K.CONSENT_EXPIRED),
        ("SESSION_DOES_NOT_EXIST", K.CONSENT_EXPIRED),
        ("WRONG_SESSION_STATUS", K.CONSENT_EXPIRED),
        ("ASPSP_PSU_ACTION_REQUIRED", K.CONSENT_EXPIRED),
        ("ASPSP_ACCOUNT_NOT_ACCESSIBLE", K.ACCOUNT_UNAVAILABLE),
        ("ACCOUNT_DOES_NOT_EXIST", K.ACCOUNT_UNAVAILABLE),
        ("ASPSP_RATE_LIMIT_EXCEEDED", K.RATE_LIMITED),
        ("ASPSP_ERROR", K.PROVIDER_DOWN),
        ("ASPSP_TIMEOUT", K.PROVIDER_DOWN),
        ("PSU_HEADER_NOT_PROVIDED", K.USER_PRESENCE_REQUIRED),
        ("PSU_HEADER_INVALID", K.REQUEST_REFUSED),
        ("WRONG_TRANSACTIONS_PERIOD", K.PERIOD_REFUSED),
        ("DATE_FROM_IN_FUTURE", K.PERIOD_REFUSED),
        ("DATE_TO_WITHOUT_DATE_FROM", K.PERIOD_REFUSED),
        ("WRONG_DATE_INTERVAL", K.PERIOD_REFUSED),
        ("WRONG_REQUEST_PARAMETERS", K.REQUEST_REFUSED),
        ("WRONG_CONTINUATION_KEY", K.BAD_DATA),
        ("TRANSACTION_DOES_NOT_EXIST", K.REQUEST_REFUSED),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 422, 500])
def test_a_documented_code_means_the_same_with_every_status(
    error: str, kind: FaultKind, status: int
) -> None:
    found = refusal(error, status=status)
    assert (found.kind, found.provider_code, found.detail) == (kind, error, "Said so")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, K.REQUEST_REFUSED),
        (401, K.CREDENTIALS_REJECTED),
        (403, K.REQUEST_REFUSED),
        (404, K.REQUEST_REFUSED),
        (408, K.PROVIDER_DOWN),
        (422, K.REQUEST_REFUSED),
        (425, K.PROVIDER_DOWN),
        (429, K.RATE_LIMITED),
        (500, K.PROVIDER_DOWN),
        (503, K.PROVIDER_DOWN),
        (599, K.PROVIDER_DOWN),
        (301, K.BAD_DATA),
        (418, K.BAD_DATA),
    ],
)
@pytest.mark.parametrize("error", [None, "SOMETHING_NEW"])
def test_an_unknown_code_is_judged_by_the_status(
    error: str | None, status: int, kind: FaultKind
) -> None:
    found = refusal(error, status=status)
    assert (found.kind, found.provider_code) == (kind, error or str(status))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html><title>502 Bad Gateway</title></html>", "502 Bad Gateway"),
        (b"", ""),
        (b'["odd"]', "odd"),
        (b'"text"', "text"),
    ],
)
def test_an_answer_of_a_gateway_is_judged_by_the_status_and_quoted(body: bytes, said: str) -> None:
    found = fault(502, body)
    assert (found.kind, found.provider_code) == (K.PROVIDER_DOWN, "502")
    assert said in found.detail


def bank_error(**error_data: Any) -> dict[str, Any]:
    return {"message": "HTTP error", "error_name": "HTTPError", "error_data": error_data}


@pytest.mark.parametrize(
    ("detail", "kind"),
    [
        (bank_error(code=401), K.CONSENT_EXPIRED),
        (bank_error(status=403), K.CONSENT_EXPIRED),
        (bank_error(code="401"), K.CONSENT_EXPIRED),
        (json.dumps(bank_error(code=401)), K.CONSENT_EXPIRED),
        (bank_error(body=json.dumps({"status": 401})), K.CONSENT_EXPIRED),
        (bank_error(tppMessages=[{"code": "CONSENT_EXPIRED"}]), K.CONSENT_EXPIRED),
        (bank_error(code=429), K.RATE_LIMITED),
        (bank_error(tppMessages=[{"code": "ACCESS_EXCEEDED"}]), K.RATE_LIMITED),
        (bank_error(code=500), K.PROVIDER_DOWN),
        (bank_error(code=True), K.PROVIDER_DOWN),
        ({"message": "bank said 401"}, K.PROVIDER_DOWN),
        ("bank said 401", K.PROVIDER_DOWN),
        ("{broken", K.PROVIDER_DOWN),
        (None, K.PROVIDER_DOWN),
        ([], K.PROVIDER_DOWN),
    ],
)
def test_what_the_bank_itself_answered_decides_whether_the_consent_is_dead(
    detail: Any, kind: FaultKind
) -> None:
    assert refusal("ASPSP_ERROR", detail, 400).kind is kind


def test_a_daily_limit_of_the_bank_ends_with_the_day() -> None:
    assert refusal("ASPSP_RATE_LIMIT_EXCEEDED", status=429).not_before == MIDNIGHT
    elsewhere = datetime(2026, 6, 4, 1, 0, tzinfo=timezone(timedelta(hours=3)))
    body = b'{"message": "Limit", "error": "ASPSP_RATE_LIMIT_EXCEEDED"}'
    assert fault_from(Answer(429, {}, body), elsewhere).not_before == MIDNIGHT


def test_a_time_that_was_named_counts_more_than_midnight() -> None:
    named = NOW + timedelta(hours=8)
    body = {"message": "Limit", "error": "ASPSP_RATE_LIMIT_EXCEEDED"}
    assert fault(429, body, not_before=named).not_before == named


def test_a_limit_of_the_interface_itself_has_no_day() -> None:
    assert refusal(None, status=429).not_before is None


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        (None, "Said so"),
        ("header psuIpAddress is missing", "Said so: header psuIpAddress is missing"),
        ("Said so", "Said so"),
        ({"message": "Token expired", "x": 1}, "Said so: Token expired"),
        ({"date_from": "2026-03-01"}, 'Said so: {"date_from": "2026-03-01"}'),
        ("client_secret=abc", "Said so: client_secret=***"),
    ],
)  # fmt: skip
def test_the_words_of_the_other_side_are_shown_masked(detail: Any, words: str) -> None:
    assert refusal("ASPSP_ERROR", detail).detail == words


def test_words_without_an_end_are_shortened() -> None:
    assert len(refusal("ASPSP_ERROR", "word " * 1000).detail) <= 301


@given(
    st.dictionaries(
        st.sampled_from(["message", "error", "detail", "code"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=10),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=4), inner),
            max_leaves=5,
        ),
    ),
    st.sampled_from([400, 401, 429, 500]),
)
def test_no_refusal_is_too_odd_to_be_a_fault(body: dict[str, Any], status: int) -> None:
    assert fault(status, body).kind in K


# Which history to ask for instead


def test_the_examples_in_the_documentation_hold() -> None:
    failed, tried = doctest.testmod(period)
    assert (failed, tried > 2) == (0, True)


@pytest.mark.parametrize(
    "said",
    [
        {"date_from": "2026-05-20"},
        {"dateFrom": "2026-05-20T00:00:00Z", "date_to": "2026-06-30"},
        {"message": "x", "allowed": {"date_from": "2026-05-20"}},
        {"allowed_from": {"date": "2026-05-20"}},
        ["2026-05-20"],
        "date_from 2026-01-01 is too early, the earliest is 2026-05-20 (until 2026-06-30)",
        "Transactions are available for the last 41 days",
    ],
)
def test_the_first_day_allowed_is_found_in_whatever_the_bank_says(said: Any) -> None:
    days = list(shorter_periods(said, date(2026, 1, 1), TODAY))
    assert days == [date(2026, 5, 20), date(2026, 5, 31)]


@pytest.mark.parametrize(
    "said", [None, "", "no", {"date_from": None}, {"date_from": "2026-02-30"}, "2025-01-01", 5]
)
def test_without_a_hint_ever_shorter_histories_are_tried(said: Any) -> None:
    days = [TODAY - timedelta(days=count) for count in (89, 60, 30)]
    assert list(shorter_periods(said, date(2026, 1, 1), TODAY)) == days
    assert list(shorter_periods(said, None, TODAY)) in (days, [date(2025, 1, 1), *days])


@given(
    st.none() | st.text(max_size=30) | st.dictionaries(st.text(max_size=9), st.text(max_size=12)),
    st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1)),
)
def test_each_try_asks_for_less_and_never_for_the_future(said: Any, asked: date | None) -> None:
    days = [asked or date.min, *shorter_periods(said, asked, TODAY)]
    assert days == sorted(set(days))
    assert len(days) <= 5
    assert all(day <= TODAY for day in days[1:])
