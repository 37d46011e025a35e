# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

SERIES_NOTES = {
    "exchange_series_clash": _lt(
        "%(record_name)s is also used by %(other)s. It gives no numbers here until one of the two has ended it."
    ),
}


class SyncRunLine(models.Model):
    _inherit = "sync.run.line"

    @api.model
    def _note_texts(self):
        """Override of ``sync_hub``: what the check of fiscal series notes."""
        return {**super()._note_texts(), **SERIES_NOTES}
