# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Faults that can be switched on, and how an answer then looks on the wire."""

from __future__ import annotations

import json
import time

import pytest
import requests
from emulators.enablebanking.errors import ERRORS
from emulators.enablebanking.faults import ALL_FAULTS, ANSWERS, MANGLES, ROW_FAULTS
from emulators.visitor import error_of

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


@pytest.fixture
def uid(visitor):
    return visitor.connect()["accounts"][0]["uid"]


def transactions(visitor, uid, **query):
    return visitor.get(f"/accounts/{uid}/transactions", **query)


def balances(visitor, uid):
    return visitor.get(f"/accounts/{uid}/balances")


# -- which calls a fault strikes ---------------------------------------------------------------


def test_a_fault_strikes_once_unless_said_otherwise(bank, visitor, uid):
    bank.fail("timeout")
    assert error_of(balances(visitor, uid)) == (408, "ASPSP_TIMEOUT")
    assert balances(visitor, uid).status_code == 200
    bank.fail("timeout", times=2)
    assert [balances(visitor, uid).status_code for _ in range(3)] == [408, 408, 200]
    bank.fail("timeout", times=None)
    assert [balances(visitor, uid).status_code for _ in range(4)] == [408] * 4
    bank.clear_faults()
    assert balances(visitor, uid).status_code == 200


def test_a_fault_can_wait_for_some_calls(bank, visitor, uid):
    bank.fail("server_error", after=2)
    assert [balances(visitor, uid).status_code for _ in range(4)] == [200, 200, 500, 200]


def test_a_fault_can_be_for_one_call_bank_or_account(bank, visitor):
    session = visitor.connect()
    main, usd = (session["accounts"][place]["uid"] for place in (0, 1))
    beta = visitor.connect("Cassa di Prova BETA")["accounts"][0]["uid"]
    bank.fail("timeout", call="transactions", times=None)
    assert balances(visitor, main).status_code == 200
    assert transactions(visitor, main).status_code == 408
    bank.clear_faults()
    bank.fail("timeout", bank="Cassa di Prova BETA", times=None)
    assert balances(visitor, beta).status_code == 408
    assert balances(visitor, main).status_code == 200
    assert visitor.start("Cassa di Prova BETA").status_code == 408
    assert visitor.start().status_code == 200
    bank.clear_faults()
    number = bank.fail("timeout", account="usd", times=None)
    assert balances(visitor, usd).status_code == 408
    assert balances(visitor, main).status_code == 200
    assert balances(visitor, beta).status_code == 200
    bank.fail("timeout", call="aspsps", times=None)
    bank.clear_faults(number)
    assert [fault["call"] for fault in bank.faults()] == ["aspsps"]
    assert visitor.get("/aspsps").status_code == 408


def test_a_call_refused_for_its_token_uses_up_no_fault(bank):
    bank.fail("timeout")
    assert requests.get(f"{bank.url}/application", timeout=5).status_code == 401
    assert len(bank.faults()) == 1


def test_unknown_faults_calls_and_options_are_refused(bank):
    with pytest.raises(ValueError, match="No fault"):
        bank.fail("earthquake")
    with pytest.raises(ValueError, match="No call"):
        bank.fail("timeout", call="payments")
    with pytest.raises(ValueError, match="option"):
        bank.fail("slow", minutes=3)
    with pytest.raises(ValueError, match="No bank"):
        bank.fail("timeout", bank="Banca Ignota")


# -- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "options", "status", "error"),
    [
        ("unauthorized", {}, 401, "UNAUTHORIZED_ACCESS"),
        ("forbidden", {}, 403, "ACCESS_DENIED"),
        ("timeout", {}, 408, "ASPSP_TIMEOUT"),
        ("rate_limit", {}, 429, "ASPSP_RATE_LIMIT_EXCEEDED"),
        ("aspsp_error", {}, 400, "ASPSP_ERROR"),
        ("server_error", {}, 500, None),
        ("error", {"code": "WRONG_TRANSACTIONS_PERIOD"}, 422, "WRONG_TRANSACTIONS_PERIOD"),
        ("error", {"code": "NEW_CODE", "status": 422}, 422, "NEW_CODE"),
    ],
)
def test_a_refusal_has_the_documented_shape(bank, visitor, uid, fault, options, status, error):
    bank.fail(fault, **options)
    assert error_of(balances(visitor, uid)) == (status, error)


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_documented_code_can_be_answered(bank, visitor, code):
    bank.fail("error", code=code, detail={"why": "asked"})
    answer = visitor.get("/application")
    assert error_of(answer) == (ERRORS[code][0], code)
    assert answer.json()["detail"] == {"why": "asked"}


def test_the_status_of_a_code_can_be_changed(bank, visitor, uid):
    bank.set_error_status("EXPIRED_SESSION", 422)
    bank.expire_consents()
    assert error_of(balances(visitor, uid)) == (422, "EXPIRED_SESSION")
    with pytest.raises(ValueError):
        bank.set_error_status("NO_SUCH_CODE", 400)


def test_a_rate_limit_may_say_when_to_come_back(bank, visitor, uid):
    bank.fail("rate_limit", retry_after=120)
    assert balances(visitor, uid).headers["Retry-After"] == "120"
    bank.fail("rate_limit")
    assert "Retry-After" not in balances(visitor, uid).headers


def test_an_error_of_the_bank_holds_the_banks_answer(bank, visitor, uid):
    bank.fail("aspsp_error")
    assert balances(visitor, uid).json()["detail"]["error_data"]["status"] == 401
    bank.fail("aspsp_error", bank_status=503)
    assert balances(visitor, uid).json()["detail"]["error_data"]["code"] == 503


def test_a_session_can_expire_in_the_middle_of_paging(bank, visitor, uid):
    bank.fail("session_expires", call="transactions", after=1)
    key = transactions(visitor, uid, strategy="longest").json()["continuation_key"]
    query = {"strategy": "longest", "continuation_key": key}
    assert error_of(transactions(visitor, uid, **query)) == (401, "EXPIRED_SESSION")
    assert error_of(balances(visitor, uid)) == (401, "EXPIRED_SESSION")
    assert bank.sessions()[-1]["status"] == "EXPIRED"


# -- what is no API answer at all --------------------------------------------------------------


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_proxy_answers_in_html(bank, visitor, uid, status):
    bank.fail("proxy_error", status=status)
    answer = balances(visitor, uid)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert str(status) in answer.text


def test_an_html_page_may_come_with_status_200(bank, visitor, uid):
    bank.fail("html")
    answer = balances(visitor, uid)
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()


def test_an_answer_can_lead_to_another_host(bank, visitor, uid):
    bank.fail("redirect", location="http://elsewhere.invalid/x")
    answer = visitor.call("GET", f"/accounts/{uid}/balances", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://elsewhere.invalid/x")


def test_json_can_stop_in_the_middle(bank, visitor, uid):
    bank.fail("truncated")
    answer = balances(visitor, uid)
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert answer.text.startswith('{"balances"')
    with pytest.raises(ValueError):
        answer.json()


def test_the_connection_can_drop_in_the_middle(bank, visitor, uid):
    bank.fail("dropped")
    answer = visitor.call("GET", f"/accounts/{uid}/balances", stream=True)
    announced = int(answer.headers["Content-Length"])
    body = b""
    with pytest.raises(requests.exceptions.RequestException):
        for piece in answer.iter_content(16):
            body += piece
        if len(body) < announced:
            # the HTTP library of old does not complain by itself
            raise requests.exceptions.ConnectionError(f"{len(body)} of {announced}")
    assert len(body) < announced


def test_a_slow_answer_makes_nobody_else_wait(bank, visitor, uid):
    bank.fail("slow", call="balances", seconds=30)
    with pytest.raises(requests.exceptions.ReadTimeout):
        visitor.http.get(
            f"{bank.url}/accounts/{uid}/balances",
            headers={"Authorization": f"Bearer {visitor.token()}"},
            timeout=0.2,
        )
    assert balances(visitor, uid).status_code == 200


def test_a_slow_answer_comes_in_the_end(bank, visitor, uid):
    bank.fail("slow", seconds=0.3)
    before = time.monotonic()
    assert balances(visitor, uid).status_code == 200
    assert time.monotonic() - before >= 0.3


def test_a_body_can_be_endless(bank, visitor, uid):
    bank.fail("endless_body")
    answer = visitor.call("GET", f"/accounts/{uid}/transactions", stream=True)
    size = 0
    for piece in answer.iter_content(1 << 16):
        size += len(piece)
        if size > 5_000_000:
            break
    answer.close()
    assert size > 5_000_000
    assert balances(visitor, uid).status_code == 200


def test_pages_can_repeat_for_ever(bank, visitor, uid):
    bank.fail("endless_pages", times=None)
    first = transactions(visitor, uid).json()
    key = first["continuation_key"]
    for _ in range(3):
        assert transactions(visitor, uid, continuation_key=key).json() == first
    bank.clear_faults()
    bank.fail("endless_pages", keys="fresh", times=None)
    keys = []
    query = {}
    for _ in range(4):
        page = transactions(visitor, uid, **query).json()
        assert page["transactions"] == first["transactions"]
        query = {"continuation_key": page["continuation_key"]}
        keys.append(page["continuation_key"])
    assert len(set(keys)) == 4


# -- wrong fields ------------------------------------------------------------------------------


def spoiled(bank, visitor, uid, fault, **options):
    good = transactions(visitor, uid).json()["transactions"]
    bank.fail(fault, **options)
    bad = transactions(visitor, uid).json()["transactions"]
    changed = [place for place, row in enumerate(bad) if row != good[place]]
    return good, bad, changed


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("amount_text", lambda row, good: row["transaction_amount"]["amount"] == "abc"),
        (
            "amount_number",
            lambda row, good: (
                row["transaction_amount"]["amount"] == float(good["transaction_amount"]["amount"])
            ),
        ),
        (
            "amount_sign",
            lambda row, good: (
                row["transaction_amount"]["amount"] == "-" + good["transaction_amount"]["amount"]
            ),
        ),
        ("impossible_date", lambda row, good: row["booking_date"] == "2026-02-30"),
        ("no_booking_date", lambda row, good: row["booking_date"] is None and row["value_date"]),
        (
            "no_dates",
            lambda row, good: (
                not any(row[name] for name in ("booking_date", "value_date", "transaction_date"))
            ),
        ),
        ("no_currency", lambda row, good: "currency" not in row["transaction_amount"]),
        ("other_currency", lambda row, good: row["transaction_amount"]["currency"] == "CHF"),
        (
            "no_ids",
            lambda row, good: row["entry_reference"] is row["transaction_id"] is None,
        ),
        ("unknown_status", lambda row, good: row["status"] == "XXXX"),
    ],
)
def test_one_field_of_one_row_can_be_wrong(bank, visitor, uid, fault, check):
    good, bad, changed = spoiled(bank, visitor, uid, fault, rows=3)
    assert changed == [3]
    assert check(bad[3], good[3])
    assert transactions(visitor, uid).json()["transactions"] == good


def test_all_rows_can_be_wrong(bank, visitor, uid):
    _good, bad, changed = spoiled(bank, visitor, uid, "amount_text", rows="all")
    assert len(changed) == len(bad)


def test_two_different_rows_can_have_one_id(bank, visitor, uid):
    good, bad, changed = spoiled(bank, visitor, uid, "duplicate_reference")
    assert changed == [0]
    assert bad[0]["entry_reference"] == good[-1]["entry_reference"]
    assert bad[0]["remittance_information"] == good[0]["remittance_information"]


def test_several_faults_strike_together(bank, visitor, uid):
    bank.fail("amount_text")
    bank.fail("no_currency", rows=1)
    rows = transactions(visitor, uid).json()["transactions"]
    assert rows[0]["transaction_amount"]["amount"] == "abc"
    assert "currency" not in rows[1]["transaction_amount"]


@pytest.mark.parametrize("fault", sorted(ALL_FAULTS))
def test_every_fault_changes_what_a_client_gets(bank, visitor, uid, fault):
    good = transactions(visitor, uid, date_from="2026-06-20")
    options = {"seconds": 0.2} if fault == "slow" else {}
    bank.fail(fault, call="transactions", **options)
    before = time.monotonic()
    try:
        answer = visitor.call(
            "GET",
            f"/accounts/{uid}/transactions",
            params={"date_from": "2026-06-20"},
            stream=True,
            allow_redirects=False,
        )
        content = answer.raw.read(200_000)
    except (requests.exceptions.RequestException, OSError):
        assert fault == "dropped"
        return
    same = (answer.status_code, content) == (good.status_code, good.content)
    assert same == (fault == "slow")
    if same:
        assert time.monotonic() - before >= 0.2
    assert fault in {**ANSWERS, **MANGLES, **ROW_FAULTS}
    answer.close()


def test_the_documented_json_survives_a_row_fault(bank, visitor, uid):
    bank.fail("unknown_status")
    answer = transactions(visitor, uid)
    assert json.loads(answer.text).keys() == {"transactions", "continuation_key"}
