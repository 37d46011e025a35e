# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.addons.base.models.res_bank import sanitize_account_number


class SyncBankConnection(models.Model):
    """A new consent counts for what somebody had archived meanwhile: who reconnects wants it to be fed again."""

    _inherit = "sync.bank.connection"

    def _receive_consent(self, consent):
        """Override: an archived connection comes back, with the archived journals that it feeds."""
        if not self.active:
            self.active = True
        result = super()._receive_consent(consent)
        for account in self.account_ids.filtered(lambda account: account.journal_id and not account.gone):
            account._revive_journal(account.journal_id)
        return result


class SyncBankAccount(models.Model):
    """Journals and account numbers that were archived are found and used again, instead of being in the way."""

    _inherit = "sync.bank.account"

    def _suggest_journal(self, taken, chosen):
        """Override: an archived journal of this number is proposed where no other fits, before a second one is made."""
        found = super()._suggest_journal(taken, chosen)
        number = self.iban or self.number
        if found or not number:
            return found
        archived = self.env["account.journal"].with_context(active_test=False).search(
            [
                ("active", "=", False),
                ("type", "in", ("bank", "credit")),
                ("company_id", "=", self.company_id.id),
                ("bank_account_id.sanitized_acc_number", "=", sanitize_account_number(number)),
            ]
        )
        return self.env["account.journal"].browse((archived - taken)[:1].ids)

    def _link(self, journal, chosen=None):
        """Override: a feed into a journal that nobody sees would help nobody."""
        self._revive_number()
        self._revive_journal(journal)
        return super()._link(journal, chosen)

    def _create_journal(self):
        """Override: core finds the company's account number only where it is not archived, and may not make another."""
        self._revive_number()
        return super()._create_journal()

    def _revive_journal(self, journal) -> None:
        numbers = journal.bank_account_id.filtered(lambda number: not number.active)
        if numbers:
            numbers.active = True
        if not journal.active:
            journal.active = True
            env = self.with_context(lang=self.connection_id._message_language()).env
            body = env._("The journal %s was archived: it is fed again and therefore back.", journal.display_name)
            self.connection_id.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _revive_number(self) -> None:
        number = self.iban or self.number
        if number:
            self.env["res.partner.bank"].search(
                [
                    ("active", "=", False),
                    ("sanitized_acc_number", "=", sanitize_account_number(number)),
                    ("partner_id", "=", self.company_id.partner_id.id),
                ]
            ).active = True
