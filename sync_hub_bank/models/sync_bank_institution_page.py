# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..directory import sorting_name, typed_words

# Banks of one page: as many as anybody looks through before typing another word.
PAGE = 24
MOST = 500


class SyncBankInstitution(models.Model):
    """What the page “Add a Bank Account” asks for. All of it reads; only :meth:`load_list` has a service asked."""

    _inherit = "sync.bank.institution"

    @api.model
    def open_page(self, company_id: int) -> dict:
        """What the page needs when it opens: the countries, that of the company, and whether there is a service."""
        company = self.env["res.company"].browse(company_id)
        # All of them: a list that the user chooses from.
        countries = self.env["res.country"].search([("code", "!=", False)], order="name")
        return {
            "countries": [{"id": country.id, "name": country.name} for country in countries],
            "country_id": company.country_id.id,
            "has_service": bool(self._services(company_id)),
        }

    @api.model
    def find_banks(
        self, company_id: int, words: str = "", country_id: int | None = None, psu_type: str = "", limit: int = PAGE
    ) -> dict:
        """Banks by any words of their names, in any order, or by BIC; each once, with the services that reach it.

        :param country_id: country of the bank; none for all countries
        :param psu_type: "business" or "personal"; empty for both
        :return: ``banks``; ``more``: whether there are more than ``limit``; when there are none ``other_type``:
            whether there are some with another type of account
        """
        limit = max(1, min(limit, MOST))
        services = self._services(company_id)
        found = Domain("company_id", "=", company_id) & Domain("provider_id", "in", services.ids)
        found &= self._domain_of_words(words)
        in_country = Domain("country_id", "=", country_id) if country_id else Domain.TRUE
        of_type = Domain("psu_types", "like", psu_type) if psu_type else Domain.TRUE
        keys = self._bank_keys(found & in_country & of_type, words, limit + 1)
        answer = {"banks": self._banks(company_id, keys[:limit], services, of_type), "more": len(keys) > limit}
        if not keys:
            answer["other_type"] = bool(self.search_count(found & in_country, limit=1))
        return answer

    @api.model
    def list_states(self, company_id: int, country_id: int | None = None) -> list[dict]:
        """How the list of each service stands in a country, or of all countries.

        :return: for each service ``state``: "loaded", "waiting" for the background, or "missing"; with ``message`` and
            ``detail`` when it could not be loaded the last time
        """
        services = self._services(company_id)
        lists = self.env["sync.bank.institution.list"].search(
            [("provider_id", "in", services.ids), ("country_id", "in", [country_id or False, False])]
        )
        states = []
        for service in services:
            of_service = lists.filtered(lambda record, service=service: record.provider_id == service)
            everywhere = of_service.filtered(lambda record: not record.country_id)
            wanted = of_service.filtered(lambda record: record.country_id.id == (country_id or False))
            shown = everywhere if everywhere.loaded_at else wanted
            waiting = not country_id and everywhere and not everywhere.tried_at
            state = "loaded" if shown.loaded_at else "waiting" if waiting else "missing"
            states.append(
                {
                    "id": service.id,
                    "service": service.name,
                    "state": state,
                    "loaded_at": fields.Datetime.to_string(shown.loaded_at),
                    "message": "" if waiting else shown._message(),
                    "detail": shown.fault_detail or "",
                }
            )
        return states

    @api.model
    def load_list(self, provider_id: int, country_id: int | None = None) -> None:
        """Have the list of a service loaded: of one country now, because the user waits for it; of all countries in
        the background."""
        self.env["sync.bank.connection"].check_access("create")
        provider = self.env["sync.bank.provider"].browse(provider_id)
        provider.check_access("read")
        everywhere = self.env["res.country"]
        country = everywhere.browse(country_id or [])
        lists = self.env["sync.bank.institution.list"]
        # A list of all countries that is there holds those of single ones.
        of_all = [("provider_id", "=", provider.id), ("country_id", "=", False), ("loaded_at", "!=", False)]
        if country and not lists.search_count(of_all, limit=1):
            lists._of(provider, country)._try_to_load()
        else:
            lists._order_anew(provider, everywhere)

    # -- Helpers -----------------------------------------------------------------------------------------------------

    @api.model
    def _services(self, company_id: int):
        return self.env["sync.bank.provider"].search([("company_id", "=", company_id)])

    @api.model
    def _domain_of_words(self, words: str) -> Domain:
        typed = typed_words(words)
        if not typed:
            return Domain.FALSE if words.strip() else Domain.TRUE
        # Each word is the beginning of a lexeme. They are letters and digits only, so none of them is an operator.
        query = " & ".join(f"'{word}':*" for word in typed)

        def to_sql(model, alias, table):
            # In SQL, because domains know no text search.
            lexemes = model._field_to_sql(alias, "search_lexemes", table)
            found = SQL("array_to_tsvector(string_to_array(%s, ' ')) @@ %s::tsquery", lexemes, query)
            # Says the same once more, for what is found so often that PostgreSQL reads all banks: it tells much faster
            # which ones need not be looked at, and is looked at first.
            alike = [SQL("' ' || %s LIKE %s", lexemes, f"% {word}%") for word in typed]
            return SQL("(%s)", SQL(" AND ").join([*alike, found]))

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _bank_keys(self, domain: Domain, words: str, limit: int) -> list[str]:
        """Keys of banks: those whose names begin with what was typed come first."""
        beginning = Domain("sorting_name", "=like", f"{sorting_name(words)}%")
        groups = [domain & beginning, domain & ~beginning] if words.strip() else [domain]
        keys: dict[str, None] = {}
        for group in groups:
            if len(keys) < limit:
                found = self._read_group(
                    group, ["bank_key"], ["sorting_name:min"], order="sorting_name:min, bank_key", limit=limit
                )
                keys.update({key: None for key, _name in found})
        return list(keys)[:limit]

    @api.model
    def _banks(self, company_id: int, keys: list[str], services, of_type: Domain) -> list[dict]:
        """The banks of these keys, in their order; the ways to each in the order of the services."""
        entries = self.search(
            Domain("company_id", "=", company_id)
            & Domain("provider_id", "in", services.ids)
            & Domain("bank_key", "in", keys)
            & of_type
        )
        rank = {service: number for number, service in enumerate(services)}
        banks: dict[str, list] = {key: [] for key in keys}
        for entry in entries.sorted(lambda entry: (rank[entry.provider_id], entry.beta)):
            banks[entry.bank_key].append(entry)
        return [self._bank(ways) for ways in banks.values() if ways]

    @api.model
    def _bank(self, entries: list) -> dict:
        first = entries[0]

        def told(name: str):
            return next((entry[name] for entry in entries if entry[name]), "")

        return {
            "id": first.id,
            "name": first.name,
            "bic": told("bic"),
            "logo_url": told("logo_url"),
            "country": first.country_id.name,
            "ways": [
                {
                    "id": entry.id,
                    "service": entry.provider_id.name,
                    "name": entry.name,
                    "beta": entry.beta,
                    "consent_days": entry.consent_seconds // 86400,
                    "history_days": entry.history_days,
                }
                for entry in entries
            ],
        }
