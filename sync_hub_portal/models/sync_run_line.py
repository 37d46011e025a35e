# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PORTAL_NOTES = {
    "portal_company_new": _lt("%(company)s is on the site for the first time."),
    "portal_company_closed": _lt("%(company)s is not enabled any more: its accountant has no access."),
    "portal_company_broken": _lt("A company could not be read and was left out: %(reason)s"),
    "portal_invited": _lt("%(email)s was invited to the site, for %(company)s."),
    "portal_document_broken": _lt("A document of %(company)s could not be read and was left out: %(reason)s"),
    "portal_document_currency": _lt("%(document)s was left out: the currency %(currency)s is not known here."),
    "portal_files_missing": _lt("A file of %(document)s is missing: %(reason)s"),
}


class SyncRunLine(models.Model):
    _inherit = "sync.run.line"

    @api.model
    def _note_texts(self):
        """Override of ``sync_hub``: what synchronizations of the accountant's site note."""
        return {**super()._note_texts(), **PORTAL_NOTES}
