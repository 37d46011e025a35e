# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lists of goods as programs and people write them, and the sentence-worthy ways in which they fail."""

import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_stock.aligning import (
    CellFault,
    CellProblem,
    FileProblem,
    Key,
    Sheet,
    SourceLine,
    UnreadableFile,
    read_file,
)
from odoo.addons.sync_hub_stock.aligning.decimals import decimal_mark, parse_quantity


def lines(content: str | bytes, mark: str = "") -> list[SourceLine]:
    sheet = read_file(content if isinstance(content, bytes) else content.encode(), mark)
    assert not sheet.faults
    return [*sheet.lines]


def quantities(content: str | bytes, mark: str = "") -> list[Decimal]:
    return [line.quantity for line in lines(content, mark)]


def fault(content: str | bytes) -> CellFault:
    [found] = read_file(content if isinstance(content, bytes) else content.encode()).faults
    return found


def refusal(content: str | bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_file(content if isinstance(content, bytes) else content.encode())
    return caught.value


def workbook(*rows: tuple, formats: dict[str, str] | None = None, above: tuple[tuple[str, tuple], ...] = ()) -> bytes:
    """An .xlsx file; ``above`` are sheets that come first, with one row each."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    for position, (title, row) in enumerate(above):
        book.create_sheet(title, position).append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class TestColumns:
    def test_all_that_a_file_can_say(self):
        [line] = lines(
            "External id of the product;SKU;Barcode;Product name;Location;Lot;Owner;Package;Quantity;Unit;Colour\n"
            "shop.desk;D1;801;Desk;WH/Stock;L1;Anna;PACK1;3;Dozens;red\n"
        )
        assert line == SourceLine(
            product=Key(("shop.desk",), "D1", "801", "Desk"),
            quantity=Decimal(3),
            location=Key((), *["WH/Stock"] * 3),
            lot="L1",
            owner=Key((), *["Anna"] * 3),
            package="PACK1",
            unit=Key((), *["Dozens"] * 3),
            row=2,
        )

    @pytest.mark.parametrize(
        "headings",
        [
            "Riferimento interno;Ubicazione;Lotto/Numero di serie;Quantità",
            "Código;Localização;Lote;Qtde.",
            "Symbol;Magazyn;Partia;Ilość",
            "product_id/default_code;location_id;lot_id/name;inventory_quantity",
            "  SKU *;LOCATION;Lot / Serial Number;On  Hand",
        ],
    )
    def test_headings_in_several_languages_and_as_odoo_exports_them(self, headings):
        [line] = lines(f"{headings}\nD1;WH/Stock;L1;4\n")
        assert (line.product.code, line.location.name, line.lot, line.quantity) == ("D1", "WH/Stock", "L1", 4)

    def test_a_product_as_odoo_shows_it(self):
        [shown, plain] = lines("Product,Counted Quantity\n[FURN_01] Desk [large],2\n8012345,3\n")
        assert shown.product == Key((), "FURN_01", "", "Desk [large]")
        assert plain.product == Key((), "8012345", "8012345", "8012345")

    def test_what_was_counted_goes_before_what_should_be_there(self):
        assert quantities("SKU,Quantity,Counted Quantity\nD1,9,7\n") == [7]

    def test_the_headings_may_stand_below_a_title(self):
        [line] = lines("Stock list\n\n31 December\nSKU,Qty\nD1,7\n")
        assert (line.row, line.quantity) == (5, 7)

    def test_a_description_beside_a_name_does_no_harm(self):
        [line] = lines("Codice;Nome;Descrizione;Giacenza\nD1;Desk;Large;7\n")
        assert line.product.name == "Desk"

    @pytest.mark.parametrize(
        ("content", "problem", "row", "column"),
        [
            ("Colour;Qty\nred;1\n", FileProblem.NO_PRODUCT, 0, ""),
            ("SKU;Colour\nD1;red\n", FileProblem.NO_QUANTITY, 0, ""),
            ("SKU;Qty;On hand\nD1;1;2\n", FileProblem.COLUMN_TWICE, 1, "On hand"),
            ("SKU;Qty\n", FileProblem.NO_ROWS, 0, ""),
            (" \n \n", FileProblem.EMPTY, 0, ""),
        ],
    )
    def test_a_file_without_what_is_needed_says_what_it_lacks(self, content, problem, row, column):
        found = refusal(content)
        assert (found.problem, found.row, found.column) == (problem, row, column)


class TestText:
    TEXT = "Symbol;Ilość;Magazyn\nZ1;1,5;Półka\n"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
    def test_encodings_of_central_europe(self, encoding):
        [line] = lines(self.TEXT.encode(encoding))
        assert (line.location.name, line.quantity) == ("Półka", Decimal("1.5"))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_encodings_of_western_europe(self, encoding):
        [line] = lines("Codice;Quantità;Proprietario\nD1;2;Città\n".encode(encoding))
        assert line.owner.name == "Città"

    @pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
    def test_separators(self, delimiter):
        content = delimiter.join(("SKU", "Qty", "Lot")) + "\r\n" + delimiter.join(("D1", "3", "L1")) + "\r\n"
        assert [(line.quantity, line.lot) for line in lines(content)] == [(3, "L1")]

    def test_the_separator_that_excel_names_itself(self):
        [line] = lines("sep=|\nSKU|Qty\nD1|3\n")
        assert (line.row, line.quantity) == (3, 3)

    def test_decimal_commas_are_not_columns(self):
        assert quantities("SKU;Qty\nD1;1,5\nD2;2,25\n") == [Decimal("1.5"), Decimal("2.25")]
        assert quantities('SKU,Qty\nD1,"1,5"\n') == [Decimal("1.5")]

    def test_rows_are_counted_as_a_spreadsheet_shows_them(self):
        [first, second] = lines('SKU,Product name,Qty\n\nD1,"Desk\nlarge",1\nD2,Chair,2\n')
        assert (first.row, second.row, first.product.name) == (3, 4, "Desk\nlarge")

    def test_zeros_in_front_that_excel_was_made_to_keep(self):
        assert lines('SKU,Qty\n"=""00123""",1\n')[0].product.code == "00123"

    def test_a_quote_that_is_never_closed_does_not_swallow_the_rest(self):
        found = refusal('SKU,Qty\nD1,1\n"D2,2\nD3,3\n')
        assert (found.problem, found.row) == (FileProblem.QUOTES, 3)

    def test_no_text_at_all(self):
        assert refusal(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR").problem == FileProblem.NO_TABLE

    def test_bytes_of_no_encoding(self):
        assert refusal("SKU;Qty\nD1;1\n".encode("utf-16") + b"\x00").problem == FileProblem.ENCODING


class TestRows:
    def test_a_row_that_cannot_be_used_does_not_stop_the_others(self):
        sheet = read_file(b"SKU,Qty\nD1,1\nD2,two\nD3,3\n")
        assert [line.row for line in sheet.lines] == [2, 4]
        assert sheet.faults == (CellFault(3, "Qty", CellProblem.NO_NUMBER, "two", "D2"),)

    @pytest.mark.parametrize(
        ("row", "found"),
        [
            (",5", CellFault(2, "SKU", CellProblem.NO_PRODUCT)),
            ("D1,", CellFault(2, "Qty", CellProblem.NO_QUANTITY, goods="D1")),
            ("D1", CellFault(2, "Qty", CellProblem.NO_QUANTITY, goods="D1")),
            ("D1,12 pcs", CellFault(2, "Qty", CellProblem.NO_NUMBER, "12 pcs", "D1")),
            ("D1,#N/A", CellFault(2, "Qty", CellProblem.ERROR_VALUE, "#N/A")),
            ("D1,1,5", CellFault(2, "", CellProblem.TOO_MANY_CELLS, "5")),
        ],
    )
    def test_row_and_column_are_named(self, row, found):
        assert fault(f"SKU,Qty\n{row}\n") == found

    def test_a_barcode_that_a_spreadsheet_has_rounded_is_not_looked_for(self):
        assert fault("EAN;Qty\n8,01234E+12;3\n") == CellFault(2, "EAN", CellProblem.ROUNDED_CODE, "8,01234E+12")

    def test_less_than_nothing_is_read_as_it_stands(self):
        assert quantities("SKU,Qty\nD1,-3\nD2,3-\nD3,\u22124\n") == [-3, -3, -4]


class TestDecimals:
    @pytest.mark.parametrize(
        ("texts", "mark"),
        [
            (["1,5"], ","),
            (["1.5"], "."),
            (["1.234,56"], ","),
            (["1,234.56"], "."),
            (["1.234.567"], ","),
            (["1,234", "0,125"], ","),
            (["1,234", "12345,678"], ","),
            (["1.234", "2,5"], ","),
            (["10", "7"], "."),
            (["3,55 kg", "n/a"], "."),
        ],
    )
    def test_one_clear_number_decides_for_the_column(self, texts, mark):
        assert decimal_mark(texts) == mark

    def test_a_number_that_can_be_read_in_two_ways_is_not_guessed(self):
        found = refusal("SKU;Qty\nD1;7\nD2;1,234\nD3;2,500\n")
        assert (found.problem, found.row, found.column, found.value) == (FileProblem.DECIMAL_MARK, 3, "Qty", "1,234")

    def test_the_user_may_say_how_it_is_meant(self):
        content = "SKU;Qty\nD1;1,234\n"
        assert quantities(content, ",") == [Decimal("1.234")]
        assert quantities(content, ".") == [1234]

    def test_numbers_that_contradict_each_other_are_not_guessed(self):
        assert refusal("SKU;Qty\nD1;1,5\nD2;2.5\n").problem == FileProblem.DECIMAL_MARK

    @pytest.mark.parametrize("text", ["", "-", "1,2,3", "1.23.4", "0x10", "1e3", "٣", "1.2.3,4", "--1", "NaN"])
    def test_what_is_no_number(self, text):
        assert parse_quantity(text, ",") is None

    @pytest.mark.parametrize("text", ["1 234,5", "1\u00a0234,5", "1\u202f234,5", "1'234,5", "1.234,5", "+1234,50"])
    def test_thousands_as_they_are_written_in_europe(self, text):
        assert parse_quantity(text, ",") == Decimal("1234.5")

    @given(st.decimals(-10**9, 10**9, places=3), st.sampled_from(",."))
    def test_a_written_quantity_is_read_back(self, quantity, mark):
        plain = f"{quantity:,.3f}"
        written = plain if mark == "." else plain.translate(str.maketrans(",.", ".,"))
        assert parse_quantity(written, mark) == quantity


class TestWorkbooks:
    def test_numbers_are_numbers_and_codes_are_texts(self):
        [line] = lines(workbook(("SKU", "Barcode", "Qty"), (1001, 8012345678901, 1.5)))
        assert (line.product.code, line.product.barcode, line.quantity) == ("1001", "8012345678901", Decimal("1.5"))

    def test_zeros_in_front_that_only_the_format_shows(self):
        content = workbook(("SKU", "Qty"), (42, 1), formats={"A2": "00000"})
        assert lines(content)[0].product.code == "00042"

    def test_the_sheet_with_the_headings_is_read(self):
        content = workbook(("SKU", "Qty"), ("D1", 3), above=(("Notes", ("For the stocktaking",)),))
        assert quantities(content) == [3]

    def test_rows_are_counted_as_excel_shows_them(self):
        content = workbook(("List",), (), ("SKU", "Qty"), (), ("D1", "x"))
        assert fault(content) == CellFault(5, "Qty", CellProblem.NO_NUMBER, "x", "D1")

    def test_a_quantity_typed_as_text_is_read_with_its_comma(self):
        assert quantities(workbook(("SKU", "Qty"), ("D1", "1,5"), ("D2", 2.25))) == [Decimal("1.5"), Decimal("2.25")]

    def test_a_cell_with_an_error_is_named(self):
        assert fault(workbook(("SKU", "Qty"), ("D1", "#N/A"))) == CellFault(2, "Qty", CellProblem.ERROR_VALUE, "#N/A")

    def test_cells_with_a_format_and_no_text_are_nothing(self):
        content = workbook(("SKU", "Qty"), ("D1", 3), formats={"Z2": "0.00", "A900": "0.00"})
        assert read_file(content) == Sheet(tuple(lines(content)), ())

    def test_a_file_cut_off_is_refused(self):
        content = workbook(("SKU", "Qty"), ("D1", 3))
        assert refusal(content[: len(content) // 2]).problem == FileProblem.DAMAGED

    def test_an_archive_that_is_no_workbook(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("readme.txt", "no workbook")
        assert refusal(stream.getvalue()).problem == FileProblem.DAMAGED

    def test_an_old_or_protected_workbook_is_told_apart(self):
        assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).problem == FileProblem.OLD_OR_PROTECTED

    def test_an_archive_that_unpacks_to_far_more_is_refused(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb", "w") as member:
            for _ in range(513):
                member.write(bytes(1024 * 1024))
        assert refusal(stream.getvalue()).problem == FileProblem.TOO_LARGE

    def test_a_row_that_no_workbook_has_is_not_waited_for(self):
        content = workbook(("SKU", "Qty"), ("D1", 3))
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as copy:
            for name in source.namelist():
                part = source.read(name)
                if name.endswith("sheet1.xml"):
                    part = part.replace(b'<row r="2"', b'<row r="99999999999"')
                copy.writestr(name, part)
        assert refusal(stream.getvalue()).problem == FileProblem.DAMAGED
