# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take the pictures of the documentation anew: ``PYTHONPATH=.:tests python tests/journeys/screenshots.py``.

Not a test. It makes a world as the journeys do, connects the sandbox bank, lets customers pay, synchronizes and takes
``docs/images/dashboard.png``, the dashboard in Italian, and the schedules, a schedule, a run and the vault in English,
all 1280 pixels wide.
"""

from desk import Desk
from playwright.sync_api import sync_playwright
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
        desk.connect_main_bank()
        world.bank.customer_pays_invoice()
        world.bank.add_movements(4)
        desk.open_dashboard()
        desk.synchronize()
        IMAGES.mkdir(parents=True, exist_ok=True)
        # Without the message that it has begun.
        desk.open_dashboard()
        take(desk, "dashboard")
        take_for_administrators(desk, world)
        browser.close()


def take_for_administrators(desk: Desk, world: World) -> None:
    [(user,)] = world.sql("SELECT id FROM res_users WHERE login = 'contabile'")
    desk.rpc("res.users", "write", [user], {"lang": "en_US"})
    # A session keeps the language with which it began.
    desk.page.context.clear_cookies()
    desk.sign_in("contabile")
    [(schedule,)] = world.sql("SELECT schedule_id FROM sync_run ORDER BY id DESC LIMIT 1")
    [(run,)] = world.sql("SELECT id FROM sync_run ORDER BY id DESC LIMIT 1")
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


def take(desk: Desk, name: str) -> None:
    # The pointer does not belong on the picture.
    desk.page.mouse.move(WIDTH - 5, HEIGHT - 5)
    desk.page.wait_for_timeout(2000)
    desk.page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
