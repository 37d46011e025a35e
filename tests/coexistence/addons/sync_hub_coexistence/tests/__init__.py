# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import test_files_of_oca, test_oca_importer, test_reconcile_oca
