# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_channels,
    test_jobs,
    test_neutralize,
    test_removal,
    test_retry,
    test_turns,
)
