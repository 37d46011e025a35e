# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company gives its accountant access, its documents come to the accountant's site, and access ends at once."""

import contextlib
import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from accountant_world import AccountantWorld
from desk import PATIENCE, Desk, choose, field, reads, save, write
from playwright.sync_api import Download, Locator, Page, TimeoutError, expect

COMPANY, CUSTOMER = "Officina Aurora S.r.l.", "Bianchi S.p.A."
PASSWORD = "Quattro-cavalli-9"
CONNECTED = {"it": "Collegato", "pt": "Conectado"}
ASKED = {"it": "Richiesto", "pt": "Solicitado"}
ASKS = {"it": "chiede a te, in qualità di suo commercialista", "pt": "solicita a você, como contador da empresa"}
LAST = {"it": "Ultima sincronizzazione:", "pt": "Última sincronização:"}
NEWS = {"it": "Sono arrivati nuovi documenti.", "pt": "Chegaram novos documentos."}
NEXT = {"it": "Prossime 5 esecuzioni", "pt": "Próximas 5 execuções"}
SUNDAY = {"it": "dom", "pt": "dom"}
WAITING = {"it": "Da trasferire", "pt": "A transferir"}
TAKEN = {"it": "Trasferito", "pt": "Transferido"}
FOLDER = {"it": "Fatture cliente", "pt": "Faturas de clientes"}
COLUMNS = {"it": ("Numero", "Totale", "Contenuto"), "pt": ("Número", "Total", "Conteúdo")}
RECEIPT = {"it": "Ricevuta", "pt": "Recibo"}
TOO_LARGE = {"it": "troppo grandi per un'e-mail", "pt": "grandes demais para um e-mail"}
EXPIRES = {"it": "Il link scade il", "pt": "O link expira em"}
ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: the company's owner, the site's administrator, and the accountant, in one language."""

    lang: str
    locale: str
    owner: str
    administrator: str
    accountant: str
    address: str
    # What is enabled: the company itself, or a customer of a practice.
    subject: str


ITALIAN = Cast("it", "it-IT", "titolare", "studio", "Anna Verdi", "anna@verdi.example", COMPANY)
BRAZILIAN = Cast("pt", "pt-BR", "dono", "escritorio", "Ana Contas", "ana@contas.example", CUSTOMER)


@pytest.mark.parametrize("cast", [ITALIAN, BRAZILIAN], ids=["italian", "brazilian"])
def test_an_accountant_finds_the_documents_of_a_company_until_it_switches_the_access_off(
    cast: Cast, site_world: AccountantWorld, sit_down: Callable[..., Desk], visit: Callable[[str], Page]
):
    owner = sit_down(site_world.books, cast.owner)
    switch(owner, cast, on=True)
    expect(open_switch(owner, cast)).to_be_checked()
    expect(field(owner, "sync_portal_state")).to_have_text(ASKED[cast.lang])

    site = sit_down(site_world, cast.administrator)
    connect_books(site, cast)
    schedule_every_morning_but_sunday(site, cast)
    synchronize(site, cast)

    page = visit(cast.locale)
    accept_invitation(page, site_world, cast)
    asking = page.locator(".alert-info", has_text=cast.subject)
    reads(asking, ASKS[cast.lang])
    asking.locator("button[value=yes]").click()
    expect(page.locator(".alert-success")).to_contain_text(cast.subject)
    open_switch(owner, cast)
    expect(field(owner, "sync_portal_state")).to_have_text(CONNECTED[cast.lang])

    # Whoever has agreed need not wait for the schedule.
    arrived = f"last_outcome = 'done' AND accountant_email = '{cast.address}'"
    site.wait_until(lambda: site_world.count("sync_portal_company", arrived) == 1)
    read_companies(page, cast)
    read_documents(page, cast)
    taken = download(page, lambda: page.locator("button[name=download]").click())
    check_archive(taken, cast, documents=1)
    read_marks(page, cast)

    open_expiring_link(page, site, cast)
    synchronize_within_the_quota(page, cast)

    switch(owner, cast, on=False)
    # So long an answer of the books counts.
    page.wait_for_timeout(3500)
    page.reload()
    expect(page.locator("[name=switched_off]")).to_contain_text(cast.subject)
    expect(page.locator("[name=sync_company], [name=sync_document]")).to_have_count(0)


# -- In the company's own Odoo -----------------------------------------------------------------------------------------


def open_switch(desk: Desk, cast: Cast) -> Locator:
    """The switch on the form of the company, or of the practice's customer."""
    model = "res.company" if cast.subject == COMPANY else "res.partner"
    [found] = desk.rpc(model, "search_read", [["name", "=", cast.subject]], ["id"])
    desk.open(f"{model}/{found['id']}")
    desk.page.locator(f".nav-link[name={'sync_portal' if model == 'res.company' else 'sales_purchases'}]").click()
    return field(desk, "sync_portal_enabled").locator("input")


def switch(desk: Desk, cast: Cast, *, on: bool) -> None:
    """Turn the switch, and choose the accountant."""
    toggle = open_switch(desk, cast)
    expect(toggle).to_be_checked(checked=not on)
    toggle.click()
    if on:
        choose_accountant(desk, cast.accountant)
    desk.page.locator(".o_form_button_save").click()
    accountant = f"accountant_id IN (SELECT id FROM res_partner WHERE email = '{cast.address}')"
    desk.wait_until(lambda: desk.world.count("sync_portal_link", f"{accountant} AND enabled") == on)
    if cast.subject == COMPANY:
        # Once it is saved, the page is loaded anew.
        desk.page.wait_for_timeout(2000)


def choose_accountant(desk: Desk, name: str) -> None:
    """The field appears with the switch; what is typed before it is wholly there is typed again."""
    box = field(desk, "sync_portal_accountant_id").locator("input").first
    offer = desk.page.locator(".o-autocomplete--dropdown-item", has_text=name).first
    for _attempt in range(5):
        box.fill(name)
        with contextlib.suppress(TimeoutError):
            offer.click(timeout=PATIENCE / 20)
            return
    raise AssertionError(f"{name} is not offered")


# -- On the site -------------------------------------------------------------------------------------------------------


def connect_books(desk: Desk, cast: Cast) -> None:
    """From the menu to books that answer; the second administrator finds them connected."""
    page = desk.page
    desk.open("accountant-site-books")
    if desk.rpc("sync.portal.source", "search_read", [], ["name"]):
        page.locator(".o_data_row td[name=name]").first.click()
    else:
        page.locator(".o_list_button_add").click()
        write(desk, "name", "Gestionale")
        choose(desk, "peer_id", "Gestionale")
        write(desk, "press_quota", "1")
        # Whatever is sent is too large for a mail.
        write(desk, "attach_up_to", "0")
        save(desk)
        desk.press("action_connect")
    expect(page.locator(".o_form_view .o-mail-Chatter")).to_be_visible()
    expect(page.locator(".o_form_view button[name=action_sync_now]")).to_be_visible(timeout=PATIENCE)


def schedule_every_morning_but_sunday(desk: Desk, cast: Cast) -> None:
    """Frequency, exact hour and weekdays, from the field on the form and back."""
    page = desk.page
    [schedule] = desk.rpc("sync.portal.source", "search_read", [], ["schedule_id"])
    desk.open(f"sync-schedules/{schedule['schedule_id'][0]}")
    page.locator("[name=interval_preset] .o_selection_badge").last.click()
    sunday = page.locator(".o_recurrent_weekdays td").nth(6).locator("input")
    if sunday.is_checked():
        sunday.click()
    save(desk)
    reads(page.locator(".o_horizontal_separator", has_text=NEXT[cast.lang]), NEXT[cast.lang])
    expect(field(desk, "next_runs")).not_to_contain_text(SUNDAY[cast.lang])
    desk.open("accountant-site-books")
    page.locator(".o_data_row td[name=name]").first.click()
    expect(page.locator(".o_form_view .o-mail-Chatter")).to_be_visible()


def synchronize(desk: Desk, cast: Cast) -> None:
    """“Synchronize now” on the form of the books: a bar shows how far it has come, and a box what came of it."""
    ended = "state = 'finished'"
    before = desk.world.count("sync_run", ended)
    desk.watch()
    desk.press("action_sync_now")
    if cast is ITALIAN:
        desk.wait_for_result()
    else:
        # Nearly everything has come already: it may have ended before a bar is drawn.
        desk.wait_until(lambda: desk.world.count("sync_run", ended) > before)
        desk.page.reload()
    expect(field(desk, "last_outcome")).to_be_visible()
    [source] = desk.rpc("sync.portal.source", "search_read", [], ["last_outcome"])
    assert source["last_outcome"] in ("done", "nothing_new")


# -- The accountant ----------------------------------------------------------------------------------------------------


def letter_to(world: AccountantWorld, cast: Cast, words: str, page: Page) -> str:
    """The text of the newest letter to the accountant in which something stands."""
    for _attempt in range(100):
        for readers, letter in reversed(world.mailbox.deliveries):
            text = _text(letter)
            if cast.address in readers and words in text:
                return text
        page.wait_for_timeout(200)
    raise AssertionError(f"No letter says “{words}”.")


def _text(letter: EmailMessage) -> str:
    return letter.get_body(("html",)).get_content()


def accept_invitation(page: Page, world: AccountantWorld, cast: Cast) -> None:
    """From the link in the invitation, by a password of one's own, to the companies."""
    letter = letter_to(world, cast, "/web/signup?", page)
    page.goto(re.search(r'href="([^"]*/web/signup\?[^"]*)"', letter)[1].replace("&amp;", "&"))
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=confirm_password]", PASSWORD)
    page.locator("form button[type=submit]").click()
    expect(page.locator("a[href='/my/companies']").first).to_be_visible(timeout=PATIENCE)
    page.goto(f"{world.address}/my/companies")


def read_companies(page: Page, cast: Cast) -> None:
    """Last synchronization with its outcome, and how much is to be transferred."""
    page.goto(page.url.partition("/my")[0] + "/my/companies")
    row = page.locator("[name=sync_company]")
    expect(row).to_have_count(1)
    reads(row, cast.subject)
    reads(row, NEWS[cast.lang])
    expect(row.locator(".badge")).to_have_text("2")
    row.locator("a").first.click()
    reads(page.locator("[name=last_synchronization]"), LAST[cast.lang])


def read_documents(page: Page, cast: Cast) -> None:
    """All of them, those of a period, and those that are still to be transferred."""
    rows, day = page.locator("[name=sync_document]"), date.today()
    expect(rows).to_have_count(2)
    first = day.replace(month=1, day=1)
    page.locator("[name=periods] a").first.click()
    expect(rows).to_have_count(2 if first >= day.replace(day=1) else 1)
    page.fill("#sync_first", first.isoformat())
    page.fill("#sync_last", first.isoformat())
    page.select_option("#sync_show", "waiting")
    page.locator("form[method=get] button").click()
    expect(rows).to_have_count(2 if first == day else 1)
    reads(rows.locator(".badge.text-bg-primary"), WAITING[cast.lang])
    reads(rows.last, CUSTOMER)


def download(page: Page, press: Callable[[], None]) -> zipfile.ZipFile:
    with page.expect_download() as waiting:
        press()
    taken: Download = waiting.value
    assert taken.suggested_filename.endswith(".zip")
    return zipfile.ZipFile(taken.path())


def check_archive(archive: zipfile.ZipFile, cast: Cast, documents: int) -> None:
    """PDF, e-invoice and both receipts, in folders with words of the accountant's language, and a table of them."""
    with archive:
        assert archive.testzip() is None
        names = archive.namelist()
        table = archive.read("index.csv").decode("utf-8-sig")
        files = [name for name in names if name != "index.csv"]
        assert all(name.startswith(f"{FOLDER[cast.lang]}/") for name in files)
        contents = [archive.read(name) for name in files]
    assert sum(content.startswith(b"%PDF") for content in contents) == documents
    assert sum(content.startswith(b"<?xml") for content in contents) == 1
    assert sum(content.startswith(b"X-Ricevuta") for content in contents) == 2
    number, total, role = COLUMNS[cast.lang]
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert len(rows) == len(files) and len({row[number] for row in rows}) == documents
    assert {row[role] for row in rows} == {"PDF", "XML", RECEIPT[cast.lang]}
    assert {row[total] for row in rows} <= {"1250,00", "480,00"}


def read_marks(page: Page, cast: Cast) -> None:
    """What was downloaded is marked with whom and when, and the rest is still to be transferred."""
    page.goto(page.url.partition("?")[0])
    taken = page.locator("[name=sync_document]", has=page.locator(".badge.text-bg-success"))
    expect(taken).to_have_count(1)
    reads(taken, TAKEN[cast.lang])
    reads(taken, cast.accountant)
    reads(taken, str(date.today().year))
    page.select_option("#sync_show", "waiting")
    page.locator("form[method=get] button").click()
    expect(page.locator("[name=sync_document]")).to_have_count(1)


def open_expiring_link(page: Page, site: Desk, cast: Cast) -> None:
    """Too large for a mail: a link that expires, with a button behind it."""
    page.goto(page.url.partition("?")[0])
    page.locator("button[name=mail]").click()
    reads(page.locator(".alert-success"), TOO_LARGE[cast.lang])
    letter = letter_to(site.world, cast, "/my/companies/archive/", page)
    link = re.search(r'href="([^"]*/my/companies/archive/[^"]*)"', letter)[1]
    here = page.url
    page.goto(link)
    reads(page.locator("#wrap"), EXPIRES[cast.lang])
    check_archive(download(page, lambda: page.locator("button[name=download]").click()), cast, documents=2)
    page.goto(here)
    expect(page.locator(".badge.text-bg-success")).to_have_count(2)


def synchronize_within_the_quota(page: Page, cast: Cast) -> None:
    """“Synchronize now” works once; then a sentence says when it can be pressed again."""
    button = page.locator("button[name=sync_now]")
    button.click()
    expect(page.locator(".alert-success")).to_be_visible()
    expect(button).to_be_disabled()
    reads(page.locator("[name=presses_left]"), (datetime.now(ROME) + timedelta(days=1)).strftime("%d/%m/"))
