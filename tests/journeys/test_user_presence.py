# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A bank that answers only while its customer is present."""

from desk import Desk, reads

BANK = "Credito Presente"
JOURNAL = "Credito Presente Conto corrente ordinario"


def test_a_bank_that_refuses_automatic_access_becomes_manual(connected: Desk):
    """The first automatic synchronization switches the connection to manual and says so; the button still works."""
    world = connected.world
    connected.connect(BANK)
    condition = f"sync_transaction_id IN (SELECT id FROM sync_bank_transaction WHERE connection_id = {_id(connected)})"
    before = world.count("account_bank_statement_line", condition)
    assert before == len(world.bank.booked(BANK)) > 0
    assert connected.connection(BANK)["automatic"]

    # Its time has come.
    company = "SELECT id FROM res_company WHERE chart_template = 'it'"
    of_all = "coalesce(connection_id, 0) = 0"
    [(cron,)] = world.sql(f"SELECT cron_id FROM sync_schedule WHERE company_id = ({company}) AND {of_all}")
    connected.rpc("ir.cron", "write", [cron], {"nextcall": "2020-01-01 00:00:00"})
    connected.rpc("ir.cron", "method_direct_trigger", [cron])

    card = connected.card(JOURNAL)
    reads(card.locator(".o_sync_hub_error"), "La banca risponde solo in tua presenza")
    reads(card.locator(".badge").nth(1), "Solo manuale")
    assert not connected.connection(BANK)["automatic"]
    assert connected.connection()["automatic"]
    connected.open_connection(JOURNAL)
    reads(connected.newest_error(), "La banca risponde solo in tua presenza")

    world.bank.add_movements(2, BANK)
    connected.open_dashboard()
    connected.synchronize(JOURNAL)
    assert world.count("account_bank_statement_line", condition) == before + 2


def _id(desk: Desk) -> int:
    return desk.connection(BANK)["id"]
