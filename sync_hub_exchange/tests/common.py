# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company that exchanges contacts with a peer which is only played: what it says is written down in the tests."""

from odoo.addons.sync_hub.tests.small_company import small_company
from odoo.addons.sync_hub_exchange.models.sync_exchange_wire import Terms
from odoo.tests import TransactionCase, new_test_user

COMPANY = "Rossi S.r.l."
PEER = "bbbbbbbb-0000-4000-8000-000000000002"
FIELDS = ("name", "ref", "city", "phone", "parent_id", "category_id", "active")
# When somebody changed the peer's record last.
LONG_AGO = "2026-01-01T00:00:00+00:00"


class ExchangeCase(TransactionCase):
    """Tests of what a database does for a peer, as the user to whom the peer's key belongs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = small_company(cls.env, COMPANY) if "account.move" in cls.env else cls._company(COMPANY)
        groups = "sync_hub_exchange.group_exchange,base.group_partner_manager,base.group_user"
        cls.user = new_test_user(
            cls.env, "exchange", groups, company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)], lang="en_US"
        )
        cls.env = cls.env(user=cls.user, context={"allowed_company_ids": cls.company.ids, "lang": "en_US"})
        cls.terms = Terms(PEER, frozenset({"res.partner", "res.partner.category"}), ("en_US",))
        cls.changes = cls.env["sync.exchange.change"].sudo()

    @classmethod
    def _company(cls, name):
        return cls.env["res.company"].search([("name", "=", name)]) or cls.env["res.company"].create({"name": name})

    def watch(self, **watched):
        """Note changes of models from now on: model, with underscores -> owner field."""
        self.env["sync.exchange.watch"]._watch(
            PEER, {model.replace("_", "."): owner for model, owner in watched.items()}
        )

    def partner(self, **values):
        return self.env["res.partner"].create({"name": "Anna", **values})

    def name_of(self, record):
        """The name by which the peer knows a record here."""
        return self.env["sync.exchange.identity"]._names_of(record, make=True)[record.id][0]

    # -- What the peer says ------------------------------------------------------------------------------------------

    def message(self, ids, seen=None, **values):
        """A record as the peer sends it.

        :param seen: field -> value that the peer last saw here
        """
        message = {"ids": [ids] if isinstance(ids, str) else ids, "values": values, "at": LONG_AGO, "by": PEER}
        if seen is not None:
            message["seen"] = {name: self.token(value) for name, value in seen.items()}
        return message

    @staticmethod
    def token(value):
        from odoo.addons.sync_hub_exchange.records import token

        return token(value)

    def take(self, *messages, model="res.partner", keys=(), wanted=FIELDS, **more):
        """What the door answers to records that are sent."""
        return self.env["sync.exchange.door"].take(
            self.terms.to_wire(), self.company.id, model, list(wanted), list(messages), list(keys), **more
        )

    def remove(self, *messages, how="delete", model="res.partner"):
        return self.env["sync.exchange.door"].remove(
            self.terms.to_wire(), self.company.id, model, list(FIELDS), list(messages), how
        )
