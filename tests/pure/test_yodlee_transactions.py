# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading balances and transactions through Yodlee over HTTP."""

from datetime import UTC, date, timedelta
from decimal import Decimal

import pytest
from emulators.enablebanking import Movement
from emulators.yodlee import Emulator
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import AttendedUser, BalanceKind, TransactionStatus
from yodlee_link import Link, fault_of

pytest_plugins = ["yodlee_fixtures"]

USER = AttendedUser("203.0.113.7")


def days_ago(link: Link, days: int) -> date:
    return link.bank.now().astimezone(UTC).date() - timedelta(days=days)


def row_of(link: Link, amount: str, days: int = 1, **known: object) -> Movement:
    """A booked row of that many days ago, put into the link's account."""
    day = days_ago(link, days)
    return link.bank.add_movement(Movement(booking_date=day, amount=Decimal(amount), **known))


# Balances


def test_the_ledger_balance_and_the_available_one_come_with_the_moment_of_reading(yodlee_link: Link) -> None:
    yodlee_link.bank.add_pending(amount=Decimal("-100.00"))
    balances = {b.kind: b for b in yodlee_link.provider.balances(yodlee_link.session, yodlee_link.uid)}
    booked = yodlee_link.bank.balance()
    assert balances[BalanceKind.INTERIM_BOOKED].amount == booked
    assert balances[BalanceKind.AVAILABLE].amount == booked - 100
    assert {b.currency for b in balances.values()} == {"EUR"}
    assert balances[BalanceKind.INTERIM_BOOKED].changed_at.tzinfo is UTC


def test_what_is_owed_on_a_card_is_a_negative_balance(yodlee: Emulator) -> None:
    link = Link(yodlee, account="card")
    balances = {b.kind: b.amount for b in link.provider.balances(link.session, link.uid)}
    assert balances[BalanceKind.INTERIM_BOOKED] == yodlee.balance(account="card")
    assert balances[BalanceKind.AVAILABLE] == 5000


def test_an_account_that_is_not_there_has_no_balance(yodlee_link: Link) -> None:
    fault = fault_of(lambda: yodlee_link.provider.balances(yodlee_link.session, "1"))
    assert fault.kind is FaultKind.ACCOUNT_UNAVAILABLE


# A whole history


@pytest.mark.parametrize("link_header", ["rfc", "plain", "none"])
def test_every_row_of_the_bank_arrives_once_over_several_pages(yodlee: Emulator, link_header: str) -> None:
    yodlee.configure(link=link_header)
    yodlee.set_history(1234, days=600)
    link = Link(yodlee)
    rows, kept = link.rows(), yodlee.booked()
    assert len(rows) == len(kept) == 1234
    assert sorted(row.amount for row in rows) == sorted(item.amount for item in kept)
    assert sorted(row.booking_date for row in rows) == sorted(item.booking_date for item in kept)
    assert len({row.references for row in rows}) == 1234
    assert sum(row.amount for row in rows) + yodlee.opening_balance() == yodlee.balance()
    assert [entry["query"]["skip"] for entry in yodlee.requests("transactions")] == ["0", "500", "1000"]


def test_a_last_page_that_is_full_is_followed_by_an_empty_one(yodlee: Emulator) -> None:
    yodlee.configure(link="none")
    yodlee.set_history(500, days=300)
    pages = Link(yodlee).pages()
    assert [len(page.transactions) for page in pages] == [500, 0]


def test_an_account_without_rows_gives_an_empty_page(yodlee: Emulator) -> None:
    yodlee.set_history(0)
    (page,) = Link(yodlee).pages()
    assert (page.transactions, page.rejected, page.removed) == ((), (), ())


def test_the_longest_history_is_two_years_and_the_page_says_so(yodlee_link: Link) -> None:
    row_of(yodlee_link, "-1.01", days=725)
    row_of(yodlee_link, "-2.02", days=740)
    for asked_from in (None, days_ago(yodlee_link, 2000)):
        pages = yodlee_link.pages(date_from=asked_from)
        assert {page.date_from for page in pages} == {days_ago(yodlee_link, 729)}
        amounts = {row.amount for page in pages for row in page.transactions}
        assert Decimal("-1.01") in amounts
        assert Decimal("-2.02") not in amounts


def test_an_incremental_fetch_asks_for_its_days_on_every_page(yodlee: Emulator) -> None:
    yodlee.set_history(900, days=40)
    link = Link(yodlee)
    pages = link.pages(date_from=days_ago(link, 35), date_to=days_ago(link, 2))
    assert len(pages) == 2
    days = [row.booking_date for page in pages for row in page.transactions]
    assert days_ago(link, 35) <= min(days) <= max(days) <= days_ago(link, 2)
    for entry in yodlee.requests("transactions"):
        assert entry["query"]["fromDate"] == days_ago(link, 35).isoformat()
        assert entry["query"]["toDate"] == days_ago(link, 2).isoformat()


def test_a_day_in_the_future_is_asked_as_today(yodlee_link: Link) -> None:
    assert yodlee_link.page(date_from=days_ago(yodlee_link, -3)).date_from == days_ago(yodlee_link, 0)


@pytest.mark.parametrize(
    "text",
    ["garbage", "[]", "{}", '["rows", 0]', '["rows", -1, "2026-01-01", "", "2026-01-01T00:00:00Z", ""]',
     '["rows", 0, "2026-02-30", "", "2026-01-01T00:00:00Z", ""]', '["else", 0, "2026-01-01", "", "x", ""]',
     '["changes", 0, "2026-01-01", "", "2026-01-01T00:00:00Z", ""]', "[" * 5000],
    ids=range(9),
)  # fmt: skip
def test_a_continuation_of_someone_else_is_refused(yodlee_link: Link, text: str) -> None:
    assert fault_of(lambda: yodlee_link.page(continuation=text)).kind is FaultKind.BAD_DATA


def test_what_yodlee_knows_of_a_row_arrives(yodlee_link: Link) -> None:
    done, posted = days_ago(yodlee_link, 4), days_ago(yodlee_link, 3)
    yodlee_link.bank.add_movement(
        Movement(
            booking_date=posted,
            transaction_date=done,
            amount=Decimal("-72.10"),
            counterparty="Office Supply",
            remittance=("POS OFFICE SUPPLY 221 SEATTLE",),
        )
    )
    (row,) = (row for row in yodlee_link.rows() if row.amount == Decimal("-72.10"))
    assert (row.booking_date, row.transaction_date, row.value_date) == (posted, done, None)
    assert (row.currency, row.status) == ("EUR", TransactionStatus.BOOKED)
    assert (row.counterparty, row.remittance) == ("Office Supply", ("POS OFFICE SUPPLY 221 SEATTLE",))
    assert row.transaction_code == "PURCHASE"
    assert row.raw["baseType"] == "DEBIT"
    assert row.references == (str(row.raw["id"]),)


def test_a_card_is_read_like_an_account(yodlee: Emulator) -> None:
    link = Link(yodlee, account="card")
    rows = link.rows()
    assert sum(row.amount for row in rows) + yodlee.opening_balance(account="card") == yodlee.balance(account="card")


# Pending, changed and removed rows


@pytest.mark.parametrize("same_number", [True, False])
def test_a_pending_row_is_booked_later(yodlee_link: Link, same_number: bool) -> None:
    waiting = yodlee_link.bank.add_pending(amount=Decimal("-12.34"))
    yodlee_link.bank.add_pending(amount=Decimal("-5.00"), status="SCHD")
    (before,) = (row for row in yodlee_link.rows() if row.amount == Decimal("-12.34"))
    assert (before.status, before.booking_date) == (TransactionStatus.PENDING, days_ago(yodlee_link, 0))
    yodlee_link.bank.book_pending(key=waiting.key, same_number=same_number)
    rows = yodlee_link.rows()
    (after,) = (row for row in rows if row.amount == Decimal("-12.34"))
    assert after.status is TransactionStatus.BOOKED
    assert (after.references == before.references) is same_number
    assert [row.status for row in rows if row.amount == -5] == [TransactionStatus.PENDING]


def test_a_row_that_failed_at_the_bank_is_cancelled(yodlee_link: Link) -> None:
    yodlee_link.bank.add_pending(amount=Decimal("-9.99"), status="RJCT")
    assert [row.status for row in yodlee_link.rows() if row.amount == Decimal("-9.99")] == [TransactionStatus.CANCELLED]


def test_a_row_that_the_bank_changes_comes_again_under_its_number(yodlee_link: Link) -> None:
    kept = row_of(yodlee_link, "-40.00", remittance=("OLD TEXT",))
    reference = yodlee_link.bank.reference(kept, yodlee_link.uid)
    yodlee_link.rows()
    yodlee_link.bank.change_movement(kept, amount=Decimal("-41.00"), remittance=("NEW TEXT",))
    (row,) = (row for row in yodlee_link.rows() if row.references == (reference,))
    assert (row.amount, row.remittance) == (Decimal("-41.00"), ("NEW TEXT",))


def test_rows_that_the_bank_takes_back_are_named_in_the_next_fetch(yodlee_link: Link) -> None:
    bank, gone, stays = yodlee_link.bank, row_of(yodlee_link, "-40.00"), row_of(yodlee_link, "-50.00")
    cursor = yodlee_link.pages()[-1].cursor
    bank.advance(hours=3, minutes=20)
    bank.remove_movement(gone)
    bank.advance(hours=2)
    pages = yodlee_link.pages(date_from=days_ago(yodlee_link, 5), cursor=cursor)
    removed = [reference for page in pages for reference in page.removed]
    assert removed == [bank.reference(gone, yodlee_link.uid)]
    listed = {reference for page in pages for row in page.transactions for reference in row.references}
    assert bank.reference(stays, yodlee_link.uid) in listed
    assert not listed & set(removed)
    windows = bank.requests("changes")
    assert len(windows) == len(pages) - 1 == 6, "an hour at a time"
    assert [page.cursor for page in pages[:-1]] == [""] * 6
    assert pages[-1].cursor > cursor
    after = yodlee_link.pages(cursor=pages[-1].cursor)
    assert not any(page.removed for page in after), "nothing is told twice"


def test_rows_of_other_accounts_are_not_named_as_removed(yodlee: Emulator) -> None:
    link = Link(yodlee, account="usd")
    other = row_of(link, "-40.00")
    cursor = link.pages()[-1].cursor
    yodlee.advance(minutes=10)
    yodlee.remove_movement(other)
    yodlee.advance(minutes=10)
    assert [page.removed for page in link.pages(cursor=cursor)] == [(), ()]


def test_many_changes_of_one_hour_are_read_page_by_page(yodlee_link: Link) -> None:
    bank = yodlee_link.bank
    added = bank.add_movements(600)
    cursor = yodlee_link.pages()[-1].cursor
    bank.advance(minutes=5)
    for movement in added:
        bank.remove_movement(movement)
    bank.advance(minutes=5)
    removed = [reference for page in yodlee_link.pages(cursor=cursor) for reference in page.removed]
    assert len(set(removed)) == len(removed) == 600


def test_an_old_cursor_is_taken_up_as_far_as_yodlee_keeps_changes(yodlee_link: Link) -> None:
    cursor = yodlee_link.pages()[-1].cursor
    yodlee_link.bank.advance(days=30)
    yodlee_link.bank.set_items("SUCCESS", "AVAILABLE_DATA_RETRIEVED", updated_at=yodlee_link.bank.now())
    yodlee_link.pages(cursor=cursor)
    windows = yodlee_link.bank.requests("changes")
    assert len(windows) == 168
    assert {entry["status"] for entry in windows} == {200}


def test_a_contract_without_data_extracts_is_read_all_the_same(yodlee_link: Link) -> None:
    cursor = yodlee_link.pages()[-1].cursor
    yodlee_link.bank.configure(extracts=False)
    yodlee_link.bank.advance(hours=9)
    pages = yodlee_link.pages(cursor=cursor)
    assert len(pages) == 2
    assert pages[0].transactions
    assert pages[-1].cursor > cursor


def test_a_cursor_that_is_not_ours_is_as_good_as_none(yodlee_link: Link) -> None:
    assert len(yodlee_link.pages(cursor="garbage")) == 1


# What Yodlee could not collect


@pytest.mark.parametrize(
    "additional",
    ["REQUEST_TIME_OUT", "SITE_UNAVAILABLE", "UNEXPECTED_SITE_ERROR", "TECH_ERROR", "SITE_BLOCKING_ERROR",
     "BETA_SITE_DEV_IN_PROGRESS", "MIGRATION_IN_PROGRESS", "DATA_RETRIEVAL_FAILED", "SOMETHING_NEW"],
)  # fmt: skip
def test_a_bank_that_yodlee_could_not_read_is_an_outage_and_not_an_empty_listing(
    yodlee_link: Link, additional: str
) -> None:
    yodlee_link.bank.set_items("FAILED", additional)
    fault = fault_of(yodlee_link.page)
    assert (fault.kind, fault.provider_code, fault.rule.temporary) == (FaultKind.PROVIDER_DOWN, additional, True)
    assert yodlee_link.bank.requests("transactions") == []


@pytest.mark.parametrize(
    "additional",
    ["INCORRECT_CREDENTIALS", "CREDENTIALS_UPDATE_NEEDED", "ADDL_AUTHENTICATION_REQUIRED", "INVALID_ADDL_INFO_PROVIDED",
     "NEW_AUTHENTICATION_REQUIRED", "CONSENT_REQUIRED", "CONSENT_EXPIRED", "CONSENT_REVOKED", "INCORRECT_OAUTH_TOKEN",
     "ACCOUNT_LOCKED", "USER_ACTION_NEEDED_AT_SITE", "SITE_SESSION_INVALIDATED"],
)  # fmt: skip
def test_what_only_the_user_can_cure_asks_for_the_user(yodlee_link: Link, additional: str) -> None:
    yodlee_link.bank.set_items("FAILED", additional)
    fault = fault_of(yodlee_link.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.CONSENT_EXPIRED, additional)


def test_a_question_of_the_bank_asks_for_the_user(yodlee_link: Link) -> None:
    yodlee_link.bank.set_items("USER_INPUT_REQUIRED", "")
    assert fault_of(yodlee_link.page).kind is FaultKind.CONSENT_EXPIRED


def test_a_bank_that_yodlee_gave_up_is_refused_for_good(yodlee_link: Link) -> None:
    yodlee_link.bank.set_items("FAILED", "SITE_NOT_SUPPORTED")
    fault = fault_of(yodlee_link.page)
    assert (fault.kind, fault.rule.temporary) == (FaultKind.REQUEST_REFUSED, False)


@pytest.mark.parametrize("additional", ["PARTIAL_DATA_RETRIEVED", "DATA_NOT_AVAILABLE", ""])
def test_what_yodlee_got_of_a_bank_is_read(yodlee_link: Link, additional: str) -> None:
    yodlee_link.bank.set_items("PARTIAL_SUCCESS", additional)
    assert yodlee_link.rows()


def test_older_data_is_read_while_yodlee_refreshes_it_but_a_first_collection_is_waited_for(yodlee_link: Link) -> None:
    yodlee_link.bank.set_items("IN_PROGRESS", "DATA_RETRIEVAL_IN_PROGRESS")
    assert yodlee_link.rows()
    yodlee_link.bank.configure(arrives_after=99)
    yodlee_link.bank.set_items("IN_PROGRESS", "DATA_RETRIEVAL_IN_PROGRESS", updated_at=None)
    fault = fault_of(yodlee_link.page)
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, "DATA_RETRIEVAL_IN_PROGRESS")


def test_data_that_only_the_user_can_refresh_is_good_for_a_day(yodlee_link: Link) -> None:
    additional = "AVAILABLE_DATA_RETRIEVED"
    yodlee_link.bank.set_items("SUCCESS", additional, eligibility="ALLOW_UPDATE_WITH_CREDENTIALS")
    assert yodlee_link.rows()
    yodlee_link.bank.advance(hours=25)
    assert fault_of(yodlee_link.page).kind is FaultKind.CONSENT_EXPIRED


def test_the_state_is_looked_at_before_the_first_page_only(yodlee: Emulator) -> None:
    yodlee.set_history(1100, days=300)
    link = Link(yodlee)
    before = len(yodlee.requests("item"))
    link.pages()
    assert len(yodlee.requests("item")) == before + 1


# The user in front of the screen


def test_an_attended_fetch_lets_yodlee_collect_where_that_may_be_done(yodlee_link: Link) -> None:
    yodlee_link.page(attended=USER)
    assert yodlee_link.bank.requests("refresh") == [], "it was read less than a quarter of an hour ago"
    yodlee_link.bank.advance(minutes=20)
    yodlee_link.page()
    assert yodlee_link.bank.requests("refresh") == [], "nobody was there"
    assert yodlee_link.page(attended=USER).transactions
    assert [entry["status"] for entry in yodlee_link.bank.requests("refresh")] == [201]
    yodlee_link.page(attended=USER)
    assert len(yodlee_link.bank.requests("refresh")) == 1, "it is under way"


def test_an_attended_fetch_after_an_outage_lets_yodlee_try_again(yodlee_link: Link) -> None:
    yodlee_link.bank.set_items("FAILED", "SITE_UNAVAILABLE")
    yodlee_link.bank.advance(minutes=20)
    assert fault_of(lambda: yodlee_link.page(attended=USER)).kind is FaultKind.PROVIDER_DOWN
    assert [entry["status"] for entry in yodlee_link.bank.requests("refresh")] == [201]
    assert yodlee_link.rows(), "what was there is read while Yodlee collects"


def test_a_bank_that_asks_its_customer_each_time_is_not_refreshed_without_need(yodlee_link: Link) -> None:
    yodlee_link.bank.set_items("SUCCESS", "AVAILABLE_DATA_RETRIEVED", eligibility="ALLOW_UPDATE_WITH_CREDENTIALS")
    yodlee_link.bank.advance(minutes=20)
    assert yodlee_link.page(attended=USER).transactions
    assert yodlee_link.bank.requests("refresh") == []


def test_a_refresh_that_is_refused_costs_no_rows(yodlee_link: Link) -> None:
    yodlee_link.bank.advance(minutes=20)
    yodlee_link.bank.fail("error", call="refresh", code="Y825", message="Update not allowed. REFRESHED_RECENTLY")
    assert yodlee_link.page(attended=USER).transactions
    yodlee_link.bank.set_items("SUCCESS", "AVAILABLE_DATA_RETRIEVED", eligibility="DISALLOW_UPDATE")
    assert yodlee_link.page(attended=USER).transactions
    assert len(yodlee_link.bank.requests("refresh")) == 1
