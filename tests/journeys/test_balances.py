# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The bank's balance against the books', and a fetch that is undone."""

from datetime import date, timedelta

from desk import PATIENCE, Desk, reads
from playwright.sync_api import expect

LINES = "account_bank_statement_line"
BANK = "Banca Novanta Giorni"
JOURNAL = "Novanta Giorni"


def test_an_opening_balance_is_booked_and_a_difference_is_traced(connected: Desk):
    """What a journal lacks is proposed and booked by one button; a difference leads to the day and its transactions."""
    page, world = connected.page, connected.world
    # A journal that was begun by hand, long before its bank is connected.
    [(company,)] = world.sql("SELECT id FROM res_company WHERE chart_template = 'it'")
    values = {"name": JOURNAL, "code": "NOV", "type": "bank", "company_id": company}
    [journal] = connected.rpc("account.journal", "create", [values])
    line = {"journal_id": journal, "amount": 15.0, "payment_ref": "Primo versamento"}
    line["date"] = (date.today() - timedelta(days=400)).isoformat()
    connected.rpc("account.bank.statement.line", "create", [line])
    connected.open_dashboard()
    connected.press("action_connect_bank", connected.card(JOURNAL))
    connected.press("action_connect", connected.search_bank(BANK))
    connected.consent()
    connected.ignore_accounts_but_the_first()
    connected.watch()
    connected.press("action_confirm")
    connected.wait_for_result()

    missing = connected.card(JOURNAL).locator("[name=sync_hub_opening] a")
    reads(missing, "Saldo di apertura mancante")
    missing.click()
    reads(page.locator("button[name=action_book_opening]"), "Registra il saldo di apertura")
    connected.press("action_book_opening")
    expect(page.locator(".o_field_widget[name=payment_ref] input")).to_have_value("Saldo di apertura")
    connected.open_dashboard()
    connected.synchronize(JOURNAL)
    expect(connected.card(JOURNAL).locator("[name=sync_hub_opening], [name=sync_hub_difference]")).to_have_count(0)

    # Somebody enters what the bank does not know.
    day = date.today() - timedelta(days=4)
    typed = connected.type_by_hand(day, "20.00", "Versamento mai arrivato", JOURNAL)
    connected.synchronize(JOURNAL)
    difference = connected.card(JOURNAL).locator("[name=sync_hub_difference]")
    reads(difference, "Differenza")
    reads(difference, "20,00")
    difference.locator("a").click()
    reads(page.locator(".alert-warning:visible"), "20,00")
    connected.press("action_open_difference_lines")
    expect(page.locator(".o_list_view .o_data_row", has_text="Versamento mai arrivato")).to_be_visible()
    connected.rpc("account.bank.statement.line", "write", [typed], {"statement_id": False})
    connected.rpc("account.bank.statement.line", "unlink", [typed])
    connected.open_dashboard()
    connected.synchronize(JOURNAL)
    expect(difference).to_have_count(0)

    connected.choose_on_card("action_open_sync_balances", JOURNAL)
    reads(page.locator(".o_last_breadcrumb_item"), "Confronto tra banca e contabilità")
    expect(page.locator(".o_graph_canvas_container canvas")).to_be_visible()


def test_the_last_fetch_is_undone_and_fetched_again(connected: Desk):
    """“Annulla l'ultimo recupero” says what goes before it goes; the next synchronization brings it back."""
    page, world = connected.page, connected.world
    before = world.count(LINES)
    world.bank.add_movements(3)
    connected.synchronize()
    assert world.count(LINES) == before + 3
    connected.choose_on_card("action_open_sync_connection")
    reads(page.locator("button[name=action_undo_last_fetch]:visible"), "Annulla l'ultimo recupero")
    connected.press("action_undo_last_fetch")
    dialog = page.locator(".modal-content")
    expect(dialog.locator("[name=removed_count]").first).to_contain_text("3")
    connected.press("action_undo", dialog)
    reads(dialog.locator(".alert-success"), "Il recupero è stato annullato")
    assert world.count(LINES) == before
    dialog.locator(".modal-footer button:visible").last.click()
    expect(dialog).to_have_count(0)
    connected.open_dashboard()
    connected.synchronize()
    connected.wait_until(lambda: world.count(LINES) == before + 3)
    expect(connected.card().locator(".o_sync_hub_last")).to_contain_text("3", timeout=PATIENCE)
