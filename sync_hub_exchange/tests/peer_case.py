# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company, its manager and a peer database that is not connected yet."""

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.tests import TransactionCase, new_test_user

PEER_UUID = "7b0e7a52-1d5c-4f5e-9d57-3f2b8f1d0c11"
# Nothing of it is secret: no database has such a key.
KEY = "0123456789abcdef0123456789abcdef01234567"


class PeerCase(TransactionCase):
    """Tests of a manager of Sync Hub who connects another database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Rossi S.r.l."})
        cls.manager = new_test_user(
            cls.env,
            "exchange_manager",
            "sync_hub.group_manager,base.group_partner_manager",
            company_id=cls.company.id,
            lang="en_US",
        )
        cls.env = cls.env(user=cls.manager, context={**DISABLED_MAIL_CONTEXT, "allowed_company_ids": cls.company.ids})
        cls.peer = cls.new_peer()

    @classmethod
    def new_peer(cls, **values):
        return cls.env["sync.exchange.peer"].create({"name": "Turin", "url": "https://turin.example.com", **values})

    @classmethod
    def mapping(cls, model="res.partner", names=("name", "city"), peer=None, **values):
        """A kind of data with these fields."""
        fields = cls.env["ir.model.fields"]
        return cls.env["sync.exchange.mapping"].create(
            {
                "peer_id": (peer or cls.peer).id,
                "model_id": cls.env["ir.model"]._get_id(model),
                "line_ids": [(0, 0, {"field_id": fields._get(model, name).id}) for name in names],
                **values,
            }
        )

    def dialog(self, action):
        """The record that an action opens."""
        return self.env[action["res_model"]].browse(action["res_id"])
