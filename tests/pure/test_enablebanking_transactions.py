# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading balances and transactions through Enable Banking over HTTP, on good and bad days."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_bank.providers.enablebanking import EnableBanking
from odoo.addons.sync_hub_bank.providers.values import (
    AttendedUser,
    AuthorizationRequest,
    BalanceKind,
    Page,
    Transaction,
    TransactionQuery,
    TransactionStatus,
)
from werkzeug.wrappers import Request, Response

PATIENT = RetryPolicy(tries=3, random=lambda: 0.0, sleep=lambda seconds: None)
BACK = "https://books.example/return"
USER = AttendedUser("203.0.113.7", user_agent="Browser/1.0", accept_language="it")


class Link:
    """A consent at one emulated bank and the calls that need it."""

    def __init__(self, bank: Any, name: str = "Banca Sandbox Italia", account: str = "current"):
        self.bank, self.account = bank, account
        self.http = HttpSession(bank.url, retry=PATIENT)
        self.provider = EnableBanking(
            {"application_id": bank.application_id},
            {"private_key": bank.private_key_pem},
            self.http,
        )
        found = next(item for item in self.provider.institutions() if item.name == name)
        url = self.provider.authorize(AuthorizationRequest(found, "business", BACK, "state")).url
        listed = next(item for item in bank.list_banks() if item["name"] == name)
        self.slug = listed["slug"]
        with requests.Session() as browser:
            browser.post(url, data={"username": "demo", "password": "demo"})
            browser.post(url, data={"otp": "123456"})
            ticked = [item["slug"] for item in listed["accounts"]]
            back = browser.post(
                url, data={"consent": "1", "accounts": ticked}, allow_redirects=False
            ).headers["Location"]
        consent = self.provider.open_session(dict(parse_qsl(urlsplit(back).query)))
        self.session = consent.session
        wanted = next(item for item in listed["accounts"] if item["slug"] == account)
        self.uid = next(
            item.uid
            for item in consent.accounts
            if item.identifiers[0] == wanted["identification_hash"]
        )

    def page(self, **query: Any) -> Page:
        return self.provider.transactions(self.session, TransactionQuery(self.uid, **query))

    def pages(self, **query: Any) -> list[Page]:
        pages = [self.page(**query)]
        while pages[-1].continuation:
            pages.append(self.page(continuation=pages[-1].continuation, **query))
        return pages

    def rows(self, **query: Any) -> list[Transaction]:
        return [row for page in self.pages(**query) for row in page.transactions]

    def asked(self, call: str = "transactions") -> list[dict[str, Any]]:
        return [entry for entry in self.bank.requests() if entry["call"] == call]


@pytest.fixture
def link(bank: Any) -> Link:
    return Link(bank)


def fault_of(call: Callable[[], object]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


def days_ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


# Balances


def test_balances_come_with_kind_and_day(link: Link) -> None:
    balances = {item.kind: item for item in link.provider.balances(link.session, link.uid)}
    assert balances[BalanceKind.INTERIM_BOOKED].amount == link.bank.balance()
    assert balances[BalanceKind.CLOSING_BOOKED].reference_date is not None
    assert balances[BalanceKind.AVAILABLE].changed_at.tzinfo is UTC
    assert {item.currency for item in balances.values()} == {"EUR"}


def test_a_bank_that_leaves_the_days_out_is_understood(bank: Any) -> None:
    link = Link(bank, "Cassa di Prova BETA")
    balances = link.provider.balances(link.session, link.uid)
    assert [item.kind for item in balances] == [BalanceKind.AVAILABLE, BalanceKind.INTERIM_BOOKED]
    assert [item.reference_date for item in balances] == [None, None]


def test_a_listing_without_a_list_is_bad_data(link: Link, serve: Callable[..., str]) -> None:
    for body in ("{}", '{"balances": {}, "transactions": null}', "[]", '"x"'):
        provider = EnableBanking(
            {"application_id": link.bank.application_id},
            {"private_key": link.bank.private_key_pem},
            HttpSession(serve(Response(body))),
        )
        query = TransactionQuery(link.uid)
        assert fault_of(lambda p=provider: p.balances("s", "u")).kind is FaultKind.BAD_DATA
        assert (
            fault_of(lambda p=provider, q=query: p.transactions("s", q)).kind is FaultKind.BAD_DATA
        )


# A whole history


def test_every_row_of_the_bank_arrives_once(link: Link) -> None:
    kept = link.bank.booked()
    rows = link.rows()
    booked = [row for row in rows if row.status is TransactionStatus.BOOKED]
    assert len(booked) == len(kept) == 240
    assert sorted(row.amount for row in booked) == sorted(item.amount for item in kept)
    assert sorted(row.booking_date for row in booked) == sorted(item.day for item in kept)
    assert len({row.references for row in booked}) == 240
    assert sum(row.amount for row in booked) + link.bank.opening_balance() == link.bank.balance()


def test_what_the_bank_knows_of_a_row_arrives(link: Link) -> None:
    from emulators.enablebanking import BankCode, Exchange, Movement

    link.bank.add_movement(
        Movement(
            booking_date=days_ago(1),
            value_date=days_ago(0),
            transaction_date=days_ago(3),
            amount=Decimal("-90.05"),
            counterparty="Hotel Ñandú",
            counterparty_account="FI1737631867613465",
            counterparty_bic="NDEAFIHH",
            remittance=("EREF+A-1 SVWZ+Room", "RF07850352502356628678117"),
            entry_reference="REF-1",
            reference_number="RF07850352502356628678117",
            reference_number_schema="INTL",
            bank_code=BankCode("PMNT", "ICDT-ESCT", "Payment"),
            exchange=Exchange("EUR", Decimal("1.1"), Decimal("99.06"), "USD"),
        )
    )
    row = next(row for row in link.rows(date_from=days_ago(5)) if row.references == ("REF-1",))
    assert (row.booking_date, row.value_date, row.transaction_date) == (
        days_ago(1),
        days_ago(0),
        days_ago(3),
    )
    assert (row.amount, row.currency) == (Decimal("-90.05"), "EUR")
    assert (row.counterparty, row.counterparty_account) == ("Hotel Ñandú", "FI1737631867613465")
    assert row.counterparty_bic == "NDEAFIHH"
    assert row.remittance == ("EREF+A-1 SVWZ+Room", "RF07850352502356628678117")
    assert (row.creditor_reference, row.end_to_end_id) == ("RF07850352502356628678117", "A-1")
    assert (row.transaction_code, row.transaction_label) == ("PMNT-ICDT-ESCT", "Payment")
    assert (row.instructed_amount, row.instructed_currency) == (Decimal("-99.06"), "USD")
    assert row.exchange_rate == Decimal("1.1")
    assert row.raw["entry_reference"] == "REF-1"


def test_the_longest_history_is_asked_for_when_no_day_is_given(link: Link) -> None:
    assert link.pages()[-1].date_from is None
    for entry in link.asked():
        assert entry["query"]["strategy"] == "longest"
        assert "date_from" not in entry["query"]
        assert "transaction_status" not in entry["query"]


def test_each_page_repeats_the_parameters_of_the_first(link: Link) -> None:
    link.bank.configure(page_size=7)
    period = {"date_from": days_ago(60), "date_to": days_ago(2)}
    pages = link.pages(**period)
    assert len(pages) > 3
    assert {page.date_from for page in pages} == {days_ago(60)}
    first, *others = (entry["query"] for entry in link.asked())
    assert first == {name: day.isoformat() for name, day in period.items()}
    for query in others:
        assert query.pop("continuation_key")
        assert query == first
    days = [row.booking_date for page in pages for row in page.transactions]
    assert days
    assert days_ago(60) <= min(days) <= max(days) <= days_ago(2)


def test_only_the_continuation_counts_on_a_following_page(link: Link) -> None:
    link.bank.configure(page_size=7)
    first = link.page(date_from=days_ago(60))
    other = TransactionQuery(
        link.uid, date_from=days_ago(3), date_to=days_ago(1), continuation=first.continuation
    )
    assert link.provider.transactions(link.session, other).date_from == days_ago(60)
    assert link.asked()[-1]["query"]["date_from"] == days_ago(60).isoformat()


def test_an_empty_page_is_not_the_end(bank: Any) -> None:
    link = Link(bank, "Banca Pagine Bianche")
    pages = link.pages()
    assert any(not page.transactions and page.continuation for page in pages)
    assert sum(len(page.transactions) for page in pages) == len(bank.booked(link.slug))


def test_a_day_in_the_future_is_asked_as_today(link: Link) -> None:
    page = link.page(date_from=days_ago(-3))
    assert page.date_from <= days_ago(0)


def test_an_end_without_a_beginning_is_not_sent(link: Link) -> None:
    link.page(date_to=days_ago(5))
    assert "date_to" not in link.asked()[-1]["query"]


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "[]",
        "[1, {}]",
        '["k", 5]',
        "{}",
        '["k", {"date_from": "x"}]',
        '["k", {"date_from": 5}]',
        '["k", {"strategy": []}]',
        "[" * 5000,
    ],
    ids=range(9),
)
def test_a_continuation_of_someone_else_is_refused(link: Link, text: str) -> None:
    assert fault_of(lambda: link.page(continuation=text)).kind is FaultKind.BAD_DATA


def test_a_continuation_that_the_bank_no_longer_knows_is_bad_data(link: Link) -> None:
    text = json.dumps(["gone", {"strategy": "longest"}])
    fault = fault_of(lambda: link.page(continuation=text))
    assert (fault.kind, fault.provider_code) == (FaultKind.BAD_DATA, "WRONG_CONTINUATION_KEY")


def test_a_bank_without_ids_gives_rows_without_references(bank: Any) -> None:
    rows = Link(bank, "Banca Senza Numero").rows()
    assert rows
    assert {row.references for row in rows} == {()}
    contents = [(row.booking_date, row.amount, row.remittance) for row in rows]
    assert len(contents) > len(set(contents)), "two rows are twins, and both arrive"


# Pending rows


def test_pending_rows_come_with_the_booked_ones(link: Link) -> None:
    link.bank.add_pending(amount=Decimal("-12.34"))
    link.bank.add_pending(amount=Decimal("-5.00"), status="HOLD")
    waiting = [row for row in link.rows() if row.status is TransactionStatus.PENDING]
    assert {Decimal("-12.34"), Decimal("-5.00")} <= {row.amount for row in waiting}
    assert all(row.booking_date for row in waiting)


@pytest.mark.parametrize(
    ("code", "status", "detail"),
    [
        ("ASPSP_ERROR", 400, {"error_data": {"code": 400}}),
        ("ASPSP_ERROR", 500, None),
        ("WRONG_REQUEST_PARAMETERS", 422, "transaction_status"),
        ("SOMETHING_NEW", 400, None),
    ],
)
def test_a_bank_that_refuses_pending_rows_still_gives_the_booked_ones(
    link: Link, code: str, status: int, detail: Any
) -> None:
    link.bank.add_pending()
    link.bank.configure(page_size=100)
    # Sent again by the transport where the status is one of an outage.
    times = 3 if status == 500 else 1
    link.bank.fail(
        "error", call="transactions", times=times, code=code, status=status, detail=detail
    )
    rows = link.rows()
    assert {row.status for row in rows} == {TransactionStatus.BOOKED}
    assert len(rows) == 240
    asked = link.asked()[times:]
    assert {entry["query"].get("transaction_status") for entry in asked} == {"BOOK"}
    assert len(asked) == 3


def test_a_bank_that_refuses_everything_is_asked_twice_and_no_more(link: Link) -> None:
    link.bank.fail("aspsp_error", call="transactions", times=None, bank_status=500)
    fault = fault_of(link.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, "ASPSP_ERROR")
    assert len(link.asked()) == 2


@pytest.mark.parametrize(
    ("switch", "kind"),
    [
        ({"fault": "aspsp_error", "bank_status": 401}, FaultKind.CONSENT_EXPIRED),
        ({"fault": "aspsp_error", "bank_status": 403}, FaultKind.CONSENT_EXPIRED),
        ({"fault": "aspsp_error", "bank_status": 429}, FaultKind.RATE_LIMITED),
        ({"fault": "rate_limit"}, FaultKind.RATE_LIMITED),
        ({"fault": "unauthorized"}, FaultKind.CREDENTIALS_REJECTED),
        ({"fault": "forbidden"}, FaultKind.REQUEST_REFUSED),
        ({"fault": "session_expires"}, FaultKind.CONSENT_EXPIRED),
        ({"fault": "error", "code": "DATE_FROM_IN_FUTURE"}, FaultKind.PERIOD_REFUSED),
        ({"fault": "error", "code": "ASPSP_ACCOUNT_NOT_ACCESSIBLE"}, FaultKind.ACCOUNT_UNAVAILABLE),
        ({"fault": "html"}, FaultKind.BAD_DATA),
        ({"fault": "truncated"}, FaultKind.BAD_DATA),
        ({"fault": "endless_body"}, FaultKind.BAD_DATA),
        ({"fault": "redirect"}, FaultKind.NETWORK_UNTRUSTED),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else None,
)
def test_a_refusal_that_is_not_about_pending_rows_is_one_fault_after_one_request(
    link: Link, switch: dict[str, Any], kind: FaultKind
) -> None:
    link.bank.fail(call="transactions", times=None, **switch)
    link.http.exchanges.clear()
    assert fault_of(link.page).kind is kind
    assert len(link.http.exchanges) == 1


# Outages


@pytest.mark.parametrize(
    "switch",
    [
        {"fault": "timeout"},
        {"fault": "server_error"},
        {"fault": "proxy_error", "status": 502},
        {"fault": "dropped"},
        {"fault": "rate_limit", "retry_after": 2},
    ],
    ids=lambda switch: switch["fault"],
)
def test_a_short_outage_is_not_noticed(link: Link, switch: dict[str, Any]) -> None:
    link.bank.fail(call="transactions", times=2, **switch)
    assert len(link.page().transactions) == 100


@pytest.mark.parametrize(
    ("switch", "kind", "code"),
    [
        ({"fault": "timeout"}, FaultKind.PROVIDER_DOWN, "ASPSP_TIMEOUT"),
        ({"fault": "server_error"}, FaultKind.PROVIDER_DOWN, "500"),
        ({"fault": "proxy_error", "status": 503}, FaultKind.PROVIDER_DOWN, "503"),
        ({"fault": "dropped"}, FaultKind.NETWORK_UNREACHABLE, ""),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else None,
)
def test_a_long_outage_is_named_after_three_tries(
    link: Link, switch: dict[str, Any], kind: FaultKind, code: str
) -> None:
    link.bank.fail(call="transactions", times=None, **switch)
    fault = fault_of(link.page)
    assert (fault.kind, fault.provider_code) == (kind, code)
    assert len(link.asked()) == 3


def test_a_page_in_the_middle_that_fails_can_be_asked_again(link: Link) -> None:
    first = link.page()
    link.bank.fail("server_error", call="transactions", times=3)
    again = TransactionQuery(link.uid, continuation=first.continuation)
    assert fault_of(lambda: link.provider.transactions(link.session, again)).kind is (
        FaultKind.PROVIDER_DOWN
    )
    assert len(link.provider.transactions(link.session, again).transactions) == 100


def test_the_daily_limit_of_a_bank_says_when_to_come_back(link: Link) -> None:
    link.bank.set_quota(1)
    link.page()
    before = datetime.now(UTC)
    fault = fault_of(link.page)
    assert (fault.kind, fault.provider_code) == (
        FaultKind.RATE_LIMITED,
        "ASPSP_RATE_LIMIT_EXCEEDED",
    )
    assert before < fault.not_before <= before + timedelta(days=1)
    assert (fault.not_before.hour, fault.not_before.minute) == (0, 0)
    assert link.page(attended=USER).transactions, "the user in front of the screen is not limited"


def test_a_wish_to_wait_for_hours_is_handed_on(link: Link) -> None:
    link.bank.fail("rate_limit", call="transactions", retry_after=7200)
    before = datetime.now(UTC)
    fault = fault_of(link.page)
    assert timedelta(hours=1) < fault.not_before - before < timedelta(hours=3)


# Bad rows


@pytest.mark.parametrize(
    ("spoiled", "field"),
    [
        ("amount_text", "transaction_amount.amount"),
        ("impossible_date", "booking_date"),
        ("no_dates", "booking_date"),
        ("no_currency", "transaction_amount.currency"),
        ("unknown_status", "status"),
    ],
)
def test_a_bad_row_is_kept_aside_and_the_others_arrive(
    link: Link, spoiled: str, field: str
) -> None:
    link.bank.fail(spoiled, rows=3)
    page = link.page()
    assert len(page.transactions) == 99
    assert [row.field for row in page.rejected] == [field]
    assert page.rejected[0].raw["credit_debit_indicator"] in ("CRDT", "DBIT")


@pytest.mark.parametrize("spoiled", ["amount_number", "amount_sign", "no_booking_date", "no_ids"])
def test_a_sloppy_row_is_still_a_row(link: Link, spoiled: str) -> None:
    expected = link.page().transactions
    link.bank.fail(spoiled, rows="all")
    page = link.page()
    assert page.rejected == ()
    assert [row.amount for row in page.transactions] == [row.amount for row in expected]
    if spoiled == "no_ids":
        assert {row.references for row in page.transactions} == {()}
    else:
        assert [row.references for row in page.transactions] == [row.references for row in expected]
    if spoiled == "no_booking_date":
        assert [row.booking_date for row in page.transactions] == [
            row.value_date or row.transaction_date for row in expected
        ]


# History


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
