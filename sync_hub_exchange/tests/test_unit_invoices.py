# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from copy import deepcopy

from odoo import Command
from odoo.addons.sync_hub_exchange.records import token
from odoo.tests import tagged

from .unit_case import NEW, UnitCase

_LINES = "sequence display_type product_id name quantity product_uom_id price_unit discount tax_ids account_id"
INVOICE = [
    *("move_type", "name", "ref", "partner_id", "journal_id", "currency_id", "invoice_date", "date"),
    *("invoice_date_due", "payment_reference", "narration"),
    *({"name": "invoice_line_ids", "fields": _LINES.split()}, "state"),
]
_SHARES = ["document_type", "repartition_type", "factor_percent", "account_id", "tag_ids", "sequence"]
TAX = [
    *("name", "type_tax_use", "amount_type", "amount", "tax_group_id", "children_tax_ids"),
    {"name": "invoice_repartition_line_ids", "fields": _SHARES},
    {"name": "refund_repartition_line_ids", "fields": _SHARES},
]
TERM = ["name", {"name": "line_ids", "fields": ["value", "value_amount", "delay_type", "nb_days"]}]


@tagged("post_install", "-at_install")
class TestUnitInvoices(UnitCase):
    """Invoices, and what they need: taxes and payment terms."""

    models = ("account.move",)
    groups = f"{UnitCase.groups},account.group_account_manager,product.group_product_manager"
    named = frozenset(
        {
            *("res.partner", "product.template", "account.move", "account.move.line", "account.tax"),
            *("account.tax.group", "account.tax.repartition.line", "account.payment.term", "account.payment.term.line"),
        }
    )

    @classmethod
    def _make_company(cls):
        company = super()._make_company()
        cls.env["account.chart.template"].try_loading("generic_coa", company=company, install_demo=False)
        return company

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Lanificio Rossi"})
        cls.tax = cls.company.account_sale_tax_id

    def _invoice(self, *, post=True, **vals):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-05-04",
                "invoice_line_ids": [
                    Command.create({"name": "Yarn", "quantity": 3, "price_unit": 33.33, "tax_ids": self.tax.ids}),
                    Command.create({"name": "As agreed", "display_type": "line_note"}),
                    Command.create({"name": "Freight", "quantity": 1, "price_unit": 10, "tax_ids": []}),
                ],
                **vals,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def _sent(self, invoice) -> dict:
        """An invoice that only the peer has."""
        [record] = self.read_out(invoice, INVOICE)
        if invoice.state != "draft":
            invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        return record

    def _pay(self, invoice):
        context = {"active_model": "account.move", "active_ids": invoice.ids}
        self.env["account.payment.register"].with_context(**context).create({}).action_create_payments()

    def _taken(self, **vals):
        record = self._sent(self._invoice(**vals))
        answer = self.take_one("account.move", INVOICE, record)
        self.assertEqual(answer["state"], "made", answer)
        return record, answer, self.named_by("account.move", record)

    def test_a_posted_invoice_arrives_posted_with_its_number_and_amounts(self):
        invoice = self._invoice(name="INV/2026/00077")
        amounts = (invoice.amount_untaxed, invoice.amount_tax, invoice.amount_total)
        entries = sorted((line.account_id.code or "", line.balance) for line in invoice.line_ids)
        record = self._sent(invoice)
        self.assertEqual(self.take_one("account.move", INVOICE, record)["state"], "made")
        made = self.named_by("account.move", record)
        self.assertEqual((made.name, made.state, made.payment_state), ("INV/2026/00077", "posted", "not_paid"))
        self.assertEqual((made.amount_untaxed, made.amount_tax, made.amount_total), amounts)
        self.assertEqual(sorted((line.account_id.code or "", line.balance) for line in made.line_ids), entries)
        self.assertEqual(self.take_one("account.move", INVOICE, record)["state"], "same")

    def test_bills_and_credit_notes_come_too(self):
        bill = self._invoice(move_type="in_invoice", ref="F/77", date="2026-05-04")
        refund = self._invoice(move_type="out_refund")
        records = [self._sent(bill), self._sent(refund)]
        answers = self.take("account.move", INVOICE, records)
        self.assertEqual([answer["state"] for answer in answers], ["made", "made"], answers)
        made = [self.named_by("account.move", record) for record in records]
        self.assertEqual([move.move_type for move in made], ["in_invoice", "out_refund"])
        self.assertEqual([move.state for move in made], ["posted", "posted"])
        self.assertEqual(made[0].ref, "F/77")

    def test_a_draft_stays_a_draft(self):
        record = self._sent(self._invoice(post=False))
        self.take_one("account.move", INVOICE, record)
        self.assertEqual(self.named_by("account.move", record).state, "draft")

    def test_without_the_status_every_invoice_arrives_as_draft(self):
        record = self._sent(self._invoice())
        del record["values"]["state"]
        self.take_one("account.move", INVOICE[:-1], record)
        self.assertEqual(self.named_by("account.move", record).state, "draft")

    def test_other_amounts_are_refused_with_both_numbers(self):
        record = self._sent(self._invoice())
        self.tax.amount = 20
        answer = self.take_one("account.move", INVOICE, record)
        self.assertEqual(answer["state"], "refused")
        self.assertRegex(answer["error"], r"There: .*124\.99.*Here: .*129\.99")
        self.assertIn("Nothing was booked", answer["error"])
        self.assertFalse(self.named_by("account.move", record))

    def test_one_that_is_refused_does_not_hold_the_others_back(self):
        good, other = self._invoice(), self._invoice(name="INV/2026/00099")
        records = [self._sent(other), self._sent(good)]
        records[0]["check"]["amount_total"] += 1
        answers = self.take("account.move", INVOICE, records)
        self.assertEqual([answer["state"] for answer in answers], ["refused", "made"])

    def test_a_number_that_is_taken_here_is_said(self):
        record = self._sent(self._invoice(name="INV/2026/00050"))
        self._invoice(name="INV/2026/00050")
        answer = self.take_one("account.move", INVOICE, record)
        self.assertEqual(answer["state"], "refused")
        self.assertIn("INV/2026/00050 is taken here by another invoice, of Lanificio Rossi", answer["error"])

    def test_a_locked_period_says_so_and_nothing_is_booked_in_another_one(self):
        record = self._sent(self._invoice())
        self.company.fiscalyear_lock_date = "2026-06-30"
        answer = self.take_one("account.move", INVOICE, record)
        self.assertEqual(answer["state"], "refused")
        self.assertIn("this period is locked here", answer["error"])
        self.company.fiscalyear_lock_date = False
        self.assertEqual(self.take_one("account.move", INVOICE, record)["state"], "made")

    def test_an_invoice_that_is_posted_here_is_not_overwritten(self):
        record, answer, invoice = self._taken()
        rows = deepcopy(record["values"]["invoice_line_ids"])
        next(row for row in rows if row["values"]["price_unit"] == 10)["values"]["price_unit"] = 12
        change = self.changed(record, answer, invoice_line_ids=rows, invoice_date="2026-05-05")
        refused = self.take_one("account.move", INVOICE, change)
        self.assertEqual(refused["state"], "refused")
        self.assertIn("is posted here and is not overwritten", refused["error"])
        self.assertIn("Invoice lines", refused["error"])
        self.assertEqual(str(invoice.invoice_date), "2026-05-04")
        invoice.button_draft()
        answer["tokens"] = self.tokens(invoice, INVOICE)
        change = self.changed(record, answer, invoice_line_ids=rows, invoice_date="2026-05-05")
        self.assertEqual(self.take_one("account.move", INVOICE, change)["state"], "taken")
        self.assertEqual((invoice.state, invoice.amount_untaxed), ("draft", 111.99))

    def test_an_invoice_that_is_back_to_draft_there_stays_posted_here(self):
        record, answer, invoice = self._taken()
        refused = self.take_one("account.move", INVOICE, self.changed(record, answer, state="draft"))
        self.assertEqual(refused["state"], "refused")
        self.assertIn("not overwritten", refused["error"])
        self.assertEqual(invoice.state, "posted")

    def test_texts_of_a_posted_invoice_follow(self):
        record, answer, invoice = self._taken()
        change = self.changed(record, answer, payment_reference="RF18 0000", ref="PO 7")
        self.assertEqual(self.take_one("account.move", INVOICE, change)["state"], "taken")
        self.assertEqual((invoice.state, invoice.payment_reference, invoice.ref), ("posted", "RF18 0000", "PO 7"))

    def test_what_is_cancelled_there_is_cancelled_here(self):
        record, answer, invoice = self._taken()
        self.assertEqual(
            self.take_one("account.move", INVOICE, self.changed(record, answer, state="cancel"))["state"], "taken"
        )
        self.assertEqual(invoice.state, "cancel")

    def test_an_invoice_that_is_paid_here_is_not_cancelled(self):
        record, answer, invoice = self._taken()
        self._pay(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        answer["tokens"] = self.tokens(invoice, INVOICE)
        refused = self.take_one("account.move", INVOICE, self.changed(record, answer, state="cancel"))
        self.assertEqual(refused["state"], "refused")
        self.assertIn("it is paid here", refused["error"])
        self.assertEqual(invoice.state, "posted")

    def test_a_payment_here_is_no_change_of_the_invoice(self):
        record, _answer, invoice = self._taken()
        before = self.tokens(invoice, INVOICE)
        self._pay(invoice)
        self.assertEqual(self.tokens(invoice, INVOICE), before)
        self.assertEqual(self.take_one("account.move", INVOICE, record)["state"], "same")

    def test_an_invoice_waits_for_its_customer(self):
        record = self._sent(self._invoice())
        record["values"]["partner_id"] = {"ids": ["__sync_cccccccc__.res_partner_1"], "name": "Unknown"}
        answer = self.take_one("account.move", INVOICE, record)
        self.assertEqual((answer["state"], list(answer["missing"])), ("waiting", ["partner_id"]))
        self.assertFalse(self.named_by("account.move", record))

    def test_journal_entries_that_are_no_invoices_do_not_travel(self):
        peer = self.env["sync.exchange.peer"].create({"name": "Siena", "url": "https://erp.example.com"})
        mapping = self.env["sync.exchange.mapping"].create(
            {"peer_id": peer.id, "model_id": self.env["ir.model"]._get_id("account.move")}
        )
        invoice = self._invoice()
        entry = self.env["account.move"].create({"move_type": "entry"})
        found = self.env["account.move"].search([*mapping._domain(), ("id", "in", (invoice + entry).ids)])
        self.assertEqual(found, invoice)

    def test_a_tax_comes_with_its_shares_and_its_parts(self):
        group = self.env["account.tax.group"].create({"name": "Levies"})
        account = self.tax.invoice_repartition_line_ids.account_id[:1]

        def shares(kind):
            return [
                Command.create({"document_type": kind, "repartition_type": "base"}),
                Command.create(
                    {"document_type": kind, "repartition_type": "tax", "factor_percent": 60, "account_id": account.id}
                ),
                Command.create({"document_type": kind, "repartition_type": "tax", "factor_percent": 40}),
            ]

        Tax = self.env["account.tax"]
        levy = Tax.create(
            {
                "name": "Levy 7 %",
                "amount": 7,
                "tax_group_id": group.id,
                "invoice_repartition_line_ids": shares("invoice"),
                "refund_repartition_line_ids": shares("refund"),
            }
        )
        both = Tax.create(
            {
                "name": "Levy and tax",
                "amount_type": "group",
                "amount": 0,
                "tax_group_id": group.id,
                "children_tax_ids": (levy + self.tax).ids,
            }
        )
        records = self.read_out(both + levy, TAX)
        both.unlink()
        levy.unlink()
        answers = self.take("account.tax", TAX, records, ["name", "type_tax_use"])
        self.assertEqual([answer["state"] for answer in answers], ["made", "made"], answers)
        made_both, made = (self.named_by("account.tax", record) for record in records)
        self.assertEqual(made_both.children_tax_ids, made + self.tax)
        shares_made = [
            (share.repartition_type, share.factor_percent, share.account_id)
            for share in made.invoice_repartition_line_ids
        ]
        none = account.browse()
        self.assertEqual(shares_made, [("base", 100, none), ("tax", 60, account), ("tax", 40, none)])

    def test_a_tax_of_the_chart_is_known_by_its_place_in_it_and_not_changed(self):
        [record] = self.read_out(self.tax, TAX)
        self.assertTrue(all(name.startswith("account.@_") for name in record["ids"]), record["ids"])
        change = {**record, "values": {"amount": 99.0}, "seen": self.tokens(self.tax, TAX)}
        self.assertEqual(self.take_one("account.tax", TAX, change)["state"], "same")
        self.assertNotEqual(self.tax.amount, 99)

    def test_a_tax_with_parts_waits_for_them(self):
        parts = {"name": "Both", "type_tax_use": "sale", "amount_type": "group", "amount": 0.0}
        missing = [{"ids": ["__sync_cccccccc__.account_tax_1"], "name": "Levy"}]
        record = {
            "ids": ["__sync_cccccccc__.account_tax_2"],
            **NEW,
            "values": {**parts, "children_tax_ids": missing},
        }
        answer = self.take_one("account.tax", TAX, record)
        self.assertEqual((answer["state"], list(answer["missing"])), ("waiting", ["children_tax_ids"]))

    def test_taxes_that_a_product_has_in_other_companies_stay(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["account.chart.template"].try_loading("generic_coa", company=other, install_demo=False)
        product = self.env["product.template"].create(
            {"name": "Yarn", "taxes_id": [Command.set((self.tax + other.account_sale_tax_id).ids)]}
        )
        wanted = ["name", "taxes_id"]
        wire = self.env["sync.exchange.wire"].with_user(self.user)
        self.env.flush_all()
        read = wire._read_records(product.with_user(self.user), wanted, self.terms)[product.id]
        self.assertEqual(len(read["values"]["taxes_id"]), 1)
        seen = {name: token(value) for name, value in read["values"].items()}
        change = {**read, "values": {"taxes_id": []}, "seen": seen}
        self.assertEqual(self.take_one("product.template", wanted, change)["state"], "taken")
        self.assertIn(other.account_sale_tax_id, product.taxes_id)
        self.assertNotIn(self.tax, product.taxes_id)

    def test_payment_terms_come_with_their_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (30, 60)
                ],
            }
        )
        [record] = self.read_out(term, TERM)
        term.unlink()
        self.assertEqual(self.take_one("account.payment.term", TERM, record)["state"], "made")
        made = self.named_by("account.payment.term", record)
        self.assertEqual([(line.value_amount, line.nb_days) for line in made.line_ids], [(50, 30), (50, 60)])
