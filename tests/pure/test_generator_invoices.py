# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payments of invoices that somebody's books know."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from emulators.enablebanking import Emulator, Invoice
from emulators.enablebanking.banks import catalogue
from emulators.enablebanking.generator.invoices import InvoiceBook
from emulators.enablebanking.identifiers import is_valid_rf

TODAY = date(2026, 6, 30)
ACCOUNT = catalogue()["banca-sandbox-italia"].accounts[0]


def invoice(number, partner="Alfa S.r.l.", amount="100.00", due=date(2026, 5, 10), **more):
    values = {
        "number": number, "partner": partner, "amount": Decimal(amount), "currency": "EUR",
        "date": due - timedelta(days=30), "due_date": due, "kind": "out",
    }  # fmt: skip
    return Invoice(**(values | more))


def partners(count, **more):
    return [invoice(f"FT/{place}", f"Cliente {place:02}", **more) for place in range(count)]


def test_overdue_invoices_are_paid_after_their_due_date_and_every_third_is_not():
    book = InvoiceBook(partners(9))
    rows = book.history(TODAY, ACCOUNT)
    assert len(rows) == 6
    assert all(date(2026, 5, 10) <= row.day < date(2026, 5, 17) for row in rows)
    assert {row.counterparty for row in rows} == {f"Cliente {n:02}" for n in (0, 1, 3, 4, 6, 7)}
    assert [book.remaining(item) for item in book.invoices].count(Decimal("100.00")) == 3


def test_what_is_not_due_yet_is_not_paid_and_nothing_is_paid_tomorrow():
    assert InvoiceBook(partners(5, due=TODAY)).history(TODAY, ACCOUNT) == []
    rows = InvoiceBook(partners(8, due=TODAY - timedelta(days=1))).history(TODAY, ACCOUNT)
    assert rows and {row.day for row in rows} == {TODAY - timedelta(days=1)}


def test_every_fifth_is_paid_in_part_and_the_rest_can_be_paid():
    book = InvoiceBook(partners(5))
    rows = book.history(TODAY, ACCOUNT)
    part = next(row for row in rows if row.counterparty == "Cliente 04")
    assert part.amount == Decimal("60.00")
    rest = book.pay([book.invoices[4]], TODAY, ACCOUNT, Decimal(1))
    assert rest.amount == Decimal("40.00")
    assert book.remaining(book.invoices[4]) == 0


def test_two_invoices_of_one_partner_due_together_are_one_payment():
    book = InvoiceBook([invoice("FT/1"), invoice("FT/2", due=date(2026, 5, 18))])
    (row,) = book.history(TODAY, ACCOUNT)
    assert row.amount == Decimal("200.00")
    assert "FT/1" in row.remittance[0] and "FT/2" in row.remittance[0]
    apart = InvoiceBook([invoice("FT/1"), invoice("FT/2", due=date(2026, 6, 18))])
    assert len(apart.history(TODAY, ACCOUNT)) == 2


def test_bills_of_suppliers_go_out():
    (row,) = InvoiceBook([invoice("A-1", kind="in", iban="IT-X")]).history(TODAY, ACCOUNT)
    assert row.amount == Decimal("-100.00")
    assert row.counterparty_account == "IT-X"
    assert "A-1" in row.remittance[0]


def test_history_is_written_once():
    book = InvoiceBook(partners(9))
    book.history(TODAY, ACCOUNT)
    assert book.history(TODAY + timedelta(days=60), ACCOUNT) == []
    again = InvoiceBook([*book.invoices, invoice("NEW", "Nuovo")], book.to_json())
    assert [row.counterparty for row in again.history(TODAY, ACCOUNT)] == ["Nuovo"]


def test_the_next_to_be_paid_is_the_one_due_first():
    book = InvoiceBook([
        invoice("B", due=date(2026, 8, 2)),
        invoice("A", due=date(2026, 8, 1)),
        invoice("C", due=date(2026, 7, 1), kind="in"),
    ])  # fmt: skip
    assert book.next_unpaid().number == "A"
    assert book.next_unpaid("in").number == "C"
    book.pay([book.next_unpaid()], TODAY, ACCOUNT, Decimal(1))
    assert book.next_unpaid().number == "B"
    assert InvoiceBook([]).next_unpaid() is None


def test_some_payments_carry_a_reference_with_right_check_digits():
    rows = InvoiceBook(partners(90)).history(TODAY, ACCOUNT)
    references = [row.reference_number for row in rows if row.reference_number]
    assert 5 < len(references) < len(rows)
    assert all(is_valid_rf(reference) for reference in references)
    assert all(row.remittance[0] == row.reference_number for row in rows if row.reference_number)


def test_an_invoice_in_another_currency_is_exchanged():
    (row,) = InvoiceBook([invoice("US-1", amount="1084.20", currency="USD")]).history(
        TODAY, ACCOUNT
    )
    assert row.currency == "EUR" and row.amount == Decimal("1000.00")
    assert row.exchange.instructed_amount == Decimal("1084.20")
    assert row.exchange.instructed_currency == "USD"


def test_invoices_come_from_json():
    data = {"number": 7, "partner": "X", "amount": 12.5, "currency": "EUR",
            "date": "2026-01-01", "due_date": "2026-01-31", "kind": "out"}  # fmt: skip
    assert Invoice.from_json(data).amount == Decimal("12.5")
    for wrong in ({"kind": "both"}, {"currency": "XAU"}, {"due_date": "soon"}):
        with pytest.raises(ValueError):
            Invoice.from_json(data | wrong)


def test_a_sandbox_pays_them_in_the_account_of_their_currency():
    invoices = [*partners(6), invoice("US-1", "Northwind", currency="USD")]
    emulator = Emulator(invoices=invoices, today=TODAY)
    euro = {row.counterparty for row in emulator.booked()}
    assert {"Cliente 00", "Cliente 01", "Cliente 03", "Cliente 04"} <= euro
    assert not {"Cliente 02", "Cliente 05", "Northwind"} & euro
    assert "Northwind" in {row.counterparty for row in emulator.booked(account="usd")}
    assert len(emulator.booked()) == 244
