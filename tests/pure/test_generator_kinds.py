# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The generated history of a company's account."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from emulators.enablebanking.banks import catalogue
from emulators.enablebanking.generator import MovementStream
from emulators.enablebanking.generator.draws import Draws
from emulators.enablebanking.generator.kinds import wrap
from emulators.enablebanking.generator.names import WORDS
from emulators.enablebanking.generator.plan import Kind
from emulators.enablebanking.identifiers import is_valid_iban, is_valid_rf
from hypothesis import given, settings
from hypothesis import strategies as st

LAST = date(2026, 6, 30)
BANKS = catalogue()
CURRENT, USD, CARD = BANKS["banca-sandbox-italia"].accounts


@pytest.fixture(scope="module")
def year():
    """Two years of a busy account: (kind, row) pairs."""
    stream = MovementStream("test", CURRENT, 3000, LAST)
    return [(stream.kind(place), row) for place, row in enumerate(stream)]


def of_kind(rows, *kinds):
    found = [row for kind, row in rows if kind in kinds]
    assert found
    return found


@given(st.integers(0, 300), st.integers(1, 60), st.sampled_from([CURRENT, USD, CARD]))
@settings(max_examples=25)
def test_there_are_as_many_rows_as_asked_ordered_by_day_until_the_last(size, days, account):
    stream = MovementStream("s", account, size, LAST, days)
    rows = list(stream)
    assert len(rows) == len(stream) == size
    listed = [row.day for row in rows]
    assert listed == sorted(listed)
    assert all(LAST - timedelta(days=days) < day <= LAST for day in listed)
    assert [row.amount for row in rows] == [Decimal(cents) / 100 for cents in stream.cents]


def test_a_row_depends_on_seed_account_and_place_alone():
    one, other = (MovementStream("s", CURRENT, 500, LAST) for _ in range(2))
    places = list(range(500))
    Random(4).shuffle(places)
    shuffled = {place: one[place] for place in places}
    assert [shuffled[place] for place in range(500)] == list(other)
    assert list(MovementStream("t", CURRENT, 500, LAST)) != list(other)
    assert list(MovementStream("s", USD, 500, LAST)) != list(other)
    with pytest.raises(IndexError):
        one[500]


def test_a_year_has_every_kind_of_row(year):
    counted = Counter(kind for kind, _row in year)
    assert set(counted) == set(Kind)
    assert counted[Kind.CUSTOMER] > counted[Kind.CASH] > 0


def test_customers_name_their_invoices(year):
    rows = of_kind(year, Kind.CUSTOMER)
    assert all(row.amount > 0 for row in rows)
    texts = [" ".join(row.remittance) for row in rows]
    assert any("FT/2026/" in text for text in texts)
    assert len({text.split()[0] for text in texts}) > 20
    assert any("acconto" in " ".join(row.remittance).lower()
               for row in of_kind(year, Kind.CUSTOMER_PARTIAL))  # fmt: skip
    assert all(
        sum(char.isdigit() for char in " ".join(row.remittance)) >= 8
        for row in of_kind(year, Kind.CUSTOMER_SEVERAL)
    )


def test_counterparties_have_a_valid_iban_that_belongs_to_their_name(year):
    known = {}
    for row in of_kind(year, Kind.CUSTOMER, Kind.SUPPLIER, Kind.SALARY, Kind.RENT):
        assert is_valid_iban(row.counterparty_account)
        assert known.setdefault(row.counterparty, row.counterparty_account) == (
            row.counterparty_account
        )
    assert len(known) > 300


def test_references_have_right_check_digits(year):
    references = [row.reference_number for _kind, row in year
                  if row.reference_number_schema == "INTL"]  # fmt: skip
    assert len(references) > 20
    assert all(is_valid_rf(reference) for reference in references)


def test_salaries_come_on_the_27th_taxes_on_the_16th_or_the_nearest_working_day(year):
    for row in of_kind(year, Kind.SALARY):
        assert row.day.weekday() < 5 and 25 <= row.day.day <= 27
        assert row.amount < 0 and row.remittance[0].startswith("STIPENDIO ")
    for row in of_kind(year, Kind.TAX):
        assert row.day.weekday() < 5 and 16 <= row.day.day <= 18
        assert "F24" in row.remittance[0] and row.counterparty_account is None


def test_fees_close_the_month_and_stamp_duty_the_quarter(year):
    for row in of_kind(year, Kind.FEE):
        assert (row.day + timedelta(days=1)).day == 1
        assert row.counterparty is None
    for row in of_kind(year, Kind.STAMP):
        assert (row.day + timedelta(days=1)).month in (1, 4, 7, 10)
        assert "IMPOSTA DI BOLLO" in row.remittance[0]


def test_direct_debits_name_mandate_and_creditor(year):
    for row in of_kind(year, Kind.DIRECT_DEBIT):
        assert row.reference_number_schema == "SDDM"
        assert row.reference_number in row.remittance[0]
        assert row.creditor_id[:2] == "IT" and "ZZZ" in row.creditor_id
    by_creditor = {(row.counterparty, row.reference_number)
                   for row in of_kind(year, Kind.DIRECT_DEBIT)}  # fmt: skip
    assert len(by_creditor) == len(WORDS["IT"].utilities)


def test_bank_codes_are_iso_20022(year):
    expected = {
        Kind.CUSTOMER: ("PMNT", "RCDT-ESCT"),
        Kind.SUPPLIER: ("PMNT", "ICDT-ESCT"),
        Kind.SALARY: ("PMNT", "ICDT-SALA"),
        Kind.DIRECT_DEBIT: ("PMNT", "RDDT-ESDD"),
        Kind.CARD: ("PMNT", "CCRD-POSD"),
        Kind.POS: ("PMNT", "MCRD-POSP"),
        Kind.CASH: ("PMNT", "CNTR-CDPT"),
        Kind.FOREIGN: ("PMNT", "RCDT-XBCT"),
        Kind.FEE: ("ACMT", "MDOP-FEES"),
    }
    for kind, code in expected.items():
        assert {(row.bank_code.code, row.bank_code.sub_code) for row in of_kind(year, kind)} == {
            code
        }


def test_foreign_payments_tell_rate_and_original_amount(year):
    for row in of_kind(year, Kind.FOREIGN):
        exchange = row.exchange
        assert exchange.unit_currency == "EUR" != exchange.instructed_currency
        assert exchange.instructed_amount == (row.amount * exchange.rate).quantize(Decimal("0.01"))
        assert f"{exchange.instructed_amount} {exchange.instructed_currency}" in row.remittance[0]


def test_settlements_tell_gross_fee_and_net(year):
    for row in of_kind(year, Kind.SETTLEMENT):
        words = row.remittance[0].split()
        gross, fee = (Decimal(words[words.index(name) + 1]) for name in ("LORDO", "COMMISSIONI"))
        assert gross - fee == row.amount > 0 and fee > 0


def test_transfers_between_own_accounts_name_the_holder_on_both_sides(year):
    for row in of_kind(year, Kind.TRANSFER_IN, Kind.TRANSFER_OUT):
        assert row.counterparty == CURRENT.holder
        assert is_valid_iban(row.counterparty_account)
        assert row.counterparty_account != CURRENT.iban


def test_cards_tell_the_day_of_the_purchase_and_the_trade(year):
    rows = of_kind(year, Kind.CARD)
    assert {(row.day - row.transaction_date).days for row in rows} == {0, 1, 2, 3}
    assert all(len(row.merchant_category_code) == 4 for row in rows)
    assert any(row.counterparty is None for row in rows)


def test_texts_have_accents_and_lengths_beyond_one_line(year):
    texts = "".join(" ".join((row.counterparty or "", *row.remittance)) for _kind, row in year)
    assert set("òàù") & set(texts)
    assert any(len(text) > 140 for _kind, row in year for text in row.remittance)
    assert any(len(row.remittance) > 1 for _kind, row in year)


def test_a_card_account_has_purchases_and_a_currency_account_no_salaries():
    card = MovementStream("s", CARD, 200, LAST)
    assert {card.kind(place) for place in range(200)} == {Kind.CARD}
    usd = MovementStream("s", USD, 200, LAST)
    assert not {usd.kind(place) for place in range(200)} & {Kind.SALARY, Kind.TAX, Kind.POS}
    assert {row.currency for row in usd} == {"USD"}


@pytest.mark.parametrize("slug", list(BANKS))
def test_every_country_writes_in_its_own_words(slug):
    account = BANKS[slug].accounts[0]
    stream = MovementStream("s", account, 400, LAST)
    salaries = [row.remittance[0] for place, row in enumerate(stream)
                if stream.kind(place) == Kind.SALARY]  # fmt: skip
    assert salaries
    months = WORDS[account.country].months
    assert len(months) == 12
    assert all(any(month in text for month in months) for text in salaries)


def test_draws_stay_in_their_bounds_and_cover_them():
    drawn = [Draws(1, place) for place in range(500)]
    assert {draw.randint(3, 5) for draw in drawn} == {3, 4, 5}
    assert {draw.choice("ab") for draw in drawn} == {"a", "b"}
    fractions = [draw.random() for draw in drawn]
    assert 0 <= min(fractions) < 0.1 and 0.9 < max(fractions) < 1


@given(st.text(max_size=500), st.integers(1, 140))
def test_wrapping_loses_no_character(text, width):
    pieces = wrap(text, width)
    assert "".join(pieces) == text
    assert all(len(piece) <= width for piece in pieces)
