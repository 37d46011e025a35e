# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The archive of a period has everything, says what it has, and is made while it is downloaded."""

import csv
import hashlib
import io
import re
import subprocess
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_portal.archive import (
    INDEX_NAME,
    TEXTS,
    Archive,
    ArchivedDocument,
    ArchivedFile,
    FileRole,
    Wording,
    archive_name,
)

PDF = b"%PDF-1.7 \xff\x00"
XML = b"<?xml version='1.0'?><a/>"
RECEIPT = b"From: provider\r\n\r\naccettazione"


def file(name: str, content: bytes | None, role: FileRole = FileRole.PDF) -> ArchivedFile:
    return ArchivedFile(name, role, lambda: content)


INVOICE = ArchivedDocument(
    key="account.move,7",
    kind="out_invoice",
    number="INV/2026/00007",
    date=date(2026, 3, 31),
    partner="Città; S.r.l.",
    vat="IT12345678901",
    currency="EUR",
    untaxed=Decimal("1000.00"),
    tax=Decimal("220.00"),
    total=Decimal("1220.00"),
    files=(
        file("INV_2026_00007.pdf", PDF),
        file("IT12345678901_00007.xml.p7m", XML, FileRole.XML),
        file("accettazione-1.eml", RECEIPT, FileRole.RECEIPT),
    ),
)
BILL = replace(
    INVOICE, key="account.move,3", kind="in_invoice", number="BILL/3", files=(file("scan.pdf", b"%PDF bill"),)
)


def packed(*documents: ArchivedDocument, wording: Wording | None = None) -> bytes:
    return b"".join(Archive(documents, wording).pieces())


def unpacked(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def table(found: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found[INDEX_NAME].decode("utf-8-sig")), delimiter=";"))


def test_pdf_xml_and_receipts_of_each_document_lie_in_its_folder_byte_for_byte() -> None:
    found = unpacked(packed(INVOICE, BILL))
    found.pop(INDEX_NAME)
    assert found == {
        "Customer invoices/INV-2026-00007/INV_2026_00007.pdf": PDF,
        "Customer invoices/INV-2026-00007/IT12345678901_00007.xml.p7m": XML,
        "Customer invoices/INV-2026-00007/accettazione-1.eml": RECEIPT,
        "Vendor bills/BILL-3/scan.pdf": b"%PDF bill",
    }


def test_the_table_has_every_file_with_its_document_size_and_hash() -> None:
    found = unpacked(packed(INVOICE, BILL))
    rows = table(found)
    found.pop(INDEX_NAME)
    assert {row["File"]: (int(row["Size (bytes)"]), row["SHA-256"]) for row in rows} == {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in found.items()
    }
    assert [row["Contents"] for row in rows if row["Number"] == INVOICE.number] == ["PDF", "XML", "Receipt"]
    assert {
        key: rows[-1][key] for key in ("Kind", "Date", "Partner", "Tax ID", "Currency", "Untaxed", "Tax", "Total")
    } == {
        "Kind": "Customer invoices",
        "Date": "2026-03-31",
        "Partner": "Città; S.r.l.",
        "Tax ID": "IT12345678901",
        "Currency": "EUR",
        "Untaxed": "1000.00",
        "Tax": "220.00",
        "Total": "1220.00",
    }


def test_the_table_speaks_the_language_of_its_reader_and_writes_amounts_as_the_reader_does() -> None:
    words = {key: f"«{key}»" for key in TEXTS}
    rows = table(unpacked(packed(INVOICE, wording=Wording(words, ","))))
    assert set(rows[0]) == {f"«{key}»" for key in TEXTS if ":" not in key} - {"«missing»", "«no_file»"}
    assert rows[0]["«total»"] == "1220,00"
    assert rows[0]["«file»"].startswith("«kind-out_invoice»/")


def test_names_of_partners_are_no_formulas_in_a_sheet() -> None:
    (row,) = table(
        unpacked(packed(replace(BILL, partner='=HYPERLINK("http://evil.example")', total=Decimal("-12.50"))))
    )
    assert row["Partner"].startswith("'=")
    assert row["Total"] == "-12.50"


def test_the_same_documents_give_the_same_bytes_in_whatever_order_they_come() -> None:
    assert packed(INVOICE, BILL) == packed(BILL, INVOICE)


def test_a_file_that_is_gone_is_named_as_missing_and_the_others_are_there() -> None:
    torn = replace(INVOICE, files=(file("INV_2026_00007.pdf", None), *INVOICE.files[1:]))
    archive = Archive([torn, BILL])
    found = unpacked(b"".join(archive.pieces()))
    missing = [row for row in table(found) if row["Contents"] == "missing"]
    assert [(row["Number"], row["File"], row["SHA-256"]) for row in missing] == [
        ("INV/2026/00007", "INV_2026_00007.pdf", "")
    ]
    assert len(found) == 4
    # Who takes the archive over has not taken over what is not in it.
    assert (archive.complete, archive.missing) == ([BILL.key], [INVOICE.key])


def test_a_document_without_any_file_is_in_the_table_all_the_same() -> None:
    archive = Archive([replace(BILL, files=())])
    found = unpacked(b"".join(archive.pieces()))
    assert list(found) == [INDEX_NAME]
    (row,) = table(found)
    assert (row["Number"], row["File"], row["Contents"]) == ("BILL/3", "", "no file")
    assert archive.complete == [BILL.key]


def test_documents_of_one_number_and_files_of_one_name_are_all_there() -> None:
    twins = [
        replace(BILL, key=str(place), files=(file("a.pdf", bytes([place])), file("A.PDF", b"x"))) for place in range(3)
    ]
    found = unpacked(packed(*twins))
    assert len({name.casefold() for name in found}) == 7
    assert sorted(content for content in found.values() if len(content) == 1 and content != b"x") == [
        b"\x00",
        b"\x01",
        b"\x02",
    ]


@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=200), st.binary(max_size=20)), max_size=6))
def test_whatever_documents_and_files_are_called_every_system_can_unpack_them(
    given: list[tuple[str, str, bytes]],
) -> None:
    documents = [
        replace(BILL, key=str(place), number=number, files=(file(name, content),))
        for place, (number, name, content) in enumerate(given)
    ]
    found = unpacked(packed(*documents))
    assert len({name.casefold() for name in found}) == len(given) + 1
    assert sorted(content for name, content in found.items() if name != INDEX_NAME) == sorted(
        one for *_names, one in given
    )
    for path in found:
        for name in path.split("/"):
            assert name
            assert name.strip(" .") == name
            assert len(name.encode()) <= 143
            assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)


def test_one_file_is_in_memory_at_a_time_and_what_was_made_before_it_has_left() -> None:
    read: list[int] = []
    megabyte = 1 << 20

    def document(place: int) -> ArchivedDocument:
        def content() -> bytes:
            read.append(place)
            return bytes([place]) * megabyte

        return replace(
            BILL, key=str(place), number=f"{place:03d}", files=(ArchivedFile("a.pdf", FileRole.PDF, content),)
        )

    pieces = Archive([document(place) for place in range(60)]).pieces()
    tracemalloc.start()
    try:
        first = next(pieces)
        assert read == [0]
        size = len(first) + sum(len(piece) for piece in pieces)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size > 60 * megabyte
    assert peak < 8 * megabyte


def test_programs_that_read_an_archive_from_its_beginning_understand_it(tmp_path) -> None:
    """The length of each file stands before it, as in an archive that was written to a disk."""
    pack = packed(INVOICE, BILL)
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        for member in archive.infolist():
            assert not member.flag_bits & 0x08
            assert pack[member.header_offset : member.header_offset + 4] == b"PK\x03\x04"
            assert (
                int.from_bytes(pack[member.header_offset + 18 : member.header_offset + 22], "little")
                == member.file_size
            )
    (tmp_path / "a.zip").write_bytes(pack)
    try:
        seen = subprocess.run(["unzip", "-t", tmp_path / "a.zip"], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("There is no unzip here.")
    assert seen.returncode == 0, seen.stdout


def test_more_files_than_an_old_archive_can_count_are_all_there() -> None:
    many = 66_000
    files = tuple(file(f"{place}.xml", b"x") for place in range(many))
    assert len(unpacked(packed(replace(BILL, files=files)))) == many + 1


def test_the_archive_is_called_by_company_and_period() -> None:
    assert archive_name("../Rossi", date(2026, 1, 1), date(2026, 1, 31)) == "Rossi 2026-01-01 2026-01-31.zip"
