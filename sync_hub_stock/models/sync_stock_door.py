# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..aligning import read_key, rounded
from .finding import Finder
from .places import places_of
from .quantities import decimal_of

# More would keep one answer too long on its way.
_MOST_ROWS = 5000


class SyncStockDoor(models.AbstractModel):
    """What this database tells its peers of its stock, over ``/json/2``. It changes nothing."""

    _name = "sync.stock.door"
    _description = "Door for Peer Databases: Stock"

    @api.model
    @api.readonly
    def quantities(self, warehouse="", company=0, after=0, limit=1000):
        """What lies in a warehouse, in pages: see ``aligning.wire``.

        With the rights of the key's user, and of a company in which this user may work.

        :param warehouse: its short name; empty where the company has only one
        :param company: its number here; 0 for the one in which the user works
        :param after: where the page before ended
        :raises AccessError: when the user is no user for exchanges, or may not see the stock
        """
        door, env = self._let_in(company)
        place = door._warehouse(warehouse, env.company)
        everything = (
            Domain("location_id", "child_of", place.view_location_id.id)
            & Domain("location_id.usage", "in", ("internal", "transit"))
            & Domain("quantity", "!=", 0)
        )
        wanted = max(1, min(int(limit), _MOST_ROWS))
        quants = env["stock.quant"].search(everything & Domain("id", ">", int(after)), order="id", limit=wanted)
        return {
            "rows": door._rows(quants, place),
            "after": quants[-1:].id if len(quants) == wanted else None,
            "state": door._state(everything),
        }

    @api.model
    @api.readonly
    def known(self, products, company=0):
        """Which products are known here, in stock or not, archived or not: of all others this database says nothing.

        :param products: what each is called, see ``aligning.wire``
        :return: yes or no for each, in the same order
        """
        _door, env = self._let_in(company)
        keys = [read_key(product) for product in products[:_MOST_ROWS]]
        ours = env["product.product"]._check_company_domain(env.company)
        found = Finder(
            env["product.product"], keys, ours, code="default_code", barcode="barcode", archived=True
        )
        return [bool(found.find(key).ids) for key in keys]

    # -- Helpers -------------------------------------------------------------------------------------------------------

    def _let_in(self, company):
        """This door and its environment, in which a peer works.

        :raises AccessError: when the user is no user for exchanges, or may not see the stock
        """
        env = self.env["sync.exchange.door"]._admit(int(company) or self.env.company.id).env
        if not all(env[name].has_access("read") for name in ("stock.quant", "stock.lot", "stock.package")):
            raise AccessError(
                env._(
                    "The user %(user)s may not see the stock in this database. Give this user the right “User” for "
                    "Inventory here, or use the API key of a user who has it.",
                    user=env.user.login,
                )
            )
        return env[self._name], env

    def _warehouse(self, code: str, company):
        warehouses = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        found = warehouses.filtered(lambda warehouse: warehouse.code == code) if code else warehouses
        if len(found) != 1:
            listed = ", ".join(f"{warehouse.code} ({warehouse.name})" for warehouse in warehouses)
            raise UserError(
                self.env._(
                    "There is no warehouse “%(code)s” in %(company)s. There is: %(warehouses)s.",
                    company=company.name,
                    code=code or "…",
                    warehouses=listed or "–",
                )
            )
        return found

    def _state(self, domain) -> str:
        """A text that changes whenever something moves.

        Times and totals would not do: goods that go from one shelf to another have the same total, and a transaction
        that ends late has an early time.
        """
        quants = self.env["stock.quant"]._search(domain)
        # Hundreds of thousands of rows are reckoned up where they lie; what may be seen is the search's affair.
        table = SQL.identifier(quants.table)
        sums = SQL("sum(hashtextextended(concat_ws('/', %(quant)s.id, %(quant)s.quantity), 0))", quant=table)
        [(number, total)] = self.env.execute_query(quants.select(SQL("count(*)"), sums))
        return f"{number}/{total or 0}"

    def _rows(self, quants, warehouse) -> list[dict]:
        ids = {
            name: records._get_external_ids()
            for name, records in (
                ("product", quants.product_id),
                ("location", quants.location_id),
                ("owner", quants.owner_id),
                ("unit", quants.product_uom_id),
            )
        }
        places = places_of(warehouse, quants.location_id)
        root = f"{warehouse.view_location_id.complete_name}/"
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return [
            {
                "key": [quant[name].id for name in ("product_id", "location_id", "lot_id", "owner_id", "package_id")],
                "product": {
                    "ids": ids["product"][quant.product_id.id],
                    "code": quant.product_id.default_code or "",
                    "barcode": quant.product_id.barcode or "",
                    "name": quant.product_id.name,
                },
                "location": {
                    "ids": [*ids["location"][quant.location_id.id], places.get(quant.location_id.id, "")],
                    "code": quant.location_id.complete_name.removeprefix(root),
                    "barcode": quant.location_id.barcode or "",
                    "name": "",
                },
                "lot": quant.lot_id.name or "",
                "owner": {
                    "ids": ids["owner"][quant.owner_id.id],
                    "code": quant.owner_id.ref or "",
                    "name": quant.owner_id.name,
                }
                if quant.owner_id
                else None,
                "package": quant.package_id.name or "",
                "unit": {"ids": ids["unit"][quant.product_uom_id.id], "name": quant.product_uom_id.name},
                "quantity": str(rounded(decimal_of(quant.quantity), digits)),
            }
            for quant in quants
        ]
