# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..access import Memory, State, Word, allows
from ..wire import CompanyEntry

# For how many seconds an answer counts, and for how many nobody asks books that did not answer.
_COUNTS = 3
_RESTS = 30
_memory = Memory()


class SyncPortalCompany(models.Model):
    """Whether access is still wanted: books in another database are asked when somebody looks, so that it ends when the
    company ends it, and not with the next synchronization.
    """

    _inherit = "sync.portal.company"

    def _still_granted(self):
        """Those of these companies, to which access is granted here, whose books say so too."""
        words = self._heard()
        now = fields.Datetime.now()
        return self.filtered(
            lambda company: allows(
                words[company.id],
                company.source_id.told_at,
                now,
                timedelta(hours=company.source_id.silent_hours),
            )
        )

    def _heard(self) -> dict[int, Word]:
        """What their books say of these companies, now or a few seconds ago, by their ids. In superuser mode."""
        # What is decided in this database is known here.
        local = self.filtered(lambda company: company.source_id.kind == "local")
        words = {company.id: Word.GRANTED if company.enabled else Word.SWITCHED_OFF for company in local}
        for company in self - local:
            if word := _memory.recall(self._subject(company)):
                words[company.id] = word
        unheard = self.browse(company.id for company in self if company.id not in words)
        for source, companies in unheard.grouped("source_id").items():
            silent = _memory.recall(self._subject(source))
            heard = dict.fromkeys(companies.ids, silent) if silent else source._hear(companies)
            words |= heard
            for company in companies:
                _memory.keep(self._subject(company), heard[company.id], _COUNTS)
            if not silent and Word.SILENT in heard.values():
                _memory.keep(self._subject(source), Word.SILENT, _RESTS)
        return words

    @api.model
    def _subject(self, record) -> tuple[str, str, int]:
        return self.env.cr.dbname, record._name, record.id

    @api.model
    def _word_of(self, entry: CompanyEntry | None) -> Word:
        """What an entry says; none: that there is no connection."""
        self.ensure_one()
        # Another accountant's connection is none of the one who looks.
        if entry and (email_normalize(entry.accountant_email) or False) == self.accountant_email:
            if entry.connection.grants:
                return Word.GRANTED
            if entry.connection.state is State.CONFIRMED:
                return Word.SWITCHED_OFF
        return Word.NONE

    def _says_otherwise(self, entry: CompanyEntry | None) -> bool:
        """Whether the books say something else than what stands here."""
        self.ensure_one()
        values = self._closed() if entry is None else self._told(entry)
        return any(self._differs(name, value) for name, value in values.items())

    # -- For the page ------------------------------------------------------------------------------------------------

    @api.model
    def _switched_off_for(self, user):
        """Companies that have switched a user's access off."""
        # Only what they are called is shown, so that their accountant knows whom to ask.
        companies = self.sudo().search(Domain("state", "=", "confirmed") & self._users_domain(user))
        words = companies._heard()
        off = companies.filtered(lambda company: not company.enabled and words[company.id] is not Word.GRANTED)
        return off | companies.filtered(lambda company: words[company.id] is Word.SWITCHED_OFF)

    @api.model
    def _resting_for(self, user):
        """Companies to which a user has access, and whose books do not say so now."""
        # What is found is what this user may see: the domain says so.
        companies = self.sudo().search(self._accessible_domain(user))
        words = companies._heard()
        return (companies - companies._still_granted()).filtered(
            lambda company: words[company.id] in (Word.SILENT, Word.REFUSED)
        )
