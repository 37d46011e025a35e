# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an accountant and an invoicing user find, and what is not for them."""

from collections.abc import Callable

import pytest
from desk import PATIENCE, Desk
from playwright.sync_api import expect
from world import World

# Screens that both of them open.
STATEMENTS = "action-account.action_bank_statement_tree"
SCREENS = ["accounting", "bank-transactions", "bank-movements", STATEMENTS, "sync-runs"]
DAILY_MENUS = [
    "account.menu_board_journal_1",
    "account.account_transactions_menu",
    "sync_hub_bank.menu_bank_statement_line",
    "sync_hub_bank.menu_sync_bank_transaction",
    "sync_hub_bank.menu_bank_statement",
]
ACCOUNTANTS_MENUS = [
    "sync_hub_bank.menu_sync_bank_lock_dates",
    "sync_hub_bank.menu_sync_bank_connect",
    "sync_hub_bank.menu_sync_bank_provider",
]
MANAGERS_BUTTONS = ["action_reconnect", "action_update_credentials", "action_fetch_accounts", "action_disconnect"]


def menus_of(desk: Desk) -> set[str]:
    """Technical names of the menus that the user's navigation holds."""
    menus = desk.page.request.get(f"{desk.world.address}/web/webclient/load_menus").json()
    reached, waiting = set(), list(menus["root"]["children"])
    while waiting:
        menu = menus[str(waiting.pop())]
        reached.add(menu["xmlid"])
        waiting.extend(menu["children"])
    return reached


@pytest.mark.parametrize(("login", "manages"), [("contabile", True), ("fatturazione", False)])
def test_everybody_finds_what_they_need_and_only_that(
    connected: Desk, sit_down: Callable[[World, str], Desk], login: str, manages: bool
):
    """Dashboard, transactions and the button for both; keys, consents and lock dates for the accountant."""
    desk = sit_down(connected.world, login)
    menus = menus_of(desk)
    assert set(DAILY_MENUS) <= menus
    assert set(ACCOUNTANTS_MENUS) <= menus if manages else not set(ACCOUNTANTS_MENUS) & menus
    for screen in SCREENS:
        desk.open(screen)
        assert not desk.complains(), screen

    desk.open_dashboard()
    # The journal has its bank; whoever may connect none sees no such button on the other journals, either.
    part = desk.card() if manages else desk.page
    expect(part.locator("button[name=action_connect_bank]")).to_have_count(0)
    desk.synchronize()
    assert not desk.complains()

    desk.choose_on_card("action_open_sync_connection")
    expect(desk.page.locator("button[name=action_fetch_transactions]")).to_be_visible(timeout=PATIENCE)
    assert not desk.complains()
    for name in MANAGERS_BUTTONS:
        expect(desk.page.locator(f".o_form_view button[name={name}]:visible")).to_have_count(1 if manages else 0)


def test_who_prefers_english_reads_english(connected: Desk, sit_down: Callable[..., Desk]):
    """The language is the user's own, and can be changed in the preferences."""
    desk = sit_down(connected.world, "fatturazione")
    [(user,)] = desk.world.sql("SELECT id FROM res_users WHERE login = 'fatturazione'")
    desk.rpc("res.users", "write", [user], {"lang": "en_US"})
    try:
        # A session keeps the language with which it began.
        button = sit_down(connected.world, "fatturazione", anew=True).page.locator("button[name=action_sync_now]").first
        expect(button).to_contain_text("Synchronize now")
    finally:
        desk.rpc("res.users", "write", [user], {"lang": "it_IT"})
