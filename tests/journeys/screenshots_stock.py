# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pictures of aligning stock, in Italian: see ``screenshots.py``."""

from collections.abc import Callable

import test_stock as stock
from desk import Desk, choose, save
from stock_world import StockWorld

# What somebody counted, with a reference that nobody knows and a number that is none.
LIST = {"SCR-01": "15", "SED-02": "26", "LAM-03": "8", "ARM-04": "2", "TAV-60": "4", "CAS-05": "sette"}


def take_stock(desk: Desk, world: StockWorld, take: Callable[..., None]) -> None:
    """Alignments with a branch and with a file: new, what is to be set, what is set aside, and what was set."""
    page = desk.page
    page.locator(".o_list_button_add").click()
    choose(desk, "peer_id", "Filiale di Milano")
    save(desk)
    take(desk, "stock-new", height=680)
    stock.preview(desk)
    stock.rows(desk, "ready").first.wait_for()
    take(desk, "stock-preview", height=1000)
    desk.open("align-stock")
    stock.new_from_file(desk, stock.csv_file(("Riferimento interno", "Quantità"), LIST))
    stock.preview(desk)
    stock.rows(desk, "aside").first.wait_for()
    take(desk, "stock-aside", height=1000)
    stock.confirm(desk, "action_apply")
    stock.rows(desk, "done").first.wait_for()
    take(desk, "stock-done", height=900)
    desk.press("action_open_moves")
    page.locator(".o_list_view .o_data_row").first.wait_for()
    take(desk, "stock-moves", height=330)
    desk.open("align-stock")
    page.locator(".o_data_row").first.wait_for()
    take(desk, "stock-list", height=330)
