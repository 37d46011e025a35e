# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows: the first fetch, the next ones, and what becomes of rows, through every service."""

import json
from datetime import timedelta
from decimal import Decimal

from emulators.drivers import Driver
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub_bank.providers.values import TransactionQuery, TransactionStatus
from reading import Connection, arrived, expected, fault_of

WEEK = timedelta(days=7)


def test_the_first_fetch_brings_every_row_of_the_bank_once(connection: Connection) -> None:
    connection.driver.several_pages()
    fetch = connection.fetch()
    assert len([page for page in fetch.pages if page.transactions]) > 1, "there are several pages"
    assert arrived(fetch.booked) == expected(connection.driver)
    assert sum(len(page.transactions) for page in fetch.pages) == len(fetch.rows), "none came twice"
    assert not fetch.rejected


def test_an_account_without_rows_is_an_empty_page(connection: Connection) -> None:
    connection.driver.empty()
    fetch = connection.fetch()
    assert (fetch.rows, fetch.rejected, fetch.pages[-1].continuation) == ([], [], "")


def test_amounts_are_decimals_and_dates_are_what_the_bank_wrote(connection: Connection) -> None:
    driver = connection.driver
    day = driver.today() - timedelta(days=3)
    for amount in ("-0.07", "0.10", "-33.33", "1000000.01"):
        driver.add_row(Decimal(amount), day)
    rows = {row.amount: row for row in connection.fetch().booked}
    for amount in ("-0.07", "0.10", "-33.33", "1000000.01"):
        row = rows[Decimal(amount)]
        assert type(row.amount) is Decimal
        assert row.booking_date == day
        assert type(row.booking_date) is type(day), "a day, not an instant"
        assert (row.currency, row.status) == ("EUR", TransactionStatus.BOOKED)


def test_a_row_tells_what_the_bank_wrote_and_is_kept_whole(connection: Connection) -> None:
    connection.driver.add_row(Decimal("-77.70"), text="Fattura n. 12/A è pagata")
    row = connection.fetch().of_amount("-77.70")
    assert any("Fattura n. 12/A è pagata" in line for line in row.remittance)
    assert row.references
    assert "Fattura n. 12/A è pagata" in json.dumps(row.raw, default=str, ensure_ascii=False)


def test_the_references_of_an_account_are_unique_and_stay(connection: Connection) -> None:
    first = connection.fetch()
    references = [reference for row in first.rows for reference in row.references]
    assert len(references) == len(set(references))
    again = connection.anew().fetch()
    assert {row.references[0] for row in again.rows} == {row.references[0] for row in first.rows}


def test_days_that_were_not_asked_for_do_not_come(connection: Connection) -> None:
    driver = connection.driver
    first, last = driver.today() - timedelta(days=40), driver.today() - timedelta(days=10)
    fetch = connection.fetch(date_from=first, date_to=last)
    wanted = {key: count for key, count in expected(driver).items() if first <= key[0] <= last}
    assert wanted
    assert arrived(fetch.booked) == wanted


def test_a_period_that_reaches_further_back_than_the_bank_goes_is_shortened_by_itself(driver: Driver) -> None:
    """Some refuse it at the consent, some at the fetch; others are asked for no day, or shorten it themselves."""
    driver.limit_history(90)
    fetch = Connection(driver).fetch(date_from=driver.today() - timedelta(days=3650))
    since = driver.today() - timedelta(days=89)
    wanted = {key: count for key, count in expected(driver).items() if key[0] >= since}
    assert wanted
    assert {key: count for key, count in arrived(fetch.booked).items() if key[0] >= since} == wanted


def test_the_next_fetch_brings_what_is_new(connection: Connection) -> None:
    driver = connection.driver
    first = connection.fetch()
    assert bool(first.cursor) is driver.abilities.cursor
    assert not any(page.cursor for page in first.pages[:-1]), "only a complete fetch leaves a cursor"
    for amount in ("-11.11", "-22.22", "-44.44"):
        driver.add_row(Decimal(amount))
    later = connection.anew().fetch(first.cursor, driver.today() - WEEK)
    new = {row.references[0] for row in later.booked} - {row.references[0] for row in first.booked}
    assert {row.amount for row in later.booked if row.references[0] in new} == {
        Decimal("-11.11"), Decimal("-22.22"), Decimal("-44.44"),
    }  # fmt: skip
    if driver.abilities.cursor_alone:
        assert len(later.rows) == 3, "nothing else comes with a cursor"
    else:
        assert min(row.booking_date for row in later.rows) >= driver.today() - WEEK


def test_when_nothing_happened_nothing_is_new(connection: Connection) -> None:
    first = connection.fetch()
    later = connection.anew().fetch(first.cursor, connection.driver.today() - WEEK)
    assert {row.references[0] for row in later.rows} <= {row.references[0] for row in first.rows}
    if connection.driver.abilities.cursor_alone:
        assert not later.rows
    third = connection.anew().fetch(later.cursor, connection.driver.today() - WEEK)
    assert {row.references[0] for row in third.rows} <= {row.references[0] for row in first.rows}


def test_a_row_of_an_earlier_day_that_appears_now_comes_with_the_next_fetch(connection: Connection) -> None:
    driver = connection.driver
    first = connection.fetch()
    driver.add_row(Decimal("-37.45"), driver.today() - timedelta(days=5))
    later = connection.fetch(first.cursor, driver.today() - WEEK)
    assert later.of_amount("-37.45").booking_date == driver.today() - timedelta(days=5)


def test_a_cursor_of_somebody_else_costs_no_rows(connection: Connection) -> None:
    """A caller that changed the provider of an account may hold the cursor of the other one."""
    try:
        fetch = connection.fetch("somebody-elses-cursor")
    except Fault as fault:
        assert fault.kind in (FaultKind.REQUEST_REFUSED, FaultKind.BAD_DATA)
        fetch = connection.fetch()
    assert arrived(fetch.booked) == expected(connection.driver)


def test_a_continuation_of_somebody_else_is_refused(connection: Connection) -> None:
    for continuation in ("x", "[]", '["a"]', "{}", "null", '{"listing": 5}', "[" * 4000):
        query = TransactionQuery(connection.uid, continuation=continuation)
        fault = fault_of(lambda query=query: connection.provider.transactions(connection.session, query))
        assert fault.kind is FaultKind.BAD_DATA, continuation


# What becomes of rows


def test_a_pending_row_is_told_as_pending(connection: Connection) -> None:
    connection.driver.add_pending(Decimal("-84.30"))
    row = connection.fetch().of_amount("-84.30")
    assert row.status is TransactionStatus.PENDING
    assert row.booking_date == connection.driver.today()


def test_a_pending_row_that_is_booked_is_pending_no_more(connection: Connection) -> None:
    driver = connection.driver
    driver.add_pending(Decimal("-84.30"))
    first = connection.fetch()
    waiting = first.of_amount("-84.30")
    driver.book_pending(Decimal("-88.52"))
    later = connection.anew().fetch(first.cursor, driver.today() - WEEK)
    booked = later.of_amount("-88.52")
    assert booked.status is TransactionStatus.BOOKED
    assert Decimal("-84.30") not in later.amounts()
    assert not later.pending
    assert (waiting.references[0] in later.removed) is driver.abilities.names_pending
    assert not set(booked.references) & later.removed


def test_a_pending_row_that_vanishes_is_told_no_more(connection: Connection) -> None:
    driver = connection.driver
    driver.add_pending(Decimal("-84.30"))
    first = connection.fetch()
    waiting = first.of_amount("-84.30")
    driver.drop_pending()
    later = connection.anew().fetch(first.cursor, driver.today() - WEEK)
    assert not later.pending
    assert (waiting.references[0] in later.removed) is driver.abilities.names_pending


def test_a_row_that_the_bank_changed_comes_again_under_its_reference(connection: Connection) -> None:
    driver = connection.driver
    row = driver.add_row(Decimal("-55.00"))
    first = connection.fetch()
    before = first.of_amount("-55.00")
    driver.change_row(row, Decimal("-55.55"))
    later = connection.anew().fetch(first.cursor, driver.today() - WEEK)
    assert later.of_amount("-55.55").references[0] == before.references[0]
    assert Decimal("-55.00") not in later.amounts()
    assert before.references[0] not in later.removed


def test_a_row_that_was_taken_back_is_named_or_listed_no_more(connection: Connection) -> None:
    driver = connection.driver
    row = driver.add_row(Decimal("-66.66"))
    first = connection.fetch()
    gone = first.of_amount("-66.66")
    driver.remove_row(row)
    later = connection.anew().fetch(first.cursor, driver.today() - WEEK)
    assert bool(set(gone.references) & later.removed) is driver.abilities.names_removed
    assert Decimal("-66.66") not in later.amounts()
    assert Decimal("-66.66") not in connection.fetch().amounts(), "nor does it come with all rows"
    others = {reference for other in first.rows if other is not gone for reference in other.references}
    assert not others & later.removed, "no other row is named"
