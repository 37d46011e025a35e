# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The stock of a shop is set to what a file or another database says, by people who speak Italian and Portuguese."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
import pytest
from desk import PATIENCE, Desk, choose, field, reads, save
from playwright.sync_api import Locator, expect
from stock_world import PEOPLE, SHOP, StockWorld


@dataclass(frozen=True, slots=True)
class Words:
    """What the screens say, and how lists are headed, in one language."""

    title: str
    empty: str
    intro: str
    ready: str
    shortages: str
    applied: str
    restored: str
    set_count: str
    headings: tuple[str, str]
    no_product_column: tuple[str, str]
    no_number: str
    unknown: tuple[str, str]
    shortage: str
    not_in_source: str
    raised: str
    same: str


WORDS = {
    "it_IT": Words(
        title="Allinea giacenze",
        empty="Imposta le giacenze in base a un altro database o a un file",
        intro="Scegli il magazzino e la fonte, poi premi “Anteprima”",
        ready="Da impostare",
        shortages="Carenze: 1",
        applied="Applicato",
        restored="Ripristinato",
        set_count="Quantità impostate",
        headings=("Riferimento interno", "Quantità"),
        no_product_column=(
            "Nessuna colonna del file ha un'intestazione che indichi i prodotti.",
            "Intitola una colonna “Riferimento interno”",
        ),
        no_number="“tante” non è un numero",
        unknown=("Qui non c'è un prodotto corrispondente.", "Inserisci il riferimento interno o il codice a barre"),
        shortage="Prenotati: 4; di questi, 2 non potrebbero più essere consegnati.",
        not_in_source="Assente dalla fonte",
        raised="Aumentate",
        same="Quantità uguali",
    ),
    "pt_BR": Words(
        title="Alinhar estoque",
        empty="Defina o estoque conforme outra base de dados ou um arquivo",
        intro="Escolha o armazém e a fonte e clique em “Pré-visualização”",
        ready="A definir",
        shortages="Faltas: 1",
        applied="Aplicado",
        restored="Restaurado",
        set_count="Quantidades definidas",
        headings=("Referência interna", "Quantidade"),
        no_product_column=(
            "Nenhuma coluna do arquivo tem um cabeçalho de produtos.",
            "Dê a uma coluna o cabeçalho “Referência interna”",
        ),
        no_number="“muitas” não é um número",
        unknown=("Não há esse produto aqui.", "Insira a referência interna ou o código de barras"),
        shortage="Reservado: 4; disso, não seria mais possível entregar: 2.",
        not_in_source="Ausente na fonte",
        raised="Aumentadas",
        same="Quantidades iguais",
    ),
}
LOGINS = {lang: login for login, lang in PEOPLE.items()}
LIST = {"SCR-01": "15", "SED-02": "26", "LAM-03": "8", "ARM-04": "2"}


@pytest.fixture(params=[*WORDS])
def words(request: pytest.FixtureRequest) -> Words:
    return WORDS[request.param]


@pytest.fixture
def storekeeper(sit_down: Callable[..., Desk], stock_world: StockWorld, words: Words) -> Desk:
    """The window of whoever keeps the warehouse, on the list of alignments."""
    [lang] = [lang for lang, known in WORDS.items() if known is words]
    return sit_down(stock_world, LOGINS[lang])


# -- What they do ------------------------------------------------------------------------------------------------------


def csv_file(headings: tuple[str, ...], rows: dict[str, str]) -> dict:
    """As a spreadsheet of these countries writes it."""
    lines = [";".join(headings), *(f"{code};{quantity}" for code, quantity in rows.items())]
    return {"name": "giacenze.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode("cp1252")}


def workbook(headings: tuple[str, ...], rows: dict[str, str]) -> dict:
    book = openpyxl.Workbook()
    for row in (headings, *((code, float(quantity)) for code, quantity in rows.items())):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "giacenze.xlsx", "mimeType": kind, "buffer": stream.getvalue()}


def new_from_file(desk: Desk, file: dict) -> None:
    desk.page.locator(".o_list_button_add").click()
    field(desk, "source").locator("input[data-value=file]").check()
    upload(desk, file)


def upload(desk: Desk, file: dict) -> None:
    """Give the document a file, or another one."""
    field(desk, "file").locator("input[type=file]").set_input_files(file)
    expect(field(desk, "file").locator("input.o_input").first).to_have_value(file["name"])
    save(desk)


def preview(desk: Desk) -> None:
    desk.press("action_preview")
    expect(desk.page.locator(".nav-link[name=ready], .nav-link[name=aside]").first).to_be_visible(timeout=PATIENCE)


def confirm(desk: Desk, button: str) -> None:
    """Press a button that asks once more, and wait until it is done."""
    desk.press(button)
    desk.page.locator(".modal-footer .btn-primary").click()
    expect(desk.page.locator(".modal-content")).to_have_count(0, timeout=PATIENCE)


def rows(desk: Desk, page: str) -> Locator:
    """The lines on a page of the document."""
    desk.page.locator(f".nav-link[name={page}]").click()
    return desk.page.locator(f"[name={page}_line_ids] .o_data_row")


def state(desk: Desk) -> Locator:
    return desk.page.locator(".o_form_view .o_arrow_button_current")


def back(desk: Desk) -> None:
    desk.page.locator(".o_back_button").click()
    expect(desk.page.locator(".o_form_view")).to_be_visible()


# -- Journeys ----------------------------------------------------------------------------------------------------------


def test_the_stock_is_set_to_what_a_file_lists_and_taken_back(storekeeper: Desk, words: Words, stock_world: StockWorld):
    """Preview, filters, apply, the adjustments, restore: with a CSV file."""
    page = storekeeper.page
    reads(page.locator(".o_last_breadcrumb_item"), words.title)
    if not stock_world.count("sync_stock_alignment"):
        reads(page.locator(".o_view_nocontent"), words.empty)
    new_from_file(storekeeper, csv_file(words.headings, LIST))
    reads(page.locator(".alert-info"), words.intro)
    preview(storekeeper)

    reads(page.locator(".nav-link[name=ready]"), words.ready)
    ready = rows(storekeeper, "ready")
    expect(ready).to_have_count(2)
    desk_line = ready.filter(has_text="SCR-01")
    for name, shown in {"quantity_there": "15,00", "quantity_here": "12,00", "difference": "3,00"}.items():
        expect(desk_line.locator(f"td[name={name}]")).to_have_text(shown)
    expect(ready.filter(has_text="SED-02").locator("td[name=difference]")).to_have_text("-4,00")
    reads(page.locator(".alert-warning"), words.shortages)
    reads(rows(storekeeper, "aside").filter(has_text="ARM-04"), words.shortage)
    assert stock_world.quantity("SCR-01") == 12

    # All lines, filtered.
    storekeeper.press("action_open_lines")
    page.locator(".o_searchview_dropdown_toggler").click()
    page.locator(".o_filter_menu .o_menu_item", has_text=words.raised).click()
    reads(page.locator(".o_searchview_facet").last, words.raised)
    page.keyboard.press("Escape")
    expect(page.locator(".o_list_view .o_data_row")).to_have_count(1)
    reads(page.locator(".o_list_view .o_data_row"), "SCR-01")
    back(storekeeper)

    confirm(storekeeper, "action_apply")
    reads(state(storekeeper), words.applied)
    reads(page.locator("button[name=action_open_moves]"), words.set_count)
    assert [stock_world.quantity(code) for code in ("SCR-01", "SED-02", "ARM-04")] == [15, 26, 5]
    number = page.locator(".oe_title [name=name]").inner_text()
    storekeeper.press("action_open_moves")
    moves = page.locator(".o_list_view .o_data_row")
    expect(moves).to_have_count(2)
    reads(moves.first, number)
    back(storekeeper)

    confirm(storekeeper, "action_reverse")
    reads(state(storekeeper), words.restored)
    assert [stock_world.quantity(code) for code in SHOP] == [quantity for _name, quantity in SHOP.values()]


def test_a_workbook_whose_errors_are_corrected_one_by_one(storekeeper: Desk, words: Words, stock_world: StockWorld):
    """A wrong heading stops the file; text for a quantity and an unknown product only their row."""
    page = storekeeper.page
    new_from_file(storekeeper, workbook(("Colore", words.headings[1]), {"SCR-01": "13"}))
    storekeeper.press("action_preview")
    dialog = page.locator(".modal-content")
    for sentence in words.no_product_column:
        reads(dialog, sentence)
    dialog.locator(".modal-footer button").first.click()

    text = words.no_number.partition("”")[0].strip("“")
    upload(storekeeper, csv_file(words.headings, {"SCR-01": "13", "SED-02": text, "NUOVO-9": "4"}))
    preview(storekeeper)
    aside = rows(storekeeper, "aside")
    expect(aside).to_have_count(2)
    reads(aside.filter(has_text=text), words.no_number)
    unknown = aside.filter(has_text="NUOVO-9")
    reads(unknown.locator("td[name=explanation]"), words.unknown[0])
    reads(unknown.locator("td[name=remedy]"), words.unknown[1])
    expect(rows(storekeeper, "ready")).to_have_count(1)

    upload(storekeeper, workbook(words.headings, {"SCR-01": "13", "SED-02": "31"}))
    preview(storekeeper)
    expect(rows(storekeeper, "ready")).to_have_count(2)
    expect(page.locator(".nav-link[name=aside]")).to_have_count(0)
    confirm(storekeeper, "action_apply")
    reads(state(storekeeper), words.applied)
    assert [stock_world.quantity(code) for code in ("SCR-01", "SED-02")] == [13, 31]
    confirm(storekeeper, "action_reverse")
    reads(state(storekeeper), words.restored)


def test_the_stock_is_set_to_that_of_the_branch(storekeeper: Desk, words: Words, stock_world: StockWorld):
    """From another database: what it does not have is set to zero, and what it alone has is told."""
    page = storekeeper.page
    page.locator(".o_list_button_add").click()
    choose(storekeeper, "peer_id", "Filiale di Milano")
    save(storekeeper)
    preview(storekeeper)
    ready = rows(storekeeper, "ready")
    expect(ready).to_have_count(3)
    reads(ready.filter(has_text="CAS-05").locator("td[name=kind]"), words.not_in_source)
    reads(page.locator("label[for^=same_count]"), words.same)
    reads(rows(storekeeper, "aside").filter(has_text="TAV-06"), words.unknown[0])

    # Something leaves the shop before the preview is applied.
    stock_world.move("SED-02", 1)
    confirm(storekeeper, "action_apply")
    reads(state(storekeeper), words.applied)
    assert [stock_world.quantity(code) for code in ("SCR-01", "SED-02", "CAS-05")] == [15, 29, 0]
    expect(rows(storekeeper, "aside").filter(has_text="SED-02")).to_have_count(1)
    confirm(storekeeper, "action_reverse")
    reads(state(storekeeper), words.restored)
    assert [stock_world.quantity(code) for code in ("SCR-01", "SED-02", "CAS-05")] == [12, 29, 7.5]
    # For whoever comes next.
    quant = stock_world.ask("stock.quant", "search", domain=[["product_id", "=", stock_world.product("SED-02")],
                                                             ["location_id.usage", "=", "internal"]])
    context = {"inventory_mode": True}
    stock_world.ask("stock.quant", "write", ids=quant, vals={"inventory_quantity": 30}, context=context)
    stock_world.ask("stock.quant", "action_apply_inventory", ids=quant)
