# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What accounts tell: balances, the user's presence, quotas, the habits of single banks."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from emulators.enablebanking import Movement
from emulators.visitor import PRESENT, TODAY, error_of

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


def uid_at(visitor, name="Banca Sandbox Italia", country="IT", place=0):
    return visitor.connect(name, country)["accounts"][place]["uid"]


def balances_of(visitor, uid):
    answer = visitor.get(f"/accounts/{uid}/balances").json()
    return {item["balance_type"]: item for item in answer["balances"]}


def test_balances_are_the_opening_one_plus_the_booked_rows(bank, visitor):
    uid = uid_at(visitor)
    told = balances_of(visitor, uid)
    rows = bank.booked()
    total = bank.opening_balance() + sum(row.amount for row in rows)
    assert Decimal(told["ITBD"]["balance_amount"]["amount"]) == total == bank.balance()
    until_yesterday = bank.opening_balance() + sum(
        row.amount for row in rows if row.booking_date < TODAY
    )
    assert told["CLBD"]["reference_date"] == "2026-06-29"
    assert Decimal(told["CLBD"]["balance_amount"]["amount"]) == until_yesterday
    assert told["ITBD"]["last_committed_transaction"] == rows[-1].entry_reference
    assert told["ITAV"]["last_change_date_time"].endswith("Z")
    assert all(item["balance_amount"]["currency"] == "EUR" for item in told.values())


def test_added_rows_move_the_balance_and_pending_ones_only_the_available(bank, visitor):
    uid = uid_at(visitor)
    before = {kind: item["balance_amount"]["amount"] for kind, item in
              balances_of(visitor, uid).items()}  # fmt: skip
    bank.add_movement(Movement(booking_date=TODAY, amount=Decimal("100.10")))
    bank.add_pending(amount=Decimal("-40.00"))
    after = balances_of(visitor, uid)
    change = {
        kind: Decimal(item["balance_amount"]["amount"]) - Decimal(before[kind])
        for kind, item in after.items()
    }
    assert change == {"CLBD": 0, "ITBD": Decimal("100.10"), "ITAV": Decimal("60.10")}


def test_an_account_never_was_in_the_red(bank):
    for item in bank.list_banks():
        for account in item["accounts"]:
            name = (item["slug"], account["slug"])
            total = bank.opening_balance(*name)
            assert total > 0
            for row in bank.booked(*name):
                total += row.amount
                assert total > 0


def test_some_banks_send_interim_balances_without_a_date_only(visitor):
    told = balances_of(visitor, uid_at(visitor, "Cassa di Prova BETA"))
    assert list(told) == ["ITAV", "ITBD"]
    assert all(item["reference_date"] is None for item in told.values())


def test_the_types_of_balances_can_be_chosen(bank, visitor):
    bank.configure(balances=["PRCD", "OPBD", "XPCD"])
    told = balances_of(visitor, uid_at(visitor))
    assert told["PRCD"]["reference_date"] == "2026-06-28"
    assert told["OPBD"]["reference_date"] == "2026-06-30"
    assert Decimal(told["OPBD"]["balance_amount"]["amount"]) == bank.balance(
        until=TODAY - timedelta(days=1)
    )


def test_an_unknown_account_does_not_exist(visitor):
    for path in ("details", "balances", "transactions"):
        answer = visitor.get(f"/accounts/{uuid.uuid4()}/{path}")
        assert error_of(answer) == (404, "ACCOUNT_DOES_NOT_EXIST")
        assert error_of(visitor.get(f"/accounts/x/{path}")) == (422, "WRONG_REQUEST_PARAMETERS")


def test_accounts_keep_currency_iban_and_hash_in_every_bank(bank, visitor):
    for item in bank.list_banks():
        session = visitor.connect(item["name"], item["country"])
        for shown, account in zip(session["accounts"], item["accounts"], strict=True):
            assert shown["currency"] == account["currency"]
            assert shown["identification_hash"] == account["identification_hash"]
            assert shown["all_account_ids"][0]["identification"] == account["identification"]
            assert shown["account_servicer"]["name"] == item["name"]
    hashes = [
        account["identification_hash"] for item in bank.list_banks() for account in item["accounts"]
    ]
    assert len(set(hashes)) == len(hashes)


# -- the user's presence -----------------------------------------------------------------------


def test_a_bank_that_wants_the_user_refuses_background_reads(bank, visitor):
    uid = uid_at(visitor, "Credito Presente")
    for path in ("details", "balances", "transactions"):
        answer = visitor.get(f"/accounts/{uid}/{path}")
        assert error_of(answer) == (422, "PSU_HEADER_NOT_PROVIDED")
        assert answer.json()["detail"] == "PSU header psuIpAddress is not provided"
        assert visitor.get(f"/accounts/{uid}/{path}", present=True).status_code == 200
    bank.configure("Credito Presente", user_present="action")
    answer = visitor.get(f"/accounts/{uid}/balances")
    assert error_of(answer) == (422, "ASPSP_PSU_ACTION_REQUIRED")
    assert visitor.get(f"/accounts/{uid}/balances", present=True).status_code == 200


def test_all_required_headers_or_none(visitor):
    uid = uid_at(visitor, "Credito Presente")
    some = {"Psu-Ip-Address": "192.0.2.1"}
    answer = visitor.call("GET", f"/accounts/{uid}/balances", headers=some)
    assert error_of(answer) == (422, "PSU_HEADER_NOT_PROVIDED")
    assert answer.json()["detail"] == "PSU header psuUserAgent is not provided"


def test_an_address_that_is_none_is_invalid(visitor):
    headers = PRESENT | {"Psu-Ip-Address": "localhost"}
    answer = visitor.call("GET", f"/accounts/{uid_at(visitor)}/balances", headers=headers)
    assert error_of(answer) == (422, "PSU_HEADER_INVALID")


def test_unattended_reads_are_limited_per_account_kind_and_day(bank, visitor):
    session = visitor.connect()
    one, other = (session["accounts"][place]["uid"] for place in (0, 1))
    bank.set_quota(2)
    bank.configure(page_size=50)
    assert len(visitor.pages(one, strategy="longest")) > 2  # pages of one listing count once
    visitor.pages(one)
    answer = visitor.get(f"/accounts/{one}/transactions")
    assert error_of(answer) == (429, "ASPSP_RATE_LIMIT_EXCEEDED")
    assert "Retry-After" not in answer.headers
    assert visitor.get(f"/accounts/{one}/balances").status_code == 200
    assert visitor.get(f"/accounts/{other}/transactions").status_code == 200
    assert visitor.get(f"/accounts/{one}/transactions", present=True).status_code == 200
    key = "2026-06-30/banca-sandbox-italia/current/transactions"
    assert bank.unattended_reads()[key] == 2
    bank.set_today(date(2026, 7, 1))
    assert visitor.get(f"/accounts/{one}/transactions").status_code == 200


def test_a_quota_can_be_one_banks_alone_and_be_lifted(bank, visitor):
    main, beta = uid_at(visitor), uid_at(visitor, "Cassa di Prova BETA")
    bank.set_quota(0, "Cassa di Prova BETA")
    assert visitor.get(f"/accounts/{main}/balances").status_code == 200
    assert visitor.get(f"/accounts/{beta}/balances").status_code == 429
    bank.set_quota(None, "Cassa di Prova BETA")
    assert visitor.get(f"/accounts/{beta}/balances").status_code == 200


# -- habits ------------------------------------------------------------------------------------


def test_a_bank_with_ninety_days_refuses_older_periods(bank, visitor):
    uid = uid_at(visitor, "Banca Novanta Giorni")
    old = (TODAY - timedelta(days=91)).isoformat()
    first = visitor.get(f"/accounts/{uid}/transactions", date_from=old)
    assert error_of(first) == (422, "WRONG_TRANSACTIONS_PERIOD")
    assert first.json()["detail"] == {"date_from": "2026-04-01"}
    second = visitor.get(f"/accounts/{uid}/transactions", date_from=old)
    assert error_of(second) == (422, "WRONG_TRANSACTIONS_PERIOD")
    assert second.json()["detail"] is None
    assert visitor.rows(uid, date_from="2026-04-01")
    longest = visitor.rows(uid, strategy="longest")
    assert min(row["booking_date"] for row in longest) >= "2026-04-01"
    known = [row for row in bank.booked("Banca Novanta Giorni") if row.day >= date(2026, 4, 1)]
    assert len(longest) == len(known) < len(bank.booked("Banca Novanta Giorni"))


def test_right_after_the_consent_the_whole_history_may_be_open(bank, visitor):
    bank.configure("Banca Novanta Giorni", full_history_minutes=60)
    uid = uid_at(visitor, "Banca Novanta Giorni")
    old = (TODAY - timedelta(days=200)).isoformat()
    assert visitor.get(f"/accounts/{uid}/transactions", date_from=old).status_code == 200
    bank.age_consents(61)
    assert visitor.get(f"/accounts/{uid}/transactions", date_from=old).status_code == 422


def test_a_bank_has_only_pending_rows_for_two_days(visitor):
    rows = visitor.rows(uid_at(visitor, "Banca Attesa"))
    recent = [
        row for row in rows if (row["booking_date"] or row["transaction_date"]) >= "2026-06-29"
    ]
    assert len(recent) == 4
    assert {row["status"] for row in recent} == {"PDNG"}
    assert {row["booking_date"] for row in recent} == {None}
    assert {row["status"] for row in rows[4:]} == {"BOOK"}


def test_a_bank_without_ids_has_two_rows_that_nothing_tells_apart(visitor):
    rows = visitor.rows(uid_at(visitor, "Banca Senza Numero"))
    assert {row["entry_reference"] for row in rows} == {None}
    assert {row["transaction_id"] for row in rows} == {None}
    assert any(rows.count(row) == 2 for row in rows)


def test_a_bank_puts_empty_pages_between_the_others(visitor):
    pages = visitor.pages(uid_at(visitor, "Banca Pagine Bianche"), strategy="longest")
    sizes = [len(page) for page in pages]
    assert sizes[:4] == [10, 0, 10, 0]
    assert sizes[-1] > 0
    assert sum(sizes) == 180


def test_a_polish_bank_keeps_zloty_and_tells_the_balance_after_each_row(bank, visitor):
    session = visitor.connect("Bank Testowy Wisła", "PL")
    assert [item["currency"] for item in session["accounts"]] == ["PLN", "EUR"]
    assert session["accounts"][0]["account_id"]["iban"].startswith("PL")
    rows = visitor.rows(session["accounts"][0]["uid"], strategy="longest")
    newest = rows[0]["balance_after_transaction"]
    assert newest == {"currency": "PLN", "amount": str(bank.balance("Bank Testowy Wisła"))}
    assert all(len(text) <= 35 for row in rows for text in row["remittance_information"])
    for row, before in itertools.pairwise(rows):
        sign = 1 if row["credit_debit_indicator"] == "CRDT" else -1
        after, amount = (
            Decimal(row[name]["amount"])
            for name in ("balance_after_transaction", "transaction_amount")
        )
        assert after - sign * amount == Decimal(before["balance_after_transaction"]["amount"])


def test_a_finnish_bank_lists_the_oldest_row_first(visitor):
    rows = visitor.rows(uid_at(visitor, "Koepankki Saimaa", "FI"))
    days = [row["booking_date"] for row in rows]
    assert days == sorted(days) and len(set(days)) > 1


def test_accounts_of_one_bank_share_row_ids(bank):
    one, other = (
        {row.entry_reference for row in bank.booked(account=slug)} for slug in ("current", "card")
    )
    assert one & other


def test_settings_that_do_not_exist_are_refused(bank):
    with pytest.raises(ValueError, match="pagesize"):
        bank.configure(pagesize=3)
    with pytest.raises(ValueError, match="order"):
        bank.configure(order="random")
    with pytest.raises(ValueError):
        bank.configure(page_size=0)
    with pytest.raises(ValueError, match="No bank"):
        bank.configure("Banca Ignota", page_size=3)
    with pytest.raises(ValueError, match="no account"):
        bank.balance(account="savings")
