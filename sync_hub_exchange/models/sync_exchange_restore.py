# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib
from collections.abc import Iterator
from typing import BinaryIO

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..snapshot import (
    Chain,
    Link,
    Snapshot,
    SnapshotError,
    check_schema,
    verify,
)
from .snapshot_texts import snapshot_sentence


class SyncExchangeRestore(models.Model):
    """The way back: snapshots that are verified, tried out, and then written into this company."""

    _name = "sync.exchange.restore"
    _description = "Restore of Snapshots"
    _inherit = ["mail.thread", "sync.exchange.task"]
    _order = "id desc"

    name = fields.Char(
        required=True, default=lambda self: self.env._("Restore of %s", fields.Date.context_today(self)), tracking=True
    )
    snapshot_ids = fields.Many2many(
        "sync.exchange.snapshot",
        string="Snapshots of this Database",
        domain="[('company_id', '=', company_id), ('state', '=', 'done')]",
        help="Or upload the files of another database.",
    )
    file_ids = fields.One2many("sync.exchange.restore.file", "restore_id", string="Uploaded Files")
    leave_out = fields.Boolean(
        string="Leave out fields that are not here",
        help="Otherwise a snapshot with fields that this database has not is refused.",
    )
    dry = fields.Boolean(string="Trial", readonly=True, copy=False)
    line_ids = fields.One2many("sync.exchange.restore.line", "restore_id", string="Outcome", readonly=True, copy=False)
    code_ids = fields.One2many("sync.exchange.restore.code", "restore_id", string="Codes", copy=False)
    # The last snapshot that was written here: what an incremental one has to continue.
    applied = fields.Json(readonly=True, copy=False)

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_try_out(self):
        """Button: say what would be made, changed and deleted."""
        return self._begin_or_ask(dry=True)

    def action_restore(self):
        """Button: write it."""
        return self._begin_or_ask(dry=False)

    def action_upload(self):
        """Button: a page for files and a passphrase."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/sync_hub/exchange/restore/{self.id}", "target": "self"}

    def _begin_or_ask(self, dry: bool):
        if any(self.snapshot_ids.mapped("encrypted")) or any(self.file_ids.mapped("encrypted")):
            return self.action_upload()
        self._begin(dry=dry)
        return True

    # -- Business ----------------------------------------------------------------------------------------------------

    def _begin(self, *, dry: bool, passphrase: str | None = None) -> None:
        self.ensure_one()
        self.check_access("write")
        if not self.snapshot_ids and not self.file_ids:
            raise UserError(self.env._("Choose a snapshot first, or upload its file."))
        if not dry and self.state == "done" and not self.dry:
            raise UserError(self.env._("This was restored already. Make another restore to do it again."))
        self._start("_restore", dry=dry, passphrase=passphrase)

    def _add_file(self, attachment, name: str) -> None:
        # The attachment is nobody's: it is read here only.
        with attachment._opened() as file:
            encrypted = file.read(16) == b"SyncHubEncrypted"
        self.write(
            {"file_ids": [Command.create({"name": name, "attachment_id": attachment.id, "encrypted": encrypted})]}
        )

    def _restore(self, until: float, *, dry: bool) -> bool:
        """Verify all files, bring them in order, and write them, or only try: the step of the work.

        :raises UserError: with what is wrong with a file
        """
        passphrase = self._passphrase()
        told = self.sudo()
        told.line_ids.unlink()
        told.write({"dry": dry})
        self.env.cr.commit()
        # Data as the user may write it, in the company of the restore.
        work = self.with_company(self.company_id).with_context(
            allowed_company_ids=self.company_id.ids, lang="en_US", tz="UTC"
        )
        with contextlib.ExitStack() as stack:
            snapshots = self._verified(stack, passphrase)
            for snapshot in snapshots:
                self._check_fields(snapshot)
            for snapshot in snapshots:
                work._apply(snapshot, dry=dry)
                if not dry:
                    manifest = snapshot.manifest
                    self.sudo().applied = {"database": manifest.database, "link": list(_pair(manifest.link))}
                self.env.cr.commit()
        return True

    def _verified(self, stack: contextlib.ExitStack, passphrase: str | None) -> list[Snapshot]:
        """All files, read to their ends, in the order in which they are to be written."""
        snapshots = []
        for name, file, fingerprint, encrypted in self._files(stack):
            try:
                # A passphrase is for those that need one; one that was lost on its way is refused.
                own = passphrase if encrypted or not any(self._encrypted()) else None
                snapshots.append(verify(file, own, fingerprint=fingerprint))
            except SnapshotError as error:
                raise UserError(snapshot_sentence(self.env, error, name)) from error
        try:
            chain = Chain() if any(not each.manifest.previous for each in snapshots) else self._chain()
            ordered = chain.ordered([each.manifest for each in snapshots])
        except SnapshotError as error:
            raise UserError(snapshot_sentence(self.env, error, "")) from error
        except ValueError as error:
            raise UserError(
                self.env._("Only one full snapshot can be restored at a time. Choose one, and those that continue it.")
            ) from error
        return sorted(snapshots, key=lambda each: ordered.index(each.manifest))

    def _encrypted(self) -> list[bool]:
        return [*self.snapshot_ids.mapped("encrypted"), *self.file_ids.mapped("encrypted")]

    def _files(self, stack: contextlib.ExitStack) -> Iterator[tuple[str, BinaryIO, str | None, bool]]:
        for snapshot in self.snapshot_ids:
            # Whoever may restore the snapshot may have its contents.
            attachment = snapshot.sudo().attachment_id
            opened = stack.enter_context(attachment._opened())
            yield snapshot.name, opened, snapshot.fingerprint, snapshot.encrypted
        for file in self.file_ids:
            opened = stack.enter_context(file.sudo().attachment_id._opened())
            yield file.name, opened, None, file.encrypted

    @api.model
    def _chain(self) -> Chain:
        """What was restored into this company so far."""
        last = self.search(
            [("company_id", "=", self.company_id.id), ("applied", "!=", False)], order="ended_at DESC, id DESC", limit=1
        )
        if not last:
            return Chain()
        return Chain(last.applied["database"], Link(*last.applied["link"]))

    def _check_fields(self, snapshot: Snapshot) -> None:
        if self.leave_out:
            return
        for data in snapshot.manifest.models:
            fields_ = self.env[data.model]._fields if data.model in self.env else {}
            here = {name: fields_[name].type for name in data.schema if name in fields_}
            try:
                check_schema(data.model, data.schema, here)
            except SnapshotError as error:
                raise UserError(snapshot_sentence(self.env, error, data.model)) from error


def _pair(link: Link) -> tuple[str, str]:
    return link.snapshot, link.manifest_sha256
