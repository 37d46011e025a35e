# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""“Try out” says what the next exchange does, and nothing of it stays."""

from __future__ import annotations

import pytest
from offices import Link, Office

_TABLES = (
    *("res_partner", "res_partner_category", "ir_model_data", "sync_exchange_link", "sync_exchange_change"),
    *("sync_exchange_waiting", "sync_exchange_conflict", "sync_exchange_tombstone", "sync_exchange_watch"),
)


def contents(office: Office) -> dict[str, int]:
    found = {table: office.number(f"SELECT count(*) FROM {table}") for table in _TABLES}
    cursors = office.execute("SELECT receive_cursor::text, send_cursor::text FROM sync_exchange_mapping ORDER BY id")
    texts = office.execute("SELECT md5(string_agg(p::text, ',' ORDER BY id)) FROM res_partner p")
    return {**found, "cursors": cursors, "texts": texts}


def try_out(link: Link) -> dict[tuple[str, str], dict]:
    """Counts by kind of data and direction; examples under “samples”."""
    office = link.office
    action = office.call("sync.exchange.peer", "action_dry_run", [link.peer])
    names = ["mapping_id", "direction", "complete", "sample_ids"]
    names += [f"{name}_count" for name in ("create", "update", "skip", "conflict", "error", "waiting")]
    domain = [["dry_run_id", "=", action["res_id"]]]
    result = {}
    for line in office.call("sync.exchange.dry.run.line", "search_read", (), domain, names):
        samples = office.call(
            "sync.exchange.dry.run.sample", "read", line["sample_ids"], ["outcome", "title", "change"]
        )
        result[line["mapping_id"][0], line["direction"]] = {**line, "samples": samples}
    return result


def totals(tried: dict, direction: str) -> dict[str, int]:
    lines = [line for (_mapping, way), line in tried.items() if way == direction]
    return {
        name: sum(line[f"{name}_count"] for line in lines)
        for name in ("create", "update", "skip", "conflict", "error", "waiting")
    }


def as_run(counted: dict[str, int]) -> tuple[int, int, int]:
    return counted["create"], counted["update"], counted["error"]


def outcome(run: dict) -> tuple[int, int, int]:
    return run["created"], run["updated"], run["failed"]


@pytest.fixture(scope="module", autouse=True)
def beginning(line: Link, rome: Office, milan: Office) -> None:
    for number in range(30):
        rome.add(f"RT{number}", city="Roma")
        milan.add(f"MT{number}", city="Milano")


def compare(link: Link, *offices: Office) -> tuple[dict, dict]:
    """Try out, see that nothing stays, exchange, and see that it came as it was said."""
    before = [contents(office) for office in offices]
    tried = try_out(link)
    assert [contents(office) for office in offices] == before
    assert all(line["complete"] for line in tried.values())
    received, sent = totals(tried, "receive"), totals(tried, "send")
    assert as_run(received) == outcome(link.receive())
    assert as_run(sent) == outcome(link.send())
    for way, counts in (("receive", received), ("send", sent)):
        waiting = [row for row in link.waiting() if row["direction"] == way and row["reason"] != "refused"]
        assert counts["waiting"] == len(waiting)
    return tried, {"receive": received, "send": sent}


def test_a_first_exchange_is_told_before_it_happens(line: Link, rome: Office, milan: Office) -> None:
    chief = rome.add("RT-firm", is_company=True)
    rome.add("RT-clerk", parent_id=chief)
    tag = milan.create("res.partner.category", name="Tried")
    milan.add("MT-tagged", category_id=[[6, 0, [tag]]])
    _tried, counts = compare(line, rome, milan)
    assert counts["receive"]["create"] == 32 and counts["send"]["create"] == 32


def test_nothing_is_left_to_be_told_then(line: Link, rome: Office, milan: Office) -> None:
    line.both()
    _tried, counts = compare(line, rome, milan)
    assert counts == {way: dict.fromkeys(counts[way], 0) for way in ("receive", "send")}


def test_examples_show_both_values(line: Link, rome: Office, milan: Office) -> None:
    rome.change("RT1", city="Ostia")
    milan.change("MT1", city="Monza")
    tried, counts = compare(line, rome, milan)
    assert (counts["receive"]["update"], counts["send"]["update"]) == (1, 1)
    samples = {way: sample for (_m, way), found in tried.items() for sample in found["samples"]}
    assert samples["receive"]["title"] == "Contact MT1"
    assert "Milano" in samples["receive"]["change"] and "Monza" in samples["receive"]["change"]
    assert "here “Ostia”, there “Roma”" in samples["send"]["change"]


@pytest.mark.parametrize("policy", ["peer", "local", "newest", "fields", "ask"])
def test_conflicts_are_told_by_every_policy(line: Link, rome: Office, milan: Office, policy: str) -> None:
    [mapping] = rome.call(
        "sync.exchange.mapping", "search", (), [["peer_id", "=", line.peer], ["model", "=", "res.partner"]]
    )
    rome.write("sync.exchange.mapping", mapping, policy=policy)
    line.both()
    rome.change("RT2", city=f"Roma {policy}", phone="1")
    milan.change("RT2", city=f"Milano {policy}")
    _tried, counts = compare(line, rome, milan)
    assert counts["receive"]["conflict"] == (1 if policy == "ask" else 0)
    assert len(line.conflicts()) == counts["receive"]["conflict"]
    rome.change("RT2", city="Torino")
    milan.change("RT2", city="Torino")
    rome.write("sync.exchange.mapping", mapping, policy="fields")
    line.both()
    assert not line.conflicts()


def test_refused_and_waiting_records_are_told(line: Link, rome: Office, milan: Office) -> None:
    rome.execute("ALTER TABLE res_partner ADD CONSTRAINT no_nine CHECK (city != 'nine') NOT VALID; SELECT 1")
    milan.execute("ALTER TABLE res_partner ADD CONSTRAINT no_ten CHECK (city != 'ten') NOT VALID; SELECT 1")
    milan.add("MT-nine", city="nine")
    rome.add("RT-ten", city="ten")
    # Its company has no number, so that it is not exchanged.
    hidden = milan.create("res.partner", name="Hidden", is_company=True)
    milan.add("MT-lost", parent_id=hidden)
    tried, counts = compare(line, rome, milan)
    assert (counts["receive"]["error"], counts["send"]["error"]) == (1, 1)
    assert counts["receive"]["waiting"] == 1
    told = {sample["outcome"]: sample for found in tried.values() for sample in found["samples"]}
    assert "no_" in told["error"]["change"] and told["waiting"]["title"] == "Contact MT-lost"
    rome.execute("ALTER TABLE res_partner DROP CONSTRAINT no_nine; SELECT 1")
    milan.execute("ALTER TABLE res_partner DROP CONSTRAINT no_ten; SELECT 1")


def test_deletions_are_told(line: Link, rome: Office, milan: Office) -> None:
    line.both()
    milan.delete("res.partner", milan.partner("MT3")["id"])
    rome.delete("res.partner", rome.partner("RT3")["id"])
    tried, counts = compare(line, rome, milan)
    assert counts["send"]["update"] == 1
    told = [(sample["title"], sample["change"]) for found in tried.values() for sample in found["samples"]]
    assert ("Contact MT3", "Deleted there: deleted or archived here") in told


def test_a_trial_looks_at_so_many_records_and_says_so(line: Link, rome: Office, milan: Office) -> None:
    milan.execute(
        "INSERT INTO res_partner (name, ref, active, complete_name, create_date, write_date) "
        "SELECT 'Many', 'many' || number, true, 'Many', now(), now() FROM generate_series(1, 1100) number RETURNING 1"
    )
    [mapping] = rome.call(
        "sync.exchange.mapping", "search", (), [["peer_id", "=", line.peer], ["model", "=", "res.partner"]]
    )
    rome.write("sync.exchange.mapping", mapping, domain="[('ref', 'like', 'many')]")
    told = " ".join(map(str, rome.call("sync.exchange.peer", "_rehearse", [line.peer], 500)))
    # The page that was on its way is looked at, and no more.
    assert "'create': 1000" in told and "complete=False" in told, told
    assert rome.number("SELECT count(*) FROM res_partner WHERE ref LIKE %s", ("many%",)) == 0
