# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import os

from odoo import Command
from odoo.addons.sync_hub_exchange.verification import checksums_of
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .task_case import FIELDS, TaskCase


@tagged("post_install", "-at_install")
class TestSnapshotFiles(TaskCase):
    """Copies of tags: written, restored, and who may see them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tags = cls.env["res.partner.category"].sudo().create([{"name": f"Tag {n}", "color": n} for n in range(700)])
        cls.tags[5].parent_id = cls.tags[600]
        cls.tags[6].active = False

    def made(self, **arguments):
        snapshot = self.snapshot()
        self.work(snapshot, "_generate", **arguments)
        self.assertEqual(snapshot.state, "done", snapshot.note)
        return snapshot

    def restored(self, snapshot, **arguments):
        restore = self.env["sync.exchange.restore"].create({"snapshot_ids": [Command.set(snapshot.ids)]})
        self.work(restore, "_restore", **{"dry": False, **arguments})
        return restore

    def checksums(self):
        reckoning = self.env["sync.exchange.reckoning"].sudo()
        kind = self.snapshot().kind_ids
        pages = reckoning._pages(kind.model, kind._wanted(), list(kind._domain()), kind._terms())
        return checksums_of((record for _last, records in pages for record in reckoning._tokens(records)), bits=4)

    # -- There and back ----------------------------------------------------------------------------------------------

    def test_what_was_deleted_comes_back_as_it_was(self):
        snapshot = self.made()
        self.assertEqual((snapshot.record_count, snapshot.gone_count), (700, 0))
        before = self.checksums()
        self.assertEqual(before.count, 700)
        self.tags.unlink()
        self.assertEqual(self.checksums().count, 0)
        trial = self.restored(snapshot, dry=True)
        self.assertEqual((trial.line_ids.create_count, trial.line_ids.missing_count), (700, 0))
        self.assertEqual((trial.line_ids.kind, trial.line_ids.data_name), ("full", "Partner Tags"))
        self.assertEqual(self.checksums().count, 0, "a trial writes nothing")
        restore = self.restored(snapshot)
        self.assertEqual((restore.state, restore.line_ids.create_count), ("done", 700), restore.note)
        self.assertEqual(self.checksums(), before)
        again = self.restored(snapshot)
        self.assertEqual((again.line_ids.create_count, again.line_ids.update_count), (0, 0))
        self.assertEqual(again.line_ids.same_count, 700)

    def test_what_was_changed_is_as_it_was(self):
        snapshot = self.made(passphrase="correct horse battery")
        self.assertTrue(snapshot.encrypted)
        before = self.checksums()
        self.tags[:20].write({"color": 9})
        refused = self.restored(snapshot, passphrase="another one, longer")
        self.assertEqual(refused.state, "failed")
        self.assertIn("does not open it", refused.note)
        restore = self.restored(snapshot, passphrase="correct horse battery")
        # One of them had this color already.
        self.assertEqual((restore.state, restore.line_ids.update_count), ("done", 19), restore.note)
        self.assertEqual(self.checksums(), before)

    def test_one_record_that_is_refused_stops_itself_only(self):
        snapshot = self.made()
        self.tags.unlink()
        self.env.cr.execute("ALTER TABLE res_partner_category ADD CONSTRAINT no_seven CHECK (color != 7) NOT VALID")
        with mute_logger("odoo.sql_db"):
            restore = self.restored(snapshot)
        self.assertEqual((restore.line_ids.create_count, restore.line_ids.error_count), (699, 1))
        self.assertIn("Tag 7", restore.line_ids.problems)

    # -- What can be copied ------------------------------------------------------------------------------------------

    def test_a_chain_is_what_it_says(self):
        for values in ({"kind": "incremental"}, {"kind": "full", "previous_id": self.made().id}):
            with self.assertRaises(ValidationError):
                self.snapshot(**values)

    def test_an_incremental_snapshot_has_the_data_of_the_one_before(self):
        full = self.made()
        following = self.env["sync.exchange.snapshot"].browse(full.action_continue()["res_id"])
        self.assertEqual(following.kind_ids.model, "res.partner.category")
        self.assertEqual(following.kind_ids._wanted(), sorted(FIELDS))
        self.assertEqual(following.kind_ids.domain, full.kind_ids.domain)

    def test_settings_and_keys_are_no_data(self):
        for model in ("ir.config_parameter", "sync.exchange.peer", "mail.message"):
            with self.assertRaises(ValidationError):
                self.env["sync.exchange.snapshot"].create(
                    {"kind_ids": [Command.create({"model_id": self.env["ir.model"].sudo()._get_id(model)})]}
                )

    def test_without_a_choice_all_fields_but_files_are_copied(self):
        snapshot = self.env["sync.exchange.snapshot"].create(
            {"kind_ids": [Command.create({"model_id": self.env["ir.model"]._get_id("res.partner")})]}
        )
        wanted = snapshot.kind_ids._wanted()
        self.assertIn("email", wanted)
        self.assertFalse({"image_1920", "child_ids", "company_id", "id", "write_date"} & set(wanted))

    def test_a_snapshot_is_made_once(self):
        snapshot = self.made()
        with self.assertRaises(UserError):
            snapshot.action_generate()

    def test_what_is_copied_does_not_change_while_it_is_written(self):
        working, done = self.snapshot(), self.made()
        working._start("_generate")
        for snapshot in (working, done):
            for change in (
                lambda snapshot: snapshot.write({"kind": "incremental", "previous_id": done.id}),
                lambda snapshot: snapshot.kind_ids.write({"domain": "[]"}),
                lambda snapshot: snapshot.kind_ids.unlink(),
                lambda snapshot: snapshot.kind_ids.copy({"model_id": self.env["ir.model"]._get_id("res.partner")}),
            ):
                with self.subTest(snapshot.state), self.assertRaises(UserError):
                    change(snapshot)

    # -- Files -------------------------------------------------------------------------------------------------------

    def test_of_a_file_that_is_not_kept_nothing_stays(self):
        attachments = self.env["ir.attachment"].sudo()
        with attachments._large_file() as file:
            file.write(b"half of it")
            path = file.path
            self.assertTrue(os.path.exists(path))
        self.assertFalse(os.path.exists(path))

    def test_a_kept_file_is_read_as_it_was_written_and_by_nobody_else(self):
        attachments = self.env["ir.attachment"].sudo()
        with attachments._large_file() as file:
            file.write(b"first ")
            file.write(b"second")
            kept = attachments._keep_large_file(file, "two.txt")
        with kept._opened() as opened:
            self.assertEqual(opened.read(), b"first second")
        self.assertEqual((kept.file_size, kept.raw), (12, b"first second"))
        with self.assertRaises(AccessError):
            kept.sudo(False).with_user(self.manager).read(["name"])

    # -- Borders -----------------------------------------------------------------------------------------------------

    def test_other_companies_see_nothing(self):
        snapshot = self.made()
        restore = self.restored(snapshot)
        stranger = new_test_user(
            self.env(su=True),
            "snapshot_stranger",
            groups="sync_hub.group_manager",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        for record in (snapshot, snapshot.kind_ids, restore, restore.line_ids):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(stranger).with_context(allowed_company_ids=self.other_company.ids).read()

    def test_users_who_are_no_managers_see_nothing(self):
        snapshot = self.made()
        user = new_test_user(
            self.env(su=True),
            "snapshot_user",
            groups="sync_hub.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            snapshot.with_user(user).read(["name"])
