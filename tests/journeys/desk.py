# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a person at a desk does with Odoo and the bank's pages, in the words of the user manual.

Screens are found by technical names, which no translation changes; what is read aloud by :func:`reads` is Italian.
"""

import contextlib
import itertools
import re
import time
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, Page, TimeoutError, expect
from world import World

# What users quote to support.
REFERENCE = re.compile(r"SH-\w{4}-\w{4}")
MAIN_BANK = "Banca Sandbox Italia"
# The journal of the demo company, and how long a synchronization may take on a busy machine.
JOURNAL = "Banca"
PATIENCE = 180_000  # milliseconds


def reads(locator: Locator, italian: str) -> None:
    """Assert that a part of a screen is there and says something in Italian."""
    expect(locator.first).to_be_visible()
    expect(locator.first).to_contain_text(italian, ignore_case=True)


class Desk:
    """One person's browser window."""

    def __init__(self, page: Page, world: World):
        self.page = page
        self.world = world
        self._numbers = itertools.count(1)

    # -- Ways -------------------------------------------------------------------------------------------------------

    def sign_in(self, login: str) -> None:
        """Sign in and land where people begin; the demo's users have their name as password."""
        page, sign = self.world.home
        self.page.goto(f"{self.world.address}/web/login?redirect=/odoo/{page}")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("button[type=submit]")
        expect(self.page.locator(sign)).to_be_visible(timeout=PATIENCE)

    def come_back(self) -> None:
        """Open the first page in a browser in which the user is signed in."""
        page, sign = self.world.home
        self.open(page)
        expect(self.page.locator(sign)).to_be_visible()

    def open(self, path: str) -> None:
        """Open a page of Odoo by its address and wait until the view stands."""
        self.page.goto(f"{self.world.address}/odoo/{path}")
        expect(self.page.locator(".o_action_manager .o_view_controller").first).to_be_visible(timeout=PATIENCE)

    def open_in_developer_mode(self, path: str, menu: str) -> None:
        """Open a page in developer mode, in an app with a menu that nobody else sees.

        The first page may still show the menus that the browser remembers: then it is loaded again, as a user would.
        """
        self.open(f"{path}?debug=1")
        for _attempt in range(5):
            self.page.wait_for_timeout(1000)
            if self.page.evaluate("menu => (localStorage.webclient_menus || '').includes(menu)", menu):
                break
        self.open(path)

    def open_dashboard(self) -> None:
        self.open("accounting")
        expect(self.card()).to_be_visible()

    def search(self, words: str) -> None:
        """Type into the search box of the view."""
        self.page.fill(".o_searchview_input", words)
        expect(self.page.locator(".o_searchview_autocomplete .o-dropdown-item").first).to_contain_text(words)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".o_searchview_facet", has_text=words)).to_be_visible()

    def press(self, name: str, inside: Locator | None = None) -> None:
        """Press the button that calls this method of Odoo."""
        (inside or self.page).locator(f"button[name={name}]:visible").first.click()

    def answer(self, name: str) -> None:
        """Press the button of the dialog that calls this method of Odoo, and see the dialog close."""
        dialog = self.page.locator(".modal-content")
        self.press(name, dialog)
        expect(dialog).to_have_count(0, timeout=PATIENCE)

    # -- Dashboard card ------------------------------------------------------------------------------------------------

    def card(self, journal: str = JOURNAL) -> Locator:
        """The card of a journal on the dashboard."""
        title = self.page.locator("a[name=open_action]", has_text=re.compile(rf"^\s*{re.escape(journal)}\s*$"))
        return self.page.locator(".o_kanban_record").filter(has=title)

    def choose_on_card(self, name: str, journal: str = JOURNAL) -> None:
        """Choose in the menu of a journal's card what calls this method of Odoo."""
        self.open_dashboard()
        choice = self.page.locator(f".o-dropdown--menu a[name={name}]")
        for _attempt in range(5):
            self.card(journal).hover()
            self.card(journal).locator(".o_dropdown_kanban button").click()
            # News of a synchronization draws the card anew, and closes the menu: then it is opened again.
            with contextlib.suppress(TimeoutError):
                choice.click(timeout=PATIENCE / 20)
                return
        raise AssertionError(f"{name} is not in the menu of {journal}")

    def watch(self) -> None:
        """Remember this page, and whether a progress bar passes by on it from now on."""
        self.page.evaluate(
            """() => {
                const progress = () => document.querySelector(".o_sync_hub_progress");
                window.journey = { sawProgress: Boolean(progress()) };
                new MutationObserver(() => { window.journey.sawProgress ||= Boolean(progress()); })
                    .observe(document.body, { childList: true, subtree: true });
            }"""
        )

    def wait_for_result(self) -> None:
        """Wait, on the page that is watched, until a synchronization has been seen to go on and to end."""
        self.page.wait_for_function(
            "() => window.journey.sawProgress && !document.querySelector('.o_sync_hub_progress')", timeout=PATIENCE
        )

    def synchronize(self, journal: str = JOURNAL) -> None:
        """Press “Sincronizza ora” on the card and wait for the result, on the same page."""
        self.watch()
        self.press("action_sync_now", self.card(journal))
        self.wait_for_result()

    # -- Connecting ----------------------------------------------------------------------------------------------------

    def choose_menu(self, *menus: str) -> None:
        """Open menus of the accounting app by their technical names, one below the other."""
        for menu in menus:
            self.page.locator(f"[data-menu-xmlid='{menu}']").first.click()

    def search_bank(self, bank: str) -> Locator:
        """“Aggiungi un conto bancario”: type the name of the bank; returns the one that was searched."""
        reads(self.page.locator(".o_last_breadcrumb_item"), "Aggiungi un conto bancario")
        banks = self.page.locator(".o_sync_hub_bank")
        expect(banks.nth(1)).to_be_visible(timeout=PATIENCE)
        self.page.fill("input[name=words]", bank)
        expect(banks).to_have_count(1)
        expect(banks).to_contain_text(bank)
        return banks

    def consent(self, user: str = "demo", password: str = "demo", code: str = "123456") -> None:
        """Sign in on the bank's own pages, type the code and consent to the accounts that are ticked."""
        expect(self.page).to_have_url(re.compile("/consent/"))
        self.page.fill("#username", user)
        self.page.fill("#password", password)
        self.page.click("#confirm")
        self.page.fill("#otp", code)
        self.page.click("#confirm")
        self.page.check("#consent")
        self.page.click("#confirm")
        expect(self.page.locator(".o_action_manager .o_view_controller").first).to_be_visible(timeout=PATIENCE)

    def ignore_accounts_but_the_first(self) -> None:
        """On the page that asks for journals: synchronize the first account only."""
        rows = self.page.locator(".o_field_widget[name=line_ids] .o_data_row")
        for number in range(1, rows.count()):
            rows.nth(number).locator("td[name=choice]").click()
            rows.nth(number).locator("td[name=choice] input").click()
            self.page.locator(".o_select_menu_menu .o_select_menu_item").last.click()

    def connect_main_bank(self) -> None:
        """The whole way, begun on the card of the journal, which is proposed for the first account."""
        self.press("action_connect_bank", self.card())
        self.press("action_connect", self.search_bank(MAIN_BANK))
        self.consent()
        self.ignore_accounts_but_the_first()
        self.watch()
        self.press("action_confirm")
        self.wait_for_result()
        self.world.connected = True

    def connect(self, bank: str) -> None:
        """The whole way, begun in the menu: through the bank to the first movements on the card of a new journal."""
        self.open_dashboard()
        self.choose_menu("account.menu_finance_configuration", "sync_hub_bank.menu_sync_bank_connect")
        self.press("action_connect", self.search_bank(bank))
        self.consent()
        self.ignore_accounts_but_the_first()
        self.watch()
        self.press("action_confirm")
        self.wait_for_result()

    def wait_until(self, fact: Callable[[], bool]) -> None:
        """Wait for something that only the database knows."""
        limit = time.monotonic() + PATIENCE / 1000
        while not fact():
            assert time.monotonic() < limit, "It did not happen"
            self.page.wait_for_timeout(200)

    # -- Looking -------------------------------------------------------------------------------------------------------

    def rpc(self, model: str, method: str, *args: object, **kwargs: object) -> object:
        """Call a public method of Odoo as the user who is signed in."""
        answer = self.page.request.post(
            f"{self.world.address}/web/dataset/call_kw/{model}/{method}",
            data={
                "jsonrpc": "2.0",
                "method": "call",
                "id": next(self._numbers),
                "params": {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
            },
        ).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def connection(self, bank: str = MAIN_BANK) -> dict:
        """The connection to a bank, as Odoo keeps it."""
        names = ["state", "automatic", "fault_reference", "fault_message"]
        return self.rpc("sync.bank.connection", "search_read", [["name", "=", bank]], names)[0]

    def balance_on_card(self, card: Locator | None = None) -> str:
        """The balance of the books, as the card shows it."""
        row = (card or self.card()).locator("#dashboard_bank_cash_balance").locator("xpath=..")
        return row.locator(".text-end").inner_text().strip()

    def account(self, journal: str = JOURNAL) -> dict:
        """The account at the bank that feeds a journal, as Odoo keeps it."""
        of_journal, italian = [["journal_id.name", "=", journal]], {"lang": "it_IT"}
        return self.rpc("sync.bank.account", "search_read", of_journal, ["journal_id"], context=italian)[0]

    def type_by_hand(self, day: date, amount: str, words: str, journal: str = JOURNAL) -> int:
        """Enter a transaction that the bank did not send; returns its id."""
        values = {"journal_id": self.account(journal)["journal_id"][0], "date": day.isoformat()}
        values |= {"amount": float(amount), "payment_ref": words}
        return self.rpc("account.bank.statement.line", "create", [values])[0]

    def open_connection(self, journal: str = JOURNAL) -> None:
        """From the error on the card to the connection."""
        self.card(journal).locator(".o_sync_hub_error a").click()
        expect(self.page.locator(".o_form_view .o-mail-Chatter")).to_be_visible()

    def newest_error(self) -> Locator:
        """The newest message with a reference in the chatter of the connection that is open."""
        return self.page.locator(".o-mail-Chatter .o-mail-Message", has_text=REFERENCE).first

    def complains(self) -> bool:
        """Whether Odoo shows an error."""
        return self.page.locator(".o_error_dialog, .o_notification_bar.bg-danger").count() > 0


# -- Forms -------------------------------------------------------------------------------------------------------------


def field(desk: Desk, name: str):
    return desk.page.locator(f".o_form_view .o_field_widget[name={name}]").first


def write(desk: Desk, name: str, text: str) -> None:
    box = field(desk, name).locator("input, textarea").first
    box.fill(text)
    box.press("Tab")


def choose(desk: Desk, name: str, text: str) -> None:
    """Choose the record of a relation by a part of its name."""
    field(desk, name).locator("input").first.fill(text)
    desk.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def save(desk: Desk) -> None:
    desk.page.locator(".o_form_button_save").click()
    expect(desk.page.locator(".o_form_status_indicator_buttons.invisible")).to_have_count(1)
