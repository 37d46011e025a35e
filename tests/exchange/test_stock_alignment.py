# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The stock of one database is set to that of another one, over the network and with an API key."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from offices import Office, Refused
from proxy import Proxy

from bootstrap import databases
from bootstrap.odoo_commands import Odoo

# More than one click sets, so that the background has to go on.
MANY = 450
KEY = ("product_id", "location_id", "lot_id", "owner_id", "package_id")
QUANTITIES = ("quantity_there", "quantity_here", "difference", "reserved", "shortage")
LINE = ("source", *KEY, *QUANTITIES, "kind", "state", "reason", "explanation", "remedy")


@pytest.fixture(scope="session")
def template(odoo: Odoo) -> str:
    return databases.ensure_exchange_template(odoo, "stock")


@dataclass
class Warehouse:
    """The warehouse of an office, with what somebody does there."""

    office: Office
    stock: int
    shelf: int

    def product(self, name: str, code: str = "", **values: object) -> int:
        values = {"name": name, "default_code": code, "is_storable": True, **values}
        return self.office.create("product.product", **values)

    def name_record(self, model: str, number: int, identifier: str) -> None:
        """Give a record the external id by which both databases know it."""
        module, _, name = identifier.partition(".")
        self.office.create("ir.model.data", module=module, name=name, model=model, res_id=number)

    def put(self, product: int, quantity: float, location: int = 0, **more: int) -> None:
        """Count goods by hand."""
        values = {"product_id": product, "location_id": location or self.stock, "inventory_quantity": quantity, **more}
        found = self.office.call("stock.quant", "create", (), values, context={"inventory_mode": True})
        self.office.call("stock.quant", "action_apply_inventory", found)

    def deliver(self, product: int, quantity: float, *, done: bool) -> int:
        """Goods leave for a customer; a delivery that is not done has reserved them."""
        move = self.office.create(
            "stock.move",
            product_id=product,
            product_uom_qty=quantity,
            location_id=self.stock,
            location_dest_id=_reference(self.office, "stock.stock_location_customers"),
        )
        self.office.call("stock.move", "_action_confirm", [move])
        self.office.call("stock.move", "_action_assign", [move])
        if done:
            self.office.write("stock.move", move, quantity=quantity, picked=True)
            self.office.call("stock.move", "_action_done", [move])
        return move

    def lies(self, product: int, location: int = 0, **more: int) -> float:
        domain = [["product_id", "=", product], ["location_id", "=", location or self.stock]]
        domain += [[name, "=", number] for name, number in more.items()]
        rows = self.office.call("stock.quant", "search_read", (), domain, ["quantity"])
        return sum(row["quantity"] for row in rows)


@dataclass
class Document:
    """An alignment, as the buttons on its form are pressed."""

    office: Office
    number: int

    def press(self, button: str) -> None:
        self.office.call("sync.stock.alignment", f"action_{button}", [self.number])

    def read(self, name: str) -> object:
        return self.office.call("sync.stock.alignment", "read", [self.number], [name])[0][name]

    def change(self, **values: object) -> None:
        self.office.write("sync.stock.alignment", self.number, **values)

    def lines(self, **wanted: object) -> list[dict]:
        domain = [["alignment_id", "=", self.number], *([name, "=", value] for name, value in wanted.items())]
        return self.office.call("sync.stock.alignment.line", "search_read", (), domain, LINE)

    def about(self, product: int) -> dict:
        [line] = self.lines(product_id=product)
        return line

    def work_off(self) -> None:
        """What the scheduled action does."""
        self.office.call("sync.stock.alignment", "_work_off")

    def adjustments(self) -> int:
        """How many moves carry its number."""
        carrying = [["reference", "=", self.read("name")], ["state", "=", "done"]]
        return self.office.call("stock.move.line", "search_count", (), carrying)


@pytest.fixture(scope="module")
def here(rome: Office) -> Warehouse:
    return _opened(rome)


@pytest.fixture(scope="module")
def there(milan: Office) -> Warehouse:
    """Whoever made this warehouse spoke Italian."""
    warehouse = _opened(milan)
    milan.write("stock.location", warehouse.stock, name="Giacenza")
    return warehouse


def _reference(office: Office, name: str) -> int:
    return office.call("ir.model.data", "_xmlid_to_res_id", (), name)


def _opened(office: Office) -> Warehouse:
    """With locations, lots, packages and owners switched on, and a shelf."""
    names = ("stock_manager", "stock_multi_locations", "production_lot", "tracking_lot", "tracking_owner")
    groups = [_reference(office, f"stock.group_{name}") for name in names]
    office.write("res.users", 2, group_ids=[[4, group] for group in groups])
    stock = _reference(office, "stock.stock_location_stock")
    return Warehouse(office, stock, office.create("stock.location", name="Shelf", location_id=stock))


@pytest.fixture(scope="module")
def peer(rome: Office, milan: Office) -> int:
    return rome.connect(milan).peer


@pytest.fixture
def network(rome: Office, peer: int) -> Iterator[Proxy]:
    """The network between both, which can be cut."""
    network = Proxy(rome.server.port)
    rome.write("sync.exchange.peer", peer, url=network.url, api_key=rome.key)
    yield network
    network.close()
    rome.write("sync.exchange.peer", peer, url=rome.server.url, api_key=rome.key)


@pytest.fixture
def new_document(here: Warehouse, there: Warehouse, peer: int) -> Callable[..., Document]:
    """Opens a document. Goods of other tests stay as they are: only what the other side lists is aligned."""

    def make(**values: object) -> Document:
        values = {"source": "peer", "peer_id": peer, "unlisted": "keep", **values}
        return Document(here.office, here.office.create("sync.stock.alignment", **values))

    return make


@pytest.fixture
def both(here: Warehouse, there: Warehouse) -> Callable[..., tuple[int, int]]:
    """Makes a product that both sides know by its internal reference."""

    def make(code: str, **values: object) -> tuple[int, int]:
        return here.product(code, code, **values), there.product(code, code, **values)

    return make


def test_the_preview_tells_each_difference_by_product_location_lot_owner_and_package(
    here: Warehouse, there: Warehouse, both: Callable, new_document: Callable
) -> None:
    desk, desk_there = both("P-DESK")
    drug, drug_there = both("P-DRUG", tracking="lot")
    ids = {}
    for side, tracked in ((here, drug), (there, drug_there)):
        lot = side.office.create("stock.lot", name="L1", product_id=tracked)
        owner = side.office.create("res.partner", name="Anna", ref="OWNER-1")
        package = side.office.create("stock.package", name="BOX-1")
        ids[side.office] = lot, owner, package
    lot, owner, package = ids[there.office]
    there.put(desk_there, 12.5)
    there.put(desk_there, 4, there.shelf)
    there.put(desk_there, 2, owner_id=owner)
    there.put(desk_there, 3, package_id=package)
    there.put(drug_there, 6, lot_id=lot)
    lot, owner, package = ids[here.office]
    here.put(desk, 20)
    here.put(desk, 2, owner_id=owner)
    here.put(drug, 1, lot_id=lot)
    moves = here.office.number("SELECT count(*) FROM stock_move")
    document = new_document()
    document.press("preview")
    told = {
        (
            *(line[name] and line[name][0] for name in KEY),
            *(line[name] for name in ("quantity_there", "quantity_here", "difference", "kind")),
        )
        for line in document.lines(state="ready")
        if line["product_id"][0] in (desk, drug)
    }
    assert told == {
        (desk, here.stock, False, False, False, 12.5, 20, -7.5, "lower"),
        (desk, here.shelf, False, False, False, 4, 0, 4, "raise"),
        (desk, here.stock, False, False, package, 3, 0, 3, "raise"),
        (drug, here.stock, lot, False, False, 6, 1, 5, "raise"),
    }
    assert here.office.number("SELECT count(*) FROM stock_move") == moves, "a preview changes nothing"

    document.press("apply")
    assert (here.lies(desk, owner_id=False, package_id=False), here.lies(desk, here.shelf)) == (12.5, 4)
    assert (here.lies(desk, owner_id=owner), here.lies(desk, package_id=package)) == (2, 3)
    assert here.lies(drug, lot_id=lot) == 6
    assert document.adjustments() == 4, "each carries the number of the document"
    document.press("preview")
    assert (document.read("state"), document.read("ready_count"), document.read("aside_count")) == ("applied", 0, 0)

    document.press("reverse")
    assert (here.lies(desk, owner_id=False, package_id=False), here.lies(desk, here.shelf)) == (20, 0)
    assert (here.lies(drug, lot_id=lot), document.read("state")) == (1, "reversed")
    there.put(desk_there, 0)
    document.press("preview")
    assert document.lines(state="ready"), "it can be aligned again"


def test_products_are_known_by_external_id_before_their_code(
    here: Warehouse, there: Warehouse, new_document: Callable
) -> None:
    seat, bench = here.product("Seat", "X-OLD"), here.product("Bench", "X-NEW")
    seat_there, table_there = there.product("Seat", "X-NEW"), there.product("Table", "X-ONLY", barcode="4006381333931")
    for side, number in ((here, seat), (there, seat_there)):
        side.name_record("product.product", number, "shop.seat")
    by_barcode = here.product("Tabletop", "X-ELSE", barcode="4006381333931")
    there.put(seat_there, 3)
    there.put(table_there, 4)
    document = new_document()
    document.press("preview")
    assert document.about(seat)["quantity_there"] == 3
    assert document.about(by_barcode)["quantity_there"] == 4
    assert not document.lines(product_id=bench), "it only has the code that the seat has there"


def test_products_that_were_exchanged_are_known_to_each_other(
    here: Warehouse, there: Warehouse, rome: Office, peer: int, new_document: Callable
) -> None:
    """Neither code nor barcode: the exchange of products has given them their external ids."""
    lamp_there = there.product("Lamp without a code")
    chosen = [[0, 0, {"code": "products", "chosen": True}]]
    wizard = rome.create("sync.exchange.add.data", peer_id=peer, line_ids=chosen)
    rome.call("sync.exchange.add.data", "action_add", [wizard])
    operator = _reference(rome, "sync_hub.user_operator")
    rome.write("res.users", operator, group_ids=[[4, _reference(rome, "product.group_product_manager")]])
    run = rome.worker.do(rome.database, "run", model="sync.exchange.peer", connection=peer)
    assert run["created"], run
    [lamp] = rome.call("product.product", "search", (), [["name", "=", "Lamp without a code"]])
    there.put(lamp_there, 9)
    document = new_document()
    document.press("preview")
    assert document.about(lamp)["quantity_there"] == 9


def test_shortages_are_told_and_what_is_reserved_is_respected(
    here: Warehouse, there: Warehouse, both: Callable, new_document: Callable
) -> None:
    desk, desk_there = both("R-DESK")
    here.put(desk, 10)
    there.put(desk_there, 4)
    delivery = here.deliver(desk, 6, done=False)
    document = new_document()
    document.press("preview")
    line = document.about(desk)
    assert (line["reserved"], line["shortage"], line["state"], line["reason"]) == (6, 2, "aside", "shortage")
    assert document.read("shortage_count") == 1
    document.change(below_reserved=True)
    document.press("apply")
    assert here.lies(desk) == 4
    assert here.office.call("stock.move", "read", [delivery], ["quantity"])[0]["quantity"] <= 4


def test_what_moved_here_or_there_between_preview_and_apply_is_detected(
    here: Warehouse, there: Warehouse, both: Callable, new_document: Callable
) -> None:
    products = [both(f"M-{name}") for name in ("HERE", "THERE", "GONE", "STILL")]
    for product, product_there in products:
        here.put(product, 10)
        there.put(product_there, 8)
    document = new_document()
    document.press("preview")
    (moved, _), (other, other_there), (gone, gone_there), (still, _) = products
    here.deliver(moved, 1, done=True)
    there.deliver(other_there, 3, done=True)
    there.put(gone_there, 0)
    document.press("apply")
    assert [here.lies(product) for product, _there in products] == [9, 10, 10, 8]
    assert [document.about(product)["reason"] for product in (moved, other, gone)] == ["moved", *["moved_there"] * 2]
    assert "it had 8, now it has 5" in document.about(other)["explanation"]
    document.press("preview")
    document.press("apply")
    assert [here.lies(product) for product in (moved, other, still)] == [8, 5, 8]
    assert here.lies(gone) == 10, "the other side lists none of it, and what it does not list stays"


def test_a_count_that_somebody_applied_since_the_preview_is_not_overwritten(
    here: Warehouse, there: Warehouse, both: Callable, new_document: Callable
) -> None:
    desk, desk_there = both("C-DESK")
    there.put(desk_there, 8)
    document = new_document()
    document.press("preview")
    here.put(desk, 5)
    document.press("apply")
    assert (here.lies(desk), document.about(desk)["reason"]) == (5, "moved")


def test_goods_that_the_other_database_does_not_know_are_not_emptied(
    here: Warehouse, there: Warehouse, both: Callable, new_document: Callable
) -> None:
    """What is not listed there is set to zero, but only where that says something."""
    desk, desk_there = both("U-DESK")
    archived, archived_there = both("U-OLD")
    there.office.call("product.product", "action_archive", [archived_there])
    only_here = here.product("Nobody else has it", "U-HERE")
    for product in (desk, archived, only_here):
        here.put(product, 5)
    there.put(desk_there, 0)
    document = new_document(unlisted="empty")
    document.press("preview")
    told = {product: document.about(product) for product in (desk, archived, only_here)}
    assert [told[product]["state"] for product in (desk, archived, only_here)] == ["ready", "ready", "aside"]
    assert (told[only_here]["reason"], told[desk]["kind"]) == ("unknown_there", "unlisted")


def test_a_quantity_in_another_unit_is_converted(
    here: Warehouse, there: Warehouse, new_document: Callable
) -> None:
    eggs = here.product("Eggs", "EGGS")
    there.put(there.product("Eggs", "EGGS", uom_id=_reference(there.office, "uom.product_uom_dozen")), 2.5)
    document = new_document()
    document.press("preview")
    assert document.about(eggs)["quantity_there"] == 30


def test_what_cannot_be_followed_says_so_and_the_rest_goes_on(
    here: Warehouse, there: Warehouse, both: Callable, new_document: Callable
) -> None:
    desk, desk_there = both("F-DESK")
    service, service_there = here.product("Advice", "F-ADV", is_storable=False), there.product("Advice", "F-ADV")
    archived, archived_there = both("F-OLD")
    here.office.call("product.product", "action_archive", [archived])
    tracked, tracked_there = here.product("Drug", "F-DRUG", tracking="lot"), there.product("Drug", "F-DRUG")
    lonely = there.product("Nobody has it", "F-NONE")
    attic = there.office.create("stock.location", name="Attic", location_id=there.stock)
    for number in (desk_there, service_there, archived_there, tracked_there, lonely):
        there.put(number, 5)
    there.put(desk_there, 1, attic)
    document = new_document()
    document.press("preview")
    assert {
        line["reason"] for line in document.lines(state="aside") if "F-" in line["source"]
    } == {"not_storable", "product_archived", "lot_missing", "product_unknown", "location_unknown"}
    for line in document.lines(state="aside"):
        assert line["explanation"] and line["remedy"], line
    document.press("apply")
    assert here.lies(desk) == 5
    assert (here.lies(tracked), here.lies(service), here.lies(archived)) == (0, 0, 0)


def test_a_user_who_may_not_see_the_stock_there_is_told(
    here: Warehouse, rome: Office, milan: Office, peer: int, new_document: Callable
) -> None:
    groups = [_reference(milan, "base.group_user"), _reference(milan, "sync_hub_exchange.group_exchange")]
    clerk = milan.create("res.users", name="Clerk", login="clerk", group_ids=[[6, 0, groups]])
    exchange = _reference(milan, "sync_hub_exchange.group_exchange")
    document = new_document()
    try:
        rome.write("sync.exchange.peer", peer, api_key=milan.worker.do(milan.database, "key", user=clerk))
        with pytest.raises(Refused, match="clerk may not see the stock"):
            document.press("preview")
        milan.write("res.users", clerk, group_ids=[[4, _reference(milan, "stock.group_stock_user")], [3, exchange]])
        with pytest.raises(Refused, match="clerk may not exchange records"):
            document.press("preview")
        rome.write("sync.exchange.peer", peer, api_key="0" * 40)
        with pytest.raises(Refused, match="API key"):
            document.press("preview")
    finally:
        rome.write("sync.exchange.peer", peer, api_key=rome.key)
    assert document.read("state") == "draft"


def test_a_peer_that_goes_down_midway_changes_nothing_and_is_read_again(
    here: Warehouse, there: Warehouse, both: Callable, network: Proxy, new_document: Callable
) -> None:
    desk, desk_there = both("N-DESK")
    there.put(desk_there, 5)
    document = new_document()
    document.press("preview")
    before = document.lines()
    there.put(desk_there, 7)
    # The first page comes, and the second does not.
    _fill(there, "N-", 2100)
    network.calls_left = 1
    with pytest.raises(Refused, match="The other database"):
        document.press("preview")
    assert document.lines() == before, "the preview that was there stays"
    network.calls_left, network.down = 0, True
    with pytest.raises(Refused):
        document.press("apply")
    assert here.lies(desk) == 0, "nobody can say whether it moved there"
    network.calls_left, network.down = None, False
    document.press("preview")
    document.press("apply")
    assert here.lies(desk) == 7


def _fill(side: Warehouse, prefix: str, number: int, quantity: float = 1) -> list[int]:
    """Many products with a quantity each."""
    values = [{"name": f"{prefix}{n}", "default_code": f"{prefix}{n}", "is_storable": True} for n in range(number)]
    products = side.office.call("product.product", "create", (), values)
    rows = [{"product_id": product, "location_id": side.stock, "quantity": quantity} for product in products]
    side.office.call("stock.quant", "create", (), rows)
    return products


def test_a_worker_that_is_killed_while_it_applies_sets_nothing_twice(
    here: Warehouse, there: Warehouse, rome: Office, new_document: Callable
) -> None:
    products = _fill(here, "K-", MANY, 3)
    _fill(there, "K-", MANY, 5)
    document = new_document()
    document.press("preview")
    document.press("apply")
    first = len(document.lines(state="applied"))
    assert 0 < first < MANY and document.read("work") == "apply"
    gate = rome.odoo.server.connect(rome.database)
    with gate, gate.cursor() as cursor:
        # The background has set its next quantities and cannot write that it has.
        cursor.execute("LOCK TABLE sync_stock_alignment_line IN EXCLUSIVE MODE")
        rome.worker.begin(
            rome.database, "call", model="sync.stock.alignment", method="_work_off", ids=[], arguments=[]
        )
        end = time.monotonic() + 60
        while not _somebody_waits(rome):
            assert time.monotonic() < end
            time.sleep(0.05)
        rome.worker.kill()
        gate.rollback()
    gate.close()
    assert len(document.lines(state="applied")) == first, "half of a step is none"
    document.work_off()
    assert (len(document.lines(state="applied")), document.read("state")) == (MANY, "applied")
    quantities = (
        "SELECT DISTINCT sum(quantity) FROM stock_quant WHERE product_id = ANY(%s) AND location_id = %s"
        " GROUP BY product_id"
    )
    assert rome.execute(quantities, (products, here.stock)) == [(5.0,)]
    assert document.adjustments() == MANY


def _somebody_waits(office: Office) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return bool(office.number(waiting))
