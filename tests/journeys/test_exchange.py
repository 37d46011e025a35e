# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Another database becomes a peer; records come and go; conflicts, differences, copies, and what stops the exchange.

Each journey is made in Italian and in Brazilian Portuguese; what the screens say stands in the files of translations.
"""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import PATIENCE, REFERENCE, Desk, field, save, write
from exchange_world import ExchangeWorld
from playwright.sync_api import Locator, expect

PEER = "Filiale di Milano"
# What only one of both has at first.
BRANCHES = {"Ferramenta Navigli", "Autotrasporti Brera", "Studio Lambrate"}
OURS = {"Vetreria Moncalieri", "Panificio Crocetta"}
ANY_DIGIT = re.compile(r"\d")
TERM, TERM_THERE = "60 giorni Aurora", "45 Days"


@pytest.fixture
def keeper(sit_down: Callable[..., Desk], exchange_worlds, exchange_world: ExchangeWorld) -> Desk:
    """The administrator's window in a company that has no peer yet."""
    desk = sit_down(exchange_worlds.renew() if exchange_world.peer else exchange_world)
    enter_customers(desk)
    return desk


@pytest.fixture
def keeping(sit_down: Callable[..., Desk], exchange_world: ExchangeWorld) -> Desk:
    """The administrator's window on the peer of a company whose contacts are in step with the branch's."""
    desk = sit_down(exchange_world)
    if not exchange_world.peer:
        enter_customers(desk)
        enter_peer(desk)
        add_contacts(desk)
        desk.press("action_open_codes", connect(desk))
        map_code(desk)
        open_peer(desk)
        for button in ("action_sync_now", "action_send_now"):
            exchange(desk, button)
    return desk


# -- Steps -------------------------------------------------------------------------------------------------------------


def says(place: Locator, words: str) -> None:
    """Assert that a part of the screen is there and says this."""
    expect(place.first).to_be_visible()
    expect(place.first).to_contain_text(words)


def dialog_of(desk: Desk) -> Locator:
    """The dialog on top."""
    return desk.page.locator(".modal-content").last


def close(desk: Desk) -> None:
    """Close the dialog on top by its last button."""
    number = desk.page.locator(".modal-content").count()
    dialog_of(desk).locator("footer button:visible").last.click()
    expect(desk.page.locator(".modal-content")).to_have_count(number - 1)


def enter_customers(desk: Desk) -> None:
    """Two customers that the branch does not know; one pays by a term that it does not know either."""
    line = {"value": "percent", "value_amount": 100, "nb_days": 60}
    term = desk.rpc("account.payment.term", "create", [{"name": TERM, "line_ids": [[0, 0, line]]}])[0]
    for name, values in {"Vetreria Moncalieri": {"property_payment_term_id": term}, "Panificio Crocetta": {}}.items():
        desk.rpc("res.partner", "create", [{"name": name, "is_company": True, "city": "Torino", **values}])


def enter_peer(desk: Desk, *, with_name: bool = True) -> None:
    """From the menu to a peer that is saved: it moves nothing by itself yet.

    :param with_name: say which database, although there is only one at the address
    """
    branch = desk.world.branch
    desk.open("peer-databases")
    desk.choose_menu("sync_hub_exchange.menu_exchange", "sync_hub_exchange.menu_sync_exchange_peer")
    desk.page.locator(".o_list_button_add").click()
    write(desk, "name", PEER)
    write(desk, "url", branch.address)
    if with_name:
        write(desk, "database", branch.database)
    write(desk, "api_key", branch.key)
    write(desk, "receive_interval", "30")
    for name in ("automatic", "send_automatic"):
        field(desk, name).locator("input").uncheck()
    save(desk)
    desk.world.peer = int(desk.page.url.rsplit("/", 1)[1])


def open_peer(desk: Desk) -> None:
    desk.open(f"peer-databases/{desk.world.peer}")
    expect(desk.page.locator(".o_form_view .o-mail-Chatter")).to_be_visible()
    # What has happened in the last minute is heard again, and draws the form anew.
    desk.page.wait_for_timeout(800)


def add_contacts(desk: Desk) -> None:
    """“Add data”: contacts are ticked already, and so are products, which stay where they are."""
    words = desk.world.words
    desk.press("action_add_data")
    rows = dialog_of(desk).locator(".o_data_row")
    for title, ticked in {"Contacts": True, "Products with their variants": False}.items():
        row = rows.filter(has=desk.page.get_by_text(words(title), exact=True))
        expect(row.locator("td[name=chosen] input")).to_be_checked()
        if not ticked:
            row.locator("td[name=chosen]").click()
            row.locator("td[name=chosen] input").uncheck()
    desk.answer("action_add")
    expect(desk.page.locator("[name=mapping_ids] .o_data_row")).to_have_count(2)


def connect(desk: Desk) -> Locator:
    """Press “Connect” on the peer that is open; returns the dialog with what was looked at."""
    desk.press("action_connect")
    expect(dialog_of(desk).locator(".alert-success:visible, .alert-warning:visible")).to_be_visible(timeout=PATIENCE)
    return dialog_of(desk)


def map_code(desk: Desk) -> None:
    """In the list of codes: the term of payment is called otherwise there."""
    row = desk.page.locator(".o_list_view .o_data_row")
    says(row.locator("td[name=res_id]"), TERM)
    row.locator("td[name=there_id]").click()
    row.locator("td[name=there_id] input").fill(TERM_THERE)
    desk.page.locator(".o-autocomplete--dropdown-item", has_text=TERM_THERE).first.click()
    desk.page.locator(".o_list_button_save").click()
    says(row.locator("td[name=state]"), desk.world.words("Mapped"))


def exchange(desk: Desk, button: str = "action_sync_now") -> None:
    """“Force update” or “Send now” on the peer that is open: the outcome appears by itself."""
    before = desk.world.count("sync_run", "date_end IS NOT NULL")
    desk.press(button)
    desk.wait_until(lambda: desk.world.count("sync_run", "date_end IS NOT NULL") > before)
    expect(desk.page.locator(".o_form_view .o_sync_hub_progress")).to_have_count(0)


def tags(desk: Desk) -> str:
    """What the kind of data is called that contacts need."""
    asked, language = [["model", "=", "res.partner.category"]], {"lang": desk.world.language}
    [model] = desk.rpc("ir.model", "search_read", asked, ["name"], context=language)
    return model["name"]


def outcome(desk: Desk, name: str = "last_outcome") -> Locator:
    return field(desk, name)


def wait_for_end(desk: Desk, status: str = "Done") -> None:
    """Wait until longer work has ended, as somebody does who looks again and again."""
    place = desk.page.locator(".o_form_view .o_arrow_button_current[data-value]")
    expect(desk.page.locator(".o_form_view .o_arrow_button[data-value=working]")).to_have_count(1)

    def has_ended() -> bool:
        if place.get_attribute("data-value") in ("done", "failed"):
            return True
        desk.page.reload()
        expect(place).to_be_visible()
        return False

    desk.wait_until(has_ended)
    says(place, desk.world.words(status))


def let_a_person_decide(desk: Desk) -> None:
    """In the rules of contacts, on the peer that is open."""
    contacts = desk.page.locator("[name=mapping_ids] .o_data_row", has_not_text=tags(desk))
    contacts.locator("td[name=model_name]").click()
    dialog = dialog_of(desk)
    dialog.locator("[name=policy] input").click()
    choice = desk.world.words("Field by field, a person decides")
    desk.page.locator(".o_select_menu_menu .o_select_menu_item", has_text=choice).click()
    dialog.locator(".o_form_button_save").click()
    expect(desk.page.locator(".modal-content")).to_have_count(0)
    save(desk)
    says(contacts.locator("td[name=policy]"), choice)


def contact(desk: Desk, name: str) -> dict:
    """The one contact of this name in the head office."""
    names = ["city", "phone", "street"]
    [found] = desk.rpc("res.partner", "search_read", [["name", "=", name]], names)
    return found


def change(desk: Desk, name: str, **values: object) -> None:
    desk.rpc("res.partner", "write", [contact(desk, name)["id"]], values)


# -- Journeys ----------------------------------------------------------------------------------------------------------


def test_a_branch_becomes_a_peer_and_its_contacts_arrive(keeper: Desk):
    """Address and key are typed, data is added; what was looked at is listed, tried out, and then exchanged."""
    page, world, words = keeper.page, keeper.world, keeper.world.words
    enter_peer(keeper)
    says(page.locator(".o_form_view .o_arrow_button_current"), words("Not connected"))
    # The key is not shown any more.
    assert world.branch.key not in field(keeper, "api_key").locator("input").input_value()
    add_contacts(keeper)

    dialog = connect(keeper)
    says(dialog.locator(".modal-title"), words("Check of %s") % PEER)
    findings = dialog.locator(".o_data_row")
    looked_at = {"Address": "%(address)s answers.", "API key": "The key works, as the user %(user)s there."}
    for title, text in looked_at.items():
        row = findings.filter(has=page.get_by_text(words(title), exact=True))
        expect(row.locator("td[name=message]")).to_have_text(words.like(text))
        says(row.locator("td[name=severity]"), words("✔ Good"))
    code = findings.filter(has_text=TERM)
    says(code.locator("td[name=severity]"), words("⚠ Note"))
    remedy = (
        "Press “Map” and say what each of them is on the other side. Until then only records with such a value wait."
    )
    says(code.locator("td[name=remedy]"), words(remedy))
    keeper.press("action_map", code)
    map_code(keeper)
    open_peer(keeper)
    keeper.press("action_check")
    well = words("Both databases have what the exchange needs. No record has moved yet.")
    says(dialog_of(keeper).locator(".alert-success"), well)
    close(keeper)
    assert not world.count("res_partner", "name = 'Studio Lambrate'")

    # What would come and go is counted and shown, and nothing stays of it.
    keeper.press("action_dry_run")
    dialog = dialog_of(keeper)
    only = "This is what the next exchange would do. Nothing was changed, neither here nor there."
    says(dialog.locator(".alert-success"), words(only))
    planned = dialog.locator("[name=line_ids] .o_data_row").filter(has=page.locator("td[name=mapping_id]"))
    contacts = planned.filter(has_not_text=tags(keeper))
    for number, count in enumerate((len(BRANCHES), len(OURS))):
        expect(contacts.nth(number).locator("td[name=create_count]")).to_have_text(str(count))
        expect(contacts.nth(number).locator("td[name=error_count]")).to_have_text("0")
    contacts.first.locator("td[name=mapping_id]").click()
    examples = dialog_of(keeper).locator("[name=sample_ids] .o_data_row")
    expect(examples).to_have_count(len(BRANCHES))
    says(examples.filter(has_text="Studio Lambrate"), "Via Conte Rosso 21")
    close(keeper)
    close(keeper)
    assert not world.count("res_partner", "name = 'Studio Lambrate'")

    keeper.watch()
    keeper.press("action_sync_now")
    keeper.wait_for_result()
    says(outcome(keeper), words("Done"))
    assert world.count("res_partner", "name IN ('Ferramenta Navigli', 'Autotrasporti Brera', 'Studio Lambrate')") == 3
    exchange(keeper, "action_send_now")
    says(outcome(keeper, "send_last_outcome"), words("Done"))
    # The code that was mapped is what the branch calls it.
    assert world.branch.contact("Vetreria Moncalieri")["property_payment_term_id"][1] == TERM_THERE


def test_one_switch_updates_both_ways_every_five_minutes(keeping: Desk):
    """Both halves follow the switch and get back the times that they had; each has a schedule of its own."""
    page, words = keeping.page, keeping.world.words
    open_peer(keeping)
    box = {name: field(keeping, name).locator("input") for name in ("automatic", "send_automatic")}
    minutes = {name: field(keeping, name).locator("input") for name in ("receive_interval", "send_interval")}
    switch = field(keeping, "every_five_minutes").locator("input")
    switch.check()
    for each in minutes.values():
        expect(each).to_have_value("5")
    for name, each in box.items():
        expect(each, name).to_be_checked()
    expect(field(keeping, "next_run")).to_have_text(ANY_DIGIT)
    expect(field(keeping, "send_next_run")).to_have_text(ANY_DIGIT)

    switch.uncheck()
    expect(minutes["receive_interval"]).to_have_value("30")
    expect(minutes["send_interval"]).to_have_value("15")
    for each in box.values():
        expect(each).not_to_be_checked()

    for name in ("receive", "send"):
        keeping.press(f"action_open_{name}_schedule")
        expect(field(keeping, "interval_number").locator("input")).to_have_value("30" if name == "receive" else "15")
        expect(page.get_by_text(words("Weekdays"), exact=True)).to_be_visible()
        open_peer(keeping)


def test_what_both_have_changed_waits_for_a_person(keeping: Desk):
    """The rule says that a person decides; both values stand side by side, and what is chosen counts on both sides."""
    page, world, words = keeping.page, keeping.world, keeping.world.words
    name, here, there = "Panificio Crocetta", "Corso Einaudi 20", "Via Piave 9"
    open_peer(keeping)
    let_a_person_decide(keeping)
    change(keeping, name, street=here, city="Collegno")
    world.branch.change(name, street=there)
    exchange(keeping)
    says(page.locator("button[name=action_open_conflicts]"), "1")
    keeping.press("action_open_conflicts")
    row = page.locator(".o_list_view .o_data_row")
    says(row.locator("td[name=state]"), words("Open"))
    says(row.locator("td[name=kind]"), words("Changed on both sides"))
    row.locator("td[name=title]").click()
    line = page.locator(".o_form_view [name=line_ids] .o_data_row")
    expect(line).to_have_count(1)
    says(line.locator("td[name=here]"), here)
    says(line.locator("td[name=there]"), there)
    # Without a choice nothing is decided.
    keeping.press("action_solve")
    says(dialog_of(keeping), words("Choose for each field which value is right: %s").split("%s")[0])
    close(keeping)
    line.locator("td[name=choice]").click()
    line.locator("td[name=choice] input").click()
    page.locator(".o_select_menu_menu .o_select_menu_item", has_text=words("There")).click()
    keeping.press("action_solve")
    says(page.locator(".o_form_view .o_arrow_button_current"), words("Solved"))
    assert contact(keeping, name)["street"] == there

    open_peer(keeping)
    expect(page.locator("button[name=action_open_conflicts] .o_stat_value")).to_have_text("0")
    exchange(keeping, "action_send_now")
    # What only one side has changed went its way meanwhile.
    assert (world.branch.contact(name)["street"], world.branch.contact(name)["city"]) == (there, "Collegno")


def test_what_differs_is_found_and_brought_in_step(keeping: Desk):
    """Somebody has changed a record behind Odoo's back: it is listed, and only it is exchanged."""
    page, world, words = keeping.page, keeping.world, keeping.world.words
    name = "Studio Lambrate"
    world.sql("UPDATE res_partner SET phone = '02 555 0199' WHERE name = %s RETURNING id", name)
    open_peer(keeping)
    keeping.press("action_verify")
    wait_for_end(keeping)
    lines = page.locator("[name=line_ids] .o_data_row")
    expect(lines).to_have_count(1)
    says(lines.locator("td[name=title]"), name)
    says(lines.locator("td[name=difference]"), words("Different"))
    keeping.press("action_resync")
    says(lines.locator("td[name=state]"), words("Exchanged"))
    assert contact(keeping, name)["phone"] == world.branch.contact(name)["phone"]
    # What the page shows before the answer is there is the end of the work before.
    with page.expect_response(lambda answer: "action_verify" in answer.url):
        keeping.press("action_verify")
    page.reload()
    wait_for_end(keeping)
    says(page.locator(".o_form_view .alert-success"), words("Both sides hold the same records."))
    page.locator(".nav-link[name=counts]").click()
    for row in page.locator("[name=kind_ids] .o_data_row").all():
        assert row.locator("td[name=here_count]").inner_text() == row.locator("td[name=there_count]").inner_text()


def test_data_is_copied_into_a_file_and_a_restore_is_tried(keeping: Desk, tmp_path: Path):
    """“Generate database”: the file is downloaded, and another restore says what it would do, and does nothing."""
    page, words = keeping.page, keeping.world.words
    keeping.open("snapshots")
    keeping.choose_menu("sync_hub_exchange.menu_exchange", "sync_hub_exchange.menu_sync_exchange_snapshot")
    says(page.locator(".o_last_breadcrumb_item"), words("Generate Database"))
    page.locator(".o_list_button_add").click()
    keeping.press("action_fill")
    expect(page.locator("[name=kind_ids] .o_data_row")).to_have_count(2)
    keeping.press("action_generate")
    wait_for_end(keeping)
    with page.expect_download() as download:
        keeping.press("action_download")
    copy = tmp_path / download.value.suggested_filename
    download.value.save_as(copy)
    with zipfile.ZipFile(copy) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    shown = int(field(keeping, "record_count").inner_text())
    assert shown == sum(model["count"] for model in manifest["models"]) > 5
    page.reload()
    # Who has fetched it stands there.
    says(page.locator(".o-mail-Chatter"), "127.0.0.1")

    change(keeping, "Autotrasporti Brera", city="Rho")
    keeping.open("restores")
    page.locator(".o_list_button_add").click()
    keeping.press("action_upload")
    says(page.locator("main label[for=passphrase]"), words("Passphrase, if they are encrypted"))
    page.set_input_files("#files", copy)
    page.click("button[value=try_out]")
    wait_for_end(keeping)
    says(page.locator(".o_form_view .alert-success"), words("This is what a restore would do. Nothing was written."))
    told = page.locator("[name=line_ids] .o_data_row")
    expect(told).to_have_count(2)
    assert sorted(told.locator("td[name=update_count]").all_inner_texts()) == ["0", "1"]
    assert told.locator("td[name=create_count]").all_inner_texts() == ["0", "0"]
    assert contact(keeping, "Autotrasporti Brera")["city"] == "Rho"


def test_what_stops_the_exchange_says_what_to_do(keeping: Desk):
    """The other database is down, then its key is withdrawn: sentence, remedy and button; then it goes on."""
    page, world, words = keeping.page, keeping.world, keeping.world.words
    fault = page.locator(".o_sync_hub_fault:visible")
    world.branch.stop()
    open_peer(keeping)
    exchange(keeping)
    says(fault, words("The other database could not be reached."))
    remedy = (
        "Check its address, and whether this machine has access to it. It is tried again by itself and goes on where "
        "it stopped."
    )
    says(fault, words(remedy))
    expect(fault).to_contain_text(REFERENCE)
    says(outcome(keeping), words("Failed"))
    world.branch.start()
    world.branch.wait()
    exchange(keeping)
    expect(fault).to_have_count(0)

    world.branch.withdraw_key()
    exchange(keeping)
    says(page.locator(".o_form_view .o_arrow_button_current"), words("Update credentials"))
    says(fault, words("The other database did not accept the API key."))
    expect(fault).to_contain_text(REFERENCE)
    keeping.press("action_update_credentials")
    dialog_of(keeping).locator("[name=api_key] input").fill("0123456789abcdef0123456789abcdef01234567")
    keeping.press("action_save", dialog_of(keeping))
    # The refusal is a dialog above the one with the key.
    expect(page.locator(".modal-content")).to_have_count(2)
    says(dialog_of(keeping), words("The other database did not accept the API key."))
    close(keeping)
    world.branch.give_key_back()
    dialog_of(keeping).locator("[name=api_key] input").fill(world.branch.key)
    keeping.answer("action_save")
    says(page.locator(".o_form_view .o_arrow_button_current"), words("Connected"))
    expect(fault).to_have_count(0)
    exchange(keeping)
    says(outcome(keeping), words("Nothing new"))
