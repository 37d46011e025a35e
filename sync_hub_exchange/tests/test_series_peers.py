# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.addons.sync_hub.transport import HttpSession
from odoo.addons.sync_hub_exchange.remote import RemoteDatabase
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .series_case import CNPJ, OTHER_CNPJ, PEER_UUID, SeriesCase

CLASH = "sync_hub_exchange.activity_series_clash"


@tagged("post_install", "-at_install")
class TestSeriesPeers(SeriesCase):
    """Each exchange compares the series of both sides, so that no two databases number the same one."""

    def check(self, *rows, peer=None):
        return self.env["sync.exchange.series"]._check_all_of(peer or self.peer, list(rows))

    def series_of_peer(self, number):
        return self.env["sync.exchange.series"].search([("series_number", "=", number), ("peer_id", "!=", False)])

    def test_what_a_peer_uses_is_reserved_for_it_here(self):
        self.assertFalse(self.check(self.row(7), self.row(8, "65")))
        series = self.series_of_peer(7)
        self.assertEqual(
            (series.peer_id, series.database_uuid, series.company_id), (self.peer, PEER_UUID, self.company)
        )
        self.assertTrue(series.confirmed_at)
        self.assertFalse(series.sequence_id)
        with self.refused("already used by “Filial Recife”"):
            self.new_series(7)
        self.check(self.row(7), self.row(8, "65"))
        self.assertEqual(self.env["sync.exchange.series"].search_count([("peer_id", "=", self.peer.id)]), 2)

    def test_series_of_other_tax_numbers_are_none_of_our_business(self):
        self.check(self.row(7, tax_number="12ABC34501DE35"))
        self.assertFalse(self.series_of_peer(7))

    def test_a_series_that_was_entered_for_the_peer_is_confirmed_by_it(self):
        self.peer.sudo().remote_uuid = False
        series = self.new_series(7, peer_id=self.peer.id)
        self.assertFalse(series.confirmed_at)
        self.assertFalse(self.check(self.row(7)))
        self.assertEqual(series.database_uuid, PEER_UUID)
        self.assertTrue(series.confirmed_at)

    def test_a_series_that_both_use_is_marked_and_gives_no_more_numbers(self):
        series = self.new_series(1)
        self.assertEqual(self.check(self.row(1), self.row(2)), series)
        self.assertRegex(
            series.clash,
            "Series 1 of NF-e for CNPJ 11222333000181 is already used by “Padaria Silva \\(Recife\\)”, and also by "
            "Padaria Silva in this database. .*End the series in one of the two databases",
        )
        with self.refused("already used by “Padaria Silva"):
            self.new_document(series)
        activity = series.activity_search([CLASH])
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("End the series in one of the two databases", activity.note)
        self.check(self.row(1))
        self.assertEqual(len(series.activity_search([CLASH])), 1)

    def test_the_conflict_goes_when_the_peer_does_not_use_the_series_any_more(self):
        series = self.new_series(1)
        other = self.new_peer("Filial Natal", "2f2c")
        self.check(self.row(1))
        self.check(peer=other)
        self.assertTrue(series.clash_with)
        self.check()
        self.assertFalse(series.clash)
        self.assertFalse(series.activity_search([CLASH]))
        self.assertEqual(self.new_document(series).number, 1)

    def test_the_conflict_goes_when_the_peer_has_ended_the_series_and_nobody_else_may_take_it(self):
        series = self.new_series(1)
        self.check(self.row(1))
        self.assertTrue(series.clash)
        self.assertFalse(self.check({**self.row(1), "ended": True}, {**self.row(2), "ended": True}))
        self.assertFalse(series.clash)
        self.assertEqual(self.new_document(series).number, 1)
        self.assertEqual(self.series_of_peer(2).state, "ended")
        with self.refused("already used by “Filial Recife”"):
            self.new_series(2)

    def test_an_own_series_that_was_ended_is_no_conflict(self):
        series = self.new_series(1)
        self.check(self.row(1))
        series.action_end()
        self.assertFalse(self.check(self.row(1)))
        self.assertFalse(series.clash)

    def test_a_series_that_two_peers_use_is_marked_too(self):
        other = self.new_peer("Filial Natal", "2f2c")
        self.check(self.row(7))
        found = self.check(self.row(7, database="2f2c", name="Natal"), peer=other)
        self.assertEqual(found, self.series_of_peer(7))
        self.assertRegex(found.clash, "already used by “Natal”, and also by “Filial Recife”")

    def test_a_ring_of_databases_knows_of_the_third_one_and_has_no_conflict_with_itself(self):
        series = self.new_series(1)
        own = self.env["sync.exchange.peer"]._own_uuid()
        self.assertFalse(self.check(self.row(1, database=own), self.row(9, database="third")))
        self.assertFalse(series.clash)
        self.assertEqual((self.series_of_peer(9).peer_id, self.series_of_peer(9).database_uuid), (self.peer, "third"))
        # Later the third one becomes a peer itself.
        third = self.new_peer("Filial Natal", "third")
        self.assertFalse(self.check(self.row(9, database="third"), peer=third))
        self.assertEqual(self.series_of_peer(9).peer_id, third)

    def test_what_a_peer_believes_of_this_database_is_known_better_here(self):
        other = self.new_peer("Filial Natal", "2f2c")
        series = self.new_series(7, peer_id=other.id)
        own = self.env["sync.exchange.peer"]._own_uuid()
        self.assertFalse(self.check(self.row(7, database=own), self.row(8, database=own)))
        self.assertFalse(series.clash)
        self.assertFalse(self.series_of_peer(8))

    def test_nonsense_in_the_answer_is_left_out_and_the_rest_is_compared(self):
        series = self.new_series(1)
        found = self.check(None, 5, {}, {"series": "x"}, {**self.row(2), "document_model": "57"}, self.row(1))
        self.assertEqual(found, series)
        self.assertFalse(self.env["sync.exchange.series"]._check_all_of(self.peer, None))

    def test_a_conflict_in_another_company_is_marked_and_not_shown_to_who_may_not_see_it(self):
        hidden = (
            self.env["sync.exchange.series"]
            .sudo()
            .create({"document_model": "55", "series_number": 1, "company_id": self.other_company.id})
        )
        self.assertFalse(self.check(self.row(1, tax_number=OTHER_CNPJ)))
        self.assertTrue(hidden.clash_with)

    def test_a_series_of_the_peer_that_our_rules_would_refuse_is_known_all_the_same(self):
        self.check(self.row(950))
        self.assertRegex(self.series_of_peer(950).doubt, "Series 950 is not allowed")


@tagged("post_install", "-at_install")
class TestSeriesDoor(SeriesCase, HttpCase):
    """What another database is told of series, over the network and with the rights of its key's user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visitor = new_test_user(
            cls.env(su=True), "series_visitor", "sync_hub_exchange.group_exchange", company_id=cls.company.id
        )
        Keys = cls.env["res.users.apikeys"].with_user(cls.visitor)
        cls.key = Keys._generate("rpc", "exchange", datetime.now() + timedelta(hours=1))

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Override of ``odoo.tests``: its check of requests knows only one number of seconds."""
        return super()._request_handler(session, request, **{**options, "timeout": max(options["timeout"])})

    def ask(self, key=None):
        self.env.flush_all()
        key = key or self.key
        with self.allow_requests(all_requests=True), HttpSession(self.base_url(), secrets=[key]) as http:
            return RemoteDatabase(http, self.env.cr.dbname, key).ask("sync.exchange.door", "series")

    def test_a_peer_is_told_the_series_that_are_used_here_and_those_that_are_known_of_others(self):
        self.new_series(1)
        self.new_series(2, "65", peer_id=self.peer.id)
        self.new_series(3, peer_id=self.new_peer("Not asked yet", False).id)
        self.env["sync.exchange.series"].sudo().create(
            {"document_model": "55", "series_number": 4, "company_id": self.other_company.id}
        )
        own = self.env["sync.exchange.peer"]._own_uuid()
        self.assertEqual(
            [
                (row["tax_number"], row["document_model"], row["series"], row["database"], row["name"])
                for row in self.ask()
            ],
            [(CNPJ, "55", 1, own, "Padaria Silva"), (CNPJ, "65", 2, PEER_UUID, "Filial Recife")],
        )

    def test_what_one_database_tells_another_one_compares(self):
        series = self.new_series(1)
        rows = self.ask()
        # From now on this is another database, which has the same series.
        self.env["ir.config_parameter"].sudo().set_param("database.uuid", "another")
        self.peer.sudo().remote_uuid = rows[0]["database"]
        self.assertEqual(self.env["sync.exchange.series"]._check_all_of(self.peer, rows), series)

    def test_who_is_no_user_for_exchanges_is_told_nothing(self):
        with self.assertRaisesRegex(AccessError, "may not exchange records"):
            self.env["sync.exchange.door"].with_user(self.clerk).series()
