# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Developer mode, and the two errors that need somebody: an expired consent and keys that are not accepted."""

from collections.abc import Callable

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from desk import MAIN_BANK, REFERENCE, Desk, reads
from playwright.sync_api import expect

LINES = "account_bank_statement_line"
MENU = "sync_hub_bank.menu_sync_bank_connection"


def another_key() -> str:
    """A private key that the service has never seen."""
    return (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode()
    )


def test_developer_mode_lists_all_connections_with_their_buttons(connected: Desk, sit_down: Callable[..., Desk]):
    """Fatturazione > Configurazione > Sincronizzazione online, in developer mode only."""
    # Developer mode lasts as long as the session.
    connected = sit_down(connected.world, anew=True)
    page, world = connected.page, connected.world
    connected.choose_menu("account.menu_finance_configuration")
    expect(page.locator("[data-menu-xmlid='sync_hub_bank.menu_sync_bank_connect']")).to_be_visible()
    expect(page.locator(f"[data-menu-xmlid='{MENU}']")).to_have_count(0)

    connected.open_in_developer_mode("accounting", MENU)
    connected.choose_menu("account.menu_finance_configuration")
    reads(page.locator(f"[data-menu-xmlid='{MENU}']"), "Sincronizzazione online")
    connected.choose_menu(MENU)
    row = page.locator(".o_data_row", has_text=MAIN_BANK)
    reads(row.locator("button[name=action_fetch_transactions]"), "Recupera movimenti")
    row.locator("td[name=name]").click()
    for name, italian in {
        "action_fetch_transactions": "Recupera movimenti",
        "action_reconnect": "Ricollega",
        "action_update_credentials": "Aggiorna le credenziali",
        "action_fetch_accounts": "Recupera conti",
        "action_disconnect": "Scollega",
    }.items():
        reads(page.locator(f".o_statusbar_buttons button[name={name}]:visible"), italian)

    # The form tells by itself how it goes, too.
    before = world.count(LINES)
    world.bank.add_movements(3)
    connected.press("action_fetch_transactions")
    expect(page.locator(".o_field_widget[name=last_outcome]")).to_be_visible()
    page.wait_for_function("() => !document.querySelector('.o_field_widget[name=current_run_id]')")
    connected.wait_until(lambda: world.count(LINES) == before + 3)


def test_an_expired_consent_is_renewed_and_nothing_is_duplicated(connected: Desk):
    """The chatter says what happened with a reference; “Ricollega” leads to the bank and back to work."""
    page, world = connected.page, connected.world
    before, accounts = world.count(LINES), world.count("sync_bank_account")
    world.bank.expire_consents()
    connected.synchronize()
    button = connected.card().locator("button[name=action_sync_fix]")
    reads(button, "Ricollega")
    reads(connected.card().locator(".badge"), "Ricollega")
    error = connected.card().locator(".o_sync_hub_error")
    expect(error).to_contain_text(REFERENCE)
    assert connected.connection()["state"] == "reconnect"

    connected.open_connection()
    reads(connected.newest_error(), "Il tuo consenso presso la banca è scaduto")
    expect(page.locator(".o_sync_hub_fault")).to_contain_text(connected.connection()["fault_reference"])

    connected.open_dashboard()
    world.bank.add_movements(2)
    connected.press("action_sync_fix", connected.card())
    connected.consent()
    # The accounts are the old ones: nothing is asked, and what is new comes at once.
    expect(connected.card().locator("button[name=action_sync_now]")).to_be_visible()
    connected.wait_until(lambda: world.count(LINES) == before + 2)
    expect(connected.card().locator(".o_sync_hub_error")).to_have_count(0)
    assert connected.connection()["state"] == "connected"
    assert world.count(LINES) == before + 2
    assert world.count("sync_bank_account") == accounts


def test_cancelling_at_the_bank_says_so_and_changes_nothing(connected: Desk):
    """Whoever gives up on the bank's page comes back to the connection, which says so and still works."""
    connected.open("online-synchronization")
    connected.page.locator(".o_data_row", has_text=MAIN_BANK).locator("td[name=name]").click()
    connected.press("action_reconnect")
    connected.page.click("#cancel")
    expect(connected.page.locator(".o_sync_hub_fault")).to_contain_text(REFERENCE)
    assert connected.connection()["state"] == "connected"
    connected.open_dashboard()
    connected.synchronize()
    expect(connected.card().locator(".o_sync_hub_error")).to_have_count(0)


def test_wrong_keys_are_replaced_and_synchronization_goes_on(connected: Desk):
    """Keys that are not accepted stop the connection; “Aggiorna le credenziali” tries new ones before it keeps them."""
    page, world = connected.page, connected.world
    provider = connected.rpc("sync.bank.provider", "search", [])
    connected.rpc("sync.bank.provider", "write", provider, {"private_key": another_key()})
    before = world.count(LINES)
    world.bank.add_movements(4)
    connected.synchronize()
    button = connected.card().locator("button[name=action_sync_fix]")
    reads(button, "Aggiorna le credenziali")
    assert connected.connection()["state"] == "credentials"
    assert world.count(LINES) == before
    connected.open_connection()
    reads(connected.newest_error(), "Le chiavi di accesso non sono state accettate")

    connected.open_dashboard()
    connected.press("action_sync_fix", connected.card())
    dialog = page.locator(".modal-content")
    dialog.locator("[name=private_key] textarea").fill(another_key())
    connected.press("action_save", dialog)
    # The refusal is a dialog above the one with the keys.
    expect(dialog).to_have_count(2)
    reads(dialog.last, "Le chiavi di accesso non sono state accettate")
    dialog.last.locator(".modal-footer button").first.click()
    expect(dialog).to_have_count(1)

    dialog.locator("[name=private_key] textarea").fill(world.application_key)
    connected.watch()
    connected.answer("action_save")
    connected.wait_for_result()
    assert connected.connection()["state"] == "connected"
    assert world.count(LINES) == before + 4
    expect(connected.card().locator("button[name=action_sync_now]")).to_be_visible()
