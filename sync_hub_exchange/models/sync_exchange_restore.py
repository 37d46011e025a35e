# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SyncExchangeRestore(models.Model):
    """The way back: snapshots that are verified, tried out, and then written into this company."""

    _name = "sync.exchange.restore"
    _description = "Restore of Snapshots"
    _inherit = ["mail.thread", "sync.exchange.task"]
    _order = "id desc"

    name = fields.Char(
        required=True,
        default=lambda self: self.env._("Restore of %s", format_date(self.env, fields.Date.context_today(self))),
        tracking=True,
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
        self.check_access("write")
        # Whoever may change the restore may add its files, the contents of which nobody reads but the work.
        self.env["sync.exchange.restore.file"].sudo().create(
            {"restore_id": self.id, "name": name, "attachment_id": attachment.id, "encrypted": encrypted}
        )
