# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import uuid

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..snapshot import Link


class SyncExchangeSnapshot(models.Model):
    """A copy of chosen data in a file: all of it, or what has changed since the copy before."""

    _name = "sync.exchange.snapshot"
    _description = "Snapshot of Data"
    _inherit = ["mail.thread", "sync.exchange.task"]
    _order = "id desc"

    name = fields.Char(
        required=True,
        default=lambda self: self.env._("Snapshot of %s", format_date(self.env, fields.Date.context_today(self))),
        tracking=True,
    )
    kind = fields.Selection(
        [("full", "Full"), ("incremental", "Incremental")],
        required=True,
        default="full",
        help="Full: all chosen data. Incremental: what was made, changed and deleted since the one before.",
    )
    previous_id = fields.Many2one(
        "sync.exchange.snapshot",
        string="Continues",
        ondelete="restrict",
        index=True,
        domain="[('company_id', '=', company_id), ('state', '=', 'done'), ('next_ids', '=', False)]",
    )
    next_ids = fields.One2many("sync.exchange.snapshot", "previous_id", readonly=True)
    kind_ids = fields.One2many("sync.exchange.snapshot.kind", "snapshot_id", string="Data", copy=True)
    snapshot_uuid = fields.Char(string="Identity", readonly=True, copy=False)
    chain_uuid = fields.Char(string="Identity of the Chain", readonly=True, copy=False)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, copy=False, groups="base.group_system")
    encrypted = fields.Boolean(readonly=True, copy=False)
    file_size = fields.Float(string="Size (bytes)", digits=(16, 0), readonly=True, copy=False)
    file_sha256 = fields.Char(string="SHA-256 of the File", readonly=True, copy=False)
    fingerprint = fields.Char(
        readonly=True,
        copy=False,
        help="SHA-256 of the manifest. Keep it elsewhere: with it the file can be proven to be the one that was made.",
    )
    record_count = fields.Integer(string="Records", compute="_compute_counts")
    gone_count = fields.Integer(string="Deletions", compute="_compute_counts")

    # -- Constraints and computed fields -----------------------------------------------------------------------------

    @api.constrains("kind", "previous_id")
    def _check_previous(self):
        for snapshot in self:
            if (snapshot.kind == "incremental") != bool(snapshot.previous_id):
                raise ValidationError(
                    self.env._(
                        "An incremental snapshot continues another one, a full one does not. Choose which it is."
                    )
                )

    @api.depends("kind_ids.record_count", "kind_ids.gone_count")
    def _compute_counts(self):
        for snapshot in self:
            snapshot.record_count = sum(snapshot.kind_ids.mapped("record_count"))
            snapshot.gone_count = sum(snapshot.kind_ids.mapped("gone_count"))

    # -- CRUD --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: an incremental snapshot has the data of the one before."""
        snapshots = super().create(vals_list)
        for snapshot in snapshots:
            snapshot.kind_ids._follow(snapshot)
        return snapshots

    def write(self, vals):
        """Override of ``base``: the same. What it copies does not change while it is written."""
        if {"kind", "previous_id", "company_id"} & vals.keys():
            self._check_open()
        result = super().write(vals)
        if "previous_id" in vals:
            for snapshot in self:
                snapshot.kind_ids._follow(snapshot)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_file(self):
        # Their files were made for them, and nobody else has them.
        self.sudo().attachment_id.unlink()

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_fill(self):
        """Button: the kinds of data that are exchanged with peers."""
        self.ensure_one()
        known = self.kind_ids.mapped("model")
        mappings = self.env["sync.exchange.mapping"].search([("company_id", "=", self.company_id.id)])
        new = mappings.filtered(lambda mapping: mapping.model not in known).grouped("model_id")
        if not new:
            raise UserError(self.env._("No further data is exchanged with a peer. Add the kinds of data one by one."))
        self.env["sync.exchange.snapshot.kind"].create(
            [
                {
                    "snapshot_id": self.id,
                    "model_id": model.id,
                    "domain": mappings_of[0].domain,
                    "wanted": mappings_of[0]._wanted(),
                }
                for model, mappings_of in new.items()
            ]
        )
        return True

    def action_generate(self):
        """Button: write the file, which everybody can read who has it."""
        self._begin()
        return True

    def action_generate_encrypted(self):
        """Button: ask for a passphrase, on a page of its own: no field of the form ever holds it."""
        self._check_ready()
        return {"type": "ir.actions.act_url", "url": f"/sync_hub/exchange/snapshot/{self.id}/encrypt", "target": "self"}

    def action_download(self):
        """Button: the file."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/sync_hub/exchange/snapshot/{self.id}", "target": "download"}

    def action_continue(self):
        """Button: an incremental snapshot of what has changed since."""
        self.ensure_one()
        following = self.create(
            {"kind": "incremental", "previous_id": self.id, "company_id": self.company_id.id, "name": self.name}
        )
        return following.get_formview_action()

    # -- Business ----------------------------------------------------------------------------------------------------

    def _begin(self, passphrase: str | None = None) -> None:
        self._check_ready()
        self._start("_generate", passphrase=passphrase)

    def _check_open(self) -> None:
        """Raise unless somebody may still choose what is copied."""
        if any(snapshot.state in ("working", "done") for snapshot in self):
            raise UserError(self.env._("What is copied cannot be changed any more. Make another snapshot."))

    def _check_ready(self) -> None:
        self.ensure_one()
        self.check_access("write")
        if self.state == "done":
            raise UserError(self.env._("This snapshot is there already. Make another one."))
        if not self.kind_ids:
            raise UserError(self.env._("Choose first which data is copied: add it below."))
        if self.previous_id and self.previous_id.state != "done":
            raise UserError(self.env._("The snapshot that this one continues is not there yet."))

    def _name_it(self) -> None:
        """Give it an identity, and its chain one by which changes are noted for it."""
        own = str(uuid.uuid4())
        # Identities are made, not chosen.
        self.sudo().write({"snapshot_uuid": own, "chain_uuid": self.previous_id.chain_uuid or own})

    def _link(self) -> Link:
        return Link(self.snapshot_uuid, self.fingerprint)

    def _file_name(self) -> str:
        day = fields.Date.to_string(self.ended_at or fields.Datetime.now())
        return f"sync-hub-{day}-{self.kind}-{(self.snapshot_uuid or '')[:8]}.{'shs' if self.encrypted else 'zip'}"
