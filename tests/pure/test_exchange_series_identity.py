# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose a series is: one spelling of the tax number, what an access key says, and who else uses the series."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.series import (
    DocumentModel,
    Holding,
    InvalidAccessKey,
    InvalidTaxNumber,
    Issue,
    Kind,
    as_row,
    clashes,
    differences,
    parse_access_key,
    read_row,
    tax_number,
)
from odoo.addons.sync_hub_exchange.series.access_key import check_digit
from odoo.addons.sync_hub_exchange.series.tax_number import check_digits

CNPJ = "11222333000181"
ROOTS = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12).filter(
    lambda root: len(set(root)) > 1
)
CNPJS = ROOTS.map(lambda root: root + check_digits(root))
HOLDINGS = st.builds(
    Holding,
    tax_number=st.sampled_from([CNPJ, "12ABC34501DE35"]),
    model=st.sampled_from(DocumentModel),
    series=st.integers(0, 3),
    database=st.sampled_from(["here", "there", "elsewhere"]),
    kind=st.sampled_from(Kind),
    name=st.text(max_size=5),
)


@given(CNPJS, st.sampled_from(["", "BR", "br "]))
def test_every_spelling_of_a_tax_number_becomes_the_same(number, country):
    n = number
    written = f"{country}{n[:2]}.{n[2:5]}.{n[5:8]}/{n[8:12]}-{n[12:]}"
    assert tax_number(written) == tax_number(number.lower()) == tax_number(number) == number


@given(CNPJS, st.integers(0, 13), st.sampled_from("0123456789"))
def test_a_mistyped_digit_is_noticed(number, place, digit):
    # Letters have weights that can cancel a mistake; the old numbers have digits only.
    if not number.isdigit() or number[place] == digit:
        return
    with pytest.raises(InvalidTaxNumber):
        tax_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    "text", [None, "", "0" * 14, CNPJ[:-1], CNPJ + "0", "11222333000182", "IT01234567890", "390.533.447-05"]
)
def test_what_is_no_tax_number_of_a_company_is_refused(text):
    with pytest.raises(InvalidTaxNumber):
        tax_number(text)


def key(issue="9", series=890, number=12, tax="11222333000181", year=26):
    body = f"35{year:02}05{tax}65{series:03}{number:09}{issue}12345678"
    return body + check_digit(body)


def test_an_access_key_of_an_authorised_invoice_is_read():
    read = parse_access_key("3520 0159 5943 1500 0157 5500 1000 0000 0120 6277 7161")
    assert (read.tax_number, read.model, read.series, read.number, read.issue, read.month) == (
        "59594315000157",
        "55",
        1,
        1,
        "2",
        date(2020, 1, 1),
    )


@given(st.integers(0, 999), st.integers(1, 999_999_999), st.sampled_from(Issue), CNPJS)
def test_an_access_key_says_what_its_document_is(series, number, issue, tax):
    read = parse_access_key(key(issue.value, series, number, tax))
    asked = tax, DocumentModel.NFCE, series, number, issue, date(2026, 5, 31)
    assert differences(read, *asked) == []


def test_a_key_that_was_not_rebuilt_for_contingency_is_noticed():
    read = parse_access_key(key(issue="1"))
    asked = CNPJ, DocumentModel.NFCE, 890, 12, Issue.OFFLINE, date(2026, 5, 4)
    assert differences(read, *asked) == ["issue"]
    read = parse_access_key(key(series=1, number=13))
    assert differences(read, *asked) == ["series", "number"]


@pytest.mark.parametrize("text", ["", "x", key()[:-1], key() + "0", "NFe" + key()])
def test_what_is_no_access_key_is_refused(text):
    with pytest.raises(InvalidAccessKey):
        parse_access_key(text)


def test_a_mistyped_access_key_is_refused():
    good = key()
    with pytest.raises(InvalidAccessKey):
        parse_access_key(good.replace("890", "891"))


@given(HOLDINGS)
def test_what_one_database_tells_another_one_understands(holding):
    assert read_row(as_row(holding)) == holding


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.sampled_from(["tax_number", "document_model", "series", "kind", "database", "name"]),
)
def test_nonsense_of_a_peer_is_left_out_and_breaks_nothing(nonsense, name):
    assert read_row(nonsense) is None
    sent = as_row(Holding(CNPJ, DocumentModel.NFE, 1, "there", name="Branch"))
    read = read_row({**sent, name: nonsense})
    assert read is None or isinstance(read, Holding)


@given(st.lists(HOLDINGS, max_size=8), st.lists(HOLDINGS, max_size=8))
def test_a_clash_is_one_series_of_one_tax_number_in_two_databases(known, told):
    known = list({holding.identity: holding for holding in known}.values())
    expected = {
        (one.identity, one.database, two.database)
        for one in known
        for two in told
        if one.identity == two.identity and one.database != two.database
    }
    found = clashes(known, told)
    assert {(c.known.identity, c.known.database, c.told.database) for c in found} == expected
    assert clashes(known, [replace(holding, name="other words") for holding in known]) == []
