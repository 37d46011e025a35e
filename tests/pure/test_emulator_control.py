# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The control interface and page, and the log of requests."""

from __future__ import annotations

import inspect
from datetime import date
from decimal import Decimal

import pytest
import requests
from emulators.enablebanking import Emulator, Movement, RemoteControl
from emulators.enablebanking.switches import Switches
from emulators.enablebanking.wire import SWITCHES
from emulators.visitor import CALLBACK, TODAY

pytest_plugins = ["emulators.fixtures"]


@pytest.fixture
def bank(june_bank):
    return june_bank


@pytest.fixture
def remote(bank):
    return RemoteControl(bank.url)


def page(bank, /, **query):
    return requests.get(f"{bank.url}/_control", params=query, timeout=5).text


def press(bank, /, **form):
    answer = requests.post(f"{bank.url}/_control/do", data=form, timeout=5)
    assert answer.status_code == 200
    return answer.text


# -- programs ----------------------------------------------------------------------------------


def test_the_remote_control_has_every_switch_with_the_same_parameters():
    assert {"fail", "load_account", "reset", "add_pending"} <= SWITCHES.keys()
    for name in SWITCHES:
        here, there = getattr(Switches, name), getattr(RemoteControl, name)
        assert inspect.signature(here) == inspect.signature(there)
        assert there.__doc__


def test_bad_days_by_chance_come_and_go_from_another_process(bank, remote, visitor):
    uid = visitor.connect()["accounts"][0]["uid"]
    remote.chaos(seed=4, share=1)
    statuses = {visitor.get(f"/accounts/{uid}/balances").status_code for _call in range(30)}
    assert {408, 429, 502, 503} <= statuses
    assert remote.chaos_met() == bank.chaos_met() != {}
    remote.calm()
    remote.latency(0.05)
    assert visitor.get(f"/accounts/{uid}/balances").ok
    remote.latency(0)


def test_a_booked_row_is_changed_and_taken_back(remote, visitor):
    uid = visitor.connect()["accounts"][0]["uid"]
    before = remote.balance()
    row = remote.add_movement(Movement(TODAY, Decimal("-10.00"), remittance=("Cancelleria",)))
    changed = remote.change_movement(row, amount=Decimal("-12.50"), booking_date=date(2026, 6, 29))
    listed = {item["entry_reference"]: item for item in visitor.rows(uid)}
    shown = listed[row.entry_reference]
    assert (shown["transaction_amount"]["amount"], shown["booking_date"]) == ("12.50", "2026-06-29")
    assert remote.balance() == before - Decimal("12.50")
    assert remote.remove_movement(changed) == changed
    assert row.entry_reference not in {item["entry_reference"] for item in visitor.rows(uid)}
    assert remote.balance() == before
    with pytest.raises(ValueError, match="No row"):
        remote.remove_movement(changed)


def test_every_switch_works_from_another_process_as_it_does_here(bank, remote, visitor):
    uid = visitor.connect()["accounts"][0]["uid"]
    assert remote.balance() == bank.balance()
    assert remote.balance("Banca Sandbox Italia", until=date(2026, 6, 1)) == bank.balance(
        until=date(2026, 6, 1)
    )
    assert remote.booked() == bank.booked()
    pending = remote.add_pending(amount=Decimal("-10.00"))
    assert remote.pending() == bank.pending() == [pending]
    assert remote.book_pending(key=pending.key, amount=Decimal("-11")).amount == -11
    assert remote.add_late(days_ago=3).day == date(2026, 6, 27)
    assert len(remote.add_movements(4)) == 4
    row = Movement(booking_date=TODAY, amount=Decimal("1.23"), remittance=("ciao",))
    kept = remote.add_movement(row)
    assert kept in bank.booked()
    remote.load_account(None, "IT-7", "EUR", Decimal(5), [row])
    assert bank.balance(account="IT-7") == Decimal("6.23")
    remote.configure(page_size=3)
    number = remote.fail("error", code="ASPSP_TIMEOUT", times=None, call="balances")
    assert visitor.get(f"/accounts/{uid}/balances").status_code == 408
    assert remote.faults() == bank.faults() and number == bank.faults()[0]["number"]
    remote.clear_faults(number)
    assert len(visitor.pages(uid, date_from="2026-06-29")[0]) == 3
    assert remote.expire_consents() == 1
    assert remote.sessions() == bank.sessions()
    assert remote.requests()[-1]["call"] == "transactions"
    remote.set_today(date(2026, 7, 3))
    assert remote.add_movements(1)[0].day == date(2026, 7, 3)
    remote.reset()
    assert bank.sessions() == [] and bank.faults() == []


def test_a_wrong_switch_or_argument_is_said(bank, remote):
    with pytest.raises(ValueError, match="No fault"):
        remote.fail("earthquake")
    with pytest.raises(ValueError, match="pagesize"):
        remote.configure(pagesize=1)
    with pytest.raises(ValueError):
        remote.add_pending(amount="much")
    answer = requests.post(f"{bank.url}/_control/api/explode", timeout=5)
    assert answer.status_code == 404
    for body in ("[1]", "{", '{"colour": 1}'):
        answer = requests.post(f"{bank.url}/_control/api/add_pending", data=body, timeout=5)
        assert answer.status_code == 400 and answer.json()["error"]


def test_the_interface_describes_itself(bank):
    index = requests.get(f"{bank.url}/_control/api", timeout=5).json()
    assert index["switches"].keys() == SWITCHES.keys()
    assert index["switches"]["add_pending"]["parameters"]["amount"] == "Decimal"
    assert "truncated" in index["faults"]
    assert "_ledger" not in index["switches"]


def test_a_reset_brings_back_the_first_day(bank, visitor):
    before = bank.booked()
    visitor.connect()
    bank.add_movements(3)
    bank.configure(page_size=1, order="oldest")
    bank.set_quota(1)
    bank.set_error_status("ASPSP_TIMEOUT", 504)
    bank.fail("timeout", times=None)
    bank.close_account()
    bank.set_application_active(False)
    bank.reset()
    assert bank.booked() == before
    assert bank.faults() == bank.sessions() == bank.requests() == []
    account = visitor.connect()["accounts"][0]
    assert account["uid"]
    assert len(visitor.pages(account["uid"], strategy="longest")) == 3


# -- the log -----------------------------------------------------------------------------------


def test_the_log_tells_calls_without_their_secrets(bank, visitor):
    session = visitor.connect()
    uid = session["accounts"][0]["uid"]
    visitor.pages(uid, strategy="longest")
    visitor.get(f"/accounts/{uid}/balances", present=True)
    log = bank.requests()
    assert [entry["call"] for entry in log] == [
        "auth", "create_session", "transactions", "transactions", "transactions", "balances",
    ]  # fmt: skip
    first, last = log[2], log[-1]
    assert first["query"] == {"strategy": "longest"}
    assert (first["bank"], first["account"]) == ("banca-sandbox-italia", "current")
    assert (first["user_present"], last["user_present"]) == (False, True)
    assert log[3]["query"]["continuation_key"].endswith("…")
    assert len(log[3]["query"]["continuation_key"]) == 5
    assert uid not in str(log) and uid[:8] in first["path"]
    assert visitor.token()[:20] not in str(log)
    visitor.get("/aspsps", country="xx")
    assert bank.requests()[-1]["status"] == 422


# -- people ------------------------------------------------------------------------------------


def test_the_page_shows_every_bank_account_and_way_in(bank):
    text = page(bank)
    assert 'lang="it"' in text and "Un cliente paga una fattura" in text
    for item in bank.list_banks():
        section = text.split(f'<section id="{item["slug"]}">')[1].split("</section>")[0]
        assert item["name"] in section
        for account in item["accounts"]:
            assert account["identification"] in section
        assert item["users"][0]["password"] in section
    assert "A customer pays an invoice" in page(bank, lang="en")


@pytest.mark.parametrize(
    ("action", "change"),
    [("pay_invoice", 1), ("add_rows", 10), ("add_late", 1), ("book_pending", 1)],
)
def test_a_button_adds_rows(bank, action, change):
    bank.add_pending()
    before = len(bank.booked())
    text = press(bank, action=action, bank="banca-sandbox-italia", account="current")
    assert len(bank.booked()) == before + change
    assert 'id="message"' in text and "Fatto:" in text


def test_buttons_add_and_drop_pending_rows(bank):
    form = {"bank": "banca-attesa", "account": "current"}
    before = len(bank.pending("banca-attesa"))
    press(bank, action="add_pending", **form)
    assert len(bank.pending("banca-attesa")) == before + 1
    press(bank, action="drop_pending", **form)
    assert len(bank.pending("banca-attesa")) == before


def test_a_button_that_cannot_do_its_work_says_why(bank):
    text = press(bank, action="book_pending", bank="banca-sandbox-italia", account="current")
    assert "Non riuscito: Nothing is pending." in text
    assert "Failed:" in press(bank, action="sing", lang="en")


def test_buttons_switch_faults_on_and_off_and_the_page_shows_them(bank, visitor):
    assert "Nessun guasto attivo." in page(bank)
    text = press(bank, action="switch_on", fault="rate_limit", bank="cassa-di-prova-beta")
    assert "429 limite di richieste" in text and "Nessun guasto attivo." not in text
    assert bank.faults()[0]["bank"] == "cassa-di-prova-beta"
    press(bank, action="clear")
    assert bank.faults() == []
    press(bank, action="switch_on", fault="slow")
    assert bank.faults()[0]["options"] == {"seconds": 8}
    assert "Non riuscito" in press(bank, action="switch_on", fault="amount_text")


def test_buttons_ask_for_the_user_and_end_consents(bank, visitor):
    uid = visitor.connect()["accounts"][0]["uid"]
    press(bank, action="ask_user", bank="banca-sandbox-italia")
    answer = visitor.get(f"/accounts/{uid}/balances")
    assert answer.json()["error"] == "ASPSP_PSU_ACTION_REQUIRED"
    assert "serve l&#39;utente presente" in page(bank)
    press(bank, action="allow_unattended", bank="banca-sandbox-italia")
    assert visitor.get(f"/accounts/{uid}/balances").status_code == 200
    assert "1 consensi validi" in page(bank)
    press(bank, action="expire", bank="cassa-di-prova-beta")
    assert visitor.get(f"/accounts/{uid}/balances").status_code == 200
    press(bank, action="expire_all")
    assert visitor.get(f"/accounts/{uid}/balances").json()["error"] == "EXPIRED_SESSION"
    uid = visitor.connect()["accounts"][0]["uid"]
    press(bank, action="revoke", bank="banca-sandbox-italia")
    assert visitor.get(f"/accounts/{uid}/balances").json()["error"] == "REVOKED_SESSION"
    press(bank, action="reset")
    assert bank.sessions() == []


def test_the_page_lists_the_last_requests(bank, visitor):
    assert "Ancora nessuna richiesta." in page(bank)
    uid = visitor.connect()["accounts"][0]["uid"]
    bank.fail("timeout")
    visitor.get(f"/accounts/{uid}/transactions", date_from="2026-06-01")
    log = page(bank).split('<section id="log">')[1]
    assert f"GET /accounts/{uid[:8]}…/transactions date_from=2026-06-01" in log
    assert '<td class="bad">408</td>' in log
    assert uid not in log


# -- invoices ----------------------------------------------------------------------------------


def invoice(number, amount="100.00", due="2026-07-15", **more):
    return {"number": number, "partner": "Cliente S.r.l.", "amount": amount, "currency": "EUR",
            "date": "2026-06-01", "due_date": due, "kind": "out"} | more  # fmt: skip


def test_the_customers_of_given_invoices_pay_the_next_one_due():
    invoices = [
        invoice("FT/2", "250.00", "2026-07-20"),
        invoice("FT/1", "120.50", iban="IT60X0542811101000000123456"),
        invoice("BILL/9", "80.00", kind="in"),
    ]
    with Emulator(invoices=invoices, today=TODAY, redirect_urls=[CALLBACK]) as bank:
        first, second = bank.customer_pays_invoice(), bank.customer_pays_invoice()
        assert (first.amount, second.amount) == (Decimal("120.50"), Decimal("250.00"))
        assert any("FT/1" in text for text in first.remittance)
        assert first.counterparty == "Cliente S.r.l."
        assert first.counterparty_account == "IT60X0542811101000000123456"
        assert first.day == TODAY
        third = bank.customer_pays_invoice()
        assert third.counterparty != "Cliente S.r.l."
        assert first in bank.booked() and third in bank.booked()
