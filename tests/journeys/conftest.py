# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real Chromium, real Odoo, real PostgreSQL and the sandbox bank.

One world serves all journeys; after a failure the next one begins in a new world, so that nothing fails because of
another. Whoever has signed in stays signed in until their world ends, as people at their desks do. Of a journey that
fails, the picture and the console of every window stay in ``failures/``.
"""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from accountant_world import AccountantWorld, accountant_site
from desk import PATIENCE, Desk
from emulators.imap import why_missing
from exchange_world import CATALOGUES, ExchangeWorld, branch_template, company_with_branch
from letterbox import Mailbox, mail_server
from mail_world import MailWorld, mail_company
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from stock_world import StockWorld, shop_and_branch
from world import World, accounting_without_addons, demo_company

from bootstrap.machine import browser as chromium
from bootstrap.odoo_commands import Odoo

# A busy machine is no failure.
expect.set_options(timeout=20_000)

FAILURES = Path(__file__).resolve().parent / "failures"
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(chromium()), args=ARGUMENTS)
        yield running
        running.close()


class Worlds:
    """Gives the world in which journeys happen, and a new one after a failure."""

    def __init__(self, make: Callable[[], contextlib.AbstractContextManager[World]]):
        self._make = make
        self._open = contextlib.ExitStack()
        self._world: World | None = None
        self._failed = 0

    def world(self, failed: int) -> World:
        if self._world is None or failed != self._failed:
            self.close()
            self._world = self._open.enter_context(self._make())
            self._failed = failed
        return self._world

    def renew(self) -> World:
        self.close()
        return self.world(self._failed)

    def close(self) -> None:
        self._open.close()
        self._world = None


@pytest.fixture(scope="session")
def worlds(odoo: Odoo) -> Iterator[Worlds]:
    kept = Worlds(lambda: demo_company(odoo))
    yield kept
    kept.close()


class Browsers:
    """A browser for each person, which keeps the session and what it has loaded from one journey to the next."""

    def __init__(self, browser: Browser):
        self._browser = browser
        self._of_person: dict[tuple[str, str], tuple[World, BrowserContext]] = {}

    def of(self, world: World, login: str) -> tuple[BrowserContext, bool]:
        """The person's browser, and whether it is a new one; those of worlds that are gone are closed."""
        for person in [person for person, (where, _context) in self._of_person.items() if where.gone]:
            self._of_person.pop(person)[1].close()
        person = world.database, login
        new = person not in self._of_person
        if new:
            self._of_person[person] = world, self.new()
        return self._of_person[person][1], new

    def new(self, locale: str = "it-IT") -> BrowserContext:
        return self._browser.new_context(
            viewport={"width": 1366, "height": 900}, locale=locale, timezone_id="Europe/Rome"
        )


@pytest.fixture(scope="session")
def browsers(browser: Browser) -> Browsers:
    return Browsers(browser)


@pytest.fixture
def world(worlds: Worlds, request: pytest.FixtureRequest) -> World:
    """The demo company with its sandbox bank."""
    return worlds.world(request.session.testsfailed)


@pytest.fixture(scope="module")
def mail_worlds(odoo: Odoo) -> Iterator[Worlds]:
    if why := why_missing():
        pytest.skip(f"Receipts of certified mail are read from a real mailbox. {why}")
    kept = Worlds(lambda: mail_company(odoo))
    yield kept
    kept.close()


@pytest.fixture
def mail_world(mail_worlds: Worlds, request: pytest.FixtureRequest) -> MailWorld:
    """The demo company with the mail servers of its providers, for the journeys of one file."""
    return mail_worlds.world(request.session.testsfailed)


@pytest.fixture(scope="module")
def stock_worlds(odoo: Odoo) -> Iterator[Worlds]:
    kept = Worlds(lambda: shop_and_branch(odoo))
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def branch(odoo: Odoo) -> Iterator[tuple[str, str]]:
    """The database of the demo's branch, to be copied, and the key that opens it."""
    with branch_template(odoo) as template:
        yield template


@pytest.fixture(scope="module", params=list(CATALOGUES))
def exchange_worlds(odoo: Odoo, branch: tuple[str, str], request: pytest.FixtureRequest) -> Iterator[Worlds]:
    kept = Worlds(lambda: company_with_branch(odoo, request.param, *branch))
    yield kept
    kept.close()


@pytest.fixture
def stock_world(stock_worlds: Worlds, request: pytest.FixtureRequest) -> StockWorld:
    """A shop with a warehouse, and its branch with a database of its own."""
    return stock_worlds.world(request.session.testsfailed)


@pytest.fixture
def exchange_world(exchange_worlds: Worlds, request: pytest.FixtureRequest) -> ExchangeWorld:
    """The demo company and its branch; people read Italian or Brazilian Portuguese."""
    return exchange_worlds.world(request.session.testsfailed)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that keeps what it gets; Odoo has to be told of it."""
    with mail_server() as box:
        yield box


@pytest.fixture
def untouched(odoo: Odoo) -> Iterator[World]:
    """An accounting database in which our addons are not installed."""
    with accounting_without_addons(odoo) as other:
        yield other


class Window:
    """A browser window with what its console said."""

    def __init__(self, context: BrowserContext):
        self.page: Page = context.new_page()
        self.console: list[str] = []
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))

    @property
    def crashes(self) -> list[str]:
        """What went wrong in the page without anybody meaning it to, such as a view that cannot be drawn."""
        signs = ("uncaught:", "Traceback", "OwlError")
        return [line for line in self.console if any(sign in line for sign in signs)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture
def sit_down(browsers: Browsers, request: pytest.FixtureRequest) -> Iterator[Callable[..., Desk]]:
    """``sit_down(world, "contabile")``: a new window on the dashboard in which that user is signed in.

    ``anew=True``: in a browser of its own, with a session that begins now and ends with the journey.
    """
    windows: list[Window] = []
    own: list[BrowserContext] = []

    def sit(where: World, login: str = "admin", anew: bool = False) -> Desk:
        if anew:
            own.append(browsers.new())
        context, new = (own[-1], True) if anew else browsers.of(where, login)
        window = Window(context)
        windows.append(window)
        desk = Desk(window.page, where)
        if new:
            desk.sign_in(login)
        else:
            desk.come_back()
        return desk

    yield sit
    failed = request.node.stash.get(_FAILED, True)
    crashes = [line for window in windows for line in window.crashes]
    for number, window in enumerate(windows, 1):
        if failed or crashes:
            FAILURES.mkdir(exist_ok=True)
            name = f"{request.node.name}-{number}"
            (FAILURES / f"{name}.txt").write_text("\n".join([window.page.url, *window.console]), encoding="utf-8")
            with contextlib.suppress(Exception):  # a page that hangs gives no picture
                window.page.screenshot(path=FAILURES / f"{name}.png", timeout=10_000)
        window.page.close()
    for context in own:
        context.close()
    assert failed or not crashes, crashes


@pytest.fixture
def visit(browsers: Browsers, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Page]]:
    """``visit("pt-BR")``: a window of somebody who has not signed in, in a browser of that language."""
    contexts: list[BrowserContext] = []

    def window(locale: str) -> Page:
        contexts.append(browsers.new(locale))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield window
    for number, context in enumerate(contexts, 1):
        if request.node.stash.get(_FAILED, True):
            FAILURES.mkdir(exist_ok=True)
            with contextlib.suppress(Exception):  # a page that hangs gives no picture
                context.pages[0].screenshot(path=FAILURES / f"{request.node.name}-visit-{number}.png", timeout=10_000)
        context.close()


@pytest.fixture(scope="module")
def site_worlds(odoo: Odoo) -> Iterator[Worlds]:
    kept = Worlds(lambda: accountant_site(odoo))
    yield kept
    kept.close()


@pytest.fixture
def site_world(site_worlds: Worlds, request: pytest.FixtureRequest) -> AccountantWorld:
    """The site of accountants, and a company's books on a server of their own."""
    return site_worlds.world(request.session.testsfailed)


@pytest.fixture
def newcomer(sit_down: Callable[..., Desk], worlds: Worlds, world: World) -> Desk:
    """The administrator's window in a company that has connected no bank yet."""
    return sit_down(worlds.renew() if world.connected else world, "admin")


@pytest.fixture
def connected(sit_down: Callable[..., Desk], world: World) -> Desk:
    """The administrator's window on the dashboard of a company whose main bank is connected."""
    desk = sit_down(world, "admin")
    if not world.connected:
        desk.connect_main_bank()
    return desk
