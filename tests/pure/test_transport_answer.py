# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an answer says, and what it says when it is not what it should be."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import Answer


def answer(body: bytes | str, status: int = 200, **known: object) -> Answer:
    return Answer(status, {}, body.encode() if isinstance(body, str) else body, **known)


def test_amounts_arrive_as_decimals_digit_for_digit() -> None:
    value = answer('{"a": 0.10, "b": 1234567890123456789.123456789, "c": 12}').json()
    assert [repr(value[name]) for name in "abc"] == [
        "Decimal('0.10')",
        "Decimal('1234567890123456789.123456789')",
        "12",
    ]


def test_floats_of_an_interface_that_means_floats_arrive_to_the_last_bit() -> None:
    value = answer(json.dumps([0.1 + 0.2, 1e-300, 2, 1.10])).json(fraction=float)
    assert [repr(number) for number in value] == ["0.30000000000000004", "1e-300", "2", "1.1"]


def test_numbers_that_json_does_not_know_are_text_and_not_the_end_of_the_page() -> None:
    assert answer('{"a": NaN, "b": -Infinity, "c": 1.5}').json() == {
        "a": "NaN",
        "b": "-Infinity",
        "c": Decimal("1.5"),
    }


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<!DOCTYPE html><title>Bad gateway</title>", "web page"),
        ("  \n<html>", "web page"),
        ('{"transactions": [{"a": 1}, {"a"', "not JSON"),
        ("", "empty"),
        ("OK", "not JSON"),
        ("[" * 200_000, "not JSON"),
        ("[1e99999999999999999999999]", "not JSON"),
        ("[" + "9" * 5000 + "]", "not JSON"),
    ],
    ids=["page", "page after blanks", "cut", "empty", "word", "deep", "exponent", "digits"],
)
def test_a_body_that_is_not_json_is_bad_data(body: str, said: str) -> None:
    with pytest.raises(Fault) as caught:
        answer(body).json()
    assert caught.value.kind is FaultKind.BAD_DATA
    assert said in caught.value.detail
    assert len(caught.value.detail) < 400


def test_the_excerpt_of_a_bad_body_is_masked() -> None:
    body = '<html>sid=4604aa90 <a href="?code=one-time">'
    with pytest.raises(Fault) as caught:
        answer(body, secrets=("4604aa90",)).json()
    assert "4604aa90" not in str(caught.value)
    assert "one-time" not in str(caught.value)
    assert "4604aa90" not in repr(answer(body, secrets=("4604aa90",)))


def test_text_that_the_database_cannot_keep_is_replaced() -> None:
    value = answer(r'{"a": "x\u0000y", "b\ud800": ["\uD83D\uDE00", "\udc00"], "c": 1}').json()
    assert value == {"a": "x\ufffdy", "b\ufffd": ["\U0001f600", "\ufffd"], "c": 1}


def test_one_byte_that_is_not_utf8_costs_one_letter_and_not_the_page() -> None:
    assert answer(b'\xef\xbb\xbf{"a": "caf\xe9"}').json() == {"a": "caf\ufffd"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.booleans(),
)
def test_whatever_json_says_arrives_and_can_be_stored(value: object, ascii_only: bool) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    arrived = answer(body).json()
    stored = json.dumps(arrived, ensure_ascii=False)
    assert "\\u0000" not in stored.replace("\\\\", "")
    stored.encode("utf-8")
    text = json.dumps(value, ensure_ascii=True)
    if "\\u0000" not in text and "\\ud" not in text:
        assert arrived == value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, FaultKind.RATE_LIMITED),
        (408, FaultKind.PROVIDER_DOWN),
        (425, FaultKind.PROVIDER_DOWN),
        (500, FaultKind.PROVIDER_DOWN),
        (503, FaultKind.PROVIDER_DOWN),
    ],
)
def test_an_outage_says_what_happened_and_until_when(status: int, kind: FaultKind) -> None:
    moment = datetime(2026, 6, 3, tzinfo=UTC)
    with pytest.raises(Fault) as caught:
        answer("Please wait. token=abc", status, not_before=moment).raise_for_outage()
    fault = caught.value
    assert (fault.kind, fault.provider_code, fault.not_before) == (kind, str(status), moment)
    assert fault.detail == "Please wait. token=***"


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 404, 422])
def test_a_refusal_is_no_outage(status: int) -> None:
    answered = answer("no", status)
    answered.raise_for_outage()
    assert answered.ok is (status < 300)
