# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two databases on one server, which exchange contacts both ways."""

from __future__ import annotations

from offices import Link, Office


def test_what_one_side_has_comes_to_the_other_and_back(line: Link, rome: Office, milan: Office) -> None:
    rome.add("R1", city="Roma")
    milan.add("M1", city="Milano")
    assert line.receive()["created"] == 1
    assert line.send()["created"] == 1
    assert (rome.partner("M1")["city"], milan.partner("R1")["city"]) == ("Milano", "Roma")


def test_a_second_run_has_nothing_to_do(line: Link) -> None:
    line.both()
    for run in (line.send(), line.receive(), line.send()):
        assert (run["outcome"], run["fetched"], run["created"], run["updated"]) == ("nothing_new", 0, 0, 0), run


def test_each_side_may_change_another_field(line: Link, rome: Office, milan: Office) -> None:
    rome.add("R2", city="Roma", phone="1")
    line.both()
    rome.change("R2", city="Ostia")
    milan.change("R2", phone="2")
    line.both()
    assert [(office.partner("R2")["city"], office.partner("R2")["phone"]) for office in (rome, milan)] == [
        ("Ostia", "2")
    ] * 2


def test_a_contact_is_renamed_archived_and_brought_back(line: Link, rome: Office, milan: Office) -> None:
    rome.add("R3")
    line.both()
    milan.change("R3", name="Renamed", active=False)
    line.both()
    assert (rome.partner("R3")["name"], rome.partner("R3")["active"]) == ("Renamed", False)
    rome.change("R3", active=True)
    line.both()
    assert milan.partner("R3")["active"] is True


def test_members_come_with_their_company_whichever_was_made_first(line: Link, rome: Office, milan: Office) -> None:
    member = milan.add("M-member")
    company = milan.add("M-company", is_company=True)
    milan.write("res.partner", member, parent_id=company)
    chief = rome.add("R-chief")
    firm = rome.add("R-firm", is_company=True)
    rome.write("res.partner", chief, parent_id=firm)
    line.both()
    line.both()
    for office in (rome, milan):
        for child, parent in (("M-member", "M-company"), ("R-chief", "R-firm")):
            assert office.partner(child)["parent_id"][0] == office.partner(parent)["id"], (office.letter, child)
    assert not line.waiting()


def test_tags_in_a_tree_are_the_same_on_both_sides(line: Link, rome: Office, milan: Office) -> None:
    leaf = rome.create("res.partner.category", name="Leaf")
    root = rome.create("res.partner.category", name="Root")
    rome.write("res.partner.category", leaf, parent_id=root)
    rome.add("R4", category_id=[[6, 0, [leaf]]])
    line.both()
    line.both()
    tags = milan.call("res.partner.category", "read", milan.partner("R4")["category_id"], ["name", "parent_id"])
    assert [(tag["name"], tag["parent_id"][1]) for tag in tags] == [("Leaf", "Root")]
    assert not line.waiting()


def test_texts_come_in_every_language_that_both_sides_have(line: Link, rome: Office, milan: Office) -> None:
    tag = milan.create("res.partner.category", name="Customer")
    milan.call("res.partner.category", "write", [tag], {"name": "Cliente"}, context={"lang": "it_IT"})
    line.both()
    [found] = rome.call("res.partner.category", "search", (), [["name", "=", "Customer"]], context={"lang": "en_US"})
    [italian] = rome.call("res.partner.category", "read", [found], ["name"], context={"lang": "it_IT"})
    assert italian["name"] == "Cliente"
    rome.call("res.partner.category", "write", [found], {"name": "Acquirente"}, context={"lang": "it_IT"})
    line.both()
    [italian] = milan.call("res.partner.category", "read", [tag], ["name"], context={"lang": "it_IT"})
    [english] = milan.call("res.partner.category", "read", [tag], ["name"], context={"lang": "en_US"})
    assert (italian["name"], english["name"]) == ("Acquirente", "Customer")


def test_what_odoo_writes_by_itself_on_one_side_reaches_the_other(line: Link, rome: Office, milan: Office) -> None:
    """Members of a company have its tax ID: Odoo writes it into them when it is written into the company."""
    company = rome.add("R-group", is_company=True, vat="IT06363391001")
    rome.add("R-seat", parent_id=company)
    milan.add("M-lone", vat="IT12345670017")
    line.both()
    line.both()
    # In Milan a contact with a tax ID of its own joins the company and takes over the company's.
    milan.change("M-lone", parent_id=milan.partner("R-group")["id"])
    rome.change("R-group", vat="IT00743110157")
    line.both()
    line.both()
    for office in (rome, milan):
        vats = {ref: office.partner(ref)["vat"] for ref in ("R-group", "R-seat", "M-lone")}
        assert set(vats.values()) == {"IT00743110157"}, (office.letter, vats)
    for run in (line.receive(), line.send(), line.receive(), line.send()):
        assert (run["created"], run["updated"]) == (0, 0)


def test_one_record_that_is_refused_stops_itself_only(line: Link, rome: Office, milan: Office) -> None:
    rome.execute("ALTER TABLE res_partner ADD CONSTRAINT no_nine CHECK (city != 'nine') NOT VALID; SELECT 1")
    for number in range(12):
        milan.add(f"B{number}", city="nine" if number == 9 else "ten")
    run = line.receive()
    assert (run["created"], run["failed"], run["outcome"]) == (11, 1, "partly_failed")
    assert rome.partner("B9") is None
    [waiting] = line.waiting()
    assert (waiting["title"], waiting["reason"], waiting["direction"]) == ("Contact B9", "refused", "receive")
    assert "no_nine" in waiting["message"]
    # As soon as it is mended there, it comes.
    milan.change("B9", city="nine, Milan")
    assert line.receive()["created"] == 1
    assert not line.waiting()
    rome.execute("ALTER TABLE res_partner DROP CONSTRAINT no_nine; SELECT 1")


def test_one_record_that_is_refused_there_stops_itself_only(line: Link, rome: Office, milan: Office) -> None:
    milan.execute("ALTER TABLE res_partner ADD CONSTRAINT no_nine CHECK (city != 'nine') NOT VALID; SELECT 1")
    for number in range(12):
        rome.add(f"A{number}", city="nine" if number == 9 else "ten")
    run = line.send()
    assert (run["created"], run["failed"], run["outcome"]) == (11, 1, "partly_failed")
    [waiting] = line.waiting()
    assert (waiting["reason"], waiting["direction"], waiting["res_id"]) == ("refused", "send", rome.partner("A9")["id"])
    milan.execute("ALTER TABLE res_partner DROP CONSTRAINT no_nine; SELECT 1")
    # It is tried again by itself.
    assert line.send()["created"] == 1
    assert not line.waiting()
    assert line.send()["updated"] == 0


def test_two_records_that_are_alike_are_not_mistaken_for_each_other(line: Link, rome: Office, milan: Office) -> None:
    for office in (rome, milan):
        office.add("same", name="Same")
    line.both()
    # Without a field by which they are recognized, each of them is a record of its own.
    for office in (rome, milan):
        assert len(office.call("res.partner", "search", (), [["ref", "=", "same"]])) == 2
        office.call("res.partner", "unlink", office.call("res.partner", "search", (), [["ref", "=", "same"]]))
    line.both()


def test_a_deleted_record_is_archived_on_the_other_side_and_does_not_come_back(
    line: Link, rome: Office, milan: Office
) -> None:
    rome.add("D1")
    milan.add("D2")
    line.both()
    rome.delete("res.partner", rome.partner("D1")["id"])
    milan.delete("res.partner", milan.partner("D2")["id"])
    line.both()
    line.both()
    assert milan.partner("D1")["active"] is False and rome.partner("D2")["active"] is False
    assert rome.partner("D1") is None and milan.partner("D2") is None


def test_a_record_that_was_deleted_here_and_changed_there_is_not_lost(line: Link, rome: Office, milan: Office) -> None:
    rome.add("D3")
    line.both()
    rome.delete("res.partner", rome.partner("D3")["id"])
    milan.change("D3", city="Worked on")
    line.send()
    line.receive()
    assert milan.partner("D3")["active"] is True
    assert rome.partner("D3")["city"] == "Worked on"


def test_work_in_slices_that_are_far_too_short_ends_too(line: Link, rome: Office, milan: Office) -> None:
    milan.call("res.partner", "create", (), [{"name": f"Many {n}", "ref": f"many{n}"} for n in range(520)])
    rome.call("res.partner", "create", (), [{"name": f"More {n}", "ref": f"more{n}"} for n in range(520)])
    received = line.in_slices("receive", 0.01)
    sent = line.in_slices("send", 0.01)
    assert (received["outcome"], sent["outcome"]) == ("done", "done")
    assert received["slices"] > 1 and sent["slices"] > 1
    for office in (rome, milan):
        count = "SELECT count(*) FROM res_partner WHERE ref LIKE %s"
        counts = [office.number(count, (f"{word}%",)) for word in ("many", "more")]
        assert counts == [520, 520]
