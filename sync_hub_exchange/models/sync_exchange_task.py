# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.exceptions import AccessError, UserError

from .exchange_fault_texts import EXCHANGE_FAULT_TEXTS

# Written by the work alone: whoever could write them could have anything done as anybody.
_OF_THE_WORK = frozenset({"state", "user_id", "step", "checkpoint", "tries", "begun_at", "worked_at", "ended_at"})
_PASSPHRASE = "passphrase"


class SyncExchangeTask(models.AbstractModel):
    """Work that takes longer than a web request: done in slices by a scheduled action, as whoever asked for it.

    The method that is named by ``step`` does it: ``step(until, **arguments)`` begins nothing new after the monotonic
    second ``until``, commits after each piece, and tells in the same transaction with ``_reach`` how far it is. It
    returns True once all is done, and False to be called again: by the next slice, or after a kill.
    """

    _name = "sync.exchange.task"
    _description = "Longer Work with Records"
    _inherit = ["sync.company.mixin", "sync.secret.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one("res.users", string="By", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Not begun"),
            ("working", "Working"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    step = fields.Char(readonly=True, copy=False)
    checkpoint = fields.Json(readonly=True, copy=False)
    tries = fields.Integer(readonly=True, copy=False, help="Slices begun at this checkpoint without an end.")
    begun_at = fields.Datetime(string="Begun", readonly=True, copy=False)
    worked_at = fields.Datetime(string="Worked on", readonly=True, copy=False)
    ended_at = fields.Datetime(string="Ended", readonly=True, copy=False)
    done_count = fields.Integer(string="Records So Far", readonly=True, copy=False)
    note = fields.Text(string="What is wrong", readonly=True, copy=False)
    waits = fields.Boolean(compute="_compute_waits", help="No worker has had the time for it so far.")

    @api.depends("state", "worked_at")
    def _compute_waits(self):
        for task in self:
            task.waits = task.state == "working" and not task.worked_at

    # -- CRUD --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Override of ``base``: how far a work is is told by the work alone."""
        for values in vals_list:
            self._check_own(values)
        return super().create(vals_list)

    def write(self, vals):
        """Override of ``base``: the same."""
        self._check_own(vals)
        return super().write(vals)

    def unlink(self):
        """Override of ``base``: what an unfinished work has left lying about goes with it."""
        self._clear_away()
        return super().unlink()

    @api.model
    def _check_own(self, vals: dict) -> None:
        if not self.env.su and _OF_THE_WORK & vals.keys():
            raise AccessError(self.env._("How far a work is is not changed by hand. Use its buttons."))

    # -- Actions -----------------------------------------------------------------------------------------------------

    def action_cancel(self):
        """Button: do no more of it."""
        self.ensure_one()
        self._check_worker()
        if self.state != "working":
            raise UserError(self.env._("It has ended already."))
        self._end("cancelled", self.env._("%s has cancelled it.", self.env.user.name))
        return True

    # -- What a step uses --------------------------------------------------------------------------------------------

    def _reach(self, **values) -> None:
        """Tell in this transaction how far the work is.

        :param values: JSON values of the checkpoint; what is not named stays as it is
        """
        self._tell(checkpoint={**(self.checkpoint or {}), **values}, tries=0)

    def _passphrase(self) -> str | None:
        """The passphrase with which the work was begun. It is in the vault until the work has ended."""
        return self._secret(_PASSPHRASE) or None

    def _tell(self, **values) -> None:
        # Who may ask for the work may know how it goes; nobody writes that by hand.
        self.sudo().write(values)

    # -- What a kind of work may override ----------------------------------------------------------------------------

    def _check_worker(self) -> None:
        """Raise :class:`AccessError` unless this user may have the work done."""
        self.check_access("write")

    def _clear_away(self) -> None:
        """Remove what a work that has ended before its end has left; also called when there is nothing."""

    # -- Begin and end -----------------------------------------------------------------------------------------------

    def _start(self, step: str, *, passphrase: str | None = None, **arguments) -> None:
        """Have a work done, from when this transaction is committed.

        :param step: name of the method that does it
        :param passphrase: what it needs to know and nobody else: kept in the vault until it has ended
        :param arguments: for the step; JSON values
        :raises UserError: when it is worked on already, or the vault is closed
        """
        self.ensure_one()
        if self.state == "working":
            raise UserError(self.env._("It is being worked on already. Wait until that has ended."))
        self._clear_away()
        self._tell(
            state="working",
            step=step,
            checkpoint={"arguments": arguments},
            tries=0,
            begun_at=fields.Datetime.now(),
            worked_at=False,
            ended_at=False,
            note=False,
            done_count=0,
            user_id=self.env.uid,
        )
        try:
            self._keep_secret(_PASSPHRASE, passphrase or "")
        except Fault as fault:
            raise fault_error(self.env, fault, EXCHANGE_FAULT_TEXTS) from fault
        self._wake()

    def _end(self, state: str, note: str | bool = False) -> None:
        self._keep_secret(_PASSPHRASE, "")
        if state != "done":
            self._clear_away()
        # With microseconds: of two that end in the same second the later one is known.
        now = datetime.now(UTC).replace(tzinfo=None)
        self._tell(state=state, note=note, ended_at=now, step=False, checkpoint=False, tries=0)

    @api.model
    def _wake(self) -> None:
        """Let a worker look for work as soon as this transaction is committed."""
        # Anyone who may have work done may wake the worker that does it; the scheduled action stays as it is.
        self.env.ref("sync_hub_exchange.ir_cron_tasks").sudo()._trigger()
