# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the bank has and the books have not: looked at, then imported."""

import re

from desk import PATIENCE, Desk, reads
from playwright.sync_api import expect

LINES = "account_bank_statement_line"
# Amounts as they are read in Italian.
LATE, PENDING = "-37,45", "-84,30"


def test_what_the_books_lack_is_found_at_the_bank_and_imported(connected: Desk):
    """“Anteprima” imports nothing; “Trova transazioni mancanti” asks the bank for days and imports what is chosen."""
    page, world = connected.page, connected.world
    before = world.count(LINES)
    world.bank.add_late(days_ago=12)
    new = world.bank.add_movements(2)
    pending = world.bank.add_pending()
    dialog = page.locator(".modal-content")
    rows = dialog.locator(".o_data_row")
    missing = rows.filter(has=page.get_by_text("Non in contabilità", exact=True))

    connected.choose_on_card("action_open_sync_connection")
    reads(page.locator("button[name=action_preview]:visible"), "Anteprima")
    connected.press("action_preview")
    expect(rows.first).to_be_visible(timeout=PATIENCE)
    reads(dialog, "Non è stato importato nulla")
    for movement in new:
        expect(missing.filter(has_text=movement.counterparty).first).to_be_visible()
    dialog.locator(".modal-footer button:visible").last.click()
    assert world.count(LINES) == before

    connected.choose_on_card("action_find_missing")
    reads(dialog.locator(".modal-title"), "Trova transazioni mancanti")
    reads(dialog.locator("button[name=action_look]"), "Chiedi alla banca")
    connected.press("action_look", dialog)
    expect(missing).to_have_count(3, timeout=PATIENCE)
    reads(dialog.locator("[name=summary]"), "Non in contabilità: 3")
    tick = "td[name=selected] input"
    waits = rows.filter(has_text=PENDING).first
    reads(waits, "In sospeso presso la banca")
    expect(waits.locator(tick)).to_have_count(0)
    missing.filter(has_text=LATE).locator(tick).click()
    connected.press("action_import_selected", dialog)
    reads(dialog.locator("[name=result]"), "Importate: 1.")
    expect(missing).to_have_count(2)
    assert world.count(LINES) == before + 1
    connected.press("action_import_all", dialog)
    reads(dialog.locator("[name=result]"), "Importate: 2.")
    expect(missing).to_have_count(0)
    assert world.count(LINES) == before + 3

    # What was imported here comes no second time.
    world.bank.drop_pending(key=pending.key)
    connected.open_dashboard()
    connected.synchronize()
    expect(connected.card().locator(".o_sync_hub_last")).to_contain_text(re.compile("nessuna novità"))
    assert world.count(LINES) == before + 3
