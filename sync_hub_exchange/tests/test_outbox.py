# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime, timedelta

from odoo import SUPERUSER_ID, api
from odoo.sql_db import db_connect
from odoo.tests import tagged

from .common import PEER, ExchangeCase

MODEL = "test.outbox"


@tagged("post_install", "-at_install")
class TestOutbox(ExchangeCase):
    """A reader sees every change once, in whatever order transactions begin and end. These are real ones."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._clean)
        self.since = self.reader()._position()

    def session(self):
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        return cr

    def _clean(self):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("DELETE FROM sync_exchange_change WHERE model = %s", [MODEL])

    def change(self, cr, res_id, origin=None, noted_at="2026-01-01"):
        cr.execute(
            "INSERT INTO sync_exchange_change (model, res_id, origin, noted_at) VALUES (%s, %s, %s, %s)",
            [MODEL, res_id, origin, noted_at],
        )

    def reader(self):
        """The outbox as a transaction sees it that begins now."""
        return api.Environment(self.session(), SUPERUSER_ID, {})["sync.exchange.change"]

    def read_on(self, cursor, limit=100, asking="somebody"):
        """What has changed after a cursor, and the next cursor."""
        ids = []
        while True:
            page = self.reader()._page(MODEL, cursor, limit, asking)
            ids += page.written
            cursor = page.cursor
            if not page.more:
                return ids, cursor

    def counted(self, cursor, asking="somebody"):
        """Records that are counted as changed after a cursor."""
        reader = self.reader()
        written, gone = reader._changed_after(MODEL, cursor, asking)
        self.assertFalse(reader.env.execute_query(gone))
        return {res_id for (res_id,) in reader.env.execute_query(written)}

    def test_a_transaction_that_began_earlier_and_ends_later_is_not_lost(self):
        slow, quick = self.session(), self.session()
        self.change(slow, 1)
        self.change(quick, 2)
        quick.commit()
        ids, cursor = self.read_on(self.since)
        self.assertEqual(ids, [2])
        slow.commit()
        ids, cursor = self.read_on(cursor)
        self.assertEqual(ids, [1])
        self.assertEqual(self.read_on(cursor)[0], [])

    def test_a_transaction_that_ends_between_two_pages_is_not_lost(self):
        slow = self.session()
        self.change(slow, 1)
        for number in (2, 3, 4):
            quick = self.session()
            self.change(quick, number)
            quick.commit()
        page = self.reader()._page(MODEL, self.since, 2, "somebody")
        self.assertEqual((page.written, page.more), ([2, 3], True))
        slow.commit()
        ids, cursor = self.read_on(page.cursor, limit=2)
        self.assertEqual(ids, [4], "this reading sees what had ended when it began")
        self.assertEqual(self.read_on(cursor)[0], [1])

    def test_how_many_have_changed_is_counted_without_reading_them(self):
        cr = self.session()
        for number, origin in ((1, None), (2, None), (2, None), (3, PEER)):
            self.change(cr, number, origin)
        cr.commit()
        self.assertEqual(self.counted(self.since, asking=PEER), {1, 2}, "what came from there is left out")
        self.assertEqual(self.counted(self.since), {1, 2, 3})
        page = self.reader()._page(MODEL, self.since, 2, "somebody")
        self.assertEqual(self.counted(page.cursor), {2, 3}, "those after the page")
        _ids, cursor = self.read_on(self.since)
        self.assertEqual(self.counted(cursor), set())

    def test_changes_of_the_same_moment_come_each_once(self):
        cr = self.session()
        for number in range(1, 8):
            self.change(cr, number)
        cr.commit()
        self.assertEqual(self.read_on(self.since, limit=3)[0], [1, 2, 3, 4, 5, 6, 7])

    def test_no_clock_takes_part(self):
        for number, moment in ((1, "2031-01-01"), (2, "1999-01-01")):
            cr = self.session()
            self.change(cr, number, noted_at=moment)
            cr.commit()
        self.assertEqual(self.read_on(self.since)[0], [1, 2])

    def test_what_was_undone_is_not_seen(self):
        cr = self.session()
        self.change(cr, 1)
        cr.rollback()
        self.assertEqual(self.read_on(self.since)[0], [])

    def test_a_peer_does_not_get_back_what_it_has_brought(self):
        cr = self.session()
        self.change(cr, 1, origin=PEER)
        self.change(cr, 2)
        cr.commit()
        self.assertEqual(self.read_on(self.since, asking=PEER)[0], [2])
        self.assertEqual(self.read_on(self.since, asking="another")[0], [1, 2])

    def test_whoever_comes_too_late_compares_everything_anew(self):
        changes = self.reader()
        self.assertFalse(changes._is_expired(self.since))
        old = {**self.since, "at": (datetime.now(UTC) - timedelta(days=56)).isoformat()}
        self.assertTrue(changes._is_expired(old))

    def test_a_cursor_of_another_server_is_worth_nothing(self):
        self.assertTrue(self.reader()._is_expired({**self.since, "since": "900000000000:900000000000:"}))

    def test_what_is_old_is_forgotten(self):
        cr = self.session()
        self.change(cr, 1)
        self.change(cr, 2, noted_at="2999-01-01")
        cr.commit()
        changes = self.reader()
        changes._gc_changes()
        changes.env.cr.commit()
        self.assertEqual(self.read_on(self.since)[0], [2])
