# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.fault_texts import FAULT_TEXTS, fault_text
from odoo.fields import Domain

# A list is asked for anew once a day; one that failed, each time that the scheduled action comes by. Both with an hour
# of grace, so that a scheduled action that comes a little early does not leave it for the next time.
AGE = timedelta(hours=23)
AGE_AFTER_FAILURE = timedelta(hours=5)


class SyncBankInstitutionList(models.Model):
    """The list of banks of a service in a country that somebody has looked at: how old it is, and why it may be."""

    _name = "sync.bank.institution.list"
    _description = "List of Banks of a Service"
    _order = "tried_at NULLS FIRST, id"

    provider_id = fields.Many2one("sync.bank.provider", string="Service", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="provider_id.company_id", store=True, index=True)
    country_id = fields.Many2one("res.country", ondelete="cascade", help="Empty: all countries.")
    loaded_at = fields.Datetime()
    tried_at = fields.Datetime()
    bank_count = fields.Integer()
    fault_kind = fields.Char()
    fault_values = fields.Json()
    fault_detail = fields.Char(help="The other side's own words, masked.")

    _list_unique = models.UniqueIndex("(provider_id, COALESCE(country_id, 0))", "A service has one list of a country.")

    @api.model
    def _of(self, provider, country):
        """The list of a service in a country, or of all countries; made where there is none."""
        provider.ensure_one()
        # Lists are reference data of the service: who may connect a bank may have them loaded, and writes none.
        lists = self.sudo()
        return lists.search(
            [("provider_id", "=", provider.id), ("country_id", "=", country.id)], limit=1
        ) or lists.create({"provider_id": provider.id, "country_id": country.id})

    def _load(self, commit: bool = False) -> None:
        """Ask the service for the list, and keep it.

        :param commit: end the transaction before the service is waited for
        :raises Fault: when the service does not answer; the banks that are known stay
        """
        self.ensure_one()
        provider, country = self.provider_id, self.country_id
        code = country.code or ""
        with provider._ask() as adapter:
            if commit:
                self.env.cr.commit()
            listed = list(adapter.institutions(code))
        count = self.env["sync.bank.institution"]._store(provider, country, listed)
        now = fields.Datetime.now()
        self.write(
            {
                "loaded_at": now,
                "tried_at": now,
                "bank_count": count,
                "fault_kind": False,
                "fault_values": False,
                "fault_detail": False,
            }
        )

    def _try_to_load(self) -> None:
        """As :meth:`_load`; what goes wrong is kept, and said on the page. Commits before the service is waited for."""
        try:
            self._load(commit=True)
        except Fault as fault:
            self.write(
                {
                    "tried_at": fields.Datetime.now(),
                    "fault_kind": fault.kind,
                    "fault_values": fault.values,
                    "fault_detail": fault.detail,
                }
            )

    @api.model
    def _refresh_due(self) -> None:
        """Scheduled action: load the lists that are old or were never loaded, each committed by itself."""
        due = self.search(self._due())
        remaining = len(due)
        for record in due:
            # It may have gone with its service meanwhile.
            if record.exists():
                record._try_to_load()
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                break

    @api.model
    def _due(self) -> Domain:
        now = fields.Datetime.now()
        everywhere = self.search([("country_id", "=", False), ("loaded_at", "!=", False)]).provider_id
        return (
            Domain("provider_id.active", "=", True)
            # A list of all countries holds those of single ones.
            & (Domain("country_id", "=", False) | Domain("provider_id", "not in", everywhere.ids))
            & (
                Domain("tried_at", "=", False)
                | Domain("tried_at", "<=", now - AGE)
                | (Domain("fault_kind", "!=", False) & Domain("tried_at", "<=", now - AGE_AFTER_FAILURE))
            )
        )

    @api.model
    def _order_anew(self, provider, country) -> None:
        """Have the list loaded in the background, soon."""
        nothing = dict.fromkeys(("tried_at", "fault_kind", "fault_values", "fault_detail"), False)
        self._of(provider, country).write(nothing)
        # Whoever may connect a bank may wake the action that loads lists: it does only what is due.
        self.env.ref("sync_hub_bank.ir_cron_institutions").sudo()._trigger()

    def _message(self) -> str:
        """Why the list could not be loaded, and what to do; empty when it could."""
        if not self.fault_kind:
            return ""
        kind = self.fault_kind if self.fault_kind in FAULT_TEXTS else FaultKind.UNEXPECTED
        sentence, remedy = fault_text(self.env, kind, self.fault_values)
        return f"{sentence} {remedy}"
