# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import closing
from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .series_case import CNPJ, OTHER_CNPJ, SeriesCase


@tagged("post_install", "-at_install")
class TestSeries(SeriesCase):
    """A series of a tax number belongs to one database, and its number is one that the law allows."""

    def test_a_series_is_entered_in_the_form_and_gets_a_sequence(self):
        with Form(self.env["sync.exchange.series"]) as form:
            form.document_model = "55"
            form.series_number = 3
            form.number_first = 5001
        series = form.save()
        self.assertEqual((series.tax_number, series.state_id.code, series.display_name), (CNPJ, "SP", "NF-e 3"))
        sequence = series.sequence_id.sudo()
        self.assertEqual((sequence.number_next_actual, sequence.company_id), (5001, self.company))
        self.assertEqual(series.number_next, 5001)

    def test_a_company_without_a_tax_number_is_told_what_to_do(self):
        self.company.sudo().vat = False
        with self.refused("no valid CNPJ. Open the company"):
            self.new_series(1)

    def test_the_second_one_is_refused_and_the_first_one_named(self):
        self.new_series(1)
        with self.refused("Series 1 of NF-e is already used by Padaria Silva in this database"):
            self.new_series(1)
        self.new_series(2, peer_id=self.peer.id)
        with self.refused("Series 2 of NF-e is already used by “Filial Recife” for CNPJ 1122"):
            self.new_series(2)

    def test_the_same_number_of_the_other_model_or_of_another_tax_number_is_another_series(self):
        self.new_series(1)
        self.new_series(1, "65")
        other = (
            self.env["sync.exchange.series"]
            .sudo()
            .create({"document_model": "55", "series_number": 1, "company_id": self.other_company.id})
        )
        self.assertEqual(other.tax_number, OTHER_CNPJ)

    def test_an_archived_or_ended_series_is_still_taken_and_so_is_one_of_another_company_with_that_tax_number(self):
        first, second = self.new_series(1), self.new_series(2)
        first.active = False
        second.action_end()
        self.assertEqual(second.state, "ended")
        branch = self.env["res.company"].sudo().create({"name": "Branch", "vat": f"BR{CNPJ}"})
        for number, company in ((1, self.company), (2, self.company), (1, branch)):
            with self.refused("already used by Padaria Silva"):
                self.env["sync.exchange.series"].sudo().create(
                    {"document_model": "55", "series_number": number, "company_id": company.id}
                )

    def test_a_series_cannot_become_one_that_is_taken(self):
        self.new_series(1)
        with self.refused("already used"):
            self.new_series(2).series_number = 1

    def test_the_database_itself_refuses_what_came_in_at_the_same_time(self):
        self.new_series(1)
        second = self.new_series(2)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            closing(self.env.cr.savepoint()),
        ):
            self.env.cr.execute("UPDATE sync_exchange_series SET series_number = 1 WHERE id = %s", [second.id])

    def test_a_number_outside_the_range_of_its_day_is_refused_with_the_rule(self):
        with self.refused("NF-e: series 0 to 899.*Rejection 554.*from 0 to 889"):
            self.new_series(900)
        scan = self.new_series(900, kind="contingency", date_from=date(2014, 9, 30))
        with self.refused("Series 900 is not allowed"):
            scan.date_from = date(2014, 10, 1)

    def test_where_sources_disagree_it_is_told_and_not_refused(self):
        self.assertFalse(self.new_series(889).doubt)
        self.assertRegex(self.new_series(890).doubt, "Sources disagree on series 890.*MOC 7.0")
        self.assertFalse(self.new_offline_series(989).doubt)
        doubt = self.new_offline_series(5).doubt
        self.assertRegex(doubt, "Ajuste SINIEF 13/18.*But:.*Ask your tax office")

    def test_pernambuco_wants_no_series_of_its_own_for_offline_invoices(self):
        series = self.new_offline_series(5, state_id=self.env.ref("base.state_br_pe").id)
        self.assertFalse(series.doubt)

    def test_a_manager_changes_a_rule_and_the_next_series_follows_it(self):
        rule = self.env.ref("sync_hub_exchange.rule_nfe_normal")
        rule.date_until = date(2026, 1, 31)
        rule.copy({"name": "New law", "date_from": date(2026, 2, 1), "date_until": False, "number_until": 999})
        self.assertRaises(ValidationError, self.new_series, 950, date_from=date(2026, 1, 31))
        self.assertTrue(self.new_series(950, date_from=date(2026, 2, 1)))

    def test_a_rule_is_entered_in_the_form(self):
        with Form(self.env["sync.exchange.series.rule"]) as form:
            form.name = "NFC-e offline in Ceará: 24 hours"
            form.document_model = "65"
            form.kind = "contingency"
            form.state_id = self.env.ref("base.state_br_ce")
            form.date_from = "2026-01-01"
            form.deadline_unit = "hours"
            form.deadline_amount = 24
            form.source = "Decree"
        rule = form.save()
        self.assertEqual((rule._value().uf, rule._value().deadline.amount, rule._value().numbers), ("CE", 24, None))

    def test_two_rules_that_contradict_each_other_are_refused(self):
        rule = self.env.ref("sync_hub_exchange.rule_nfe_normal")
        with self.refused("NF-e: series 0 to 899.*would be in force on the same day"):
            rule.copy({"name": "New law", "date_from": date(2026, 2, 1)})

    def test_a_rule_that_cannot_be_is_refused(self):
        rule = self.env.ref("sync_hub_exchange.rule_nfe_normal")
        wrong = (
            {"number_until": 1000},
            {"number_from": 5, "number_until": 4},
            {"certain_until": 950},
            {"deadline_unit": "hours", "deadline_amount": 0},
            {"gap_day": 31},
            {"date_until": date(2001, 1, 1)},
        )
        for values in wrong:
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                closing(self.env.cr.savepoint()),
            ):
                rule.write(values)
                rule.flush_recordset()

    def test_a_series_that_has_given_numbers_stays_what_it_is(self):
        series = self.new_series(1)
        series.series_number = 2
        series._draw()
        self.assertTrue(series.is_used)
        for values in ({"series_number": 3}, {"document_model": "65"}, {"company_id": self.other_company.id}):
            with self.subTest(values), self.refused("has given numbers"):
                series.write(values)
        with self.refused("End it instead"):
            series.unlink()
        series.write({"series_number": 2, "user_id": self.clerk.id})

    def test_a_series_that_gave_none_can_go_and_its_sequence_goes_with_it(self):
        series = self.new_series(1)
        sequence = series.sequence_id.sudo()
        series.unlink()
        self.assertFalse(sequence.exists())

    def test_the_tax_number_of_that_time_stays_when_the_company_gets_another_one(self):
        series = self.new_series(1)
        self.company.sudo().vat = "33.444.555/0001-81"
        self.assertEqual(series.tax_number, CNPJ)
        self.assertIn("CNPJ is now 33444555000181", series.doubt)
        self.assertEqual(self.new_series(1).tax_number, "33444555000181")

    def test_documents_and_void_numbers_of_other_companies_are_not_seen(self):
        series = self.new_series(1)
        document = self.new_document(series)
        void = self.env["sync.exchange.series.void"].create({"series_id": series.id, "number_from": 9})
        self.assertEqual(void.number_until, 9)
        stranger = new_test_user(
            self.env(su=True),
            "series_stranger",
            "sync_hub.group_manager",
            company_ids=[(6, 0, self.other_company.ids)],
            company_id=self.other_company.id,
        )
        for record in (document, void):
            hidden = record.with_user(stranger).with_context(allowed_company_ids=None)
            self.assertFalse(hidden.search([("id", "=", record.id)]))
            self.assertRaises(AccessError, hidden.read, ["series_id"])

    def test_people_see_the_series_of_their_companies_and_managers_change_them(self):
        series = self.new_series(1)
        stranger = new_test_user(self.env(su=True), "series_stranger", "sync_hub.group_manager")
        stranger.sudo().write({"company_ids": [(6, 0, self.other_company.ids)], "company_id": self.other_company.id})
        self.assertFalse(series.with_user(stranger).with_context(allowed_company_ids=None).search([]))
        as_clerk = series.with_user(self.clerk)
        self.assertEqual(as_clerk.display_name, "NF-e 1")
        self.assertEqual(as_clerk.number_next, 1)
        for act in (
            lambda: as_clerk.write({"user_id": self.clerk.id}),
            as_clerk.unlink,
            lambda: self.env.ref("sync_hub_exchange.rule_nfe_normal").with_user(self.clerk).write({"gap_day": 9}),
            lambda: self.env.ref("sync_hub_exchange.holiday_zumbi").with_user(self.clerk).unlink(),
        ):
            self.assertRaises(AccessError, act)
