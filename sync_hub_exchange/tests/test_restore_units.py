# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.addons.sync_hub_exchange.snapshot import SnapshotWriter
from odoo.tests import tagged

from .task_case import TaskCase
from .test_unit_invoices import INVOICE
from .unit_case import UnitCase

DATABASE = "0b9d3f86-6d1c-4c1c-9a53-0c2f9ad0f1aa"


@tagged("post_install", "-at_install")
class TestRestoreUnits(UnitCase):
    """Invoices come back from a file as they were, into the company that was chosen, or not at all."""

    models = ("account.move",)
    groups = f"{UnitCase.groups},account.group_account_manager,product.group_product_manager,sync_hub.group_manager"
    named = frozenset({"res.partner", "account.move", "account.move.line"})
    work_off = TaskCase.work_off

    @classmethod
    def _make_company(cls):
        return cls._with_chart(super()._make_company())

    @classmethod
    def _with_chart(cls, company):
        cls.env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
        return company

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._with_chart(cls.env["res.company"].create({"name": "Filiale di Pisa S.r.l."}))
        cls.user.company_ids = cls.company | cls.branch
        cls.customer = cls.env["res.partner"].create({"name": "Lanificio Rossi"})

    def posted(self, **vals):
        line = {"name": "Yarn", "quantity": 3, "price_unit": 33.33, "tax_ids": self.company.account_sale_tax_id.ids}
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-05-04",
                "invoice_line_ids": [Command.create(line)],
                **vals,
            }
        )
        invoice.action_post()
        return invoice

    def copied(self, invoice) -> dict:
        """An invoice as a snapshot holds it, which is here no more."""
        [record] = self.read_out(invoice, INVOICE)
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        return record

    def restored(self, *records, company=None, dry=False):
        """What became of a file with these invoices."""
        fields = self.env["account.move"]._fields
        names = [item if isinstance(item, str) else item["name"] for item in INVOICE]
        attachments = self.env["ir.attachment"].sudo()
        with attachments._large_file() as file:
            with SnapshotWriter(file, database=DATABASE) as writer:
                writer.begin("account.move", {name: fields[name].type for name in names})
                for record in records:
                    writer.add(record)
                writer.finish()
            attachment = attachments._keep_large_file(file, "invoices.zip")
        company = company or self.company
        companies = [company.id, *(self.user.company_ids - company).ids]
        restores = self.env["sync.exchange.restore"].with_user(self.user).with_context(allowed_company_ids=companies)
        restore = restores.create({"company_id": company.id})
        restore._add_file(attachment, "invoices.zip")
        restore._begin(dry=dry)
        self.work_off()
        self.assertEqual((restore.state, restore.note), ("done", False))
        return restore.line_ids

    def found(self, record):
        return self.named_by("account.move", record)

    def test_a_posted_invoice_comes_back_posted_with_its_number_and_totals(self):
        invoice = self.posted(name="INV/2026/00077")
        totals = (invoice.amount_untaxed, invoice.amount_tax, invoice.amount_total)
        record = self.copied(invoice)
        self.assertEqual(self.restored(record, dry=True).create_count, 1)
        self.assertFalse(self.found(record), "a trial writes nothing")
        self.assertEqual(self.restored(record).create_count, 1)
        made = self.found(record)
        self.assertEqual((made.name, made.state, made.company_id), ("INV/2026/00077", "posted", self.company))
        self.assertEqual((made.amount_untaxed, made.amount_tax, made.amount_total), totals)
        again = self.restored(record)
        self.assertEqual((again.same_count, again.create_count, again.update_count), (1, 0, 0))

    def test_one_whose_totals_would_differ_is_refused_and_the_others_come(self):
        """Say because a tax has another rate here."""
        sound, other = self.copied(self.posted()), self.copied(self.posted())
        other["check"]["amount_total"] += 0.01
        for dry in (True, False):
            line = self.restored(sound, other, dry=dry)
            self.assertEqual((line.create_count, line.error_count), (1, 1))
            self.assertIn("does not come to the same amounts", line.problems)
        self.assertEqual(self.found(sound).state, "posted")
        self.assertFalse(self.found(other), "nothing was booked")

    def test_it_comes_into_the_company_that_was_chosen(self):
        """Journals, accounts and taxes are those of that company."""
        record = self.copied(self.posted())
        self.assertEqual(self.restored(record, company=self.branch).create_count, 1)
        made = self.found(record)
        self.assertEqual(made.company_id, self.branch)
        self.assertEqual((made.journal_id.company_id, made.invoice_line_ids.tax_ids.company_id), (self.branch,) * 2)

    def test_what_another_company_has_is_not_overwritten(self):
        invoice = self.posted()
        [record] = self.read_out(invoice, INVOICE)
        record["values"]["narration"] = "Changed"
        line = self.restored(record, company=self.branch)
        self.assertEqual((line.error_count, line.create_count, line.update_count), (1, 0, 0))
        self.assertFalse(invoice.narration)
