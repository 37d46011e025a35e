# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Names of files for the SdI are valid and never given twice; a notification's name leads to its file."""

import doctest
import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.sdi import (
    CAPACITY,
    InvoiceFile,
    NotificationKind,
    SdiError,
    invoice_file,
    is_sdi_address,
    parse_invoice_name,
    parse_notification_name,
    progressive,
)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("IT01234567890_11111.xml", InvoiceFile("IT", "01234567890", "11111")),
        ("IT01234567890_FPA01.xml.p7m", InvoiceFile("IT", "01234567890", "FPA01", signed=True)),
        ("ITRSSMRA80A01H501U_1.XML", InvoiceFile("IT", "RSSMRA80A01H501U", "1")),
        ("it01234567890_aB3.xml.P7M", InvoiceFile("IT", "01234567890", "aB3", signed=True)),
        ("DE12_00001.xml", InvoiceFile("DE", "12", "00001")),
        ("FR" + "A" * 28 + "_00001.xml", InvoiceFile("FR", "A" * 28, "00001")),
    ],
)
def test_a_name_of_a_file_is_read(name: str, file: InvoiceFile) -> None:
    assert parse_invoice_name(name) == file
    assert parse_invoice_name(file.name) == file


@pytest.mark.parametrize(
    "name",
    [
        "",
        "IT0123456789_00001.xml",  # ten characters are too few for Italy
        "IT01234567890123456_00001.xml",  # and seventeen too many
        "DE1_00001.xml",
        "FR" + "A" * 29 + "_00001.xml",
        "IT01234567890_000001.xml",
        "IT01234567890_.xml",
        "IT01234567890_0-001.xml",
        "IT01234567890_0000é.xml",
        "IT01234567890_0000١.xml",
        "IT01234567890.xml",
        "IT01234567890_00001.pdf",
        "IT01234567890_00001.xml\n",
        "x/IT01234567890_00001.xml",
        "IT01234567890_00001_RC_001.xml",
    ],
)
def test_what_the_exchange_system_would_not_take_is_no_name(name: str) -> None:
    with pytest.raises(SdiError):
        parse_invoice_name(name)


@given(st.integers(0, CAPACITY - 1), st.integers(0, CAPACITY - 1))
def test_each_number_has_a_progressive_of_its_own_whatever_the_case_of_letters(one: int, other: int) -> None:
    first, second = progressive(one), progressive(other)
    assert (first.casefold() == second.casefold()) == (one == other)
    assert int(first, 36) == one
    assert parse_invoice_name(f"IT01234567890_{first}.xml").progressive == first


def test_the_first_numbers_follow_each_other_without_a_gap() -> None:
    names = [progressive(number) for number in range(5000)]
    assert len(set(names)) == 5000
    assert names == sorted(names)


@pytest.mark.parametrize("number", [-1, CAPACITY])
def test_a_number_that_no_name_can_hold_is_refused(number: int) -> None:
    with pytest.raises(SdiError):
        progressive(number)


@pytest.mark.parametrize("identifier", ["01234567890", "IT01234567890", "it 01234567890 "])
def test_the_country_stands_once_in_a_name(identifier: str) -> None:
    assert invoice_file("it", identifier, 1, signed=True).name == "IT01234567890_00001.xml.p7m"


@pytest.mark.parametrize(("country", "identifier"), [("IT", "123"), ("", "01234567890"), ("IT", "../etc/passwd")])
def test_no_name_is_made_from_an_identifier_that_is_none(country: str, identifier: str) -> None:
    with pytest.raises(SdiError):
        invoice_file(country, identifier, 1)


@pytest.mark.parametrize("kind", list(NotificationKind))
def test_each_type_of_notification_is_known_and_leads_to_its_file(kind: NotificationKind) -> None:
    notification = parse_notification_name(f"IT01234567890_11111_{kind.value}_001.xml")
    assert (notification.kind, notification.stem, notification.number) == (kind, "IT01234567890_11111", "001")
    assert notification.speaks_of("IT01234567890_11111.xml")
    assert notification.speaks_of("IT01234567890_11111.xml.p7m")
    assert not notification.speaks_of("IT01234567890_11112.xml")
    assert not notification.speaks_of("invoice.pdf")


@pytest.mark.parametrize("extension", [".zip", ".ZIP", ".xml.p7m", ".XML"])
def test_a_notification_may_be_zipped_or_signed(extension: str) -> None:
    assert parse_notification_name(f"IT01234567890_1_at_00A{extension}").extension == extension.lower()


@pytest.mark.parametrize(
    "name",
    [
        "IT01234567890_11111.xml",
        "IT01234567890_11111_XX_001.xml",
        "IT01234567890_11111_RC_0001.xml",
        "IT0123456789_11111_RC_001.xml",
        "IT01234567890_11111_RC_001.pdf",
        "daticert.xml",
    ],
)
def test_other_names_are_no_notifications(name: str) -> None:
    with pytest.raises(SdiError):
        parse_notification_name(name)


def test_the_addresses_of_the_exchange_system_are_known() -> None:
    assert is_sdi_address("sdi01@pec.fatturapa.it")
    assert not is_sdi_address("sdi01@pec.fatturapa.it.example.org")
    assert not is_sdi_address("xsdi01@pec.fatturapa.it")


@pytest.mark.parametrize("module", ["addresses", "file_names"])
def test_the_examples_in_the_documentation_are_true(module: str) -> None:
    result = doctest.testmod(importlib.import_module(f"odoo.addons.sync_hub_mail.sdi.{module}"))
    assert result.attempted and not result.failed
