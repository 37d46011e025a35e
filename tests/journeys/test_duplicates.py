# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What stands in the books twice is found, looked at side by side, and decided."""

from datetime import date, timedelta
from decimal import Decimal

from desk import Desk, reads
from emulators.enablebanking import Movement
from playwright.sync_api import Locator, expect

LINES = "account_bank_statement_line"
DAY = date.today() - timedelta(days=3)
MERGED, DELETED, KEPT = "Canone noleggio furgone", "Ricarica telepass", "Abbonamento rivista"
AMOUNTS = {MERGED: "-410.00", DELETED: "-50.00", KEPT: "-24.90"}


def search(desk: Desk) -> Locator:
    """“Trova duplicati” on the card; returns the pairs that are listed."""
    desk.choose_on_card("action_find_duplicates")
    dialog = desk.page.locator(".modal-content")
    reads(dialog.locator(".modal-title"), "Trova duplicati")
    desk.press("action_find", dialog)
    reads(desk.page.locator(".o_last_breadcrumb_item"), "Duplicati: Banca")
    return desk.page.locator(".o_list_view .o_data_row")


def test_duplicates_are_found_and_merged_deleted_or_kept(connected: Desk):
    """Of two that are one, one goes and does not come again; two that are two are not shown again."""
    page, world = connected.page, connected.world
    for words, amount in AMOUNTS.items():
        row = Movement(booking_date=DAY, value_date=DAY, amount=Decimal(amount), remittance=(words,))
        world.bank.add_movement(row)
    connected.synchronize()
    for words, amount in AMOUNTS.items():
        connected.type_by_hand(DAY, amount, f"{words} (a mano)")
    before = world.count(LINES)

    pairs = search(connected)
    reads(pairs.filter(has_text=MERGED).locator("td[name=kind]"), "Stesso giorno e importo")
    pairs.filter(has_text=MERGED).locator("td[name=line_label]").click()
    first, second = (page.locator(f".o_form_view [name={name}]") for name in ("line_label", "other_label"))
    expect(first).to_have_text(MERGED)
    expect(second).to_have_text(f"{MERGED} (a mano)")
    reads(page.locator(".o_form_view [name=line_origin]"), "Dalla banca")
    reads(page.locator("button[name=action_keep_line]"), "Mantieni questa")
    connected.press("action_keep_line")
    expect(pairs.filter(has_text=DELETED)).to_have_count(1)
    expect(pairs.filter(has_text=MERGED)).to_have_count(0)
    assert world.count(LINES) == before - 1

    pairs.filter(has_text=DELETED).locator("td[name=line_label]").click()
    expect(first).to_have_text(DELETED)
    connected.press("action_delete_line")
    expect(pairs.filter(has_text=KEPT)).to_have_count(1)
    expect(pairs.filter(has_text=DELETED)).to_have_count(0)
    assert world.count(LINES) == before - 2

    pairs.filter(has_text=KEPT).locator(".o_list_record_selector input").click()
    reads(page.locator(".o_control_panel button[name=action_are_two]"), "Sono due")
    connected.press("action_are_two")
    expect(pairs.filter(has_text=KEPT)).to_have_count(0)

    pairs = search(connected)
    for words in AMOUNTS:
        expect(pairs.filter(has_text=words)).to_have_count(0)
    # The bank's row of the deleted pair does not come back.
    connected.open_dashboard()
    connected.synchronize()
    assert world.count(LINES) == before - 2
    left = world.sql(f"SELECT payment_ref FROM {LINES} WHERE payment_ref LIKE %s", f"{DELETED}%")
    assert left == [(f"{DELETED} (a mano)",)]
