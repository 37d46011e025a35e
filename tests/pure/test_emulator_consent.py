# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Starting a consent, and the pages where the user gives it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from emulators.visitor import CALLBACK, error_of

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


def in_days(days, **more):
    return (datetime.now(UTC) + timedelta(days=days, **more)).isoformat()


# -- POST /auth ------------------------------------------------------------------------------


def test_starting_gives_a_page_an_id_and_a_stable_hash_of_the_user(visitor):
    one = visitor.start(psu_id="company-7").json()
    other = visitor.start(psu_id="company-7").json()
    assert one.keys() == {"url", "authorization_id", "psu_id_hash"}
    assert one["authorization_id"] != other["authorization_id"]
    assert one["psu_id_hash"] == other["psu_id_hash"] != visitor.start().json()["psu_id_hash"]
    assert requests.get(one["url"], timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"access": None}, "WRONG_REQUEST_PARAMETERS"),
        ({"access": {}}, "WRONG_REQUEST_PARAMETERS"),
        ({"access": {"valid_until": "tomorrow"}}, "WRONG_REQUEST_PARAMETERS"),
        ({"access": {"valid_until": "2099-01-01"}}, "WRONG_REQUEST_PARAMETERS"),
        ({"access": {"valid_until": in_days(5).split("+")[0]}}, "WRONG_REQUEST_PARAMETERS"),
        ({"access": {"valid_until": in_days(-1)}}, "WRONG_REQUEST_PARAMETERS"),
        ({"access": {"valid_until": in_days(180, minutes=5)}}, "WRONG_REQUEST_PARAMETERS"),
        ({"access": {"valid_until": in_days(5), "balances": "y"}}, "WRONG_REQUEST_PARAMETERS"),
        ({"access": {"valid_until": in_days(5), "accounts": [{}]}}, "INVALID_ACCOUNT_ID"),
        ({"aspsp": None}, "WRONG_REQUEST_PARAMETERS"),
        ({"aspsp": {"name": "Banca Sandbox Italia"}}, "WRONG_REQUEST_PARAMETERS"),
        ({"aspsp": {"name": "Banca Ignota", "country": "IT"}}, "WRONG_ASPSP_PROVIDED"),
        ({"aspsp": {"name": "Banca Sandbox Italia", "country": "FR"}}, "WRONG_ASPSP_PROVIDED"),
        ({"state": None}, "WRONG_REQUEST_PARAMETERS"),
        ({"state": 7}, "WRONG_REQUEST_PARAMETERS"),
        ({"redirect_url": None}, "WRONG_REQUEST_PARAMETERS"),
        ({"redirect_url": CALLBACK + "/other"}, "REDIRECT_URI_NOT_ALLOWED"),
        ({"psu_type": "robot"}, "WRONG_REQUEST_PARAMETERS"),
        ({"language": "Italian"}, "WRONG_REQUEST_PARAMETERS"),
        ({"auth_method": "fax"}, "WRONG_REQUEST_PARAMETERS"),
        ({"credentials": {"userId": "demo"}}, "WRONG_REQUEST_PARAMETERS"),
    ],
)
def test_what_is_wrong_in_a_request_is_refused(visitor, body, error):
    assert error_of(visitor.start(**body)) == (422, error)


def test_a_body_that_is_no_json_object_is_refused(visitor):
    answer = visitor.call("POST", "/auth", data="not json")
    assert error_of(answer) == (422, "WRONG_REQUEST_PARAMETERS")


def test_a_consent_may_last_as_long_as_the_bank_says_and_no_minute_more(visitor):
    good = {"access": {"valid_until": in_days(90, minutes=-5)}}
    too_long = {"access": {"valid_until": in_days(90, minutes=5)}}
    assert visitor.start("Cassa di Prova BETA", **good).status_code == 200
    answer = visitor.start("Cassa di Prova BETA", **too_long)
    assert error_of(answer) == (422, "WRONG_REQUEST_PARAMETERS")
    assert visitor.start("Banca Sandbox Italia", **too_long).status_code == 200


def test_a_kind_of_customer_that_the_bank_does_not_serve_is_refused(visitor):
    answer = visitor.start("Koepankki Saimaa", "FI", psu_type="personal")
    assert error_of(answer) == (422, "WRONG_REQUEST_PARAMETERS")
    # personal is also what is meant when nothing is said
    answer = visitor.start("Koepankki Saimaa", "FI", psu_type=None)
    assert error_of(answer) == (422, "WRONG_REQUEST_PARAMETERS")


def test_a_listed_pattern_allows_any_url_that_fits(bank, visitor):
    bank.redirect_urls.append("http://127.0.0.1:*/cb")
    try:
        assert visitor.start(redirect_url="http://127.0.0.1:4711/cb").status_code == 200
        answer = visitor.start(redirect_url="http://127.0.0.1:4711/other")
        assert error_of(answer) == (422, "REDIRECT_URI_NOT_ALLOWED")
    finally:
        bank.redirect_urls.remove("http://127.0.0.1:*/cb")


@pytest.mark.parametrize(
    "credentials", [{"userId": "x"}, {"password": "demo"}, {"userId": "demo", "pet": "cat"}, 7]
)
def test_credentials_that_the_method_does_not_want_are_refused(visitor, credentials):
    answer = visitor.start(
        "Musterbank Lindenau", "DE", auth_method="web_business", credentials=credentials
    )
    assert answer.status_code == 422
    assert answer.json()["error"] in ("WRONG_CREDENTIALS_PROVIDED", "WRONG_REQUEST_PARAMETERS")


def test_credentials_sent_along_spare_the_user_from_typing_them(visitor):
    def page(**body):
        answer = visitor.start("Musterbank Lindenau", "DE", auth_method="web_business", **body)
        return requests.get(answer.json()["url"], timeout=5).text

    assert 'name="username" value="demo"' in page(credentials={"userId": "demo"})
    both = {"userId": "demo", "password": "demo"}
    assert 'name="otp"' in page(credentials=both)
    assert 'name="password"' in page(credentials=both, credentials_autosubmit=False)


# -- the bank's pages ------------------------------------------------------------------------


@pytest.fixture
def start_url(visitor):
    return visitor.start(state="the-state").json()["url"]


def page_of(url, **query):
    return requests.get(url, params=query, timeout=5).text


def test_the_pages_ask_for_login_code_and_consent_and_bring_the_browser_back(visitor, start_url):
    login = page_of(start_url)
    assert 'lang="it"' in login
    assert "Banca Sandbox Italia" in login
    assert "#0b5d4e" in login
    assert 'name="username"' in login and 'name="password"' in login
    assert 'name="confirm"' in login and 'name="cancel"' in login
    step = visitor.post_page(start_url, ("username", "demo"), ("password", "demo"))
    assert step.status_code == 303
    assert 'name="otp"' in page_of(start_url)
    visitor.post_page(start_url, ("otp", "123456"))
    choice = page_of(start_url)
    assert 'value="current" checked' in choice and 'value="usd" checked' in choice
    assert "Conferma</button>" in choice and "Annulla</button>" in choice
    back = visitor.post_page(start_url, ("accounts", "current"), ("consent", "1"), ("confirm", "1"))
    assert back.status_code == 303
    assert back.headers["Location"].startswith(CALLBACK + "?")
    query = parse_qs(urlsplit(back.headers["Location"]).query)
    assert query.keys() == {"code", "state"}
    assert query["state"] == ["the-state"]


def test_wrong_password_and_wrong_code_say_so_and_let_try_again(visitor, start_url):
    wrong = visitor.post_page(start_url, ("username", "demo"), ("password", "x"))
    assert wrong.status_code == 200
    assert "Codice utente o password errati." in wrong.text
    assert 'name="username" value="demo"' in wrong.text
    visitor.post_page(start_url, ("username", "demo"), ("password", "demo"))
    wrong = visitor.post_page(start_url, ("otp", "000000"))
    assert "Codice temporaneo errato." in wrong.text
    assert visitor.post_page(start_url, ("otp", "123456")).status_code == 303


def test_without_the_tick_of_consent_nothing_is_given(visitor, start_url):
    visitor.post_page(start_url, ("username", "demo"), ("password", "demo"))
    visitor.post_page(start_url, ("otp", "123456"))
    page = visitor.post_page(start_url, ("accounts", "current"), ("confirm", "1"))
    assert page.status_code == 200
    assert "Serve il tuo consenso" in page.text


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_cancelling_on_any_page_brings_access_denied_and_ends_the_request(
    visitor, start_url, steps
):
    forms = [(("username", "demo"), ("password", "demo")), (("otp", "123456"),)]
    for form in forms[:steps]:
        visitor.post_page(start_url, *form)
    back = visitor.post_page(start_url, ("cancel", "1"))
    query = parse_qs(urlsplit(back.headers["Location"]).query)
    assert query["error"] == ["access_denied"]
    assert query["state"] == ["the-state"]
    assert "error_description" in query and "code" not in query
    assert requests.get(start_url, timeout=5).status_code == 410


def test_pages_are_english_when_the_request_says_so(visitor):
    url = visitor.start(language="en").json()["url"]
    assert "Sign in to online banking" in page_of(url)
    assert "Accesso all" in page_of(url, lang="it")


def test_the_hint_box_tells_the_sandbox_credentials(start_url):
    hint = page_of(start_url).split('id="sandbox-hint"')[1]
    assert "demo" in hint and "123456" in hint and "giulia.ferri" in hint


def test_a_user_sees_only_the_own_accounts(visitor, start_url):
    visitor.post_page(start_url, ("username", "giulia.ferri"), ("password", "sandbox"))
    visitor.post_page(start_url, ("otp", "654321"))
    page = page_of(start_url)
    assert 'value="current"' in page and 'value="usd"' not in page
    back = visitor.post_page(
        start_url, ("accounts", "current"), ("accounts", "usd"), ("consent", "1")
    )
    code = parse_qs(urlsplit(back.headers["Location"]).query)["code"][0]
    session = visitor.call("POST", "/sessions", json={"code": code}).json()
    assert [item["currency"] for item in session["accounts"]] == ["EUR"]


def test_only_the_accounts_asked_for_are_ticked(bank, visitor):
    usd = bank.list_banks()[0]["accounts"][1]["iban"]
    access = {"valid_until": in_days(5), "accounts": [{"iban": usd}]}
    url = visitor.start(access=access).json()["url"]
    visitor.post_page(url, ("username", "demo"), ("password", "demo"))
    visitor.post_page(url, ("otp", "123456"))
    page = page_of(url)
    assert 'value="usd" checked' in page and 'value="current" checked' not in page


def test_a_redirect_url_with_a_query_keeps_it(bank, visitor):
    bank.redirect_urls.append("https://books.example/cb?db=prod")
    try:
        url = visitor.start(redirect_url="https://books.example/cb?db=prod").json()["url"]
    finally:
        bank.redirect_urls.pop()
    back = visitor.post_page(url, ("cancel", "1"))
    assert back.headers["Location"].startswith("https://books.example/cb?db=prod&error=")


def test_what_the_user_types_is_escaped_on_the_page(visitor, start_url):
    page = visitor.post_page(start_url, ("username", '"><script>x'), ("password", "x"))
    assert "<script>x" not in page.text


def test_an_unknown_request_has_no_page(bank):
    answer = requests.get(f"{bank.url}/consent/none", timeout=5)
    assert answer.status_code == 404
