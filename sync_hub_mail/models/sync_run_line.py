# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

MAIL_NOTES = {
    "mail_sent": _lt("%(count)s messages have left."),
    "mail_waiting": _lt("%(count)s messages wait: the next one may leave at %(time)s."),
    "mail_refused": _lt("%(document)s to %(recipient)s was not taken. Open it to see why."),
    "mail_unknown": _lt("Of %(count)s messages nobody knows whether they have left. Open them and decide."),
    "mail_due": _lt("%(count)s documents were due and are made ready."),
    "mail_not_sent": _lt("%(document)s could not be sent: %(reason)s"),
}


class SyncRunLine(models.Model):
    _inherit = "sync.run.line"

    @api.model
    def _note_texts(self):
        """Override of ``sync_hub``: what mailings note."""
        return {**super()._note_texts(), **MAIL_NOTES}
