# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Histories that are too long, and banks that want their customer present."""

from collections.abc import Callable
from typing import Any

import pytest
from enablebanking_link import PATIENT, USER, Link, days_ago, fault_of
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_bank.providers.enablebanking import EnableBanking
from odoo.addons.sync_hub_bank.providers.values import (
    AttendedUser,
)
from werkzeug.wrappers import Request


@pytest.mark.parametrize(("hint", "days"), [("date_from", 90), ("none", 89)])
def test_a_history_that_is_too_long_is_shortened_to_what_the_bank_gives(
    bank: Any, hint: str, days: int
) -> None:
    bank.configure("banca-novanta-giorni", history_detail=hint)
    bank.set_today(days_ago(0))
    link = Link(bank, "Banca Novanta Giorni")
    pages = link.pages(date_from=days_ago(300))
    assert {page.date_from for page in pages} == {days_ago(days)}
    rows = [row for page in pages for row in page.transactions]
    assert rows
    assert min(row.booking_date for row in rows) >= days_ago(days)
    asked = [entry["query"]["date_from"] for entry in link.asked()]
    assert asked[0] == days_ago(300).isoformat()
    assert set(asked[1:]) == {days_ago(days).isoformat()}


@pytest.mark.parametrize(("allowed", "granted"), [(70, 60), (45, 30)])
def test_ever_shorter_histories_are_tried(bank: Any, allowed: int, granted: int) -> None:
    bank.configure("banca-novanta-giorni", history_days=allowed, history_detail="none")
    bank.set_today(days_ago(0))
    link = Link(bank, "Banca Novanta Giorni")
    assert link.page(date_from=days_ago(300), date_to=days_ago(2)).date_from == days_ago(granted)
    assert {entry["query"]["date_to"] for entry in link.asked()} == {days_ago(2).isoformat()}


def test_the_longest_history_may_be_refused_as_well(link: Link) -> None:
    link.bank.fail("error", call="transactions", code="WRONG_TRANSACTIONS_PERIOD")
    assert link.page().date_from == days_ago(89)
    assert "strategy" not in link.asked()[-1]["query"]


def test_a_bank_that_refuses_every_history_says_so(link: Link) -> None:
    link.bank.fail("error", call="transactions", code="WRONG_TRANSACTIONS_PERIOD", times=None)
    assert fault_of(lambda: link.page(date_from=days_ago(300))).kind is FaultKind.PERIOD_REFUSED
    assert len(link.asked()) == 4


def test_a_period_that_lies_before_all_history_is_refused(link: Link) -> None:
    link.bank.fail("error", call="transactions", code="WRONG_TRANSACTIONS_PERIOD", times=None)
    fault = fault_of(lambda: link.page(date_from=days_ago(300), date_to=days_ago(200)))
    assert fault.kind is FaultKind.PERIOD_REFUSED
    assert len(link.asked()) == 1


def test_a_short_history_and_refused_pending_rows_can_come_together(link: Link) -> None:
    link.bank.fail("error", call="transactions", code="WRONG_TRANSACTIONS_PERIOD")
    link.bank.fail("aspsp_error", call="transactions", bank_status=500, after=1)
    assert link.page(date_from=days_ago(300)).date_from == days_ago(89)
    assert link.asked()[-1]["query"] == {
        "date_from": days_ago(89).isoformat(),
        "transaction_status": "BOOK",
    }


# The user in front of the screen


def test_a_bank_that_wants_its_customer_present_says_so(bank: Any) -> None:
    link = Link(bank, "Credito Presente")
    fault = fault_of(link.page)
    assert (fault.kind, fault.provider_code) == (
        FaultKind.USER_PRESENCE_REQUIRED,
        "PSU_HEADER_NOT_PROVIDED",
    )
    assert link.page(attended=USER).transactions
    assert link.provider.balances(link.session, link.uid, USER)


def test_a_bank_that_asks_for_an_action_is_first_asked_with_the_user_present(bank: Any) -> None:
    link = Link(bank)
    bank.configure(user_present="action")
    fault = fault_of(link.page)
    assert (fault.kind, fault.provider_code) == (
        FaultKind.USER_PRESENCE_REQUIRED,
        "ASPSP_PSU_ACTION_REQUIRED",
    )
    assert link.page(attended=USER).transactions
    bank.fail("error", call="transactions", code="ASPSP_PSU_ACTION_REQUIRED")
    assert fault_of(lambda: link.page(attended=USER)).kind is FaultKind.CONSENT_EXPIRED


class Recorder:
    """Hands requests on to the emulated bank and keeps their headers."""

    def __init__(self, application: Callable) -> None:
        self.application = application
        self.headers: list[dict[str, str]] = []

    def __call__(self, environ: dict, start_response: Callable) -> object:
        self.headers.append(
            {name: text for name, text in Request(environ).headers if name.startswith("Psu-")}
        )
        return self.application(environ, start_response)


@pytest.fixture
def recorded(link: Link, serve: Callable[..., str]) -> tuple[Link, list[dict[str, str]]]:
    recorder = Recorder(link.bank.web)
    link.provider = EnableBanking(
        {"application_id": link.bank.application_id},
        {"private_key": link.bank.private_key_pem},
        HttpSession(serve(recorder), retry=PATIENT),
    )
    return link, recorder.headers


def test_all_that_is_known_of_the_user_is_sent(recorded: tuple) -> None:
    link, headers = recorded
    everything = AttendedUser(
        "203.0.113.7", "Browser/1.0", "https://books.example/", "text/html", "utf-8", "gzip",
        "it,en;q=0.5", "-1.2345,6.789",
    )  # fmt: skip
    link.provider.balances(link.session, link.uid, everything)
    assert {name.lower(): text for name, text in headers[0].items()} == {
        "psu-ip-address": "203.0.113.7",
        "psu-user-agent": "Browser/1.0",
        "psu-referer": "https://books.example/",
        "psu-accept": "text/html",
        "psu-accept-charset": "utf-8",
        "psu-accept-encoding": "gzip",
        "psu-accept-language": "it,en;q=0.5",
        "psu-geo-location": "-1.2345,6.789",
    }
    link.page()
    assert headers[1] == {}


@pytest.mark.parametrize(
    ("required", "sent"),
    [
        ((), 3),
        (("Psu-Ip-Address", "Psu-User-Agent"), 3),
        (("psuIpAddress",), 3),
        (("Psu-Ip-Address", "Psu-Referer"), 0),
    ],
)
def test_when_a_header_that_the_bank_insists_on_is_unknown_none_is_sent(
    recorded: tuple, required: tuple[str, ...], sent: int
) -> None:
    link, headers = recorded
    user = AttendedUser(
        "203.0.113.7", "Browser/1.0", accept_language="it", required_headers=required
    )
    link.page(attended=user)
    assert [len(item) for item in headers] == [sent]


def test_when_a_header_was_missing_the_read_goes_on_in_the_background(recorded: tuple) -> None:
    link, headers = recorded
    link.bank.fail("error", call="transactions", code="PSU_HEADER_NOT_PROVIDED")
    assert link.page(attended=USER).transactions
    assert [len(item) for item in headers] == [3, 0]


def test_what_a_browser_says_cannot_break_the_request(recorded: tuple) -> None:
    link, headers = recorded
    odd = AttendedUser("203.0.113.7", user_agent="Bröwser\r\nX-Evil: 1 ☃\x00")
    link.page(attended=odd)
    assert headers == [{"Psu-Ip-Address": "203.0.113.7", "Psu-User-Agent": "BrwserX-Evil: 1"}]
