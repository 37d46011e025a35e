# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading transactions through Ponto, over real HTTP."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from emulators.ponto import BankCode, Movement
from odoo.addons.sync_hub.faults import FaultKind
from odoo.addons.sync_hub_bank.providers.values import AttendedUser, TransactionStatus
from ponto_link import USER, Own, days_ago, fault_of

pytest_plugins = ["emulators.ponto.fixtures"]


def sums(rows: Any) -> list[Decimal]:
    return sorted(row.amount for row in rows)


# The first fetch


def test_a_first_fetch_brings_the_whole_history_over_several_pages(ponto: Any, own: Own) -> None:
    pages = own.pages()
    assert [len(page.transactions) for page in pages] == [100, 100, 40]
    rows = [row for page in pages for row in page.transactions]
    assert sums(rows) == sums(ponto.booked())
    assert len({row.references for row in rows}) == 240
    days = [row.booking_date for row in rows]
    assert days == sorted(days, reverse=True)
    assert {row.status for row in rows} == {TransactionStatus.BOOKED}
    assert [bool(page.cursor) for page in pages] == [False, False, True]


def test_an_account_without_rows_is_one_empty_page(ponto: Any, own: Own) -> None:
    ponto.set_history(0)
    (page,) = own.pages()
    assert (page.transactions, page.rejected, page.cursor) == ((), (), "")


def test_reading_ends_where_the_period_begins(ponto: Any, own: Own) -> None:
    ponto.set_history(1000, days=300)
    start = days_ago(20)
    rows = own.rows(date_from=start)
    assert rows and min(row.booking_date for row in rows) >= start
    assert sums(rows) == sums(row for row in ponto.booked() if row.booking_date >= start)
    assert len(ponto.requests("transactions")) < 4


def test_rows_after_the_period_are_left_out(ponto: Any, own: Own) -> None:
    ponto.set_history(100, days=60)
    first, last = days_ago(40), days_ago(20)
    assert sums(own.rows(date_from=first, date_to=last)) == sums(
        row for row in ponto.booked() if first <= row.booking_date <= last
    )


def test_a_period_far_back_is_reached_over_empty_pages(ponto: Any, own: Own) -> None:
    ponto.set_history(1500, days=300)
    last = days_ago(290)
    pages = own.pages(date_to=last)
    assert pages[0].transactions == () and pages[0].continuation
    found = [row for page in pages for row in page.transactions]
    assert found and sums(found) == sums(row for row in ponto.booked() if row.booking_date <= last)


def test_a_fetch_can_be_taken_up_by_another_adapter(ponto: Any, own: Own) -> None:
    page = own.page()
    following = Own(ponto).page(continuation=page.continuation)
    assert len(following.transactions) == 100
    assert not {row.references for row in page.transactions} & {row.references for row in following.transactions}


@pytest.mark.parametrize("text", ["x", "[]", '["booked"]', '["other", "/", "", ""]', '["booked", 1, "", ""]', "{}"])
def test_a_continuation_of_somebody_else_is_refused(own: Own, text: str) -> None:
    assert fault_of(lambda: own.page(continuation=text)).kind is FaultKind.BAD_DATA


def test_a_continuation_never_takes_the_token_to_another_host(own: Own) -> None:
    text = json.dumps(["booked", "https://elsewhere.invalid/accounts", "", ""])
    assert fault_of(lambda: own.page(continuation=text)).kind is FaultKind.NETWORK_UNTRUSTED


def test_a_page_that_names_itself_as_the_next_one_repeats_its_continuation(ponto: Any, own: Own) -> None:
    ponto.fail("same_link", call="transactions", times=None)
    first = own.page()
    second = own.page(continuation=first.continuation)
    assert second.continuation == own.page(continuation=second.continuation).continuation


# What a row says


def test_a_row_comes_with_all_that_the_bank_wrote(ponto: Any, own: Own) -> None:
    day = days_ago(2)
    uid = ponto.load_account(
        None,
        "IT60X0542811101000000123456",
        "EUR",
        Decimal(100),
        [
            Movement(
                booking_date=day,
                value_date=day + timedelta(days=1),
                amount=Decimal("-72.10"),
                counterparty="Office Supply NV",
                counterparty_account="BE62 5100 0754 7061",
                reference_number="+++010/8068/17183+++",
                bank_code=BankCode("PMNT", "ICDT-ESCT", "Overschrijving"),
            )
        ],
    )
    (row,) = own.rows(uid=uid)
    assert (row.booking_date, row.value_date) == (day, day + timedelta(days=1))
    assert (row.amount, row.currency) == (Decimal("-72.1"), "EUR")
    assert (row.counterparty, row.counterparty_account) == ("Office Supply NV", "BE62510007547061")
    assert row.remittance == ("+++010/8068/17183+++",)
    assert row.creditor_reference == "+++010/8068/17183+++"
    assert (row.transaction_code, row.transaction_label) == ("PMNT-ICDT-ESCT", "Overschrijving")
    assert row.end_to_end_id == ""
    assert row.raw["attributes"]["digest"]


def test_a_free_text_is_no_creditor_reference(own: Own) -> None:
    rows = own.rows()
    assert any(row.remittance for row in rows)
    free = [row for row in rows if row.raw["attributes"]["remittanceInformationType"] == "unstructured"]
    assert free and not any(row.creditor_reference for row in free)


# Pending rows


def test_a_pending_row_comes_first_and_is_replaced_when_it_is_booked(ponto: Any, own: Own) -> None:
    ponto.add_pending(amount=Decimal("-84.30"))
    pending = own.page().transactions[0]
    assert (pending.status, pending.amount) == (TransactionStatus.PENDING, Decimal("-84.3"))
    assert pending.booking_date == days_ago(0)
    ponto.book_pending(amount=Decimal("-88.52"))
    rows = own.rows()
    assert {row.status for row in rows} == {TransactionStatus.BOOKED}
    booked = next(row for row in rows if row.amount == Decimal("-88.52"))
    assert booked.references != pending.references


def test_a_pending_row_that_vanishes_is_named_no_more(ponto: Any, own: Own) -> None:
    ponto.add_pending()
    assert own.page().transactions[0].status is TransactionStatus.PENDING
    ponto.drop_pending()
    assert TransactionStatus.PENDING not in {row.status for row in own.rows()}


def test_pending_rows_come_whatever_the_period_is(ponto: Any, own: Own) -> None:
    ponto.add_pending()
    assert [row.status for row in own.rows(date_to=days_ago(9000))] == [TransactionStatus.PENDING]


def test_many_pending_rows_come_over_several_pages(ponto: Any, own: Own) -> None:
    for number in range(150):
        ponto.add_pending(amount=Decimal(-1 - number))
    statuses = [row.status for row in own.rows()]
    assert statuses.count(TransactionStatus.PENDING) == 150
    assert statuses.count(TransactionStatus.BOOKED) == 240


def test_an_account_without_a_list_of_pending_rows_is_read_all_the_same(ponto: Any, own: Own) -> None:
    ponto.fail("error", call="pending", status=404, code="resourceNotFound")
    assert len(own.rows()) == 240


# Later fetches


def test_a_later_fetch_brings_what_is_newer_than_the_cursor(ponto: Any, own: Own) -> None:
    cursor = own.pages()[-1].cursor
    ponto.add_movements(7)
    pages = own.pages(cursor=cursor)
    rows = {row.references: row for page in pages for row in page.transactions}
    assert sums(rows.values()) == sums(ponto.booked()[-7:])
    assert pages[-1].cursor not in ("", cursor)


def test_many_newer_rows_come_page_by_page(ponto: Any, own: Own) -> None:
    cursor = own.pages()[-1].cursor
    ponto.add_movements(250)
    pages = own.pages(cursor=cursor)
    assert len({row.references for page in pages for row in page.transactions}) == 250
    ponto.add_movements(1)
    again = own.pages(cursor=pages[-1].cursor)
    assert len({row.references for page in again for row in page.transactions}) == 1


def test_nothing_new_leaves_the_cursor_where_it_was(own: Own) -> None:
    cursor = own.pages()[-1].cursor
    (page,) = own.pages(cursor=cursor)
    assert (page.transactions, page.cursor) == ((), cursor)


def test_a_cursor_that_is_not_known_any_more_is_not_used(ponto: Any, own: Own) -> None:
    cursor = own.pages()[-1].cursor
    uid = ponto.relink()
    pages = own.pages(uid=uid, cursor=cursor, date_from=days_ago(30))
    rows = [row for page in pages for row in page.transactions]
    assert sums(rows) == sums(row for row in ponto.booked() if row.booking_date >= days_ago(30))
    assert pages[-1].cursor not in ("", cursor)


def test_a_row_that_the_bank_modified_comes_again_under_its_id(ponto: Any, own: Own) -> None:
    before = {row.references: row for row in own.rows()}
    cursor = own.pages()[-1].cursor
    uid = ponto.modify_movement(3, remittanceInformation="Rettificato", amount=-1.25)
    for rows in (own.rows(date_from=days_ago(30)), own.rows(cursor=cursor)):
        row = next(row for row in rows if row.references == (uid,))
        assert (row.remittance, row.amount) == (("Rettificato",), Decimal("-1.25"))
        assert before[row.references].remittance != row.remittance


def test_a_row_that_the_bank_took_back_is_named_no_more(ponto: Any, own: Own) -> None:
    uid = ponto.remove_movement(2)
    assert (uid,) not in {row.references for row in own.rows()}
    assert len(own.rows()) == 239


def test_an_account_that_is_linked_anew_has_the_same_rows_under_new_ids(ponto: Any, own: Own) -> None:
    before = own.rows()
    after = own.rows(uid=ponto.relink())
    assert not {row.references for row in before} & {row.references for row in after}
    assert [row.raw["attributes"]["digest"] for row in before] == [row.raw["attributes"]["digest"] for row in after]


# A user who is present


def test_without_a_user_no_bank_is_asked(ponto: Any, own: Own) -> None:
    ponto.wait_for_user()
    ponto.add_movements(3)
    assert len(own.rows()) == 240
    assert not ponto.requests("synchronize")


def test_for_a_user_who_is_present_the_bank_is_asked_first(ponto: Any, own: Own) -> None:
    ponto.wait_for_user()
    ponto.add_movements(3)
    assert len(own.rows(attended=USER)) == 243
    assert len(ponto.requests("synchronize")) == 1
    assert len(own.pauses) == 2
    own.provider.balances(own.session, own.uid, USER)
    assert len(ponto.requests("synchronize")) == 2


def test_a_question_that_comes_too_soon_is_no_fault(ponto: Any, own: Own) -> None:
    ponto.refuse_soon()
    assert len(own.rows(attended=USER)) == 240
    assert [entry["status"] for entry in ponto.requests("synchronize")] == [400]


@pytest.mark.parametrize("status", [409, 422, 429])
def test_a_question_may_be_refused_as_too_early_in_other_ways(ponto: Any, own: Own, status: int) -> None:
    ponto.fail("error", call="synchronize", status=status, code="tooEarly")
    assert len(own.rows(attended=USER)) == 240


def test_a_user_whose_address_is_not_known_counts_as_absent(ponto: Any, own: Own) -> None:
    assert own.rows(attended=AttendedUser("behind a proxy"))
    assert not ponto.requests("synchronize")


def test_a_bank_that_refuses_the_user_is_down(ponto: Any, own: Own) -> None:
    ponto.fail_synchronizations()
    fault = fault_of(lambda: own.page(attended=USER))
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, "financialInstitutionError")
    assert len(own.rows()) == 240


def test_a_bank_that_takes_too_long_is_not_waited_for(ponto: Any, own: Own) -> None:
    ponto.stall_synchronizations()
    assert len(own.rows(attended=USER)) == 240
    assert len(ponto.requests("synchronization")) == 15
