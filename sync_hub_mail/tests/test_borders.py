# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.tests.company_borders import CompanyBorders
from odoo.addons.sync_hub.tests.web_client import WebClient
from odoo.tests import HttpCase, tagged

from .common import MailCase


@tagged("post_install", "-at_install")
class TestBorders(MailCase, CompanyBorders, WebClient, HttpCase):
    """Nothing of this addon is seen from another company."""

    def open_everything(self, user):
        """Have somebody open each dialog of the addon, and let there be a record of each model."""
        account = self.account.with_user(user)
        account.action_connect()
        dialogs = account.env
        dialogs["sync.mail.credentials"].create({"account_id": account.id})
        dialogs["sync.mail.disconnect"].create({"account_id": account.id})
        session = self.env["sync.mail.session"].sudo().create({"company_id": self.company.id})
        self.queue(self.account, session_id=session.id)
        self.env["sync.mail.incoming"].sudo().create({"account_id": self.account.id, "sha256": "0"})
        dialogs.flush_all()

    def test_nobody_sees_anything_of_another_company(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        groups = "account.group_account_manager,sync_hub.group_operator,base.group_allow_export"
        self.open_everything(self.new_user("insider", groups, self.company))
        self.new_user("stranger", groups, other)
        self.assertCompanyBordersHold(
            "sync_hub_mail",
            company=self.company,
            elsewhere=other,
            insider=("insider", "insider-password"),
            stranger=("stranger", "stranger-password"),
        )
