# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Movements that wait for a person: linked to what is there, booked, dismissed and restored."""

from datetime import date, timedelta
from decimal import Decimal

from desk import PATIENCE, Desk, reads
from emulators.enablebanking import Movement
from playwright.sync_api import Locator, expect

LINES = "account_bank_statement_line"
DAY = date.today() - timedelta(days=2)
LINKED, CHOSEN, BOOKED, FRANCS = "CARTOLERIA BIANCHI", "PARCHEGGI CENTRO", "BAR DELLA STAZIONE", "UHREN AG"
AMOUNTS = {LINKED: "-74.50", CHOSEN: "-19.90", BOOKED: "-7.80"}


def let_wait(desk: Desk) -> None:
    """Three movements look like transactions that somebody has entered, and one is in another currency."""
    for who, amount in AMOUNTS.items():
        desk.type_by_hand(DAY, amount, f"A mano {amount}")
        if who == CHOSEN:
            desk.type_by_hand(DAY, amount, "Ricevuta del garage")
    for who, amount in {**AMOUNTS, FRANCS: "-120.00"}.items():
        movement = Movement(
            booking_date=DAY,
            value_date=DAY,
            amount=Decimal(amount),
            currency="CHF" if who == FRANCS else "EUR",
            counterparty=who,
            remittance=(f"PAGAMENTO {who}",),
        )
        desk.world.bank.add_movement(movement)


def show(desk: Desk, state: str) -> Locator:
    """Choose a state beside the list; returns the rows."""
    panel = desk.page.locator(".o_search_panel")
    panel.locator(".o_search_panel_category_value header", has_text=state).click()
    expect(panel.locator(".o_search_panel_category_value header.active")).to_contain_text(state)
    return desk.page.locator(".o_list_view .o_data_row")


def test_what_waits_is_linked_booked_dismissed_and_restored(connected: Desk):
    """The list opens on what waits, by reason; each movement is settled in the way that fits it."""
    page, world = connected.page, connected.world
    let_wait(connected)
    connected.synchronize()
    before = world.count(LINES)

    connected.card().locator("a[name=action_open_sync_waiting]").click()
    rows = page.locator(".o_list_view .o_data_row")
    expect(rows).to_have_count(4, timeout=PATIENCE)
    reads(page.locator(".o_group_header").first, "Forse già presente nel registro (3)")
    reads(page.locator(".o_group_header").last, "Valuta diversa da quella del registro (1)")

    # It is the one that is proposed.
    row = rows.filter(has_text=LINKED)
    reads(row.locator("td[name=suggested_label]"), "A mano")
    connected.press("action_link_suggested", row)
    expect(rows).to_have_count(3)

    # It is another one.
    rows.filter(has_text=CHOSEN).locator("td[name=label]").click()
    reads(page.locator(".alert-info"), "Nel registro c'è una transazione che gli somiglia")
    reads(page.locator("button[name=action_choose_line]"), "Associa a una transazione esistente")
    connected.press("action_choose_line")
    option = page.locator(".modal-content .o_data_row", has_text="Ricevuta del garage")
    connected.press("action_link", option)
    expect(page.locator(".modal-content")).to_have_count(0)
    expect(page.locator("button[name=action_open_statement_line]")).to_be_visible()
    assert world.count(LINES) == before

    # They are two.
    connected.open("bank-movements")
    rows.filter(has_text=BOOKED).locator("td[name=label]").click()
    reads(page.locator(".o_statusbar_buttons button[name=action_book]:visible"), "Registra comunque")
    connected.press("action_book")
    expect(page.locator("button[name=action_open_statement_line]")).to_be_visible()
    assert world.count(LINES) == before + 1

    # It is not for this journal: set aside, brought back, set aside.
    connected.open("bank-movements")
    expect(rows).to_have_count(1)
    rows.locator("td[name=label]").click()
    reads(page.locator(".alert-warning"), "Valuta diversa da quella del registro")
    expect(page.locator("[name=currency_id]")).to_contain_text("CHF")
    connected.press("action_dismiss")
    connected.open("bank-movements")
    reads(page.locator(".o_view_nocontent"), "Non c'è nulla qui")
    dismissed = show(connected, "Ignorato").filter(has_text=FRANCS)
    dismissed.locator(".o_list_record_selector input").click()
    connected.press("action_restore", page.locator(".o_control_panel"))
    expect(dismissed).to_have_count(0)
    # A page of its own: the list that has just lost its movement loads once more by itself.
    connected.open("bank-movements")
    waiting = rows.filter(has_text=FRANCS)
    waiting.locator(".o_list_record_selector input").click()
    connected.press("action_dismiss", page.locator(".o_control_panel"))
    expect(waiting).to_have_count(0)

    # What is linked or dismissed stays so.
    connected.open_dashboard()
    connected.synchronize()
    assert world.count(LINES) == before + 1
    expect(connected.card().locator("a[name=action_open_sync_waiting]")).to_have_count(0)
    linked = world.sql(
        f"SELECT line.payment_ref FROM {LINES} AS line JOIN sync_bank_transaction AS movement"
        " ON movement.id = line.sync_transaction_id WHERE movement.linked ORDER BY line.payment_ref"
    )
    assert linked == [("A mano -74.50",), ("Ricevuta del garage",)]
