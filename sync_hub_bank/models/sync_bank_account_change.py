# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo import api, fields, models

from ..importer import OVERLAP, first_day

_DAY = timedelta(days=1)


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sync_resume_from = fields.Date(
        string="Goes on From",
        readonly=True,
        copy=False,
        help="Day from which a new connection fetches, because another importer fed the journal until then. What the "
        "journal has is recognized.",
    )


class SyncBankAccount(models.Model):
    """A journal that was fed before: by another service, by another importer, or by this account itself."""

    _inherit = "sync.bank.account"

    def _link(self, journal, chosen=None):
        """Extension: take the journal over from the same account at another service; go on where that stopped."""
        self.ensure_one()
        former = self._former_feed(journal)
        self._end_feed(journal)
        result = super()._link(journal, chosen)
        if former - self:
            self.write({"opening_balance": former.opening_balance, "opening_known": former.opening_known})
        return result

    def _suggest_journal(self, taken, chosen):
        """Extension: the journal that the same account feeds through another service."""
        return self._same_elsewhere().journal_id or super()._suggest_journal(taken, chosen)

    def _same_elsewhere(self):
        """The same account of the same company, synchronized through another connection."""
        self.ensure_one()
        if not self.iban:
            return self.browse()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("iban", "=", self.iban),
                ("journal_id", "!=", False),
                ("connection_id", "!=", self.connection_id.id),
            ],
            limit=1,
        )

    def _end_feed(self, journal) -> None:
        """The same account at another service feeds the journal no longer, and its connection says why."""
        elsewhere = self._same_elsewhere().filtered(lambda account: account.journal_id == journal)
        if not elsewhere:
            return
        elsewhere.journal_id = False
        # The database allows a journal one account at any moment.
        elsewhere.flush_recordset(["journal_id"])
        connection = elsewhere.connection_id
        env = connection.with_context(lang=connection._message_language()).env
        connection.message_post(
            body=env._(
                "%(account)s is synchronized through “%(connection)s” from now on.",
                account=elsewhere.display_name,
                connection=f"{self.connection_id.name}, {self.connection_id.provider_id.name}",
            ),
            subtype_xmlid="mail.mt_note",
        )

    @api.model
    def _first_day(self, journal, chosen=None):
        """Extension: a feed that is continued goes back as far as a fetch does, for rows that banks book late."""
        continued, first = self._continued_from(journal)
        if not continued:
            return super()._first_day(journal, chosen)
        return first_day(first - _DAY if first else None, journal._bank_lock_date(), chosen)

    @api.model
    def _continued_from(self, journal) -> tuple[bool, date | None]:
        """Whether the journal was fed until now, and from which day to go on; None for no limit."""
        former = self._former_feed(journal)
        if not former:
            return bool(journal.sync_resume_from), journal.sync_resume_from or None
        if self._entered_since(journal, former.complete_until):
            return False, None
        if former == self:
            return True, former.date_from or None
        day = former.complete_until - OVERLAP
        return True, max(day, former.date_from) if former.date_from else day

    @api.model
    def _former_feed(self, journal):
        """The account that brought the journal's last transaction that came from a bank."""
        last = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", journal.id), ("sync_transaction_id", "!=", False)],
            order="date desc, id desc",
            limit=1,
        )
        return last.sync_transaction_id.account_id.filtered("complete_until")

    @api.model
    def _entered_since(self, journal, day: date) -> bool:
        """Whether the journal was kept otherwise after that day: by hand, or from files."""
        return bool(
            self.env["account.bank.statement.line"].search_count(
                [("journal_id", "=", journal.id), ("sync_transaction_id", "=", False), ("date", ">", day)], limit=1
            )
        )
