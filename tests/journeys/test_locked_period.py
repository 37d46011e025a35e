# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lock dates: what comes late for a locked period waits until an accountant books it."""

from collections.abc import Callable
from datetime import date, timedelta

from desk import PATIENCE, Desk, reads
from playwright.sync_api import expect
from world import World

LINES = "account_bank_statement_line"


def lock_everything_until(desk: Desk, day: date | None) -> None:
    """The wizard Contabilità > Blocca date."""
    desk.choose_menu("account.menu_finance_entries", "sync_hub_bank.menu_sync_bank_lock_dates")
    reads(desk.page.locator(".modal-title"), "Blocca date")
    # A date that is there is a button until somebody presses it.
    widget = desk.page.locator(".modal-content [name=fiscalyear_lock_date]")
    shown = widget.locator("input, button").first
    expect(shown).to_be_visible()
    if shown.evaluate("element => element.tagName") == "BUTTON":
        shown.click()
    field = widget.locator("input")
    field.fill(day.strftime("%d/%m/%Y") if day else "")
    field.press("Tab")
    desk.answer("action_save")
    saved = "SELECT fiscalyear_lock_date FROM res_company WHERE chart_template = 'it'"
    desk.wait_until(lambda: desk.world.sql(saved) == [(day,)])


def test_a_late_movement_in_a_locked_period_waits_and_is_booked_later(
    connected: Desk, sit_down: Callable[[World, str], Desk]
):
    """It stands among the received movements with its reason; once the period is open the accountant books it."""
    world = connected.world
    today = date.today()
    locked = today - timedelta(days=5)
    # Odoo locks no period with transactions that are not reconciled, and Community has no screen that reconciles.
    world.sql(f"UPDATE {LINES} SET is_reconciled = true WHERE is_reconciled IS NOT true")
    accountant = sit_down(world, "contabile")
    lock_everything_until(accountant, locked)

    late = world.bank.add_late(days_ago=7)
    before = world.count(LINES)
    accountant.open_dashboard()
    accountant.synchronize()
    assert world.count(LINES) == before
    waiting = accountant.card().locator("a[name=action_open_sync_waiting]")
    reads(waiting, "Movimenti da esaminare")
    waiting.click()
    row = accountant.page.locator(".o_list_view .o_data_row")
    expect(row).to_have_count(1)
    reads(accountant.page.locator(".o_group_header"), "Il periodo è bloccato")

    # Not before the period is open.
    row.locator("td[name=label]").click()
    reads(accountant.page.locator("button[name=action_book]"), "Registra")
    accountant.press("action_book")
    refusal = accountant.page.locator(".modal-content")
    expect(refusal).to_be_visible()
    refusal.locator(".modal-footer button").first.click()
    expect(refusal).to_have_count(0)
    assert world.count(LINES) == before

    accountant.open_dashboard()
    lock_everything_until(accountant, None)
    accountant.open("bank-movements")
    accountant.page.locator(".o_list_view .o_data_row").locator("td[name=label]").click()
    accountant.press("action_book")
    expect(accountant.page.locator("button[name=action_open_statement_line]")).to_be_visible(timeout=PATIENCE)
    assert world.count(LINES) == before + 1
    booked = world.sql(
        f"SELECT move.date, line.amount FROM {LINES} AS line JOIN account_move AS move ON move.id = line.move_id"
        " ORDER BY line.id DESC LIMIT 1"
    )
    assert booked == [(late.booking_date, late.amount)]
    accountant.press("action_open_statement_line")
    expect(accountant.page.locator(".o_field_widget[name=move_id]")).to_be_visible()
