# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

import psycopg2.errors
from odoo import api
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestTwoSessions(BaseCase):
    """Somebody else is at the same goods, in a database session of their own. What is committed here is taken away."""

    def setUp(self):
        super().setUp()
        self.database = db_connect(get_db_name())
        with self.session(commit=True) as env:
            warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
            product = env["product.product"].create({"name": "Lamp", "default_code": "LAMP-2S", "is_storable": True})
            quant = env["stock.quant"].create(
                {"product_id": product.id, "location_id": warehouse.lot_stock_id.id, "quantity": 5}
            )
        self.warehouse, self.product, self.quant = warehouse.id, product.id, quant.id
        self.addCleanup(self.take_away)

    def take_away(self):
        with self.session(commit=True) as env:
            env["stock.quant"].browse(self.quant).exists().unlink()
            env["product.product"].browse(self.product).product_tmpl_id.unlink()

    @contextmanager
    def session(self, commit=False):
        with self.database.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"lang": "en_US"})
            # Who waits for the other session waits for ever: both are ours.
            cr.execute("SET LOCAL lock_timeout = '10s'")
            yield env
            if commit:
                env.flush_all()
                cr.commit()
            else:
                cr.rollback()

    def previewed(self, env):
        alignment = env["sync.stock.alignment"].create(
            {"warehouse_id": self.warehouse, "source": "file", "file": "U0tVLFF0eQpMQU1QLTJTLDgK"}
        )
        alignment.action_preview()
        self.assertEqual(alignment.ready_count, 1)
        return alignment

    def test_goods_that_a_transfer_is_moving_at_this_very_moment_are_set_aside(self):
        with self.session() as transfer, self.session() as ours:
            alignment = self.previewed(ours)
            self.assertTrue(transfer["stock.quant"].browse(self.quant).try_lock_for_update())
            alignment.action_apply()
            self.assertEqual((alignment.line_ids.state, alignment.line_ids.reason), ("aside", "busy"))
            self.assertEqual(ours["stock.quant"].browse(self.quant).quantity, 5)

    def test_goods_that_a_transfer_has_just_moved_are_looked_at_anew(self):
        """PostgreSQL refuses the old view of them; Odoo repeats the click, which then sees what moved."""
        with self.session() as ours:
            alignment = self.previewed(ours)
            with self.session(commit=True) as transfer:
                transfer["stock.quant"].browse(self.quant).quantity = 4
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
                alignment.action_apply()
        with self.session() as ours:
            self.assertEqual(self.previewed(ours).line_ids.quantity_here, 4)

    def test_two_documents_do_not_both_put_the_same_goods_there(self):
        """What neither finds cannot be locked: the second is refused its old view, and finds it when it tries again."""
        with self.session(commit=True) as env:
            env["stock.quant"].browse(self.quant).unlink()
        with self.session() as first, self.session() as second:
            one, other = self.previewed(first), self.previewed(second)
            one.action_apply()
            first.flush_all()
            first.cr.commit()
            try:
                with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.SerializationFailure):
                    other.action_apply()
            finally:
                first["stock.quant"].search([("product_id", "=", self.product)]).unlink()
                first["stock.move"].search([("product_id", "=", self.product)]).write({"state": "draft"})
                first["stock.move"].search([("product_id", "=", self.product)]).unlink()
                one.line_ids.unlink()
                one.unlink()
                first.cr.commit()

    def test_a_document_is_worked_on_by_one_at_a_time(self):
        with self.session(commit=True) as env:
            alignment = self.previewed(env)
        try:
            with self.session() as first, self.session() as second:
                first["sync.stock.alignment"].browse(alignment.id)._take()
                with self.assertRaisesRegex(Exception, "Somebody is working on this alignment"):
                    second["sync.stock.alignment"].browse(alignment.id).action_apply()
        finally:
            with self.session(commit=True) as env:
                env["sync.stock.alignment"].browse(alignment.id).unlink()
