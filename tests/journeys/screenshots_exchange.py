# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pictures of the exchange with a branch, in Italian: see ``screenshots.py``."""

from collections.abc import Callable

import test_exchange as peers
from desk import Desk
from exchange_world import ExchangeWorld
from playwright.sync_api import expect


def take_exchange(desk: Desk, world: ExchangeWorld, take: Callable[..., None]) -> None:
    """A branch becomes a peer; what both change, what differs, and what is copied."""
    page = desk.page
    page.set_viewport_size({"width": 1280, "height": 1000})
    peers.enter_customers(desk)
    peers.enter_peer(desk, with_name=False)
    peers.add_contacts(desk)
    dialog = peers.connect(desk)
    take(desk, "exchange-check", dialog, height=1000)
    desk.press("action_open_codes", dialog)
    peers.map_code(desk)
    peers.open_peer(desk)
    desk.press("action_dry_run")
    dialog = peers.dialog_of(desk)
    dialog.locator(".o_data_row").nth(3).wait_for()
    take(desk, "exchange-trial", dialog, height=900)
    peers.close(desk)
    for button in ("action_sync_now", "action_send_now"):
        peers.exchange(desk, button)
    peers.open_peer(desk)
    peers.let_a_person_decide(desk)
    peers.change(desk, "Panificio Crocetta", street="Corso Einaudi 20", phone="011 555 0102")
    world.branch.change("Panificio Crocetta", street="Via Piave 9", phone="011 555 0120")
    peers.exchange(desk)
    peers.open_peer(desk)
    peers.field(desk, "every_five_minutes").locator("input").check()
    expect(peers.field(desk, "send_next_run")).to_be_visible()
    take(desk, "exchange-peer", height=930)
    desk.open("peer-databases")
    take(desk, "exchange-peers", height=330)
    peers.open_peer(desk)
    desk.press("action_open_conflicts")
    page.locator(".o_list_view .o_data_row td[name=title]").click()
    page.locator(".o_form_view [name=line_ids] .o_data_row").nth(1).wait_for()
    take(desk, "exchange-conflict", height=560)
    desk.press("action_keep_here")
    page.locator(".o_form_view .o_arrow_button_current[data-value=solved]").wait_for()
    peers.open_peer(desk)
    peers.exchange(desk, "action_send_now")
    world.sql("UPDATE res_partner SET phone = '02 555 0199' WHERE name = 'Studio Lambrate'")
    world.sql("UPDATE res_partner SET city = 'Rho' WHERE name = 'Autotrasporti Brera'")
    peers.open_peer(desk)
    desk.press("action_verify")
    peers.wait_for_end(desk)
    take(desk, "exchange-verification", height=560)

    desk.open("snapshots")
    page.locator(".o_list_button_add").click()
    desk.press("action_fill")
    page.locator("[name=kind_ids] .o_data_row").nth(1).wait_for()
    desk.press("action_generate")
    peers.wait_for_end(desk)
    take(desk, "exchange-snapshot", height=640)
    [(snapshot,)] = world.sql("SELECT max(id) FROM sync_exchange_snapshot")
    peers.change(desk, "Panificio Crocetta", city="Collegno")
    italian = {"lang": "it_IT"}
    restore = desk.rpc("sync.exchange.restore", "create", [{"snapshot_ids": [[4, snapshot]]}], context=italian)[0]
    desk.open(f"restores/{restore}")
    desk.press("action_try_out")
    peers.wait_for_end(desk)
    take(desk, "exchange-restore", height=640)
    take_series(desk, world, take)


def take_series(desk: Desk, world: ExchangeWorld, take: Callable[..., None]) -> None:
    """Of a company in São Paulo and its branch."""
    world.sql(
        "UPDATE res_partner SET vat = '11222333000181', state_id = (SELECT id FROM res_country_state WHERE code = 'SP'"
        " AND country_id = (SELECT id FROM res_country WHERE code = 'BR')), country_id = (SELECT id FROM res_country"
        " WHERE code = 'BR') WHERE id IN (SELECT partner_id FROM res_company)"
    )
    numbers = [("55", 1, "normal", False), ("55", 2, "normal", world.peer), ("65", 10, "normal", False)]
    numbers += [("65", 20, "normal", world.peer), ("65", 900, "contingency", False)]
    for model, number, kind, peer in numbers:
        values = {"document_model": model, "series_number": number, "kind": kind, "peer_id": peer, "number_first": 101}
        series = desk.rpc("sync.exchange.series", "create", [values])
    for _document in range(2):
        desk.rpc("sync.exchange.series.document", "create", [{"series_id": series[0]}])
    desk.open("fiscal-series")
    desk.page.locator(".o_list_view .o_data_row").nth(4).wait_for()
    take(desk, "exchange-series", height=420)
