# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Sessions: from the one-time code to the end of the consent."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from emulators.visitor import error_of

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


def redeem(visitor, code):
    return visitor.call("POST", "/sessions", json={"code": code})


def code_for(visitor, accounts=None):
    return visitor.consent(visitor.start().json()["url"], accounts)["code"]


def test_a_session_lists_the_chosen_accounts_with_their_details(visitor):
    session = visitor.connect(accounts=["current", "card"])
    assert session["aspsp"] == {"name": "Banca Sandbox Italia", "country": "IT"}
    assert session["psu_type"] == "business"
    assert session["access"]["balances"] and session["access"]["transactions"]
    current, card = session["accounts"]
    assert current["account_id"]["iban"].startswith("IT") and not current["account_id"]["other"]
    assert current["cash_account_type"] == "CACC"
    assert card["account_id"]["iban"] is None
    assert card["account_id"]["other"]["scheme_name"] == "CPAN"
    assert card["cash_account_type"] == "CARD"
    assert current["identification_hash"] in current["identification_hashes"]
    assert visitor.get(f"/accounts/{current['uid']}/details").json() == current


def test_a_code_works_once(visitor):
    code = code_for(visitor)
    assert redeem(visitor, code).status_code == 200
    assert error_of(redeem(visitor, code)) == (422, "ALREADY_AUTHORIZED")


def test_an_unknown_a_missing_and_an_old_code_are_refused(bank, visitor):
    assert error_of(redeem(visitor, "guess")) == (422, "WRONG_AUTHORIZATION_CODE")
    assert error_of(redeem(visitor, None)) == (422, "WRONG_REQUEST_PARAMETERS")
    code = code_for(visitor)
    bank.expire_codes()
    assert error_of(redeem(visitor, code)) == (422, "EXPIRED_AUTHORIZATION_CODE")


def test_a_consent_without_accounts_gives_no_session(bank, visitor):
    answer = redeem(visitor, code_for(visitor, accounts=[]))
    assert error_of(answer) == (422, "NO_ACCOUNTS_ADDED")
    assert bank.sessions() == []


def test_a_new_session_has_new_uids_and_the_same_hashes(visitor):
    one, other = visitor.connect(), visitor.connect()
    assert one["session_id"] != other["session_id"]
    for before, after in zip(one["accounts"], other["accounts"], strict=True):
        assert before["uid"] != after["uid"]
        assert before["identification_hash"] == after["identification_hash"]
        assert before["identification_hashes"] == after["identification_hashes"]


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        ("CLOSED", "CLOSED_SESSION"),
        ("EXPIRED", "EXPIRED_SESSION"),
        ("REVOKED", "REVOKED_SESSION"),
    ],
)
def test_uids_of_the_earlier_session_stop_working(bank, visitor, outcome, error):
    bank.set_older_sessions(outcome)
    old = visitor.connect()["accounts"][0]["uid"]
    new = visitor.connect()["accounts"][0]["uid"]
    assert error_of(visitor.get(f"/accounts/{old}/balances")) == (401, error)
    assert visitor.get(f"/accounts/{new}/balances").status_code == 200


def test_earlier_sessions_can_be_left_alive_and_other_users_keep_theirs(bank, visitor):
    with pytest.raises(ValueError):
        bank.set_older_sessions("LOST")
    giulia = visitor.connect(user=("giulia.ferri", "sandbox", "654321"))
    one = visitor.connect()
    other_bank = visitor.connect("Cassa di Prova BETA")
    bank.set_older_sessions("AUTHORIZED")
    visitor.connect()
    for session in (giulia, one, other_bank):
        uid = session["accounts"][0]["uid"]
        assert visitor.get(f"/accounts/{uid}/balances").status_code == 200


def test_a_session_can_be_looked_at(visitor):
    session = visitor.connect(psu_id="x")
    seen = visitor.get(f"/sessions/{session['session_id']}").json()
    assert seen["status"] == "AUTHORIZED"
    assert seen["accounts"] == [item["uid"] for item in session["accounts"]]
    assert seen["accounts_data"][0] == {
        name: session["accounts"][0][name]
        for name in ("uid", "identification_hash", "identification_hashes")
    }
    assert seen["access"] == session["access"]
    assert seen["closed"] is None
    assert datetime.fromisoformat(seen["created"]) <= datetime.fromisoformat(seen["authorized"])


def test_disconnecting_closes_the_session(visitor):
    session = visitor.connect()
    path = f"/sessions/{session['session_id']}"
    assert visitor.call("DELETE", path).json() == {"message": "OK"}
    seen = visitor.get(path).json()
    assert seen["status"] == "CLOSED" and seen["closed"]
    uid = session["accounts"][0]["uid"]
    assert error_of(visitor.get(f"/accounts/{uid}/details")) == (401, "CLOSED_SESSION")
    assert error_of(visitor.call("DELETE", path)) == (401, "CLOSED_SESSION")


def test_an_unknown_session_does_not_exist(visitor):
    answer = visitor.get(f"/sessions/{uuid.uuid4()}")
    assert error_of(answer) == (404, "SESSION_DOES_NOT_EXIST")
    assert error_of(visitor.get("/sessions/7")) == (422, "WRONG_REQUEST_PARAMETERS")


def test_a_consent_ends_when_its_time_is_over(bank, visitor):
    valid_until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    session = visitor.connect(access={"valid_until": valid_until})
    uid = session["accounts"][0]["uid"]
    bank.age_consents(minutes=29 * 24 * 60)
    assert visitor.get(f"/accounts/{uid}/balances").status_code == 200
    bank.age_consents(minutes=24 * 60)
    assert error_of(visitor.get(f"/accounts/{uid}/balances")) == (401, "EXPIRED_SESSION")
    assert visitor.get(f"/sessions/{session['session_id']}").json()["status"] == "EXPIRED"


@pytest.mark.parametrize(
    ("switch", "error"),
    [("expire_consents", "EXPIRED_SESSION"), ("revoke_consents", "REVOKED_SESSION")],
)
def test_consents_can_be_ended_for_one_bank_or_all(bank, visitor, switch, error):
    main = visitor.connect()["accounts"][0]["uid"]
    beta = visitor.connect("Cassa di Prova BETA")["accounts"][0]["uid"]
    assert getattr(bank, switch)("Cassa di Prova BETA") == 1
    assert error_of(visitor.get(f"/accounts/{beta}/balances")) == (401, error)
    assert visitor.get(f"/accounts/{main}/balances").status_code == 200
    assert getattr(bank, switch)() == 1
    assert error_of(visitor.get(f"/accounts/{main}/balances")) == (401, error)


def test_any_other_status_is_a_wrong_one_to_read_with(bank, visitor):
    uid = visitor.connect()["accounts"][0]["uid"]
    bank.set_sessions("CANCELLED")
    assert error_of(visitor.get(f"/accounts/{uid}/balances")) == (422, "WRONG_SESSION_STATUS")


def test_scopes_that_were_not_asked_for_are_denied(visitor):
    valid_until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    access = {"valid_until": valid_until, "balances": False, "transactions": True}
    uid = visitor.connect(access=access)["accounts"][0]["uid"]
    assert error_of(visitor.get(f"/accounts/{uid}/balances")) == (403, "ACCESS_DENIED")
    assert visitor.get(f"/accounts/{uid}/transactions").status_code == 200


def test_a_closed_account_cannot_be_read_and_comes_back_without_uid(bank, visitor):
    session = visitor.connect()
    usd = session["accounts"][1]
    bank.close_account(account="usd")
    answer = visitor.get(f"/accounts/{usd['uid']}/balances")
    assert error_of(answer) == (400, "ASPSP_ACCOUNT_NOT_ACCESSIBLE")
    again = visitor.connect()
    closed = next(item for item in again["accounts"] if item["currency"] == "USD")
    assert closed["uid"] is None
    assert closed["identification_hash"] == usd["identification_hash"]
    seen = visitor.get(f"/sessions/{again['session_id']}").json()
    assert len(seen["accounts"]) == 2
