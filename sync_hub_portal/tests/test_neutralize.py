# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestNeutralize(PortalCase):
    def test_a_copy_of_the_database_asks_no_books_invites_nobody_and_opens_no_link(self):
        user = self.anna()
        self.invoice()
        self.sync()
        self.source.attach_up_to = 0
        with self.mock_mail_gateway():
            archive = self.env["sync.portal.archive"]._send(self.on_site(), self.documents(), user)
        self.env.flush_all()
        for query in get_neutralization_queries(["sync_hub_portal"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual((self.source.state, self.source.automatic, self.source.invite), ("draft", False, False))
        self.assertTrue(archive.revoked)
