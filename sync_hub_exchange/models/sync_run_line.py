# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

EXCHANGE_NOTES = {
    "exchange_clash_there": _lt("%(record_name)s was changed on both sides (%(fields)s): the other database won."),
    "exchange_clash_here": _lt("%(record_name)s was changed on both sides (%(fields)s): this database won."),
    "exchange_clash_added": _lt("%(record_name)s was changed on both sides (%(fields)s): the changes were added up."),
    "exchange_clash_asked": _lt("%(record_name)s was changed on both sides (%(fields)s): somebody has to decide."),
    "exchange_unfit": _lt("%(data)s: %(problem)s Press “Check”, it says what can be done. The rest was exchanged."),
    "exchange_codes": _lt(
        "%(data)s: %(problem)s Map them under “Codes”; until then only records with such a value wait."
    ),
    "exchange_fields_absent": _lt(
        "%(data)s: the other database does not have these fields, or its user may not see them: %(fields)s. They are "
        "left out; all else is exchanged. Install there what they belong to, or take them out under “Data”."
    ),
    "exchange_kept": _lt("%(record_name)s was deleted in the other database and is kept here."),
    "exchange_not_deleted": _lt("%(record_name)s was deleted on one side and could not be on the other: %(reason)s"),
}


class SyncRunLine(models.Model):
    _inherit = "sync.run.line"

    @api.model
    def _note_texts(self):
        """Override of ``sync_hub``: what exchanges note."""
        return {**super()._note_texts(), **EXCHANGE_NOTES}
