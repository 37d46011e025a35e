# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import ExitStack, contextmanager

from odoo import api, models
from odoo.addons.sync_hub.models.connection_lock import connection_lock
from odoo.exceptions import UserError

from ..providers import get_provider
from .sync_bank_connection import SESSION


class SyncBankConnection(models.Model):
    """Sessions that a service changes at every use: the old one is worth nothing any more."""

    _inherit = "sync.bank.connection"

    def _session_keeper(self):
        """Keep a session that the service has changed, at once and for good.

        What goes on around it may still be undone, so it is kept in a transaction of its own.
        """
        registry, uid, connection_id = self.env.registry, self.env.uid, self.id

        def keep(session: str) -> None:
            with registry.cursor() as cr:
                api.Environment(cr, uid, {})[self._name].browse(connection_id)._keep_secret(SESSION, session)

        return keep

    @contextmanager
    def _adapter_alone(self):
        """An adapter for a call that a user waits for. A session that changes has one user at a time.

        :raises UserError: while a worker is using it
        """
        with ExitStack() as stack:
            if get_provider(self.provider_id.code).session_changes and not stack.enter_context(connection_lock(self)):
                raise UserError(self.env._("A synchronization is going on. Wait until it has ended, then try again."))
            yield stack.enter_context(self.provider_id._ask(self))
