# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is responsible confirms by code; who had access is written down; support gets a text without secrets."""

import re

from desk import MAIN_BANK, PATIENCE, REFERENCE, Desk, reads
from letterbox import HOST, Mailbox
from playwright.sync_api import Locator, expect


def enter_code(desk: Desk, dialog: Locator, mailbox: Mailbox) -> None:
    """Let a code be sent, read it in the letter and type it."""
    letters = len(mailbox.deliveries)
    reads(dialog.locator("button[name=action_send]:visible"), "Invia il codice")
    desk.press("action_send", dialog)
    desk.wait_until(lambda: len(mailbox.deliveries) > letters)
    _readers, letter = mailbox.deliveries[-1]
    assert MAIN_BANK in letter["Subject"]
    [code] = re.findall(r"\b\d{6}\b", letter.get_body(("plain",)).get_content())
    reads(dialog, "È valido per 15 minuti")
    dialog.locator("[name=code] input").fill(code)
    desk.press("action_confirm", dialog)
    expect(dialog).to_have_count(0)
    reads(desk.page.locator(".o_notification_bar.bg-success").locator(".."), "Conferma")


def test_a_fetch_from_an_unknown_place_waits_for_a_code(connected: Desk, mailbox: Mailbox):
    """“Conferma l'e-mail” verifies an address; what is unusual blocks the connection until a code from it is typed."""
    page, world = connected.page, connected.world
    dialog = page.locator(".modal-content")
    server = connected.rpc(
        "ir.mail_server", "create", [{"name": "Aurora", "smtp_host": HOST, "smtp_port": mailbox.port}]
    )
    connected.open_dashboard()
    reads(connected.card().locator("button[name=action_confirm_identity]"), "Conferma l'e-mail")
    connected.press("action_confirm_identity", connected.card())
    enter_code(connected, dialog, mailbox)
    connected.open_dashboard()
    expect(connected.card().locator("button[name=action_confirm_identity]")).to_have_count(0)

    # As if this user had always worked elsewhere, and the letter were some time ago.
    [(user,)] = world.sql("SELECT id FROM res_users WHERE login = 'admin'")
    elsewhere = f'{{"{user}": ["203.0.113.0/24"]}}'
    world.sql("UPDATE sync_bank_connection SET known_networks = %s::jsonb WHERE name = %s", elsewhere, MAIN_BANK)
    world.sql("UPDATE sync_bank_contact SET sent_at = sent_at - interval '1 hour'")
    before = world.count("sync_run")
    connected.press("action_sync_now", connected.card())
    blocked = connected.card().locator("button[name=action_confirm_identity]")
    reads(blocked, "Conferma la mia identità")
    expect(connected.card().locator("button[name=action_sync_now]")).to_have_count(0)
    connected.wait_until(lambda: any("blocca" in letter["Subject"] for _readers, letter in mailbox.deliveries))
    connected.choose_on_card("action_open_sync_connection")
    reads(page.locator(".o_sync_hub_blocked"), "127.0.0.0/24")
    assert world.count("sync_run") == before

    connected.open_dashboard()
    connected.press("action_confirm_identity", connected.card())
    reads(dialog.locator(".alert-danger"), "127.0.0.0/24")
    enter_code(connected, dialog, mailbox)
    connected.open_dashboard()
    connected.synchronize()
    connected.rpc("ir.mail_server", "unlink", server)


def test_support_and_auditors_are_told_what_they_need(connected: Desk):
    """“Copia il rapporto di errore” leaves secrets and names out; the access log says who asked the bank for what."""
    page, world = connected.page, connected.world
    iban = world.bank.list_banks()[0]["accounts"][0]["iban"]
    world.bank.fail("server_error", call="transactions", times=None)
    connected.synchronize()
    expect(connected.card().locator(".o_sync_hub_error")).to_contain_text(REFERENCE, timeout=PATIENCE)
    connected.open_connection()
    reads(page.locator("button[name=action_error_report]:visible"), "Copia il rapporto di errore")
    connected.press("action_error_report")
    report = page.locator(".modal-content [name=text]").first
    expect(report).to_contain_text(connected.connection()["fault_reference"])
    reads(page.locator(".modal-footer"), "Copia")
    assert iban not in report.inner_text()
    page.locator(".modal-footer button:visible").last.click()
    world.bank.clear_faults()
    connected.open_dashboard()
    connected.synchronize()

    connected.choose_on_card("action_open_sync_connection")
    reads(page.locator("button[name=action_open_audit]"), "Log degli accessi")
    connected.press("action_open_audit")
    reads(page.locator(".o_last_breadcrumb_item"), "Log degli accessi bancari")
    row = page.locator(".o_data_row", has_text=iban).first
    reads(row.locator("td[name=event]"), "Accesso")
    reads(row.locator("td[name=ip_address]"), "127.0.0.1")
