# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging
from contextlib import suppress

from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import fault_error
from odoo.addons.sync_hub.transport import RetryPolicy
from odoo.exceptions import UserError
from odoo.tools import split_every
from psycopg2.errors import SerializationFailure

from ..access import Word
from ..wire import CompanyEntry, WireError
from .sync_portal_source import understood

_logger = logging.getLogger(__name__)

# Somebody waits for a page: seconds, and one try.
_AT_A_PAGE = {"timeout": (2.0, 4.0), "deadline": 5.0, "retry": RetryPolicy(tries=1)}
# Companies that are asked for with one call.
_AT_ONCE = 200
# The books have answered: this site may not ask any more.
_REFUSALS = frozenset({FaultKind.CREDENTIALS_REJECTED, FaultKind.CREDENTIALS_MISSING, FaultKind.REQUEST_REFUSED})


class SyncPortalSource(models.Model):
    """Who may see what: the companies that the books tell of."""

    _inherit = "sync.portal.source"

    def _take_companies(self, run, told: list) -> None:
        """Take over all companies of the books; one that is not told of any more, or not enabled, loses its access
        first, whatever comes afterwards. Commits.
        """
        self.ensure_one()
        entries: dict[str, CompanyEntry] = {}
        broken = 0
        with understood():
            if not isinstance(told, list):
                raise WireError("the list of companies is none")
        for item in told:
            try:
                entry = CompanyEntry.from_wire(item)
            except WireError as error:
                broken += 1
                run._log("portal_company_broken", "error", reason=error)
            else:
                entries[entry.key] = entry
        companies = self.env["sync.portal.company"].with_context(active_test=False)
        known = {company.key: company for company in companies.search([("source_id", "=", self.id)])}
        # First whoever loses access.
        for key, company in known.items():
            entry = entries.get(key)
            if company.granted and not (entry and entry.connection.grants):
                run._log("portal_company_closed", record=company, company=company.name)
                run._count(updated=1)
            company._follow(entry)
        for key, entry in entries.items():
            # Nobody waits for an answer, and there is nothing to show.
            if key not in known and entry.connection.state in ("requested", "confirmed"):
                known[key] = companies._begin(self, entry)
                run._log("portal_company_new", record=known[key], company=known[key].name)
                run._count(created=1)
        self.told_at = fields.Datetime.now()
        run._count(fetched=len(entries), failed=broken)
        self.env.cr.commit()
        for company in known.values():
            if company.key in entries:
                company._admit_users(run)
                # Who got an invitation is a user, whatever comes afterwards.
                self.env.cr.commit()

    def _request(self, vat: str, name: str, email: str):
        """Ask the books for a company, on behalf of an accountant of that name and e-mail address.

        :return: the company on the site; empty when the books know none with that tax ID
        :raises UserError: when the books cannot be asked, or refuse
        """
        self.ensure_one()
        answer = self._ask_now("request", vat=vat, name=name, email=email)
        companies = self.env["sync.portal.company"].with_context(active_test=False)
        if answer is None:
            return companies
        entry = self._entry_of(answer)
        company = companies.search([("source_id", "=", self.id), ("key", "=", entry.key)], limit=1)
        if company:
            company._follow(entry)
        else:
            company = companies._begin(self, entry)
        company._admit_users()
        return company

    def _ask_now(self, method: str, **arguments):
        """Ask the books under a user's hands.

        :raises UserError: with the cure, when they cannot be asked, or refuse
        """
        try:
            with self._books() as ask:
                return ask(method, **arguments)
        except Fault as fault:
            raise fault_error(self.env, fault, self._fault_texts()) from fault

    def _entry_of(self, answer) -> CompanyEntry:
        try:
            return CompanyEntry.from_wire(answer)
        except WireError as error:
            raise UserError(self.env._("The books answered something that this site does not understand.")) from error

    # -- While an accountant looks -------------------------------------------------------------------------------------

    def _hear(self, companies) -> dict[int, Word]:
        """Ask books in another database whether these companies are still enabled; what has changed is taken over.

        :return: what they say of each company, by its id
        """
        self.ensure_one()
        if self.state in ("draft", "closed"):
            # Nothing is asked, or believed, before somebody has pressed “Connect”.
            return dict.fromkeys(companies.ids, Word.REFUSED)
        try:
            entries = self._standing_of(companies.mapped("key"))
        except Fault as fault:
            word = Word.REFUSED if fault.kind in _REFUSALS else Word.SILENT
            _logger.info("%s cannot say who has access: %s (%s)", self.display_name, fault.kind, word)
            return dict.fromkeys(companies.ids, word)
        heard = {company: entries.get(company.key) for company in companies}
        changed = companies.filtered(lambda company: company._says_otherwise(heard[company]))
        if changed:
            self._take_over(changed, entries)
        return {company.id: company._word_of(entry) for company, entry in heard.items()}

    def _standing_of(self, keys: list[str]) -> dict[str, CompanyEntry]:
        entries = {}
        with self._books(**_AT_A_PAGE) as ask, understood():
            for some in split_every(_AT_ONCE, keys):
                told = ask("standing", companies=list(some))
                if not isinstance(told, list):
                    raise WireError("the list of companies is none")
                entries |= {entry.key: entry for entry in map(CompanyEntry.from_wire, told)}
        return entries

    def _take_over(self, companies, entries: dict[str, CompanyEntry]) -> None:
        """Keep what was heard, whatever becomes of the page: it may only read, and it may fail."""
        # One in which somebody writes at this moment follows when it is next looked at.
        with suppress(SerializationFailure), self.env.registry.cursor() as cr:
            # As in ``_follow``: the site follows the company's decision, whoever looks.
            for company in companies.with_env(api.Environment(cr, SUPERUSER_ID, {})).try_lock_for_update():
                company._follow(entries.get(company.key))
