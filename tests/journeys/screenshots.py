# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take the pictures of the documentation anew: ``PYTHONPATH=.:tests python tests/journeys/screenshots.py``.

Not a test. It makes a world as the journeys do, connects the sandbox bank, lets customers pay, synchronizes and takes
``docs/images/dashboard.png``, the dashboard in Italian, the schedules, a schedule, a run and the vault in English, each
cut to what matters. The screens of a bank connection are in Italian: choosing the bank, the connection, what waits,
what is missing, what is there twice, and the balance check.
"""

from datetime import date, timedelta
from decimal import Decimal

from desk import Desk
from emulators.enablebanking import Movement
from playwright.sync_api import Locator, expect, sync_playwright
from world import World, demo_company

from bootstrap.machine import browser as chromium
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.places import PROJECT
from bootstrap.postgres import ensure_postgres

IMAGES = PROJECT / "docs" / "images"
WIDTH, HEIGHT = 1280, 700


def main() -> None:
    with demo_company(Odoo(ensure_odoo(), ensure_postgres())) as world, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium()), args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        )
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, locale="it-IT", timezone_id="Europe/Rome"
        )
        desk = Desk(context.new_page(), world)
        desk.sign_in("contabile")
        take_banks(desk)
        desk.open_dashboard()
        desk.connect_main_bank()
        world.bank.customer_pays_invoice()
        world.bank.add_movements(4)
        desk.open_dashboard()
        desk.synchronize()
        IMAGES.mkdir(parents=True, exist_ok=True)
        # Without the message that it has begun.
        desk.open_dashboard()
        take(desk, "dashboard", height=790)
        take_connection(desk, world)
        take_for_administrators(desk, world)
        browser.close()


def take_banks(desk: Desk) -> None:
    desk.press("action_connect_bank", desk.card())
    desk.page.locator(".o_sync_hub_bank").nth(1).wait_for()
    take(desk, "choose-bank")


def take_connection(desk: Desk, world: World) -> None:
    """The connection, then what each of its screens shows of some unusual movements."""
    day = date.today() - timedelta(days=2)
    dialog, rows = desk.page.locator(".modal-content"), desk.page.locator(".o_data_row")
    desk.choose_on_card("action_open_sync_connection")
    take(desk, "connection")

    world.bank.add_late(days_ago=12)
    world.bank.add_movements(2)
    world.bank.add_pending()
    desk.choose_on_card("action_find_missing")
    desk.press("action_look", dialog)
    rows.nth(2).wait_for()
    take(desk, "find-missing", dialog)

    for words, amount, currency in (
        ("PAGAMENTO POS CARTOLERIA BIANCHI", "-74.50", "EUR"),
        ("PARCHEGGI CENTRO", "-19.90", "EUR"),
        ("BONIFICO UHREN AG", "-120.00", "CHF"),
    ):
        if currency == "EUR":
            desk.type_by_hand(day, amount, "Nota spese")
        row = Movement(
            booking_date=day, value_date=day, amount=Decimal(amount), currency=currency, remittance=(words,)
        )
        world.bank.add_movement(row)
    # With one more than the bank has on that day, nobody but a person can tell which is which.
    desk.type_by_hand(day, "-19.90", "Ricevuta del garage")
    desk.open_dashboard()
    desk.synchronize()
    desk.open("bank-movements")
    rows.nth(2).wait_for()
    take(desk, "inbox", height=560)

    row = Movement(
        booking_date=day, value_date=day, amount=Decimal("-410.00"), remittance=("Canone noleggio furgone",)
    )
    world.bank.add_movement(row)
    desk.open_dashboard()
    desk.synchronize()
    desk.type_by_hand(day, "-410.00", "Canone furgone (a mano)")
    desk.choose_on_card("action_find_duplicates")
    desk.press("action_find", dialog)
    rows.filter(has_text="furgone").locator("td[name=line_label]").click()
    desk.page.locator(".o_form_view [name=other_label]").wait_for()
    take(desk, "duplicates", height=715)

    desk.open_dashboard()
    desk.synchronize()
    desk.card().locator("[name=sync_hub_difference] a").click()
    desk.page.locator(".o_form_view .alert-warning").first.wait_for()
    take(desk, "balance-check", height=530)


def take_for_administrators(desk: Desk, world: World) -> None:
    [(user,)] = world.sql("SELECT id FROM res_users WHERE login = 'contabile'")
    desk.rpc("res.users", "write", [user], {"lang": "en_US"})
    # A session keeps the language with which it began.
    desk.page.context.clear_cookies()
    desk.sign_in("contabile")
    [(schedule,)] = world.sql("SELECT schedule_id FROM sync_run ORDER BY id DESC LIMIT 1")
    # The one after the first: it brought what is new, and both balances agreed.
    [(run,)] = world.sql("SELECT id FROM sync_run ORDER BY id LIMIT 1 OFFSET 1")
    rule = {"interval_number": 30, "interval_type": "minutes", "hour_from": 7, "hour_to": 21}
    rule |= {"sat": False, "sun": False}
    desk.rpc("sync.schedule", "write", [schedule], rule)
    for path, name in {
        "sync-schedules": "schedules",
        f"sync-schedules/{schedule}": "schedule",
        f"sync-runs/{run}": "run",
    }.items():
        desk.open(path)
        take(desk, name)
    desk.open("sync-runs")
    desk.choose_menu("sync_hub.menu_configuration", "sync_hub.menu_vault_state")
    desk.page.locator(".modal-content .o_form_view").wait_for()
    take(desk, "vault")


def take(desk: Desk, name: str, part: Locator | None = None, height: int = HEIGHT) -> None:
    """Take a part of the page, or the page down to a height."""
    desk.page.set_viewport_size({"width": WIDTH, "height": height})
    # The pointer does not belong on the picture, nor the message that something has begun.
    desk.page.mouse.move(WIDTH - 5, height - 5)
    desk.page.wait_for_timeout(2000)
    expect(desk.page.locator(".o_notification")).to_have_count(0)
    path = IMAGES / f"{name}.png"
    if part:
        part.screenshot(path=path)
    else:
        desk.page.screenshot(path=path)


if __name__ == "__main__":
    main()
