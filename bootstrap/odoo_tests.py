# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``python -m bootstrap.odoo_tests``: Odoo's own command line, for tests that open no page in a browser.

Before the first test that speaks HTTP, Odoo compiles the scripts and styles of all its pages, which takes a minute.
Our tests inside Odoo ask for data; pages are opened by ``tests/journeys``. What a page wants is still compiled then.
"""

from odoo.cli import main
from odoo.tests.suite import OdooSuite

if __name__ == "__main__":
    OdooSuite.has_http_case = lambda suite: False
    main()
