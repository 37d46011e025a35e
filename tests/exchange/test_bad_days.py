# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goes wrong between two databases: each time a sentence, and nothing lost and nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from offices import Link, Office
from proxy import Proxy


@pytest.fixture
def network(rome: Office, line: Link) -> Iterator[Proxy]:
    """The network between both, which can be cut."""
    network = Proxy(rome.server.port)
    rome.write("sync.exchange.peer", line.peer, url=network.url, api_key=_key(rome, line))
    line.reconnect()
    yield network
    network.close()
    rome.write("sync.exchange.peer", line.peer, url=rome.server.url, api_key=_key(rome, line))
    line.reconnect()


def _key(rome: Office, _line: Link) -> str:
    # Every copy of the template has the same.
    return rome.key


def _kinds(run: dict) -> list[str]:
    return [kind for kind, _text, _detail in run["log"]]


def test_a_peer_that_is_down_is_tried_again_later(network: Proxy, line: Link, rome: Office, milan: Office) -> None:
    network.down = True
    rome.add("N1")
    run = line.send()
    assert (run["outcome"], _kinds(run)) == ("failed", ["network_unreachable"])
    network.down = False
    line.reconnect()
    assert line.send()["created"] == 1
    assert milan.partner("N1")


def test_a_peer_that_goes_down_midway_goes_on_where_it_stopped(
    network: Proxy, line: Link, rome: Office, milan: Office
) -> None:
    line.both()
    milan.call("res.partner", "create", (), [{"name": f"Mid {n}", "ref": f"mid{n}"} for n in range(1200)])
    # Hello, how much there is, three for the tags, and two before the first page of contacts.
    network.calls_left = 9
    first = line.receive()
    assert first["outcome"] in ("failed", "partly_failed") and 0 < first["created"] < 1200, first
    network.calls_left, network.down = None, False
    line.reconnect()
    second = line.receive()
    assert first["created"] + second["created"] == 1200
    assert rome.number("SELECT count(*) FROM res_partner WHERE ref LIKE 'mid%%'") == 1200


def test_answers_that_are_cut_off_change_nothing(network: Proxy, line: Link, rome: Office, milan: Office) -> None:
    network.cut_share = 0.4
    for number in range(6):
        rome.add(f"cut{number}")
        milan.add(f"cute{number}")
        line.both()
        line.reconnect()
    assert network.cuts > 3
    network.cut_share = 0
    line.both()
    for ref in (f"cut{number}" for number in range(6)):
        assert rome.partner(ref) and milan.partner(ref)
        assert rome.partner(ref.replace("cut", "cute")) and milan.partner(ref.replace("cut", "cute"))


def test_a_wrong_key_says_what_to_do(line: Link, rome: Office) -> None:
    rome.write("sync.exchange.peer", line.peer, api_key="0" * 40)
    line.reconnect()
    run = line.receive()
    assert (run["outcome"], _kinds(run)) == ("failed", ["credentials_rejected"])
    rome.write("sync.exchange.peer", line.peer, api_key=rome.key)
    line.reconnect()
    assert line.receive()["outcome"] in ("done", "nothing_new")


def test_another_database_at_the_address_gets_no_data(
    line: Link, rome: Office, milan: Office, new_office: Callable[[str], Office]
) -> None:
    stranger = new_office("e")
    rome.add("secret")
    rome.write("sync.exchange.peer", line.peer, database=stranger.database, api_key=stranger.key)
    line.reconnect()
    run = line.send()
    assert (run["outcome"], _kinds(run)) == ("failed", ["request_refused"])
    assert stranger.partner("secret") is None
    # A copy of this very database has its identity.
    stranger.execute(
        "UPDATE ir_config_parameter SET value = %s WHERE key = 'database.uuid' RETURNING 1",
        (rome.execute("SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'")[0][0],),
    )
    rome.write("sync.exchange.peer", line.peer, database=milan.database, api_key=milan.key)
    line.reconnect()
    line.both()
    assert milan.partner("secret")


def test_a_field_that_is_gone_there_is_left_out_and_all_else_goes_on(line: Link, rome: Office, milan: Office) -> None:
    rome.create(
        "ir.model.fields",
        name="x_shoe",
        field_description="Size of the shoe",
        ttype="char",
        model_id=rome.call("ir.model", "search", (), [["model", "=", "res.partner"]])[0],
    )
    [mapping] = rome.call("sync.exchange.mapping", "search", (), [["model", "=", "res.partner"]])
    [field] = rome.call("ir.model.fields", "search", (), [["name", "=", "x_shoe"], ["model", "=", "res.partner"]])
    rome.write("sync.exchange.mapping", mapping, line_ids=[[0, 0, {"field_id": field}]])
    rome.add("F1", x_shoe="44", city="Roma")
    sent = line.send()
    assert "exchange_fields_absent" in _kinds(sent) and sent["created"] == 1
    assert milan.partner("F1")["city"] == "Roma"
    milan.change("F1", phone="5")
    received = line.receive()
    assert (received["updated"], rome.partner("F1")["phone"]) == (1, "5")
    # And when it is there one day, it is exchanged.
    milan.create(
        "ir.model.fields",
        name="x_shoe",
        field_description="Size of the shoe",
        ttype="char",
        model_id=milan.call("ir.model", "search", (), [["model", "=", "res.partner"]])[0],
    )
    rome.change("F1", x_shoe="45")
    line.send()
    assert milan.call("res.partner", "read", [milan.partner("F1")["id"]], ["x_shoe"])[0]["x_shoe"] == "45"
    rome.call("ir.model.fields", "unlink", [field])


def test_a_kind_of_data_that_is_not_there_does_not_stop_the_others(line: Link, rome: Office, milan: Office) -> None:
    model = rome.create("ir.model", name="Shoes", model="x_shoes", state="manual")
    rome.create(
        "ir.model.access",
        name="Shoes",
        model_id=model,
        perm_read=True,
        perm_write=True,
        perm_create=True,
        group_id=rome.call("ir.model.data", "search_read", (), [["name", "=", "group_user"], ["module", "=", "base"]],
                           ["res_id"])[0]["res_id"],
    )
    mapping = line.exchange("x_shoes", "x_name", sequence=1)
    rome.add("O1")
    sent = line.send()
    assert "exchange_unfit" in _kinds(sent) and sent["created"] == 1
    assert milan.partner("O1")
    rome.call("sync.exchange.mapping", "unlink", [mapping])


def test_a_record_whose_required_neighbour_is_not_exchanged_waits_alone(
    line: Link, rome: Office, milan: Office
) -> None:
    mapping = line.exchange("res.partner.bank", "acc_number partner_id", sequence=90)
    stranger = milan.create("res.partner", name="Without a number")
    known = milan.add("Q1")
    milan.create("res.partner.bank", acc_number="11", partner_id=stranger)
    milan.create("res.partner.bank", acc_number="22", partner_id=known)
    line.receive()
    numbers = [row["acc_number"] for row in rome.call("res.partner.bank", "search_read", (), [], ["acc_number"])]
    assert "22" in numbers and "11" not in numbers
    [waiting] = line.waiting()
    assert waiting["reason"] == "reference"
    # As soon as its neighbour is exchanged, it comes by itself.
    milan.write("res.partner", stranger, ref="Q2")
    line.receive()
    assert not line.waiting()
    numbers = [row["acc_number"] for row in rome.call("res.partner.bank", "search_read", (), [], ["acc_number"])]
    assert sorted(numbers) == ["11", "22"]
    rome.call("sync.exchange.mapping", "unlink", [mapping])


def test_keys_that_several_records_have_are_not_guessed(line: Link, rome: Office, milan: Office) -> None:
    [mapped] = rome.call("sync.exchange.mapping.field", "search", (), [["name", "=", "ref"]])
    rome.write("sync.exchange.mapping.field", mapped, is_key=True)
    rome.add("K1", city="Roma")
    milan.add("K1", city="Roma")
    for _time in range(2):
        milan.add("K2")
    rome.add("K2")
    line.both()
    line.both()
    # One that both had is one record now, and of three that are alike nothing was made.
    assert rome.partner("K1")["city"] == milan.partner("K1")["city"] == "Roma"
    assert milan.number("SELECT count(*) FROM res_partner WHERE ref = 'K2'") == 2
    assert rome.number("SELECT count(*) FROM res_partner WHERE ref = 'K2'") >= 1
    assert any(row["title"] == "Contact K2" for row in line.waiting())
    rome.write("sync.exchange.mapping.field", mapped, is_key=False)


def test_a_worker_that_is_killed_when_the_other_side_has_committed_does_nothing_twice(
    line: Link, rome: Office, milan: Office
) -> None:
    line.both()
    rome.call("res.partner", "create", (), [{"name": f"Kill {n}", "ref": f"kill-{n}"} for n in range(30)])
    count = "SELECT count(*) FROM res_partner WHERE ref LIKE 'kill-%%'"
    gate = rome.odoo.server.connect(rome.database)
    with gate, gate.cursor() as cursor:
        # Who writes into this table waits: what both sides have agreed cannot be noted.
        cursor.execute("LOCK TABLE sync_exchange_link IN EXCLUSIVE MODE")
        line.begin("send")
        end = time.monotonic() + 60
        while not milan.number(count) or not _somebody_waits(rome):
            assert time.monotonic() < end
            time.sleep(0.05)
        rome.worker.kill()
        gate.rollback()
    gate.close()
    line.both()
    line.both()
    assert (milan.number(count), rome.number(count)) == (30, 30)
    assert line.send()["updated"] == 0


def _somebody_waits(office: Office) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return bool(office.number(waiting))


def test_a_quantity_is_not_added_twice_when_the_answer_was_lost(line: Link, rome: Office, milan: Office) -> None:
    [mapped] = rome.call("sync.exchange.mapping.field", "search", (), [["name", "=", "color"]])
    rome.write("sync.exchange.mapping.field", mapped, additive=True)
    tag = rome.create("res.partner.category", name="Lost", color=5)
    line.both()
    [there] = milan.call("res.partner.category", "search", (), [["name", "=", "Lost"]], context={"lang": "en_US"})
    rome.write("res.partner.category", tag, color=8)
    gate = rome.odoo.server.connect(rome.database)
    with gate, gate.cursor() as cursor:
        # The answer cannot be noted: who does that waits.
        cursor.execute(
            "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_advisory_xact_lock(7201934); RETURN NEW; END'"
        )
        cursor.execute(
            "CREATE TRIGGER gate BEFORE INSERT OR UPDATE ON sync_exchange_link FOR EACH ROW"
            " WHEN (NEW.sent::text = '[]') EXECUTE FUNCTION gate()"
        )
        gate.commit()
        cursor.execute("SELECT pg_advisory_lock(7201934)")
        line.begin("send")
        end = time.monotonic() + 60
        while not _somebody_waits(rome):
            assert time.monotonic() < end
            time.sleep(0.05)
        rome.worker.kill()
        cursor.execute("SELECT pg_advisory_unlock(7201934)")
    gate.close()
    # It is there, and nobody here knows it; and now somebody adds one there.
    read = milan.call("res.partner.category", "read", [there], ["color"])
    assert read[0]["color"] == 8
    milan.write("res.partner.category", there, color=9)
    line.both()
    line.both()
    amounts = [
        office.call("res.partner.category", "read", [number], ["color"])[0]["color"]
        for office, number in ((rome, tag), (milan, there))
    ]
    assert amounts == [9, 9]
