# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.tests.company_borders import CompanyBorders
from odoo.tests import tagged

from .common import PASSWORD, PortalCase


@tagged("post_install", "-at_install")
class TestBorders(CompanyBorders, PortalCase):
    """Nothing of this addon is seen from another company."""

    def test_nobody_sees_anything_of_another_company(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        groups = "account.group_account_manager,sync_hub.group_operator,base.group_allow_export"
        insider = self.person("portal_insider", groups)
        self.person("portal_stranger", groups, other)
        user = self.anna()
        self.invoice()
        self.sync()
        self.source.attach_up_to = 0
        with self.mock_mail_gateway():
            self.env["sync.portal.archive"]._send(self.on_site(), self.documents(), user)
        dialogs = self.env["sync.portal.request"].with_user(insider)
        dialogs.create({"vat": "IT1", "accountant_id": self.accountant.id, "source_id": self.source.id})
        self.env.flush_all()
        self.assertCompanyBordersHold(
            "sync_hub_portal",
            company=self.company,
            elsewhere=other,
            insider=("portal_insider", PASSWORD),
            stranger=("portal_stranger", PASSWORD),
        )
