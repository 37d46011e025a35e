# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_add_data,
    test_apply,
    test_background,
    test_borders,
    test_door,
    test_preview,
    test_restore,
    test_two_sessions,
)
