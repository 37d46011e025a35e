# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The world of stock journeys: a shop with a warehouse, and its branch with a database and a server of its own."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from world import PATIENCE, World, begin_odoo

from bootstrap import databases
from bootstrap.machine import free_port
from bootstrap.odoo_commands import Odoo
from bootstrap.servers import Children

# What the shop has, and what its branch has: reference -> name and quantity.
SHOP = {
    "SCR-01": ("Scrivania rovere", 12),
    "SED-02": ("Sedia girevole", 30),
    "LAM-03": ("Lampada da tavolo", 8),
    "ARM-04": ("Armadio metallico", 5),
    "CAS-05": ("Cassettiera", 7.5),
}
BRANCH = {"SCR-01": 15, "SED-02": 26, "LAM-03": 8, "ARM-04": 2, "TAV-06": 4, "CAS-05": 0}
# Of these, deliveries have reserved some.
RESERVED = ("ARM-04", 4)
PEOPLE = {"magazzino": "it_IT", "estoque": "pt_BR"}
_GROUPS = (
    *("stock.group_stock_manager", "stock.group_stock_multi_locations", "sync_hub.group_manager"),
    "product.group_product_manager",
)


@dataclass(slots=True)
class StockWorld(World):
    """The shop; ``branch`` is the other database. ``key`` opens both."""

    key: str = ""
    branch: World | None = None

    def ask(self, model: str, method: str, **arguments: object) -> object:
        """What somebody does whom no journey is about."""
        return _ask(self.address, self.key, model, method, **arguments)

    def quantity(self, code: str) -> float:
        """How much of a product lies in the shop."""
        rows = self.ask(
            "stock.quant",
            "search_read",
            domain=[["product_id.default_code", "=", code], ["location_id.usage", "=", "internal"]],
            fields=["quantity"],
        )
        return sum(row["quantity"] for row in rows)

    def product(self, code: str) -> int:
        return self.ask("product.product", "search", domain=[["default_code", "=", code]])[0]

    def move(self, code: str, quantity: float, *, done: bool = True) -> None:
        """Goods leave the shop for a customer; if it is not done they are reserved for him."""
        values = {
            "product_id": self.product(code),
            "product_uom_qty": quantity,
            "location_id": self.reference("stock.stock_location_stock"),
            "location_dest_id": self.reference("stock.stock_location_customers"),
        }
        picking = self.ask(
            "stock.picking",
            "create",
            vals_list=[
                {
                    "picking_type_id": self.reference("stock.picking_type_out"),
                    **{name: values[name] for name in ("location_id", "location_dest_id")},
                    "move_ids": [[0, 0, values]],
                }
            ],
        )
        for method in ("action_confirm", "action_assign", *(["button_validate"] if done else [])):
            self.ask("stock.picking", method, ids=picking)

    def reference(self, name: str) -> int:
        module, _, rest = name.partition(".")
        return self.sql("SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s", module, rest)[0][0]


@contextlib.contextmanager
def shop_and_branch(odoo: Odoo) -> Iterator[StockWorld]:
    """Both databases with their goods, and people who speak Italian and Portuguese; the shop knows its branch."""
    template = databases.ensure_exchange_template(odoo, "stock")
    with (
        databases.temporary_copy(odoo, template) as database,
        databases.temporary_copy(odoo, template) as other,
        Children() as children,
    ):
        port, other_port = free_port(), free_port()
        branch = World(odoo, other, f"http://localhost:{other_port}")
        world = StockWorld(odoo, database, f"http://localhost:{port}", branch=branch)
        world.home = ("align-stock", ".o_list_view")
        for one in (world, branch):
            one.sql("UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", one.address)
            # Copies of one database would take each other for themselves.
            one.sql("UPDATE ir_config_parameter SET value = gen_random_uuid()::text WHERE key = 'database.uuid'")
        world.key = world.sql("SELECT value FROM ir_config_parameter WHERE key = 'exchange_tests.key'")[0][0]
        waits = [
            begin_odoo(children, odoo, other, other_port, "journeys-branch", crons=0),
            begin_odoo(children, odoo, database, port, "journeys-stock", crons=0),
        ]
        for wait in waits:
            wait()
        _furnish(world)
        yield world
        world.gone = True


def _furnish(world: StockWorld) -> None:
    for group in _GROUPS:
        for one in (world, world.branch):
            one.sql(
                "INSERT INTO res_groups_users_rel (gid, uid) SELECT data.res_id, 2 FROM ir_model_data AS data"
                " WHERE data.module || '.' || data.name = %s ON CONFLICT DO NOTHING",
                group,
            )
    groups = [world.reference(group) for group in _GROUPS]
    world.ask("res.company", "write", ids=[1], vals={"name": "Officina Aurora S.r.l."})
    warehouse = world.reference("stock.warehouse0")
    world.ask("stock.warehouse", "write", ids=[warehouse], vals={"name": "Officina Aurora"})
    world.ask(
        "res.users",
        "create",
        vals_list=[
            {"name": login.title(), "login": login, "password": login, "lang": lang, "group_ids": [[6, 0, groups]]}
            for login, lang in PEOPLE.items()
        ],
    )
    _fill(world.address, world.key, world.reference("stock.stock_location_stock"), SHOP)
    names = {code: name for code, (name, _quantity) in SHOP.items()}
    there = {code: (names.get(code, "Tavolo riunioni"), quantity) for code, quantity in BRANCH.items()}
    _fill(world.branch.address, world.key, world.reference("stock.stock_location_stock"), there)
    world.move(*RESERVED, done=False)
    peer = {"name": "Filiale di Milano", "url": world.branch.address, "database": world.branch.database}
    world.ask("sync.exchange.peer", "create", vals_list=[{**peer, "api_key": world.key}])


def _fill(address: str, key: str, location: int, goods: dict[str, tuple[str, float]]) -> None:
    products = _ask(
        address,
        key,
        "product.product",
        "create",
        vals_list=[
            {"name": name, "default_code": code, "is_storable": True} for code, (name, _quantity) in goods.items()
        ],
    )
    quants = _ask(
        address,
        key,
        "stock.quant",
        "create",
        vals_list=[
            {"product_id": product, "location_id": location, "inventory_quantity": quantity}
            for product, (_name, quantity) in zip(products, goods.values(), strict=True)
            if quantity
        ],
        context={"inventory_mode": True},
    )
    _ask(address, key, "stock.quant", "action_apply_inventory", ids=quants)


def _ask(address: str, key: str, model: str, method: str, **arguments: object) -> object:
    request = urllib.request.Request(
        f"{address}/json/2/{model}/{method}",
        json.dumps(arguments).encode(),
        {"Authorization": f"bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)
