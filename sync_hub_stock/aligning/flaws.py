# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from enum import StrEnum


class Flaw(StrEnum):
    """Why the quantity of a line is not set."""

    # What the source names is not here, or not to be told apart.
    PRODUCT_UNKNOWN = "product_unknown"
    PRODUCT_SEVERAL = "product_several"
    LOCATION_UNKNOWN = "location_unknown"
    LOCATION_SEVERAL = "location_several"
    OWNER_UNKNOWN = "owner_unknown"
    OWNER_SEVERAL = "owner_several"
    OWNER_UNUSED = "owner_unused"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_SEVERAL = "unit_several"
    UNIT_OTHER = "unit_other"
    LOT_UNKNOWN = "lot_unknown"
    PACKAGE_UNKNOWN = "package_unknown"
    PACKAGE_SEVERAL = "package_several"
    PACKAGE_UNUSED = "package_unused"
    # It is here, but cannot have this quantity.
    PRODUCT_ARCHIVED = "product_archived"
    NOT_STORABLE = "not_storable"
    LOT_MISSING = "lot_missing"
    LOT_UNUSED = "lot_unused"
    SERIAL_QUANTITY = "serial_quantity"
    SERIAL_TWICE = "serial_twice"
    SERIAL_ELSEWHERE = "serial_elsewhere"
    NEGATIVE = "negative"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"
    # Nothing speaks against it in itself, but not now.
    DOUBTFUL = "doubtful"
    SHORTAGE = "shortage"
    COUNTED = "counted"
    MOVED = "moved"
    MOVED_THERE = "moved_there"
    UNKNOWN_THERE = "unknown_there"
    BUSY = "busy"
    # Odoo, or an addon, has a rule of its own.
    REJECTED = "rejected"
