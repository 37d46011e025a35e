# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Secrets do not get out by way of logs, run lines and screens."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.transport import excerpt, mask_headers, mask_text, mask_url

JWT = "eyJ0eXAiOiJKV1QifQ.eyJpc3MiOiJzeW5jLWh1YiJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"
KEY = """-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj
MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu
-----END PRIVATE KEY-----"""


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"Authorization: Bearer {JWT}", JWT),
        (f'{{"Authorization": "Bearer {JWT}"}}', JWT),
        (f"sent {JWT} and failed", JWT),
        (f"cut {JWT[:40]}", JWT[:40]),
        ("Cookie: sid=8a7b6c5d; other=1", "8a7b6c5d"),
        ("Set-Cookie: sid=8a7b6c5d; Secure", "8a7b6c5d"),
        ("Basic dXNlcjpwYXNz0m==", "dXNlcjpwYXNz0m=="),
        ('{"access_token":"abc def","expires_in":3600}', "abc def"),
        ('{"refresh_token" : "r-1"}', "r-1"),
        ("client_secret=s3cr3t&grant_type=x", "s3cr3t"),
        ("password: hunter2, user: me", "hunter2"),
        ('{"detail":"{\\"client_secret\\":\\"s3cr3t\\",\\"a\\":1}"}', "s3cr3t"),
        ("api-key=9f8e7d", "9f8e7d"),
        ("session_id=4604aa90-f8a8", "4604aa90"),
        ('"continuation_key": "djE6MTIz"', "djE6MTIz"),
        ("https://books.example/cb?code=one-time&state=abcdef", "one-time"),
        ('{"code":"8dc2b0fa-38ab-4f59-b1b5-5a3b1a7f2a10"}', "8dc2b0fa"),
        (KEY, "MzEfYyjiWA4R4"),
        (KEY[:120], "MIIEvQIBADAN"),
        ("account FI21 1234 5600 0007 85 is closed", "1234 5600"),
        ("account DE89370400440532013000 is closed", "37040044"),
    ],
)
def test_what_is_always_a_secret_is_hidden(text: str, secret: str) -> None:
    masked = mask_text(text)
    assert secret not in masked
    assert "***" in masked


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication required",
        '{"message":"Wrong period","code":422,"error":"WRONG_TRANSACTIONS_PERIOD"}',
        '{"error_data":{"code":"CONSENT_EXPIRED"}}',
        "the token is missing",
        "RF07850352502356628678117",
        "PL12 TEXT WORD HERE",
        "",
    ],
)
def test_what_helps_to_understand_stays_readable(text: str) -> None:
    assert mask_text(text) == text


@given(
    secret=st.text('abcdefgh0123456789+/=-"\\ é', min_size=6, max_size=40).filter(
        lambda text: len(text.strip()) >= 6
    ),
    before=st.text(max_size=20),
)
def test_a_secret_handed_in_is_found_in_every_form(secret: str, before: str) -> None:
    secret = secret.strip()
    text = f"{before} {secret} {quote(secret, safe='')} {json.dumps(secret)}"
    masked = mask_text(text, [secret])
    for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1]):
        # What chance wrote before it does not count.
        assert form not in masked.removeprefix(before)


def test_each_line_of_a_private_key_is_a_secret() -> None:
    line = KEY.splitlines()[2]
    assert mask_text(f"could not parse {line}", [KEY]) == "could not parse ***"


def test_a_secret_that_contains_another_leaves_nothing_behind() -> None:
    assert mask_text("abcd1234", ["abcd", "abcd1234"]) == "***"


def test_addresses_lose_user_secrets_and_fragment() -> None:
    masked = mask_url(
        "https://me:pw@bank.example/v1/FI2112345600000785?access_token=a1&country_code=FI"
        "&continuation_key=zz&page=2&code=&key=k#frag"
    )
    assert masked == (
        "https://bank.example/v1/FI21***0785?access_token=***&country_code=FI"
        "&continuation_key=***&page=2&code=&key=***"
    )


def test_a_secret_in_the_path_of_an_address_is_hidden() -> None:
    session = "4604aa90-f8a8-4180-92d8-0c3270846f0a"
    assert mask_url(f"https://bank.example/sessions/{session}", [session]) == (
        "https://bank.example/sessions/***"
    )


def test_an_address_that_is_none_is_not_shown() -> None:
    assert mask_url("https://[broken?token=abc") == "***"


def test_headers_with_secrets_keep_their_names_only() -> None:
    assert mask_headers(
        {
            "Authorization": "Bearer x",
            "App-id": "1",
            "X-Api-Key": "2",
            "Client-Secret": "3",
            "Accept": "application/json",
            "X-Note": f"made with {JWT}",
        }
    ) == {
        "Authorization": "***",
        "App-id": "***",
        "X-Api-Key": "***",
        "Client-Secret": "***",
        "Accept": "application/json",
        "X-Note": "made with ***",
    }


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt(b"<html>\n  <title>Bad gateway</title>\n</html>") == (
        "<html> <title>Bad gateway</title> </html>"
    )
    assert excerpt(b"a b " * 1000, 10) == "a b a b a …"
    assert excerpt(b"caf\xc3\xa9 \xff", 10) == "café \ufffd"


@given(st.integers(0, 3000))
def test_a_secret_across_the_end_of_an_excerpt_does_not_show_its_beginning(offset: int) -> None:
    secret = "Zq7-verylongsecret-" * 4
    body = "x " * (offset // 2) + secret + " tail" * 2000
    assert "Zq7" not in excerpt(body, 300, [secret])


def test_masks_that_make_a_text_shorter_do_not_bring_half_a_secret_into_view() -> None:
    secret = "Zq7-verylongsecret-" * 4
    assert "Zq7" not in excerpt(f"{secret} " * 1000, 300, [secret])


def test_masking_a_huge_text_looks_at_its_beginning_only() -> None:
    assert len(mask_text("word " * 1_000_000)) == 20_000
