# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import (
    test_access,
    test_borders,
    test_door,
    test_link,
    test_neutralize,
    test_news,
    test_pages,
    test_pages_mail,
    test_peer,
    test_site,
    test_site_documents,
)
