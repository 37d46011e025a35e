# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A schedule with hours and weekdays: its next runs, a run on a day that it leaves out, its outcome and its letter."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from desk import MAIN_BANK, PATIENCE, REFERENCE, Desk, choose, field, reads, save, write
from letterbox import HOST, Mailbox
from playwright.sync_api import expect

ROME = ZoneInfo("Europe/Rome")
DAYS = ("lun", "mar", "mer", "gio", "ven", "sab", "dom")
ROWS = 150
READERS = "contabile@aurora.example; studio@rossi.example"


def test_a_schedule_from_its_rule_to_its_letter(connected: Desk, mailbox: Mailbox):
    page, world = connected.page, connected.world
    today = datetime.now(ROME)

    # Whether synchronizations run stands above the dashboard, and above the schedules.
    connected.open_dashboard()
    reads(page.locator(".o_sync_hub_engine"), "Le sincronizzazioni vengono eseguite")

    # The rule: every half hour from 7 to 21, on all days but today.
    connected.open("sync-schedules")
    reads(page.locator(".o_sync_hub_engine"), "Le sincronizzazioni vengono eseguite")
    page.locator(".o_list_button_add").click()
    choose(connected, "service_id", "Movimenti bancari")
    choose(connected, "connection_id", MAIN_BANK)
    page.locator("[name=interval_preset] .o_selection_badge", has_text="30 min").click()
    write(connected, "hour_from", "07:00")
    write(connected, "hour_to", "21:00")
    page.locator(".o_recurrent_weekdays td").nth(today.weekday()).locator("label, input").first.click()
    next_runs = field(connected, "next_runs")
    reads(page.locator(".o_horizontal_separator", has_text="Prossime 5 esecuzioni"), "Prossime 5 esecuzioni")
    tomorrow = DAYS[(today.weekday() + 1) % 7]
    expect(next_runs).to_have_text(re.compile(rf"(\s*{tomorrow} \d+ \w+ \d{{4}}, \d\d:[03]0){{5}}\s*"))
    expect(next_runs).to_contain_text("07:00")
    save(connected)
    [(schedule,)] = world.sql("SELECT max(id) FROM sync_schedule")

    # Nobody can be told yet, and the screen says why.
    warning = page.locator(".alert", has=page.locator("[name=outcome_mail_obstacle]"))
    reads(warning, "non ha alcun server di posta in uscita attivo")
    expect(field(connected, "outcome_mail_to").locator("input")).to_have_count(0)
    connected.press("action_outcome_mail_settings")
    expect(page.locator(".o_list_view")).to_be_visible()
    connected.rpc(
        "ir.mail_server", "create", [{"name": "Aurora", "smtp_host": HOST, "smtp_port": mailbox.port}]
    )
    connected.open(f"sync-schedules/{schedule}")
    expect(warning).to_have_count(0)
    write(connected, "outcome_mail_to", "contabile@aurora.example; studio@")
    page.locator(".o_form_button_save").click()
    refusal = page.locator(".modal-content")
    reads(refusal, "L'indirizzo n. 2 dell'elenco, “studio@” (dal carattere 27)")
    refusal.locator(".modal-footer button").first.click()
    write(connected, "outcome_mail_to", READERS)
    page.locator("[name=outcome_mail_policy] .o_radio_item", has_text="Tutti gli esiti").locator("input").click()
    save(connected)

    # Today is left out, but the button works on any day, and shows how far it has come.
    world.bank.fail("slow", call="transactions", times=None, seconds=2)
    world.bank.add_movements(ROWS)
    before = world.count("account_bank_statement_line")
    connected.watch()
    connected.press("action_run_now")
    expect(page.locator(".o_sync_hub_progress")).to_be_visible(timeout=PATIENCE)
    page.reload()
    connected.watch()
    connected.wait_for_result()
    world.bank.clear_faults()
    expect(field(connected, "last_outcome")).to_have_text("Completata")
    assert world.count("account_bank_statement_line") == before + ROWS
    cron = "SELECT cron_id FROM sync_schedule WHERE id = %s"
    [(due,)] = world.sql(f"SELECT nextcall FROM ir_cron WHERE id = ({cron})", schedule)
    assert due.replace(tzinfo=UTC).astimezone(ROME).date() > today.date(), "Automatic runs still leave today out."

    # The log of this schedule, from its button.
    connected.press("action_open_runs")
    row = page.locator(".o_data_row")
    expect(row).to_have_count(1)
    reads(row, "Manuale")
    row.locator("td[name=connection_name]").click()
    expect(page.locator("[name=reference]")).to_contain_text(REFERENCE)
    reads(field(connected, "outcome"), "Completata")
    expect(field(connected, "created_count")).to_have_text(str(ROWS))

    # The letter that told of it.
    connected.wait_until(lambda: bool(mailbox.deliveries))
    [(readers, letter)] = mailbox.deliveries
    assert readers == READERS.split("; ")
    # A long subject is folded after its name.
    assert letter["Subject"].strip() == "Movimenti bancari di Officina Aurora S.r.l.: sincronizzazione completata"
    text = letter.get_body(("plain",)).get_content()
    assert f"Nuovi: {ROWS}" in " ".join(text.split())
    assert "Apri il log" in text
