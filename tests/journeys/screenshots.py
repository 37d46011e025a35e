# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Take the pictures of the documentation anew: ``PYTHONPATH=.:tests python tests/journeys/screenshots.py``.

Not a test. It makes a world as the journeys do, connects the sandbox bank, lets customers pay, synchronizes and takes
``docs/images/dashboard.png``, the dashboard in Italian, the schedules, a schedule, a run and the vault in English, each
cut to what matters. The screens of a bank connection are in Italian: choosing the bank, the connection, what waits,
what is missing, what is there twice, and the balance check; so are those of mail, in a world of their own: the account,
its check, sending an invoice, the invoice with its delivery, and the deliveries; and those of aligning stock, of the
exchange with a branch, and of the accountant's site.
"""

import contextlib
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import test_mail as mail
from accountant_world import accountant_site
from desk import Desk
from emulators.enablebanking import Movement
from emulators.pec import Behaviour
from emulators.smtp import Stage
from exchange_world import branch_template, company_with_branch
from mail_world import PEC_SENDER, MailWorld, mail_company
from playwright.sync_api import Browser, Locator, expect, sync_playwright
from screenshots_exchange import take_exchange
from screenshots_site import take_site
from screenshots_stock import take_stock
from stock_world import shop_and_branch
from world import World, demo_company

from bootstrap.machine import browser as chromium
from bootstrap.odoo_commands import Odoo
from bootstrap.odoo_source import ensure_odoo
from bootstrap.places import PROJECT
from bootstrap.postgres import ensure_postgres

IMAGES = PROJECT / "docs" / "images"
WIDTH, HEIGHT = 1280, 700


def main(which: str) -> None:
    """``which``: "banks", "mail", "stock", "exchange", "site", or nothing for all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    odoo = Odoo(ensure_odoo(), ensure_postgres())
    if which in ("", "banks"):
        with demo_company(odoo) as world, at_a_desk(world) as desk:
            take_all_of_banks(desk, world)
    if which in ("", "mail"):
        with mail_company(odoo) as world, at_a_desk(world) as desk:
            take_mail(desk, world)
    if which in ("", "stock"):
        with shop_and_branch(odoo) as world, at_a_desk(world, "magazzino") as desk:
            take_stock(desk, world, take)
    if which in ("", "exchange"):
        with branch_template(odoo) as branch, company_with_branch(odoo, "it_IT", *branch) as world:
            with at_a_desk(world, "admin") as desk:
                take_exchange(desk, world, take)
    if which in ("", "site"):
        with accountant_site(odoo) as world, a_browser() as browser:
            take_site(browser, world, take)


@contextlib.contextmanager
def a_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium()), args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"]
        )
        yield browser
        browser.close()


@contextlib.contextmanager
def at_a_desk(world: World, login: str = "contabile") -> Iterator[Desk]:
    with a_browser() as browser:
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, locale="it-IT", timezone_id="Europe/Rome"
        )
        desk = Desk(context.new_page(), world)
        desk.sign_in(login)
        yield desk


def take_all_of_banks(desk: Desk, world: World) -> None:
    take_banks(desk)
    desk.open_dashboard()
    desk.connect_main_bank()
    world.bank.customer_pays_invoice()
    world.bank.add_movements(4)
    desk.open_dashboard()
    desk.synchronize()
    # Without the message that it has begun.
    desk.open_dashboard()
    take(desk, "dashboard", height=790)
    take_connection(desk, world)
    take_for_administrators(desk, world)


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


def take_mail(desk: Desk, world: MailWorld) -> None:
    """Both accounts; three invoices, of which one is sent by certified mail and one to a mistyped address."""
    page = desk.page
    desk.page.set_viewport_size({"width": WIDTH, "height": 1000})
    mail.enter_account(desk, certified=True)
    mail.close(mail.connect_account(desk))
    mail.enter_account(desk, certified=False)
    dialog = mail.connect_account(desk)
    take(desk, "mail-check", dialog, height=1000)
    mail.close(dialog)
    page.locator(".nav-link[name=sending]").click()
    take(desk, "mail-account", height=720)

    wrong = "ordini@verdi.example"
    world.smtp.play(Stage.RCPT, reply=f"550 5.1.1 <{wrong}>: User unknown", address=wrong)
    bianchi, _number = mail.invoice(desk, "Bianchi S.p.A.", mail.BIANCHI)
    verdi, _number = mail.invoice(desk, "Verdi s.r.l.", wrong)
    neri, _number = mail.invoice(desk, "Neri & C.", mail.NERI, "pec")
    world.box.pec.behaviours[mail.ARCHIVE] = Behaviour.OUTSIDE
    for move in (bianchi, verdi):
        mail.send_one(desk, move)
    mail.open_invoice(desk, neri)
    desk.press("action_invoice_sent")
    dialog = page.locator(".modal-content")
    dialog.locator("[name=sync_copy_to]").wait_for()
    take(desk, "mail-send", dialog, height=900)
    desk.answer("action_send_and_print")
    desk.wait_until(lambda: len(world.box.pec.submissions) == 2)
    mail.send_now(desk, PEC_SENDER)
    desk.wait_until(lambda: mail.states(world, neri) == ["delivered"])
    desk.wait_until(lambda: mail.states(world, verdi) == ["refused"])
    mail.open_invoice(desk, neri)
    take(desk, "mail-invoice", height=560)
    desk.open("accounting")
    desk.choose_menu("account.menu_finance_receivables", "sync_hub_mail.menu_sync_mail_message")
    page.locator(".o_data_row").nth(2).wait_for()
    take(desk, "mail-deliveries", height=360)


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
    main(*sys.argv[1:] or [""])
