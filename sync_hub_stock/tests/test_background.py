# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import api
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import sync_stock_alignment_setting
from .common import StockCase

HEAD = ("SKU", "Qty")


@tagged("post_install", "-at_install")
class TestBackground(StockCase):
    """An alignment with more lines than fit into one click goes on by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(patch.object(sync_stock_alignment_setting, "CHUNK", 2))
        cls.goods = [cls.product(f"Thing {number}", default_code=f"T{number}") for number in range(7)]
        cls.rows = [HEAD, *((f"T{number}", number + 1) for number in range(7))]

    def work_off(self):
        """What the scheduled action does."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            cron = self.env.ref("sync_hub_stock.ir_cron_alignment")
            cron.with_env(api.Environment(cr, api.SUPERUSER_ID, {})).method_direct_trigger()
        self.env.invalidate_all()

    def there(self):
        return [self.lies(product) for product in self.goods]

    def test_the_first_lines_are_set_at_once_and_the_others_by_the_scheduled_action(self):
        alignment = self.applied(self.rows)
        self.assertEqual((alignment.work, alignment.set_count, alignment.ready_count), ("apply", 2, 5))
        self.assertAlmostEqual(alignment.progress, 100 * 2 / 7)
        self.work_off()
        self.assertEqual(self.there(), [1, 2, 3, 4, 5, 6, 7])
        self.assertEqual((alignment.work, alignment.state, alignment.set_count), (False, "applied", 7))

    def test_the_adjustments_are_those_of_whoever_pressed_the_button(self):
        alignment = self.applied(self.rows)
        self.work_off()
        moves = self.env["stock.move"].search([("reference", "=", alignment.name)])
        self.assertEqual((len(moves), moves.create_uid), (7, self.manager))

    def test_restoring_goes_on_by_itself_too(self):
        alignment = self.applied(self.rows)
        self.work_off()
        alignment.action_reverse()
        self.assertEqual(alignment.work, "restore")
        self.work_off()
        self.assertEqual((self.there(), alignment.state), ([0] * 7, "reversed"))

    def test_nothing_else_is_done_to_it_meanwhile(self):
        alignment = self.applied(self.rows)
        for action in (alignment.action_apply, alignment.action_reverse, alignment.action_preview):
            with self.assertRaisesRegex(UserError, "“Stop”"):
                action()

    def test_it_can_be_stopped_and_gone_on_with(self):
        alignment = self.applied(self.rows)
        alignment.action_stop()
        self.work_off()
        self.assertEqual((alignment.work, alignment.set_count, alignment.ready_count), (False, 2, 5))
        alignment.action_apply()
        self.work_off()
        self.assertEqual(self.there(), [1, 2, 3, 4, 5, 6, 7])

    def test_who_may_not_adjust_the_stock_any_more_does_not_do_so_in_the_background(self):
        alignment = self.applied(self.rows)
        self.manager.sudo().group_ids -= self.env.ref("stock.group_stock_manager")
        self.work_off()
        alignment = alignment.sudo()
        self.assertEqual((alignment.work, alignment.set_count), (False, 2))
        self.assertIn("Only an administrator of the Inventory app", "".join(alignment.message_ids.mapped("body")))

    def test_what_moves_between_two_chunks_is_set_aside(self):
        alignment = self.applied(self.rows)
        self.put(self.goods[6], 50)
        self.work_off()
        self.assertEqual((self.lies(self.goods[6]), alignment.set_count, alignment.aside_count), (50, 6, 1))
