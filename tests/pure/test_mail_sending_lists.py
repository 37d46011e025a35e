# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lists of recipients as people type them, and documents put into as few messages as a server's limit allows."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.sync_hub.outcome import AddressError, Flaw
from odoo.addons.sync_hub_mail.sending import (
    INDEX_NAME,
    Attachment,
    Document,
    File,
    Mailbox,
    Message,
    attached_size,
    index,
    message_bytes,
    parse_recipients,
    split,
    suggestion,
    wire_address,
)


@pytest.mark.parametrize("text", ["a@b.it;c@d.it", "a@b.it, c@d.it", " a@b.it ;; c@d.it ,", "a@b.it\r\nc@d.it\n"])
def test_recipients_are_separated_by_semicolons_commas_or_lines(text):
    assert parse_recipients(text) == ("a@b.it", "c@d.it")


def test_each_recipient_is_named_once_however_it_is_written():
    text = "Anna@B.it; anna@b.it, bruno@città.it; bruno@CITTÀ.it; bruno@xn--citt-3na.it"
    assert parse_recipients(text) == ("Anna@B.it", "bruno@città.it")


@pytest.mark.parametrize(
    ("text", "position", "column", "typed", "flaw"),
    [
        ("a@b.it, c@d.it; bruno", 3, 17, "bruno", Flaw.NO_AT),
        ("a@b.it;; bru no@d.it", 2, 10, "bru no@d.it", Flaw.LOCAL_PART),
        ("a@b.it c@d.it", 1, 1, "a@b.it c@d.it", Flaw.SEPARATOR),
        ("a@b.it, a@b.it\nc@d", 3, 16, "c@d", Flaw.DOMAIN),
        ("a@b.it, a@b.it; x@☃.it", 3, 17, "x@☃.it", Flaw.DOMAIN),
    ],
)
def test_the_first_bad_recipient_is_named_with_its_place(text, position, column, typed, flaw):
    with pytest.raises(AddressError) as caught:
        parse_recipients(text)
    error = caught.value
    assert (error.position, error.column, error.text, error.flaw) == (position, column, typed, flaw)
    assert text[column - 1 :].startswith(typed)


def test_a_domain_of_other_letters_travels_in_ascii_and_stays_its_own():
    assert wire_address("anna@straße.it") == "anna@xn--strae-oqa.it"
    assert wire_address("anna@strasse.it") == "anna@strasse.it"
    assert wire_address("Anna@CITTÀ.it") == "Anna@xn--citt-3na.it"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gmal.com", "a@gmail.com"),
        ("a@gnail.com", "a@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@gmail.it", "a@gmail.com"),
        ("a@libero.ti", "a@libero.it"),
        ("a@lbero.it", "a@libero.it"),
        ("a@hotmial.it", "a@hotmail.it"),
        ("a@pce.it", "a@pec.it"),
        ("a@pec.ti", "a@pec.it"),
        ("a@legalmial.it", "a@legalmail.it"),
        ("a@arubapec.com", "a@arubapec.it"),
        ("a@ordine.arubapce.it", "a@ordine.arubapec.it"),
        ("a@pce.rossi.it", "a@pec.rossi.it"),
        ("A.B@Tiscali.iit", "A.B@tiscali.it"),
    ],
)
def test_a_likely_slip_is_a_suggestion(typed, meant):
    assert suggestion(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "a@gmail.com",
        "a@tim.it",
        "a@tin.it",
        "a@mail.com",
        "a@email.it",
        "a@live.it",
        "a@rossi.it",
        "a@pec.rossi.it",
        "a@like.it",
        "a@GMAIL.com",
        "a@rossi.co",
        "a@epc.it",
    ],
)
def test_a_domain_that_somebody_has_is_no_slip(typed):
    assert suggestion(typed) is None


def invoice(number: int, pdf: int = 60_000, xml: int = 8_000) -> Document:
    key = f"FT-{number:04d}"
    return Document(key, (File(f"{key}.pdf", pdf), File(f"IT01_{number:05d}.xml", xml)), (key, "Città & figli"))


HEADER = ("Numero", "Cliente", "PDF", "XML")


@settings(max_examples=15)
@given(
    sizes=st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 30_000)), max_size=25),
    limit=st.integers(40_000, 200_000),
)
def test_every_document_is_in_one_message_under_the_limit_or_named_as_too_large(sizes, limit):
    documents = [invoice(number, *pair) for number, pair in enumerate(sizes)]
    plan = split(documents, limit, header=HEADER)
    placed = [document for message in plan.messages for document in message]
    assert placed == [document for document in documents if document not in plan.too_large]
    assert len(placed) + len(plan.too_large) == len(documents)
    assert all(plan.messages)
    for message in plan.messages:
        assert len(_sent(message)) <= limit


def _sent(documents: tuple[Document, ...]) -> bytes:
    files = [Attachment(file.name, b"x" * file.size) for document in documents for file in document.files]
    table = Attachment(INDEX_NAME, index(documents, HEADER), "text/csv")
    someone = Mailbox("anna@rossi.example", "Anna")
    now = datetime(2026, 5, 4, tzinfo=UTC)
    message = Message("<1@rossi.example>", now, someone, (someone,), "Documenti", html="<p>Ecco</p>")
    return message_bytes(replace(message, attachments=(table, *files)))


@settings(max_examples=30)
@given(
    name=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=120),
    size=st.integers(0, 200_000),
)
def test_no_name_of_a_file_makes_a_message_larger_than_was_counted(name, size):
    document = Document("x", (File(name, size),), (name,))
    without = len(_sent(())) - attached_size(INDEX_NAME, 0)
    files = attached_size(name, size) + attached_size(INDEX_NAME, len(index([document], HEADER)))
    assert len(_sent((document,))) - without <= files


def test_the_pdf_and_the_xml_of_an_invoice_are_in_one_message():
    plan = split([invoice(number) for number in range(40)], 500_000)
    assert len(plan.messages) > 1
    assert all(len(document.files) == 2 for message in plan.messages for document in message)


def test_as_few_messages_as_go_are_filled_in_order():
    documents = [invoice(number) for number in range(10)]
    assert split(documents, 10_000_000).messages == (tuple(documents),)


def test_a_pair_that_is_too_large_is_named_and_the_others_leave():
    large = invoice(2, pdf=400_000)
    plan = split([invoice(1), large, invoice(3)], 300_000)
    assert plan.too_large == (large,)
    assert plan.messages == ((invoice(1), invoice(3)),)


def test_two_files_of_one_name_are_not_in_one_message():
    first, second = (Document(key, (File("Fattura.pdf", 10),)) for key in "ab")
    assert split([first, second], 1_000_000).messages == ((first,), (second,))


def test_nothing_to_send_is_no_message():
    assert split([], 1_000_000).messages == ()


def test_the_index_opens_in_an_italian_sheet_and_lists_each_document():
    table = index([invoice(1), invoice(2)], HEADER)
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        list(HEADER),
        ["FT-0001", "Città & figli", "FT-0001.pdf", "IT01_00001.xml"],
        ["FT-0002", "Città & figli", "FT-0002.pdf", "IT01_00002.xml"],
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd", "'+cmd"), ("-1.234,50", "-1.234,50"), ("Rossi", "Rossi")],
)
def test_a_name_that_a_sheet_would_compute_is_written_as_text(cell, written):
    table = index([Document("x", (), (cell,))]).decode("utf-8-sig")
    assert table == f"{written}\r\n"
