# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

BANK_NOTES = {
    "bank_fetched": _lt("%(account)s: %(received)s received, %(new)s new."),
    "bank_history": _lt("%(account)s: the bank gives movements from %(date)s only. Import older ones from a file."),
    "bank_moved": _lt(
        "%(account)s: the bank changed its list three times while it was read. What may be one movement shown twice "
        "(%(count)s) is left for the next synchronization, which asks for the same days again."
    ),
    "bank_set_aside": _lt("%(account)s: %(count)s set aside. Open the bank movements to see why."),
    "bank_recognized": _lt("%(account)s: %(count)s were in the journal already and are linked to their lines."),
    "bank_changed": _lt("%(account)s: the bank changed a movement of %(date)s that is booked already. Check it."),
    "bank_quota": _lt(
        "%(account)s: asked %(count)s times within 24 hours without anybody present. It is asked automatically again "
        "after %(time)s; “Synchronize now” asks at once."
    ),
    "bank_quota_balance": _lt(
        "%(account)s: its balance was asked for %(count)s times within 24 hours without anybody present. It is asked "
        "for automatically again after %(time)s; the movements came as always."
    ),
    "bank_withdrawn": _lt("%(account)s: the bank took back a movement of %(date)s that is booked already. Check it."),
    "bank_difference": _lt(
        "%(account)s: on %(date)s the bank says %(bank)s and the books say %(books)s. Of the difference of "
        "%(difference)s, %(waiting)s waits in the bank movements."
    ),
    "bank_difference_since": _lt(
        "%(account)s: on %(date)s the bank says %(bank)s and the books say %(books)s. Of the difference of "
        "%(difference)s, %(waiting)s waits in the bank movements. The first day that differs is %(since)s."
    ),
    "bank_difference_after": _lt(
        "%(account)s: on %(date)s the bank says %(bank)s and the books say %(books)s. Of the difference of "
        "%(difference)s, %(waiting)s waits in the bank movements. Until %(since)s they agreed."
    ),
    "bank_opening_missing": _lt(
        "%(account)s: the books lack %(amount)s that it held before its first movement. Open the account and press "
        "“Book the opening balance”."
    ),
    "bank_difference_gone": _lt("%(account)s: on %(date)s the books agree with the bank again."),
}


class SyncRunLine(models.Model):
    _inherit = "sync.run.line"

    @api.model
    def _note_texts(self):
        """Override of ``sync_hub``: what bank synchronizations note."""
        return {**super()._note_texts(), **BANK_NOTES}
