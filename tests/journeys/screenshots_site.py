# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pictures of the accountant's site, all in Italian: what the company switches on, the books as the site knows
them, and the accountant's companies and documents. Taken by ``screenshots.py``.
"""

from collections.abc import Callable

import test_accountant_site as journey
from accountant_world import AccountantWorld
from desk import Desk
from playwright.sync_api import Browser, BrowserContext, Page

Take = Callable[..., None]


def take_site(browser: Browser, world: AccountantWorld, take: Take) -> None:
    """A company asks, its accountant confirms, and its documents come."""
    cast = journey.ITALIAN
    owner = Desk(_window(browser), world.books)
    owner.sign_in(cast.owner)
    journey.switch(owner, cast, on=True)
    site = Desk(_window(browser), world)
    site.sign_in(cast.administrator)
    journey.connect_books(site, cast)
    journey.synchronize(site, journey.ITALIAN)

    page = _window(browser)
    journey.accept_invitation(page, world, cast)
    page.locator(".alert-info button[value=yes]").click()
    site.wait_until(lambda: world.count("sync_portal_company", "last_outcome IS NOT NULL") == 1)
    accountant = Desk(page, world)
    page.goto(f"{world.address}/my/companies")
    take(accountant, "accountant-companies", height=420)
    page.locator("[name=sync_company] a").first.click()
    journey.download(page, lambda: _download_one(page))
    page.goto(page.url.partition("?")[0])
    take(accountant, "accountant-documents", height=560)

    journey.open_switch(owner, cast)
    take(owner, "accountant-enable", height=560)
    site.open("accountant-site-books")
    site.page.locator(".o_data_row td[name=name]").first.click()
    site.page.locator(".o_form_view .o-mail-Chatter").wait_for()
    take(site, "accountant-books", height=760)


def _download_one(page: Page) -> None:
    """So that the other one is still to be transferred."""
    page.locator("[name=periods] a").first.click()
    page.locator("button[name=download]").click()


def _window(browser: Browser) -> Page:
    context: BrowserContext = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="it-IT", timezone_id="Europe/Rome"
    )
    return context.new_page()
