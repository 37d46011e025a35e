# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A company in euro, a bank journal, and the sandbox bank over real HTTP, for all tests of this addon."""

import contextlib
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest import SkipTest

from freezegun import freeze_time
from odoo import fields
from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT
from odoo.addons.sync_hub.tests.small_company import small_company
from odoo.tests import HttpCase, TransactionCase, new_test_user

COMPANY = "Bianchi e figli S.r.l."
BANK = "Banca Sandbox Italia"
IBAN = "IT60X0542811101000000123456"
OTHER_IBAN = "IT40S0542811101000000123457"
USD_IBAN = "IT28W8000000292100645211208"
NOW = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
_TESTS = Path(__file__).resolve().parents[2] / "tests"
_emulators = {}


def sandbox():
    """The sandbox bank of this process, started at its first use, as on its first day.

    :raises SkipTest: where the addon stands alone, as in an installation by pip
    """
    if not (_TESTS / "emulators").is_dir():
        raise SkipTest("The sandbox bank is not beside the addon: its tests need the project's folder “tests”.")
    if str(_TESTS) not in sys.path:
        sys.path.insert(0, str(_TESTS))
    from emulators.enablebanking import Emulator

    if "bank" not in _emulators:
        _emulators["bank"] = Emulator().start()
    _emulators["bank"].reset()
    return _emulators["bank"]


def ago(days: int) -> date:
    """A day so long before the tests' today."""
    return TODAY - timedelta(days=days)


class BankCase(TransactionCase):
    """Tests of an accountant whose company may use the sandbox bank; time stands still at ``NOW``."""

    @classmethod
    def setUpClass(cls):
        cls.bank = sandbox()
        super().setUpClass()
        company = small_company(cls.env, COMPANY)
        groups = "base.group_system,account.group_account_manager,account.group_account_user"
        # The messages that are compared with words are those of the source.
        accountant = new_test_user(cls.env, "bookkeeper", groups, company_id=company.id, lang="en_US")
        cls.startClassPatcher(freeze_time(NOW))
        cls.env = cls.env(user=accountant, context={**DISABLED_MAIL_CONTEXT, "allowed_company_ids": company.ids})
        cls.company = cls.env.company
        cls.journal = cls.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
        )
        cls.provider = cls.env["sync.bank.provider"].create(
            {
                "company_id": cls.company.id,
                "api_url": cls.bank.url,
                "application_id": cls.bank.application_id,
                "private_key": cls.bank.private_key_pem,
                # No test sits in front of a screen: each fetch would count as one without a user.
                "calls_per_day": 0,
            }
        )
        cls.bank.redirect_urls[:] = [cls.provider.redirect_url]
        cls.env["sync.bank.institution"]._refresh(cls.provider, cls.env.ref("base.it"))

    def setUp(self):
        super().setUp()
        sandbox()

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Override of Odoo's guard against real requests, which knows no pair of time limits."""
        timeout = options.get("timeout")
        if isinstance(timeout, tuple):
            options["timeout"] = max(timeout)
        return super()._request_handler(session, request, **options)

    # -- At the bank -----------------------------------------------------------------------------------------------

    def row(self, day: date, amount: str, text: str = "", reference: str | None = None, **more):
        """A booked row of the bank; its text tells it from others of the same day and amount."""
        from emulators.enablebanking import Movement

        more = {"value_date": day, "counterparty": "Azure Interior", **more}
        return Movement(
            booking_date=day,
            amount=Decimal(amount),
            remittance=(text,) if text else (),
            entry_reference=reference,
            **more,
        )

    def load(self, *rows, opening="1000.00", iban=IBAN, currency="EUR"):
        """Give the bank an account with exactly these rows."""
        self.bank.load_account(BANK, iban, currency, Decimal(opening), rows)

    def add(self, *rows, iban=IBAN):
        """The bank books more rows."""
        for row in rows:
            self.bank.add_movement(row, BANK, iban)

    # -- Connection ------------------------------------------------------------------------------------------------

    def consent(self, connection, accounts=(IBAN,), user=("demo", "demo", "123456")):
        """Walk through the bank's pages, from the button to the return."""
        return self.come_back(self.visitor().consent(connection.action_authorize()["url"], list(accounts), user))

    def come_back(self, answer):
        """What the controller does with the parameters of the bank's redirection; commits."""
        with self.committing(), self.registry.cursor() as cr:
            connection = self.env(cr=cr)["sync.bank.connection"]._return_from_bank(answer)
        return self.env["sync.bank.connection"].browse(connection.id)

    @contextlib.contextmanager
    def committing(self):
        """Inside, new cursors may commit; what they commit is undone with the test."""
        if isinstance(self, HttpCase):
            self.env.flush_all()
            yield
            self.env.invalidate_all()
        else:
            with self.enter_registry_test_mode():
                yield

    def visitor(self):
        """A user in front of the bank's pages."""
        from emulators.visitor import Visitor

        return Visitor(self.bank)

    def draft(self, bank=BANK):
        """A connection to a bank that nobody has consented to yet."""
        institution = self.env["sync.bank.institution"].search(
            [("provider_id", "=", self.provider.id), ("name", "=", bank)]
        )
        connections = self.env["sync.bank.connection"]
        return connections.create({**connections._values_of_institution(institution), "psu_type": "business"})

    def connect(self, *rows, journal=None, date_from=None, opening="1000.00"):
        """A connected account with these rows at the bank, linked to a journal; nothing is fetched yet."""
        self.load(*rows, opening=opening)
        connection = self.consent(self.draft())
        connection.account_ids._link(journal or self.journal, date_from)
        return connection

    def connect_bank(self, bank, accounts=("current",), date_from=None):
        """A connection to another bank of the sandbox, its first account linked to the journal."""
        connection = self.consent(self.draft(bank), accounts)
        connection.account_ids[:1]._link(self.journal, date_from)
        return connection

    def second_account(self, connection, *rows):
        """Another account of the same bank, fed into a journal of its own; returns the account."""
        self.load(*rows, iban=OTHER_IBAN)
        self.consent(connection, (IBAN, OTHER_IBAN))
        account = connection.account_ids.filtered(lambda account: account.iban == OTHER_IBAN)
        account._link(self.journal.copy({"code": "BNK9", "bank_account_id": False}))
        return account

    def scheduled(self, connection):
        """Let the hour of the schedule come; returns the connection's last run."""
        cron = connection.schedule_id.cron_id.sudo()  # as the server's own clock
        cron.nextcall = fields.Datetime.now()
        self.trigger(cron)
        return connection.last_run_id

    # -- Work ------------------------------------------------------------------------------------------------------

    def synchronize(self, connection):
        """Press *Synchronize now* and let the queue do the work; returns the run."""
        connection.action_sync_now()
        return self.work(connection)

    def work(self, connection):
        """Let the queue do what waits; returns the connection's last run."""
        self.trigger(self.env.ref("sync_hub.ir_cron_queue"))
        return connection.last_run_id

    def trigger(self, cron):
        """Let a scheduled action run as the server would run it."""
        with self.committing():
            # Accountants do not administer scheduled actions; the server runs them.
            cron.sudo().method_direct_trigger()

    def work_slice(self, connection, deadline):
        """Let a worker do one slice of the run that waits, until a monotonic second; returns the run."""
        # As the queue does, which works as the operator.
        run = self.env["sync.run"].sudo().search([("connection_id", "=", connection.id), ("state", "=", "queued")])
        run.ensure_one()
        with self.committing(), self.registry.cursor() as cr:
            self.env(cr=cr)["sync.run"].sudo().browse(run.id)._work(deadline)
        return run

    # -- What is there ----------------------------------------------------------------------------------------------

    def lines(self, journal=None):
        """Statement lines of the journal, oldest first."""
        journal = journal or self.journal
        return self.env["account.bank.statement.line"].search(
            [("journal_id", "=", journal.id)], order="internal_index, id"
        )

    def inbox(self, **criteria):
        """Rows of the inbox of this company, oldest first."""
        domain = [("company_id", "=", self.company.id), *((name, "=", value) for name, value in criteria.items())]
        return self.env["sync.bank.transaction"].search(domain, order="booking_date, id")

    def statements(self, journal=None):
        """Statements of the journal, oldest first."""
        journal = journal or self.journal
        return self.env["account.bank.statement"].search([("journal_id", "=", journal.id)], order="first_line_index")

    def lock(self, day):
        """Lock the books up to a day, unmatched transactions or not, as when an exception to a lock date has ended."""
        self.env.cr.execute("UPDATE res_company SET fiscalyear_lock_date = %s WHERE id = %s", (day, self.company.id))
        self.env.invalidate_all()

    def dates_and_amounts(self, lines) -> list[tuple[date, float]]:
        return [(line.date, line.amount) for line in lines]

    def assertBooksEqualBank(self, iban=IBAN, bank=BANK, journal=None, since=date.min):
        """Every row of the bank since a day is booked, on its day, once; nothing else is."""
        at_bank = Counter((row.day, str(row.amount)) for row in self.bank.booked(bank, iban) if row.day >= since)
        self.assertTrue(at_bank or since == date.min, "The bank has no row since that day.")
        in_books = Counter((line.date, f"{line.amount:.2f}") for line in self.lines(journal))
        self.assertEqual(in_books, at_bank)

    def assertStatementsFollowEachOther(self, journal=None):
        """Every statement is complete and begins where the one before it ends."""
        for statement in self.statements(journal):
            self.assertTrue(statement.is_complete, statement.name)
            self.assertTrue(statement.is_valid, statement.name)

    def assertFault(self, connection, kind):
        """The connection shows an error of that kind with its sentence, and so does its chatter."""
        line = connection.fault_line_id
        self.assertEqual(line.kind, kind)
        self.assertTrue(connection.fault_message)
        posts = "".join(connection.message_ids.mapped("body"))
        self.assertIn(line.run_id.reference, posts)
        return line
