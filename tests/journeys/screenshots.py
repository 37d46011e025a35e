# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take the pictures of the documentation anew: ``PYTHONPATH=.:tests python tests/journeys/screenshots.py``.

Not a test. It makes a world as the journeys do, connects the sandbox bank, lets customers pay, synchronizes and takes
``docs/images/dashboard.png``: the dashboard in Italian, 1280 pixels wide.
"""

from desk import Desk
from playwright.sync_api import sync_playwright
from world import demo_company

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
        # Neither the message that it has begun nor the pointer belongs on the picture.
        desk.open_dashboard()
        desk.page.mouse.move(WIDTH - 5, HEIGHT - 5)
        desk.page.wait_for_timeout(2000)
        IMAGES.mkdir(parents=True, exist_ok=True)
        desk.page.screenshot(path=IMAGES / "dashboard.png")
        browser.close()


if __name__ == "__main__":
    main()
