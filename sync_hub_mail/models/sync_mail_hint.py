# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.addons.sync_hub.models.fault_texts import fill
from odoo.tools import config

from ..domain_hints import hints_for
from ..domain_hints.dns_resolver import DnsResolver
from .mail_hint_texts import HINT_TEXTS

# A dialog waits for them: questions to a name server that is silent end soon.
_SECONDS = 3.0
_IN_ALL = 10.0


class SyncMailHint(models.Model):
    """What recipients will think of the domain of an account's sender, as DNS told at the last look."""

    _name = "sync.mail.hint"
    _description = "Hint on a Sender's Domain"
    _inherit = ["sync.company.mixin"]
    _order = "account_id, id"
    _rec_name = "topic"

    account_id = fields.Many2one("sync.mail.account", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    topic = fields.Selection(
        selection=[("spf", "SPF"), ("dkim", "DKIM"), ("dmarc", "DMARC")], required=True, readonly=True
    )
    light = fields.Selection(
        selection=[("green", "Good"), ("amber", "Could be better"), ("red", "Problem"), ("not_checked", "Not checked")],
        string="State",
        required=True,
        readonly=True,
    )
    reason = fields.Char(required=True, readonly=True)
    values = fields.Json(readonly=True)
    # Text, not lines: lists cut lines off.
    message = fields.Text(string="What was found", compute="_compute_text")
    remedy = fields.Text(string="What to Do", compute="_compute_text")

    @api.depends("reason", "values")
    @api.depends_context("lang")
    def _compute_text(self):
        for hint in self:
            texts = HINT_TEXTS.get(hint.reason, (hint.reason, ""))
            hint.message, hint.remedy = (fill(self.env._(text), hint.values) if text else False for text in texts)


class SyncMailAccount(models.Model):
    _inherit = "sync.mail.account"

    hint_ids = fields.One2many("sync.mail.hint", "account_id", string="Sender's Domain", readonly=True)

    def _look_at_domain(self) -> None:
        """Look at SPF, DKIM and DMARC of the sender's domain; of certified mail its provider answers for them."""
        self.ensure_one()
        # Written by nobody but this: whoever may check the account may have its hints renewed.
        self.hint_ids.sudo().unlink()
        if self.kind == "ordinary" and self.host:
            hints = hints_for(self._address(), self.host, self._resolver())
            self.env["sync.mail.hint"].sudo().create(
                [
                    {
                        "account_id": self.id,
                        "topic": hint.topic.value,
                        "light": hint.light.value,
                        "reason": hint.reason.value,
                        "values": dict(hint.values),
                    }
                    for hint in hints
                ]
            )

    @api.model
    def _resolver(self) -> DnsResolver:
        """Asks the name servers of the system, or the one that the option ``sync_hub_mail_dns`` of odoo.conf names, as
        ``address`` or ``address:port``; ``sync_hub_mail_dns_seconds`` is how long each question is waited for."""
        address, _, port = (config.get("sync_hub_mail_dns") or "").partition(":")
        servers = (address,) if address else ()
        seconds = float(config.get("sync_hub_mail_dns_seconds") or _SECONDS)
        return DnsResolver(servers, port=int(port or 53), seconds=seconds, in_all=_IN_ALL)
