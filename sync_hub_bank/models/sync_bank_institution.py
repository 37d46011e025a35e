# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..providers.values import Institution


class SyncBankInstitution(models.Model):
    """A bank that can be connected, as its service lists it: a cache, filled country by country."""

    _name = "sync.bank.institution"
    _description = "Bank That Can Be Connected"
    _order = "name, id"

    name = fields.Char(required=True, index="trigram")
    key = fields.Char(required=True)
    provider_id = fields.Many2one(
        "sync.bank.provider", string="Service", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    country_id = fields.Many2one("res.country", required=True, index=True)
    bic = fields.Char(string="BIC")
    logo_url = fields.Char(string="Logo URL")
    beta = fields.Boolean(help="Not fully supported by the service yet; it may work.")
    psu_types = fields.Char(string="Types of Account")
    consent_seconds = fields.Integer()
    attended_headers = fields.Char()

    _key_unique = models.Constraint(
        "UNIQUE (provider_id, country_id, key)", "A service lists a bank once per country."
    )

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

    @api.model
    def _refresh(self, provider, country) -> None:
        """Bring the list of one country up to date.

        :raises Fault: when the service does not answer
        """
        with provider._ask() as adapter:
            listed = {institution.key: institution for institution in adapter.institutions(country.code)}
        # The list is reference data of the service; who may connect a bank may see and refresh it.
        institutions = self.sudo()
        known = {
            record.key: record
            for record in institutions.search([("provider_id", "=", provider.id), ("country_id", "=", country.id)])
        }
        for key, record in known.items():
            if key not in listed:
                record.unlink()
            elif any(record[name] != value for name, value in self._values(listed[key]).items()):
                record.write(self._values(listed[key]))
        institutions.create(
            [
                {"provider_id": provider.id, "country_id": country.id, **self._values(institution)}
                for key, institution in listed.items()
                if key not in known
            ]
        )

    @api.model
    def _values(self, institution: Institution) -> dict:
        return {
            "name": institution.name,
            "key": institution.key,
            "bic": institution.bic or False,
            "logo_url": institution.logo_url or False,
            "beta": institution.beta,
            "psu_types": ",".join(institution.psu_types) or False,
            "consent_seconds": institution.consent_seconds or 0,
            "attended_headers": ",".join(institution.attended_headers) or False,
        }

    def _as_value(self) -> Institution:
        """The same as the provider core knows it."""
        self.ensure_one()
        return Institution(
            key=self.key,
            name=self.name,
            country=self.country_id.code,
            bic=self.bic or "",
            logo_url=self.logo_url or "",
            beta=self.beta,
            psu_types=tuple((self.psu_types or "").split(",")),
            consent_seconds=self.consent_seconds or None,
            attended_headers=tuple(filter(None, (self.attended_headers or "").split(","))),
        )
