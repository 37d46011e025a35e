# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a location lies in a warehouse, said so that every database understands it."""

# Odoo makes these with each warehouse, and calls them in the language of whoever made it: Stock, Giacenza, Estoque.
_OWN = ("lot_stock_id", "wh_input_stock_loc_id", "wh_qc_stock_loc_id", "wh_output_stock_loc_id", "wh_pack_stock_loc_id")


def places_of(warehouse, locations) -> dict[int, str]:
    """By the number of each location its place: ``warehouse:lot_stock_id/Shelf 1``; none for one elsewhere."""
    own = {f"{warehouse[name].complete_name}/": name for name in _OWN if warehouse[name]}
    places = {}
    for location in locations:
        path = f"{location.complete_name}/"
        for root, name in own.items():
            if path.startswith(root):
                places[location.id] = f"warehouse:{name}/{path.removeprefix(root)}".rstrip("/")
    return places
