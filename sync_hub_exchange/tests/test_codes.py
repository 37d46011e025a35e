# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub_exchange.models.sync_exchange_wire import PEER, Terms, key_of, renamed
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .check_case import CheckCase
from .peer_case import PEER_UUID, PeerCase

INDUSTRY = "res.partner.industry"


@tagged("post_install", "-at_install")
class TestCodes(PeerCase):
    """What both databases call differently is mapped once, and then used whenever records come or go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        industries = cls.env[INDUSTRY].sudo()
        cls.bakery, cls.mill = industries.create([{"name": "Bakeries"}, {"name": "Mills"}])
        cls.reference = {"ids": ["__sync_7b0e7a52__.res_partner_industry_9"], "code": {"name": "Panifici"}, "name": "P"}
        cls.terms = Terms(PEER_UUID, frozenset({"res.partner"}), ("en_US",))

    def counterpart(self, reference=None, model=INDUSTRY):
        kept = self.env["sync.exchange.counterpart"]._keep(self.peer, model, [reference or self.reference])
        return next(iter(kept.values()))

    def map(self, record, counterpart, **values):
        return self.env["sync.exchange.code"].create(
            {
                "peer_id": self.peer.id,
                "model_id": self.env["ir.model"]._get_id(INDUSTRY),
                "res_id": record.id if record else False,
                "there_id": counterpart.id if counterpart else False,
                **values,
            }
        )

    def found(self, reference, peer=True):
        context = {PEER: self.peer.id} if peer else {}
        found = self.env["sync.exchange.wire"].with_context(**context)._find_references({INDUSTRY: [reference]})
        return found.get((INDUSTRY, key_of(reference)))

    def sent(self, record):
        """What a reference to a record becomes when it is sent."""
        codes = self.env["sync.exchange.code"].with_context(**{PEER: self.peer.id})
        names = codes._references_there([INDUSTRY], self.terms)
        reference = self.env["sync.exchange.wire"]._refer(record, self.terms)[record.id]
        values = renamed(self.env["res.partner"], {"industry_id": reference}, names)
        return values["industry_id"]

    def test_a_code_that_comes_becomes_the_record_to_which_it_was_mapped(self):
        self.assertIsNone(self.found(self.reference))
        code = self.map(self.bakery, self.counterpart())
        self.assertEqual((code.state, code.here_name), ("mapped", "Bakeries"))
        self.assertEqual(self.found(self.reference), self.bakery.id)
        self.assertIsNone(self.found(self.reference, peer=False), "What is mapped counts for its peer only.")

    def test_it_is_recognized_by_its_code_and_by_each_of_its_names(self):
        self.map(self.bakery, self.counterpart())
        for reference in (
            {"ids": ["__other__.x", *self.reference["ids"]], "name": ""},
            {"ids": [], "code": {"name": "Panifici"}, "name": ""},
        ):
            with self.subTest(reference):
                self.assertEqual(self.found(reference), self.bakery.id)
        self.assertIsNone(self.found({"ids": [], "code": {"name": "Mulini"}, "name": ""}))

    def test_what_somebody_has_said_counts_more_than_an_equal_name(self):
        reference = {"ids": [], "code": {"name": "Bakeries"}, "name": ""}
        self.assertEqual(self.found(reference), self.bakery.id)
        self.map(self.mill, self.counterpart(reference))
        self.assertEqual(self.found(reference), self.mill.id)

    def test_a_code_that_is_sent_becomes_what_it_is_called_there(self):
        own = self.env["sync.exchange.wire"]._refer(self.bakery, self.terms)[self.bakery.id]
        self.assertEqual(self.sent(self.bakery), own)
        self.map(self.bakery, self.counterpart())
        self.assertEqual(self.sent(self.bakery), self.reference)
        self.assertEqual(self.sent(self.mill)["code"], {"name": "Mills"})

    def test_of_several_codes_for_one_record_the_first_is_sent_and_all_are_taken(self):
        other = {"ids": [], "code": {"name": "Fornai"}, "name": "Fornai"}
        self.map(self.bakery, self.counterpart(), sequence=20)
        self.map(self.bakery, self.counterpart(other), sequence=10)
        self.assertEqual(self.sent(self.bakery), other)
        self.assertEqual({self.found(self.reference), self.found(other)}, {self.bakery.id})

    def test_a_code_on_which_a_record_waits_is_listed_once_to_be_mapped(self):
        codes = self.env["sync.exchange.code"]
        own = {"ids": [], "code": {"name": "Bakeries"}, "name": "Bakeries"}
        for _again in range(2):
            codes._ask_for(self.peer, INDUSTRY, self.reference, "receive")
            codes._ask_for(self.peer, INDUSTRY, own, "send")
        listed = codes.search([("peer_id", "=", self.peer.id)])
        self.assertEqual(set(listed.mapped("display_name")), {"? ↔ P", "Bakeries ↔ ?"})
        self.assertEqual(len(listed), 2)

    def test_a_row_that_is_not_complete_maps_nothing(self):
        code = self.map(self.bakery, None)
        self.assertEqual(code.state, "open")
        self.map(None, self.counterpart())
        self.assertIsNone(self.found(self.reference))
        self.assertEqual(self.sent(self.bakery)["code"], {"name": "Bakeries"})

    def test_a_record_that_was_deleted_here_is_no_counterpart_any_more(self):
        self.map(self.bakery, self.counterpart())
        self.bakery.unlink()
        self.assertIsNone(self.found(self.reference))

    def test_a_code_is_mapped_to_one_of_its_own_kind_and_database_once(self):
        country = self.counterpart({"ids": ["base.it"], "name": "Italy"}, "res.country")
        with self.assertRaisesRegex(ValidationError, "another kind"), self.env.cr.savepoint():
            self.map(self.bakery, country)
        with self.assertRaisesRegex(ValidationError, "Choose a record"), self.env.cr.savepoint():
            self.map(None, None)
        self.map(self.bakery, self.counterpart())
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.map(self.bakery, self.counterpart())
            self.env.flush_all()

    def test_a_record_that_has_neither_name_nor_code_gets_a_name_and_can_be_mapped(self):
        bank = self.env["res.bank"].sudo().create({"name": "Banca Rossi"})
        [reference] = self.env["sync.exchange.wire"]._refer(bank, self.terms).values()
        self.assertEqual(len(reference["ids"]), 1)
        self.assertEqual(self.env["sync.exchange.wire"]._refer(bank, self.terms)[bank.id], reference)


@tagged("post_install", "-at_install")
class TestCodesBefore(CheckCase):
    """The check finds codes that only one side knows, on both sides, before a record needs them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bakery, cls.mill = cls.env[INDUSTRY].sudo().create([{"name": "Bakeries"}, {"name": "Mills"}])
        cls.mapped = cls.mapping(names=("name", "industry_id"), domain="[('ref', '=', 'X7')]")
        partners = cls.env["res.partner"]
        partners.create({"name": "Anna", "ref": "X7", "industry_id": cls.bakery.id})
        name = "Panifici"
        cls.italian = {"ids": ["__sync_7b0e7a52__.res_partner_industry_9"], "code": {"name": name}, "name": name}

    def stranger(self):
        """Let the other database know other industries than this one."""
        self.other.changes["known"] = lambda answer, _arguments: {
            model: [False if model == INDUSTRY else found for found in answers] for model, answers in answer.items()
        }
        self.other.changes["used"] = lambda answer, _arguments: {INDUSTRY: [self.italian]}
        self.other.changes["offer"] = lambda answer, _arguments: {
            INDUSTRY: [self.italian, {"ids": [], "code": {"name": "Mulini"}, "name": "Mulini"}]
        }

    def codes(self):
        return self.env["sync.exchange.code"].search([("peer_id", "=", self.peer.id)])

    def test_codes_that_both_know_need_no_mapping(self):
        check = self.check()
        self.assertTrue(self.found(check, "codes"))
        self.assertFalse(self.codes())
        self.assertIn("used", self.other.asked)

    def test_codes_that_one_side_does_not_know_are_listed_with_what_the_other_offers(self):
        self.stranger()
        check = self.check()
        self.assertTrue(check.succeeded and check.has_codes)
        self.assertIn("Bakeries", self.found(check, "codes_here").message)
        self.assertIn("Panifici", self.found(check, "codes_there").message)
        self.assertEqual(set(self.codes().mapped("state")), {"open"})
        self.assertEqual(self.codes().mapped("here_name"), ["Bakeries", False])
        offered = self.env["sync.exchange.counterpart"].search([("peer_id", "=", self.peer.id)])
        self.assertEqual(offered.mapped("name"), ["Mulini", "Panifici"])
        self.assertEqual(self.peer.code_count, 2)
        action = self.found(check, "codes_here").action_map()
        self.assertEqual(self.env["sync.exchange.code"].search(action["domain"]), self.codes())

    def test_checking_twice_lists_them_once(self):
        self.stranger()
        self.check()
        self.check("action_check")
        self.assertEqual(len(self.codes()), 2)

    def test_what_is_mapped_is_not_asked_for_again(self):
        self.stranger()
        self.check()
        ours, theirs = self.codes()
        ours.there_id = theirs.there_id
        theirs.unlink()
        check = self.check("action_check")
        self.assertTrue(self.found(check, "codes"), check.line_ids.mapped("message"))
        self.assertEqual(self.codes(), ours)

    def test_values_that_no_chosen_record_has_are_nobodys_business(self):
        self.env["res.partner"].create({"name": "Bruno", "industry_id": self.mill.id})
        self.stranger()
        self.assertNotIn("Mills", self.found(self.check(), "codes_here").message)

    def test_only_the_side_that_receives_needs_a_code(self):
        self.stranger()
        self.mapped.direction = "receive"
        check = self.check()
        self.assertFalse(self.found(check, "codes_here"))
        self.assertTrue(self.found(check, "codes_there"))
        self.mapped.direction = "send"
        self.codes().unlink()
        check = self.check("action_check")
        self.assertTrue(self.found(check, "codes_here"))
        self.assertFalse(self.found(check, "codes_there"))

    def test_rows_of_a_record_use_codes_too(self):
        field = self.env["ir.model.fields"]._get("res.partner", "bank_ids")
        self.mapped.write({"line_ids": [(0, 0, {"field_id": field.id, "part_fields": "acc_number, bank_id"})]})
        bank = self.env["res.bank"].sudo().create({"name": "Banca Rossi"})
        anna = self.env["res.partner"].search([("ref", "=", "X7")])
        self.env["res.partner.bank"].create({"partner_id": anna.id, "acc_number": "X7-1", "bank_id": bank.id})
        self.other.changes["known"] = lambda answer, _arguments: {
            model: [model == INDUSTRY] * len(answers) for model, answers in answer.items()
        }
        self.assertIn("Banca Rossi", self.found(self.check(), "codes_here").message)
