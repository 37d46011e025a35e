# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, Command, api
from odoo.tests import TransactionCase, new_test_user

FIELDS = ("name", "color", "parent_id", "active")


class TaskCase(TransactionCase):
    """A manager who copies tags into files, and the worker who does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Rossi S.r.l."})
        cls.other_company = cls.env["res.company"].create({"name": "Bianchi S.p.A."})
        cls.manager = new_test_user(
            cls.env,
            "snapshot_manager",
            groups="sync_hub.group_manager,base.group_partner_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            lang="en_US",
        )
        cls.env = cls.env(user=cls.manager, context={"allowed_company_ids": cls.company.ids, "lang": "en_US"})

    def snapshot(self, **values):
        kind = {
            "model_id": self.env["ir.model"]._get_id("res.partner.category"),
            "domain": "[('name', 'like', 'Tag %')]",
            "field_names": ", ".join(FIELDS),
        }
        return self.env["sync.exchange.snapshot"].create({"kind_ids": [Command.create(kind)], **values})

    def work_off(self):
        """What the scheduled action does."""
        with self.enter_registry_test_mode():
            try:
                with self.registry.cursor() as cr:
                    api.Environment(cr, SUPERUSER_ID, {})["sync.exchange.task"]._work_off()
            finally:
                self.env.invalidate_all()

    def work(self, task, step, **arguments):
        task._start(step, **arguments)
        self.work_off()
