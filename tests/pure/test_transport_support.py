# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What support is shown: enough to find a fault, nothing by which a person, an account or a secret is known."""

import doctest
import json
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.transport import HttpSession, noted_calls, support, support_text
from odoo.addons.sync_hub.transport.answer import Exchange
from odoo.addons.sync_hub.transport.support import MOST_CALLS, bare_path, call_entry, call_line, request_id

IBAN = "IT60X0542811101000000123456"


def test_the_examples_of_the_manual_are_true():
    assert doctest.testmod(support).failed == 0


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.example/accounts/7b1e9a52-6b1c-4a8e-8f0e-3f6c1b2a9d10/balances", "/accounts/***/balances"),
        ("https://a.example/sessions/AbCdEfGhIjKlMnOp1234", "/sessions/***"),
        ("https://a.example/api/v6/connections/1234567890", "/api/v6/connections/***"),
        (f"https://a.example/ibans/{IBAN}/rows", "/ibans/***/rows"),
        ("https://a.example/transactions/sync", "/transactions/sync"),
        ("https://a.example/cobrand/loginTokens", "/cobrand/loginTokens"),
        ("https://a.example/users/mario%20rossi", "/users/***"),
        ("https://a.example/users/Mario", "/users/***"),
        ("https://a.example/aspsps?country=IT&psu_type=business", "/aspsps?country&psu_type"),
        ("https://a.example/aspsps?5f3c1=1", "/aspsps?***"),
        ("http://[broken", "***"),
    ],
)
def test_of_an_address_its_words_are_shown_and_neither_ids_nor_values(address, shown):
    assert bare_path(address) == shown


@given(st.from_regex(r"[A-Za-z0-9_-]{6,40}", fullmatch=True).filter(lambda text: any(map(str.isdigit, text))))
def test_no_id_with_a_digit_is_ever_shown(handle):
    assert handle not in bare_path(f"https://a.example/accounts/{handle}/rows?key={handle}")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mario ROSSI has no access", "*** *** has no access"),
        ("rossi, mario: unknown", "***, ***: unknown"),
        ("Mariolina stays", "Mariolina stays"),
        (f"account {IBAN} is closed", "account IT60***3456 is closed"),
        ("account 000123456789 is closed", "account 00***6789 is closed"),
        ("card 4111XXXXXXXX1111", "card 41***1111"),
        ("write to m.rossi@azienda.example", "write to ***"),
        ("token=abc123def", "token=***"),
        ("My Savings does not answer", "*** does not answer"),
        ("in savings accounts", "in savings accounts"),
        ("the reference SH-8F2K-91QX of 2026-06-30", "the reference SH-8F2K-91QX of 2026-06-30"),
    ],
)
def test_names_addresses_and_long_numbers_are_left_out_of_a_text(said, shown):
    assert support_text(said, persons=["Mario Rossi"], labels=["My savings"]) == shown


def test_a_name_that_is_no_word_or_too_short_spoils_no_text():
    assert support_text("a (b) is *c*", persons=["", "(", "Al"], labels=["", ".*"]) == "a (b) is *c*"


@pytest.mark.parametrize(
    ("headers", "body", "number"),
    [
        ({"x-request-id": "af-91"}, b"", "af-91"),
        ({"x-request-id": "af 91<script>"}, b"", "af91script"),
        ({}, b'{"error": {"request_id": "ABC:1"}}', "ABC:1"),
        ({}, b'{"accounts": [' + b"1," * 9000 + b'1], "request_id": "Wvhy9PZHQLV8njG"}', "Wvhy9PZHQLV8njG"),
        ({}, b'{"requestId": "r-12"}', "r-12"),
        ({}, b"<html>", ""),
    ],
)
def test_the_number_by_which_the_service_knows_the_request_is_found(headers, body, number):
    assert request_id(headers, body) == number


def exchange(number=1, **values):
    at = datetime(2026, 6, 30, 10, 0, number % 60, tzinfo=UTC)
    values = {"status": 200, "milliseconds": 31, "body_bytes": 9, "at": at, **values}
    return Exchange("GET", f"https://a.example/accounts/{number:06d}", **values)


def test_a_call_is_one_line_with_time_path_answer_and_number():
    line = call_line(call_entry(exchange(request_id="af-91")))
    assert line == "2026-06-30T10:00:01Z GET /accounts/*** 200 31 ms af-91"


def test_a_call_without_an_answer_says_why():
    line = call_line(call_entry(exchange(status=0, error=f"a.example: time-out for {IBAN}")))
    assert line == "2026-06-30T10:00:01Z GET /accounts/*** no answer 31 ms a.example: time-out for IT60***3456"


def test_what_is_kept_of_a_call_fits_into_json():
    assert json.loads(json.dumps(call_entry(exchange())))["path"] == "/accounts/***"


def test_the_last_calls_of_all_sessions_are_collected_whichever_thread_makes_them(serve):
    def app(environ, start_response):
        start_response("200 OK", [("X-Request-Id", "n-1"), ("Content-Type", "application/json")])
        return [b"{}"]

    address = serve(app)
    with noted_calls() as calls:
        sessions = [HttpSession(address) for _ in range(2)]

        def work(http):
            for _ in range(MOST_CALLS // 2 + 5):
                http.request("GET", "/rows", params={"iban": IBAN})

        threads = [threading.Thread(target=work, args=(http,)) for http in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(calls) == MOST_CALLS
    assert {(call["method"], call["path"], call["status"], call["request_id"]) for call in calls} == {
        ("GET", "/rows?iban", 200, "n-1")
    }


def test_a_call_that_fails_is_collected_too_by_the_piece_of_work_and_by_what_lies_around_it():
    with noted_calls() as outer:
        with noted_calls() as inner, pytest.raises(Fault):
            HttpSession("http://127.0.0.1:9", retry=None).request("POST", "/accounts/99887766")
        assert [call["path"] for call in inner] == ["/accounts/***"]
    assert [*outer] == [*inner]
    assert inner[0]["status"] == 0 and inner[0]["error"]


def test_outside_a_piece_of_work_nothing_is_collected():
    with noted_calls() as calls:
        pass
    with pytest.raises(Fault):
        HttpSession("http://127.0.0.1:9").request("POST", "/accounts")
    assert not calls
