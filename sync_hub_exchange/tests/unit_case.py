# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.addons.sync_hub_exchange.models.sync_exchange_wire import Terms
from odoo.addons.sync_hub_exchange.records import token
from odoo.tests import TransactionCase, new_test_user

PEER = "cccccccc-0000-4000-8000-000000000003"
# When and where a record was written that the peer made.
NEW = {"at": "2026-05-01T00:00:00+00:00", "by": PEER}


class UnitCase(TransactionCase):
    """Records as a peer would send them: they are read here, deleted, and come in at the door."""

    # The case needs these models.
    models: tuple[str, ...] = ()
    groups = "base.group_user,base.group_partner_manager,sync_hub_exchange.group_exchange"
    further_groups: tuple[str, ...] = ("stock.group_stock_user",)
    # What is exchanged: their records and rows have names.
    named: frozenset[str] = frozenset()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if missing := [name for name in cls.models if name not in cls.env]:
            cls.skipTest(cls, f"needs {', '.join(missing)}")
        cls.company = cls._make_company()
        # Where more addons are installed, Odoo asks for their rights too.
        groups = [cls.groups, *(name for name in cls.further_groups if cls.env.ref(name, raise_if_not_found=False))]
        cls.user = new_test_user(
            cls.env,
            "exchanger",
            groups=",".join(groups),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids, "lang": "en_US"})
        cls.terms = Terms(PEER, cls.named, ("en_US",))
        cls.door = cls.env["sync.exchange.door"].with_user(cls.user)

    @classmethod
    def _make_company(cls):
        return cls.env["res.company"].create({"name": "Filiale di Siena S.r.l."})

    def read_out(self, records, wanted: list) -> list[dict]:
        """Records as they travel."""
        self.env.flush_all()
        read = self.env["sync.exchange.wire"]._read_records(records, wanted, self.terms)
        return [read[record.id] for record in records]

    def take(self, model: str, wanted: list, records: list[dict], keys=()) -> list[dict]:
        """What the door answers to records."""
        answers = self.door.take(self.terms.to_wire(), self.company.id, model, wanted, records, list(keys))
        self.env.invalidate_all()
        return answers

    def take_one(self, model: str, wanted: list, record: dict, keys=()) -> dict:
        [answer] = self.take(model, wanted, [record], keys)
        return answer

    def tokens(self, record, wanted: list) -> dict:
        """What a peer has heard that stands here: field -> token."""
        [read] = self.read_out(record, wanted)
        return {name: token(value) for name, value in read["values"].items()}

    def named_by(self, model: str, record: dict):
        """The record here that has the names of one that has travelled."""
        found = self.env["sync.exchange.identity"]._named(model, record["ids"])
        return self.env[model].browse(set(found.values()))

    def changed(self, record: dict, answer: dict, **values) -> dict:
        """A record that the peer has changed, which has heard of what stands here."""
        return {**record, "values": values, "seen": {name: answer["tokens"][name] for name in values}}
