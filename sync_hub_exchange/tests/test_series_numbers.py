# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from contextlib import closing
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time
from odoo import SUPERUSER_ID, api
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError, OperationalError

from ..models import sync_exchange_series_numbers
from .series_case import SeriesCase


@tagged("post_install", "-at_install")
class TestSeriesNumbers(SeriesCase):
    """Numbers are given one after the other, by one database, and those that are missing are listed."""

    def test_documents_get_the_next_number_and_a_rolled_back_one_is_given_again(self):
        series = self.new_series(1)
        self.assertEqual([self.new_document(series).number for _time in range(3)], [1, 2, 3])
        with closing(self.env.cr.savepoint()):
            self.assertEqual(self.new_document(series).number, 4)
        self.env.invalidate_all()
        self.assertEqual(self.new_document(series).number, 4)
        self.assertEqual(series.number_next, 5)

    def test_whoever_issues_documents_needs_no_right_on_sequences(self):
        series = self.new_series(1).with_user(self.clerk)
        self.assertEqual(self.new_document(series).number, 1)

    def test_a_number_that_was_typed_is_not_given_again(self):
        series = self.new_series(1)
        self.new_document(series, number=7)
        self.assertEqual(self.new_document(series).number, 8)
        document = self.new_document(series)
        document.number = 20
        self.assertEqual(series.number_next, 21)

    def test_two_documents_cannot_have_one_number(self):
        series = self.new_series(1)
        self.new_document(series, number=7)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), closing(self.env.cr.savepoint()):
            self.new_document(series, number=7)

    def test_the_next_number_can_be_moved_on_and_never_back_over_used_ones(self):
        series = self.new_series(1)
        series.number_next = 100
        self.assertEqual(self.new_document(series).number, 100)
        with self.refused("Number 100 of NF-e 1 is used already"):
            series.number_next = 100

    def test_the_first_number_can_be_corrected_until_one_was_given(self):
        series = self.new_series(1, number_first=50)
        series.number_first = 20
        self.assertEqual(self.new_document(series).number, 20)
        with self.refused("has given numbers"):
            series.number_first = 10

    def test_a_series_of_a_peer_or_an_ended_one_gives_no_numbers(self):
        with self.refused("numbered by “Filial Recife”"):
            self.new_document(self.new_series(2, peer_id=self.peer.id), number=1)
        series = self.new_series(1)
        series.action_end()
        with self.refused("NF-e 1 has ended. Open it again"):
            self.new_document(series)
        series.action_open()
        self.assertEqual(self.new_document(series).number, 1)

    def test_a_series_that_passes_from_the_peer_to_this_database_begins_where_the_peer_stopped(self):
        series = self.new_series(2, peer_id=self.peer.id, number_first=301)
        self.assertEqual(series.number_next, 0)
        self.assertFalse(series.sequence_id)
        series.peer_id = False
        self.assertEqual(self.new_document(series).number, 301)

    def test_no_document_is_issued_in_a_series_that_the_rules_of_its_day_refuse(self):
        series = self.new_series(900, kind="contingency", date_from=date(2014, 1, 1))
        self.assertTrue(self.new_document(series, issued_at=datetime(2014, 9, 30, 12)))
        with self.refused("Series 900 is not allowed"):
            self.new_document(series, issued_at=datetime(2014, 10, 1, 12))

    def test_a_void_number_is_passed_over_and_cannot_be_typed(self):
        series = self.new_series(1)
        Void = self.env["sync.exchange.series.void"]
        void = Void.create({"series_id": series.id, "number_from": 2, "number_until": 4})
        self.assertEqual([self.new_document(series).number for _time in range(3)], [1, 5, 6])
        with self.refused("Number 3 of NF-e 1 was declared void"):
            self.new_document(series, number=3)
        with self.refused("Number 5 of NF-e 1 has a document, so that it cannot be void"):
            void.number_until = 5

    def test_missing_numbers_are_listed_as_ranges_with_the_day_until_which_to_settle_them(self):
        series = self.new_series(1)
        self.new_document(series, number=2, issued_at=datetime(2026, 4, 30, 12))
        # Still April on the clock of São Paulo.
        self.new_document(series, number=500_000, issued_at=datetime(2026, 5, 1, 1))
        self.env["sync.exchange.series.void"].create(
            {"series_id": series.id, "number_from": 10, "number_until": 100_000}
        )
        series._draw()
        with patch.object(sync_exchange_series_numbers, "_PAGE", 1):
            report = series._gap_report()
        self.assertEqual(
            [(gap.numbers.first, gap.numbers.last, gap.noticed_on, gap.due_on) for gap in report.gaps],
            [
                (1, 1, date(2026, 4, 30), date(2026, 5, 10)),
                (3, 9, date(2026, 4, 30), date(2026, 5, 10)),
                (100_001, 499_999, date(2026, 4, 30), date(2026, 5, 10)),
                (500_001, 500_001, None, None),
            ],
        )

    def test_the_dialog_tells_the_count_and_what_to_do_and_leads_to_declaring_them_void(self):
        series, offline = self.new_series(1), self.new_offline_series()
        peers = self.new_series(2, peer_id=self.peer.id)
        self.new_document(series, number=4)
        self.new_document(offline, number=3, issued_at=datetime(2026, 3, 2, 12))
        with freeze_time("2026-04-10 12:00:00"):
            action = (series | offline | peers).with_user(self.clerk).action_gaps()
            report = self.env["sync.exchange.series.gaps"].with_user(self.clerk).browse(action["res_id"])
            self.assertIn("NF-e 1: numbers are missing: 3 (ranges: 1, used: 1, void: 0).", report.summary)
            self.assertNotIn("NF-e 2", report.summary)
            lines = report.line_ids
            self.assertEqual(
                [(line.number_from, line.number_until, line.count) for line in lines], [(1, 3, 3), (1, 2, 2)]
            )
            self.assertIn("declare the numbers void", lines[0].meaning)
            self.assertIn("issued and not transmitted", lines[1].meaning)
        context = lines[0].action_void()["context"]
        self.env["sync.exchange.series.void"].with_context(**context).create({"protocol": "135260000000001"})
        self.assertFalse(series._gap_report().gaps)

    def test_nobody_reads_what_another_one_asked_for(self):
        action = self.new_series(1).action_gaps()
        found = self.env["sync.exchange.series.gaps"].with_user(self.clerk).search([("id", "=", action["res_id"])])
        self.assertFalse(found)


@tagged("post_install", "-at_install")
class TestSeriesAtOnce(TransactionCase):
    """Two who work at the same time, with transactions of the database's own."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            company = env["res.company"].create({"name": self.id(), "vat": "33.444.555/0001-81"})
            self.company_id = company.id
            self.series_id = self._create(env, 1).id
        self.addCleanup(self._forget)

    def _create(self, env, number):
        return env["sync.exchange.series"].create(
            {"company_id": self.company_id, "document_model": "55", "series_number": number}
        )

    def _forget(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            series = env["sync.exchange.series"].search([("company_id", "=", self.company_id)])
            series.document_ids.unlink()
            series.number_next = 1
            series.unlink()
            env["res.company"].browse(self.company_id).active = False

    def _document(self, cr):
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["sync.exchange.series.document"].create({"series_id": self.series_id})

    def test_nobody_gets_the_number_that_somebody_else_is_about_to_use(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            self.assertEqual(self._document(one).number, 1)
            # Whoever waited here would wait for himself.
            two.execute("SET lock_timeout = '20s'")
            with mute_logger("odoo.sql_db"), self.assertRaises(OperationalError) as busy:
                self._document(two)
            self.assertIsInstance(busy.exception, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
            two.rollback()
            one.commit()
            # As Odoo does by itself with every request that came at the same time as another one.
            self.assertEqual(self._document(two).number, 2)

    def test_a_series_that_two_add_at_once_belongs_to_the_first(self):
        refused = []

        def add(env):
            try:
                self._create(env, 7)
            except IntegrityError as error:
                refused.append(error.diag.constraint_name)

        with mute_logger("odoo.sql_db"), self.registry.cursor() as one, self.registry.cursor() as two:
            envs = [api.Environment(cr, SUPERUSER_ID, {}) for cr in (one, two)]
            # Both look for it before either has it.
            for env in envs:
                self.assertFalse(env["sync.exchange.series"].search([("series_number", "=", 7)]))
            self._create(envs[0], 7)
            waiting = threading.Thread(target=add, args=(envs[1],), daemon=True)
            waiting.start()
            waiting.join(0.5)
            self.assertTrue(waiting.is_alive())
            one.commit()
            waiting.join(60)
            self.assertFalse(waiting.is_alive())
            two.rollback()
        self.assertEqual(refused, ["sync_exchange_series_series_unique"])
