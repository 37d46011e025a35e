# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the dashboard through the bank's own pages to transactions in the journal.

In this order: the first journeys leave the company without a bank, the next one connects it for all that follow.
"""

from desk import MAIN_BANK, PATIENCE, Desk, reads
from playwright.sync_api import expect

LINES = "account_bank_statement_line"


def amount(text: str) -> float:
    """The number in an Italian amount such as ``166.632,59 €``."""
    return float("".join(sign for sign in text if sign.isdigit() or sign in ",-").replace(",", "."))


def test_a_bank_is_found_while_its_name_is_typed(newcomer: Desk):
    """Any words of the name, in any order, without accents; another country; the other type of account."""
    desk, page = newcomer, newcomer.page
    desk.press("action_connect_bank", desk.card())
    desk.search_bank(MAIN_BANK)
    banks, names = page.locator(".o_sync_hub_bank"), page.locator(".o_sync_hub_bank_name")
    for words in ("italia SANDBÒX", "sand ital", "anca sandbox"):
        page.fill("input[name=words]", words)
        expect(names).to_have_text([MAIN_BANK])
    reads(banks.locator(".o_sync_hub_way"), "Enable Banking")
    reads(banks.locator(".o_sync_hub_facts"), "180")
    page.fill("input[name=words]", "prova beta")
    reads(banks.locator(".badge"), "BETA")
    page.fill("input[name=words]", "saimaa")
    expect(page.locator(".o_sync_hub_no_bank")).to_be_visible()
    page.select_option("select[name=country]", label="Finlandia")
    expect(names).to_have_text(["Koepankki Saimaa"], timeout=PATIENCE)


def test_a_bank_whose_logo_cannot_be_fetched_has_a_sign_of_its_own(newcomer: Desk):
    desk = newcomer
    desk.page.route("**/logos/*", lambda route: route.abort())
    desk.open_dashboard()
    desk.choose_menu("account.menu_finance_configuration", "sync_hub_bank.menu_sync_bank_connect")
    bank = desk.search_bank(MAIN_BANK)
    expect(bank.locator(".o_sync_hub_logo .fa-university")).to_be_visible()
    expect(bank.locator("img")).to_have_count(0)


def test_a_service_that_cannot_be_reached_is_named_and_asked_again(newcomer: Desk):
    """The page says which list of banks is missing; “Riprova” loads it."""
    desk, page, world = newcomer, newcomer.page, newcomer.world
    world.sql("DELETE FROM sync_bank_institution")
    world.sql("DELETE FROM sync_bank_institution_list")
    world.bank.fail("server_error", call="aspsps", times=None)
    desk.press("action_connect_bank", desk.card())
    reads(page.locator(".o_sync_hub_failed"), "Enable Banking")
    world.bank.clear_faults()
    desk.press("load_list")
    desk.search_bank(MAIN_BANK)
    expect(page.locator(".o_sync_hub_failed")).to_have_count(0)


def test_a_bank_that_is_not_listed_gets_a_journal_for_files(newcomer: Desk):
    """“La mia banca non è in elenco”: a journal of the typed name opens, and Odoo says how transactions come in."""
    desk, page = newcomer, newcomer.page
    desk.choose_menu("account.menu_finance_configuration", "sync_hub_bank.menu_sync_bank_connect")
    page.fill("input[name=words]", "Banca del Borgo")
    desk.press("action_bank_not_listed")
    expect(page.locator(".o_form_view .o_field_widget[name=name] input")).to_have_value("Banca del Borgo")
    expect(page.locator(".o_notification")).to_contain_text("Banca del Borgo")
    assert newcomer.world.count("account_journal", "type = 'bank' AND name::text LIKE '%%Banca del Borgo%%'") == 1
    desk.open_dashboard()
    desk.card("Banca del Borgo").locator("#all_transactions_btn").click()
    page.locator(".o_cp_action_menus button").first.click()
    expect(page.locator(".o_import_menu")).to_be_visible()


def test_add_a_bank_account_and_see_its_transactions(newcomer: Desk):
    """“Collega la banca”, search the bank, consent, choose the journal: lines and balance arrive by themselves."""
    desk, world = newcomer, newcomer.world
    reads(desk.card().locator("button[name=action_connect_bank]"), "Collega la banca")
    desk.press("action_connect_bank", desk.card())
    bank = desk.search_bank(MAIN_BANK)
    expect(bank.locator("img")).to_be_visible()
    assert bank.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")
    reads(bank.locator("button[name=action_connect]"), "Collega")
    desk.press("action_connect", bank)
    desk.consent()

    # Back from the bank: a page of its own in the accounting app, with the card's journal proposed.
    rows = desk.page.locator(".o_field_widget[name=line_ids] .o_data_row")
    expect(rows).to_have_count(3)
    expect(desk.page.locator(".o_menu_brand")).to_have_text("Fatturazione")
    expect(rows.first.locator("td[name=journal_id]")).to_contain_text("Banca")
    reads(desk.page.locator("button[name=action_confirm]"), "Conferma e sincronizza")
    desk.ignore_accounts_but_the_first()
    desk.watch()
    desk.press("action_confirm")
    desk.wait_for_result()

    world.connected = True
    booked = world.bank.booked()
    assert world.count(LINES, "sync_transaction_id IS NOT NULL") == len(booked) > 0
    assert amount(desk.balance_on_card()) == float(world.bank.balance())
    reads(desk.card().locator(".badge"), "Collegato")


def test_synchronize_now_brings_what_is_new(connected: Desk):
    """“Sincronizza ora” shows that it works, then the new lines and the new balance, on the same page."""
    world = connected.world
    before = world.count(LINES)
    world.bank.add_movements(7)
    button = connected.card().locator("button[name=action_sync_now]")
    reads(button, "Sincronizza ora")
    connected.synchronize()
    assert world.count(LINES) == before + 7
    assert amount(connected.balance_on_card()) == float(world.bank.balance())
    expect(connected.card().locator(".o_sync_hub_last")).to_contain_text("7")

    # A second time there is nothing new, and it says so.
    connected.synchronize()
    assert world.count(LINES) == before + 7
    reads(connected.card().locator(".o_sync_hub_last"), "nessuna novità")


def test_transactions_and_statements_lead_to_lines(connected: Desk):
    """“Transazioni” on the card lists the lines; a statement opens with its lines and leads to them."""
    page = connected.page
    connected.card().locator("#all_transactions_btn").click()
    rows = page.locator(".o_list_view .o_data_row")
    expect(rows.nth(10)).to_be_visible(timeout=PATIENCE)
    expect(page.locator("th[data-name=running_balance]")).to_be_visible()
    rows.first.locator("td[name=payment_ref]").click()
    expect(page.locator(".o_form_view .o_field_widget[name=move_id]")).to_be_visible()
    expect(page.locator(".o_field_widget[name=sync_transaction_id]")).to_be_visible()

    connected.open("action-account.action_bank_statement_tree")
    page.locator(".o_list_view .o_data_row").first.locator("td[name=name]").click()
    lines = page.locator(".o_field_widget[name=line_ids] .o_data_row")
    expect(lines.first).to_be_visible()
    connected.press("action_open_sync_lines")
    reads(page.locator(".o_breadcrumb, .o_last_breadcrumb_item"), "Transazioni bancarie")
    expect(page.locator(".o_list_view .o_data_row").first).to_be_visible()
