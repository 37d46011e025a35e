# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_check,
    test_codes,
    test_copies,
    test_mapping,
    test_peer_times,
    test_queues,
    test_rights,
    test_series,
    test_series_documents,
    test_series_numbers,
    test_series_peers,
    test_unit_invoices,
    test_unit_prices,
    test_unit_products,
)
