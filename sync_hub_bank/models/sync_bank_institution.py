# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from collections.abc import Iterable

from odoo import api, fields, models
from odoo.tools import SQL

from ..directory import Entry, bank_keys, lexemes, sorting_name
from ..providers.values import Institution

# PostgreSQL's largest integer, and the longest text that fits into an index, whatever a service may write.
_LARGEST = 2**31 - 1
_LONGEST_KEY = 500


class SyncBankInstitution(models.Model):
    """A bank that can be connected, as its service lists it: a cache, filled list by list.

    Rows are written by :meth:`_store` alone, a whole list with one statement.
    """

    _name = "sync.bank.institution"
    _description = "Bank That Can Be Connected"
    _order = "sorting_name, id"

    name = fields.Char(required=True)
    key = fields.Char(required=True)
    provider_id = fields.Many2one(
        "sync.bank.provider", string="Service", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    country_id = fields.Many2one("res.country", required=True)
    bic = fields.Char(string="BIC")
    logo_url = fields.Char(string="Logo URL")
    beta = fields.Boolean(help="Not fully supported by the service yet; it may work.")
    psu_types = fields.Char(string="Types of Account")
    consent_seconds = fields.Integer(help="0: the service does not say.")
    history_days = fields.Integer(help="0: the service does not say.")
    attended_headers = fields.Char()
    sorting_name = fields.Char(required=True, help="The name in small letters without accents.")
    search_lexemes = fields.Char(required=True, help="What the bank is found by, with blanks between.")
    bank_key = fields.Char(help="The same for entries of the same bank.")

    _key_unique = models.Constraint(
        "UNIQUE (provider_id, country_id, key)", "A service lists a bank once per country."
    )
    # Part of every PostgreSQL, as trigrams are not.
    _lexemes_index = models.Index("USING gin (array_to_tsvector(string_to_array(search_lexemes, ' ')))")
    _bank_index = models.Index("(company_id, bank_key)")

    @api.depends("name", "beta")
    def _compute_display_name(self):
        for institution in self:
            institution.display_name = f"{institution.name} (BETA)" if institution.beta else institution.name

    def action_connect(self):
        """Button: make a connection to this bank and go to the bank's page."""
        self.ensure_one()
        psu_type = self.env.context.get("sync_psu_type") or "business"
        connections = self.env["sync.bank.connection"]
        # An authorization that was given up leaves a draft: it is taken up again instead of leaving another.
        connection = connections.search(
            [
                ("provider_id", "=", self.provider_id.id),
                ("institution_key", "=", self.key),
                ("country_id", "=", self.country_id.id),
                ("psu_type", "=", psu_type),
                ("state", "=", "draft"),
            ],
            limit=1,
        ) or connections.create({**connections._values_of_institution(self), "psu_type": psu_type})
        return connection.action_authorize()

    # -- The cache -------------------------------------------------------------------------------------------------

    @api.model
    def _refresh(self, provider, country) -> None:
        """Bring the list of one country up to date, while the caller waits.

        :raises Fault: when the service does not answer
        """
        self.env["sync.bank.institution.list"]._of(provider, country)._load()

    @api.model
    def _store(self, provider, country, listed: Iterable[Institution]) -> int:
        """Make the cache what a service lists now.

        :param country: the country of the list; empty for a list of all countries
        :return: how many banks there are now
        """
        # Codes are the same for everybody.
        countries = {place.code: place.id for place in self.env["res.country"].sudo().search([])}
        rows = {}
        for institution in listed:
            place = country.id or countries.get(institution.country)
            if place and len(institution.key) <= _LONGEST_KEY:
                rows[place, institution.key] = {"country_id": place, **self._values(institution)}
        self.flush_model()
        # In SQL, because a list has tens of thousands of rows of which hardly one has changed: those are not written.
        columns = [name for name in self._values(Institution("", "", "")) if name != "key"]
        self.env.cr.execute(
            SQL(
                """
                WITH listed AS MATERIALIZED (
                    SELECT * FROM jsonb_populate_recordset(NULL::sync_bank_institution, %(rows)s::jsonb)
                ), gone AS (
                    DELETE FROM sync_bank_institution AS known
                     WHERE known.provider_id = %(provider)s AND %(of_country)s
                       AND NOT EXISTS (
                           SELECT FROM listed WHERE (listed.country_id, listed.key) = (known.country_id, known.key)
                       )
                )
                INSERT INTO sync_bank_institution AS known (
                    provider_id, company_id, create_uid, create_date, write_uid, write_date,
                    country_id, key, %(columns)s
                )
                SELECT %(provider)s, %(company)s, %(user)s, %(now)s, %(user)s, %(now)s, country_id, key, %(columns)s
                  FROM listed
                ON CONFLICT (provider_id, country_id, key) DO UPDATE
                   SET write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date, %(changes)s
                 WHERE (%(known)s) IS DISTINCT FROM (%(excluded)s)
                """,
                rows=json.dumps(list(rows.values())),
                provider=provider.id,
                company=provider.company_id.id,
                user=self.env.uid,
                now=fields.Datetime.now(),
                of_country=SQL("known.country_id = %s", country.id) if country else SQL("true"),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                changes=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("excluded", name)) for name in columns
                ),
                known=SQL(", ").join(SQL.identifier("known", name) for name in columns),
                excluded=SQL(", ").join(SQL.identifier("excluded", name) for name in columns),
            )
        )
        self._find_same_banks(provider.company_id, country)
        self.invalidate_model()
        return len(rows)

    @api.model
    def _find_same_banks(self, company, country) -> None:
        """Give the same bank in the lists of several services the same key."""
        of_country = SQL("institution.country_id = %s", country.id) if country else SQL("true")
        self.env.cr.execute(
            SQL(
                """
                SELECT institution.id, institution.provider_id, country.code, institution.name,
                       COALESCE(institution.bic, ''), institution.bank_key
                  FROM sync_bank_institution AS institution
                  JOIN res_country AS country ON country.id = institution.country_id
                 WHERE institution.company_id = %s AND %s
                """,
                company.id,
                of_country,
            )
        )
        known = self.env.cr.fetchall()
        before = {row[0]: row[5] for row in known}
        keys = {number: key[:_LONGEST_KEY] for number, key in bank_keys(Entry(*row[:5]) for row in known).items()}
        changed = [{"id": number, "bank_key": key} for number, key in keys.items() if before[number] != key]
        if changed:
            # In SQL, for as many rows as a list has.
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE sync_bank_institution AS known SET bank_key = found.bank_key
                      FROM jsonb_populate_recordset(NULL::sync_bank_institution, %s::jsonb) AS found
                     WHERE known.id = found.id
                    """,
                    json.dumps(changed),
                )
            )

    @api.model
    def _values(self, institution: Institution) -> dict:
        """Columns of a row; an empty text is no text."""
        return {
            "key": _storable(institution.key),
            "name": _storable(institution.name),
            "bic": _storable(institution.bic) or None,
            "logo_url": _storable(institution.logo_url) or None,
            "beta": institution.beta,
            # A bank that does not say for whom it is, is for everybody.
            "psu_types": _storable(",".join(institution.psu_types or ("business", "personal"))),
            "consent_seconds": min(institution.consent_seconds or 0, _LARGEST),
            "history_days": min(institution.history_days or 0, _LARGEST),
            "attended_headers": _storable(",".join(institution.attended_headers)) or None,
            "sorting_name": sorting_name(institution.name),
            "search_lexemes": " ".join(lexemes(institution.name, institution.bic)),
        }


def _storable(text: str) -> str:
    """A text without what JSON can say and PostgreSQL cannot keep: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
