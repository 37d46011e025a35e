# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib

from odoo import fields, models, release
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.models.secret_errors import errors_without_secrets

from ..preflight import Finding, Kind, compare_versions
from ..remote import RemoteDatabase, refusal_of
from .sync_exchange_door import PROTOCOL
from .sync_exchange_wire import PEER

_DOOR = "sync.exchange.door"
# Without an answer to these nothing more can be asked.
_UNREACHED = {
    FaultKind.NETWORK_UNREACHABLE,
    FaultKind.NETWORK_UNTRUSTED,
    FaultKind.PROVIDER_DOWN,
    FaultKind.RATE_LIMITED,
}


class _Enough(Exception):
    """Nothing more can be looked at."""


class SyncExchangePeer(models.Model):
    """The pre-flight: what both databases lack for the exchange is said before the first record moves."""

    _inherit = "sync.exchange.peer"

    def _check(self):
        """Look at everything that the exchange needs.

        :return: ``sync.exchange.check``
        """
        self.ensure_one()
        self.check_access("write")
        findings: list[Finding] = []
        peer = self.with_company(self.company_id).with_context(
            **{PEER: self.id}, allowed_company_ids=self.company_id.ids
        )
        try:
            with errors_without_secrets(self.display_name), contextlib.suppress(_Enough):
                peer._look(findings)
        except Fault as fault:
            findings.append(_of_fault(fault))
        check = self.env["sync.exchange.check"]._keep(self, findings)
        if check.succeeded:
            self.checked_at = fields.Datetime.now()
        return check

    def _look(self, findings: list[Finding]) -> None:
        """:raises Fault: when the other side does not answer; what was found before stands in the list"""
        with self._remote() as remote:
            self._look_at_version(remote, findings)
            hello = remote.ask(_DOOR, "hello")
            findings.append(Finding(Kind.LET_IN, {"user": hello["user"]}))
            self._look_at_identity(hello, findings)
            terms = self._terms(hello["languages"])
            there = remote.ask(_DOOR, "describe", model_names=self.mapping_ids._models())
            fit = self.mapping_ids.browse()
            for mapping in self.mapping_ids:
                found = list(mapping._findings(there, ("receive", "send")))
                findings += found
                if not any(finding.severity == "failed" for finding in found):
                    findings.append(mapping._finding(Kind.DATA, count=len(mapping.line_ids)))
                    fit |= mapping
            if not self.mapping_ids:
                findings.append(Finding(Kind.NO_DATA))
            if self.remote_company_id and fit:
                findings += self.env["sync.exchange.code"]._look_for(self, remote, fit, terms)
                fit.checked_at = fields.Datetime.now()

    def _look_at_version(self, remote: RemoteDatabase, findings: list[Finding]) -> None:
        version = remote.version()
        findings.append(Finding(Kind.REACHED, {"address": self.url or ""}))
        kind = compare_versions(release.version_info[0], version.major)
        findings.append(Finding(kind, {"there": version.series, "here": release.series}))
        if kind is Kind.VERSION_OTHER:
            raise _Enough

    def _look_at_identity(self, hello: dict, findings: list[Finding]) -> None:
        if hello["protocol"] != PROTOCOL:
            findings.append(Finding(Kind.PROTOCOL_OTHER, {"there": str(hello["protocol"]), "here": str(PROTOCOL)}))
            raise _Enough
        if hello["uuid"] == self._own_uuid():
            findings.append(Finding(Kind.SAME_DATABASE))
            raise _Enough
        if self._met(hello):
            findings.append(Finding(Kind.ANOTHER_DATABASE))
        findings.append(self._look_at_company())
        own = {code for code, _name in self.env["res.lang"].get_installed()}
        if missing := own ^ set(hello["languages"]):
            findings.append(Finding(Kind.LANGUAGES, {"languages": ", ".join(sorted(missing))}))

    def _look_at_company(self) -> Finding:
        companies = self.there_ids
        if len(companies) == 1 and not self.remote_company_id:
            self._choose_company(companies)
        chosen = companies.filtered(lambda company: company.number == self.remote_company_id)
        if chosen:
            return Finding(Kind.COMPANY, {"company": chosen.name, "own": self.company_id.name})
        kind = Kind.COMPANY_GONE if self.remote_company_id else Kind.COMPANY_OPEN
        return Finding(kind, {"companies": ", ".join(companies.mapped("name"))})


def _of_fault(fault: Fault) -> Finding:
    """What a fault says of the way there."""
    kind = Kind.NOT_REACHED if fault.kind in _UNREACHED else Kind.REFUSED
    reason = refusal_of(fault)
    values = {**fault.values, "fault": str(fault.kind), "detail": fault.detail, "reason": str(reason or "")}
    return Finding(kind, {name: str(value) for name, value in values.items()})
