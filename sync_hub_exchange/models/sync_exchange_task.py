# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
import threading

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub.models.connection_lock import connection_lock
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .exchange_fault_texts import EXCHANGE_FAULT_TEXTS

_logger = logging.getLogger(__name__)
_ATTEMPTS = 3


class SyncExchangeTask(models.AbstractModel):
    """Work that takes longer than a web request, done by a thread of its own.

    Not by the queue: what it needs, such as a passphrase, is kept in memory only, and a file is written in one pass. It
    holds a lock while it works; work whose lock is free was interrupted.
    """

    _name = "sync.exchange.task"
    _description = "Longer Work with Records"
    _inherit = ["sync.company.mixin"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one("res.users", string="By", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "New"), ("working", "Working"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    begun_at = fields.Datetime(string="Begun", readonly=True, copy=False)
    ended_at = fields.Datetime(string="Ended", readonly=True, copy=False)
    done_count = fields.Integer(string="Records So Far", readonly=True, copy=False)
    note = fields.Text(string="What is wrong", readonly=True, copy=False)
    interrupted = fields.Boolean(compute="_compute_interrupted", help="The server was stopped while it worked.")

    @api.depends("state")
    def _compute_interrupted(self):
        for task in self:
            task.interrupted = False
            if task.state == "working" and task._origin.id:
                with connection_lock(task._origin) as taken:
                    task.interrupted = taken

    def _start(self, step: str, **arguments) -> None:
        """Do a work as soon as this transaction is committed.

        :param step: name of the method that does it; it may commit
        :param arguments: for it; they are kept in memory only
        """
        self.ensure_one()
        if self.state == "working" and not self.interrupted:
            raise UserError(self.env._("It is being worked on already. Wait until that has ended."))
        self._tell(
            state="working",
            begun_at=fields.Datetime.now(),
            ended_at=False,
            note=False,
            done_count=0,
            user_id=self.env.uid,
        )
        work = (self.env.cr.dbname, self.env.uid, dict(self.env.context), self._name, self.id, step, arguments)
        self.env.cr.postcommit.add(lambda: threading.Thread(target=_work, args=work, daemon=True).start())

    def _do(self, step: str, **arguments) -> None:
        """Work, and tell what came of it."""
        with connection_lock(self) as taken:
            if not taken:
                return
            note = False
            try:
                self._repeatedly(step, arguments)
            except Fault as fault:
                self.env.cr.rollback()
                note = str(fault_error(self.env, fault, EXCHANGE_FAULT_TEXTS))
            except UserError as error:
                self.env.cr.rollback()
                note = str(error)
            except Exception as error:  # whatever it is, the user learns that it has ended
                self.env.cr.rollback()
                _logger.exception("Sync Hub could not finish %s", self)
                note = self.env._(
                    "Something happened that Sync Hub does not know: %s. Try again; if it happens again, ask your "
                    "administrator for the log of this moment.",
                    type(error).__name__,
                )
            if self.exists():
                self._tell(state="failed" if note else "done", note=note, ended_at=fields.Datetime.now())
            self.env.cr.commit()

    def _repeatedly(self, step: str, arguments: dict) -> None:
        """Do a step; where somebody else has written the same at the same time, once more."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                getattr(self, step)(**arguments)
                self.env.cr.commit()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                if attempt == _ATTEMPTS:
                    raise
                self.env.cr.rollback()

    def _tell(self, **values) -> None:
        # Who may ask for the work may know how it goes; nobody writes that by hand.
        self.sudo().write(values)

    def _progress(self, done: int) -> None:
        """Tell how far it is, whatever transaction is open."""
        with self.env.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})[self._name].browse(self.id).exists().done_count = done


def _work(database: str, uid: int, context: dict, model: str, res_id: int, step: str, arguments: dict) -> None:
    registry = Registry(database).check_signaling()
    with registry.cursor() as cr:
        task = api.Environment(cr, uid, context)[model].browse(res_id)
        threading.current_thread().dbname = database
        task._do(step, **arguments)
    registry.signal_changes()
