# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from typing import NamedTuple

from odoo import api, models

from ..sending import suggestion
from .account_move_send import ACCOUNTANT, PEC

# How the keys of alerts begin that "Send anyway" takes away.
YIELDING = "sync_hub_mail_yields_"


class Reason(NamedTuple):
    """Why a document cannot be sent as it is asked for."""

    sentence: str
    # Whether "Send anyway" passes it: there is an address, but it does not fit the kind of mail.
    yields: bool = False


class AccountMoveSend(models.AbstractModel):
    """What is caught before a document is sent: mail that its recipient could not get."""

    _inherit = "account.move.send"

    @api.model
    def _reasons_against(self, move, move_data) -> list[Reason]:
        """Why a document cannot be sent as it is asked for. Empty: it can."""
        methods = set(move_data["sending_methods"])
        reasons = []
        if "email" in methods:
            reasons += self._reasons_against_ordinary(move, move_data)
        if PEC in methods:
            reasons += self._reasons_against_pec(move, move_data)
        if ACCOUNTANT in methods and not self._accountant_recipients(move, move_data):
            reasons.append(
                Reason(
                    self.env._(
                        "No address of the accountant is known. Enter it in the mail account or in this sending."
                    )
                )
            )
        # Without a mail account all is as Odoo does it. Asked last: most documents have no reason against them.
        company = move.company_id
        if reasons and not any(self._is_applicable_to_company(method, company) for method in (PEC, ACCOUNTANT)):
            return []
        return reasons

    @api.model
    def _reasons_against_ordinary(self, move, move_data) -> list[Reason]:
        partners = self._mail_partners(move, move_data)
        if not partners.filtered("email"):
            name = move.partner_id.display_name
            return [Reason(self.env._("%s has no e-mail address. Enter it in the contact.", name))]
        if move_data.get("sync_override"):
            return []
        unknown = self.env._("the address of certified mail, which is not known yet")
        return [
            Reason(
                self.env._(
                    "%(partner)s accepts certified mail only. Send by certified mail (PEC) to %(address)s.",
                    partner=partner.display_name,
                    address=partner._pec_address() or unknown,
                ),
                yields=True,
            )
            for partner in partners
            if partner.commercial_partner_id.sync_pec_only
        ]

    @api.model
    def _reasons_against_pec(self, move, move_data) -> list[Reason]:
        recipients = self._pec_recipients(move, move_data)
        if not recipients:
            return [
                Reason(
                    self.env._(
                        "%s has no address of certified mail (PEC). Enter it in the contact, or send by e-mail.",
                        move.partner_id.display_name,
                    )
                )
            ]
        if move_data.get("sync_override"):
            return []
        return [
            Reason(
                self.env._(
                    "%s is no address of certified mail: no receipt of delivery would come. Send by e-mail instead.",
                    recipient,
                ),
                yields=True,
            )
            for recipient in recipients
            if self.env["res.partner"]._is_certified_address(recipient) is False
        ]

    @api.model
    def _mail_partners(self, move, move_data):
        partners = move_data.get("mail_partner_ids")
        if partners is None:
            return move.partner_id
        return self.env["res.partner"].browse(partners) if isinstance(partners, (list, tuple)) else partners

    @api.model
    def _get_alerts(self, moves, moves_data):
        """Override of ``account``: what would be caught at sending is told before; of a single document it blocks."""
        alerts = super()._get_alerts(moves, moves_data)
        reasons = {move: self._reasons_against(move, self._data_for_checks(moves_data[move])) for move in moves}
        single = len(moves) == 1
        # Core says it of a single document without an address; our sentence would say it twice.
        told = "account_missing_email" in alerts
        for move, found in reasons.items():
            for number, reason in enumerate(found):
                if single and told and not self._mail_partners(move, moves_data[move]).filtered("email"):
                    continue
                key = f"{YIELDING if reason.yields else 'sync_hub_mail_'}{move.id}_{number}"
                alerts[key] = {
                    "level": "danger" if single else "warning",
                    "message": reason.sentence if single else f"{move.name}: {reason.sentence}",
                }
        unreachable = self.env["account.move"].union(*(move for move, found in reasons.items() if found))
        if unreachable and not single:
            alerts["sync_hub_mail_unreachable"] = {
                "level": "warning",
                "message": self.env._("%s documents will not be sent.", len(unreachable)),
                "action_text": self.env._("View documents"),
                "action": unreachable._get_records_action(name=self.env._("Not to be sent")),
            }
        alerts.update(self._typo_alerts(moves, moves_data))
        return alerts

    @api.model
    def _data_for_checks(self, move_data) -> dict:
        return {"sending_methods": [], **move_data}

    @api.model
    def _typo_alerts(self, moves, moves_data) -> dict:
        """Addresses that look mistyped, each with the one that was probably meant."""
        found = {}
        for move in moves:
            data = moves_data[move]
            addresses = []
            if "email" in data["sending_methods"]:
                addresses += self._mail_partners(move, data).filtered("email").mapped("email")
            if PEC in data["sending_methods"]:
                addresses += self._pec_recipients(move, data)
            for address in addresses:
                if meant := suggestion(address):
                    found[f"sync_hub_mail_typo_{address}"] = {
                        "level": "warning",
                        "message": self.env._("%(address)s: did you mean %(meant)s?", address=address, meant=meant),
                    }
        return found
