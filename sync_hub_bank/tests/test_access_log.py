# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BANK, IBAN, NOW, BankCase, ago


@tagged("post_install", "-at_install")
class TestAccessLog(BankCase):
    """Every consent, every access and every end of a connection is written down once and for all."""

    def entries(self, *events, **criteria):
        """Entries of these events, oldest first."""
        domain = [("company_id", "=", self.company.id), *((name, "=", value) for name, value in criteria.items())]
        if events:
            domain.append(("event", "in", events))
        return self.env["sync.bank.audit"].search(domain, order="id")

    def imported(self, *rows, **values):
        connection = self.connect(*(rows or [self.row(ago(1), "-1.00", "Rent", "ID-1")]), **values)
        self.synchronize(connection)
        return connection

    # -- What is written -------------------------------------------------------------------------------------------

    def test_a_consent_is_written_down_when_it_is_asked_for_and_when_it_is_given(self):
        connection = self.connect()
        asked, given = self.entries("consent_asked", "consent_given")
        self.assertEqual((asked.event, given.event), ("consent_asked", "consent_given"))
        self.assertEqual((asked.user_id, asked.connection_id), (self.env.user, connection))
        self.assertEqual((asked.connection_name, asked.provider_name), (BANK, self.provider.name))

    def test_a_refusal_of_the_bank_is_written_down_with_its_reason(self):
        connection = self.draft()
        answer = self.visitor().consent(connection.action_authorize()["url"])
        self.come_back({"state": answer["state"], "error": "access_denied", "error_description": "Mario said no"})
        refused = self.entries("consent_refused")
        self.assertEqual((refused.connection_id, refused.fault), (connection, "authorization_cancelled access_denied"))
        self.assertFalse(self.entries("consent_given"))

    def test_the_end_of_a_consent_is_written_down_once(self):
        connection = self.imported()
        self.bank.expire_consents()
        self.synchronize(connection)
        self.assertEqual(connection.state, "reconnect")
        connection.state = "reconnect"
        self.assertEqual(len(self.entries("consent_expired", connection_id=connection.id)), 1)

    def test_a_disconnection_is_written_down(self):
        connection = self.imported()
        connection.action_disconnect()
        self.assertEqual(self.entries("disconnected").connection_id, connection)

    def test_a_synchronization_is_one_access_to_the_transactions_and_one_to_the_balances(self):
        connection = self.imported()
        accesses = self.entries("access")
        self.assertEqual(accesses.mapped("scope"), ["transactions", "balances"])
        self.assertEqual(accesses.mapped("calls"), [1, 1])
        self.assertEqual((accesses.account_id, accesses.run_id), (connection.account_ids, connection.last_run_id))
        self.assertEqual({*accesses.mapped("account_number")}, {IBAN})
        self.assertEqual({*accesses.mapped("run_reference")}, {connection.last_run_id.reference})

    def test_an_access_of_many_pages_counts_once_and_names_its_calls(self):
        self.bank.configure(BANK, page_size=2)
        self.imported(*(self.row(ago(day), f"-{day}.00") for day in range(1, 9)))
        at_bank = sum(request["call"] == "transactions" for request in self.bank.requests())
        entries = self.entries("access", "more_pages", scope="transactions")
        self.assertEqual((sum(entries.mapped("calls")), entries.mapped("event")), (at_bank, ["access", "more_pages"]))
        self.assertGreaterEqual(at_bank, 4)
        self.assertEqual(len(self.entries("access", scope="transactions")), 1)

    def test_an_access_that_goes_on_in_other_slices_counts_once(self):
        self.bank.configure(BANK, page_size=1)
        connection = self.connect(*(self.row(ago(day), f"-{day}.00") for day in range(1, 4)))
        connection.action_sync_now()
        run = self.work_slice(connection, -1)
        while run.state == "queued":
            self.work_slice(connection, -1)
        at_bank = sum(request["call"] == "transactions" for request in self.bank.requests())
        self.assertEqual(len(self.entries("access", scope="transactions")), 1)
        self.assertEqual(sum(self.entries(scope="transactions").mapped("calls")), at_bank)

    def test_an_access_that_the_bank_refuses_is_written_down_nevertheless(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        self.bank.fail("rate_limit", call="transactions")
        self.synchronize(connection)
        self.assertFault(connection, "rate_limited")
        self.assertEqual(self.entries("access").mapped("scope"), ["transactions"])

    def test_who_asks_which_accounts_there_are_has_had_access_to_them(self):
        connection = self.imported()
        self.bank.close_account(BANK, IBAN)
        connection.action_fetch_accounts()
        entry = self.entries("access", scope="accounts")
        self.assertEqual((entry.connection_id, entry.user_id, entry.calls), (connection, self.env.user, 1))

    def test_an_automatic_access_is_told_from_one_that_a_user_waits_for(self):
        connection = self.imported()
        self.scheduled(connection)
        connection.action_sync_now()
        run = self.env["sync.run"].sudo().search([("connection_id", "=", connection.id), ("state", "=", "queued")])
        run.attended = {"ip_address": "203.0.113.7", "user_agent": "Firefox"}
        self.work(connection)
        accesses = self.entries("access", scope="transactions")
        self.assertEqual(accesses.mapped("attended"), [False, False, True])
        self.assertEqual((accesses[-1].ip_address, accesses[-1].user_id), ("203.0.113.7", self.env.user))
        self.assertEqual(accesses[1].user_id, self.env.ref("sync_hub.user_operator"))

    def test_new_keys_are_written_down_and_shown_with_every_connection_of_the_service(self):
        connection = self.connect()
        before = self.entries("keys_changed")
        dialog = self.env["sync.bank.credentials"].create({"provider_id": self.provider.id})
        dialog.private_key = self.bank.private_key_pem
        dialog.action_save()
        entry = self.entries("keys_changed") - before
        self.assertEqual((entry.provider_id, entry.user_id), (self.provider, self.env.user))
        self.assertFalse(entry.connection_id)
        shown = self.env["sync.bank.audit"].search(connection.action_open_audit()["domain"])
        self.assertLessEqual(entry, shown)

    def test_another_name_of_the_service_is_no_new_key(self):
        before = self.entries("keys_changed")
        self.provider.name = "Our service"
        self.assertEqual(self.entries("keys_changed"), before)

    # -- What happens to it ----------------------------------------------------------------------------------------

    def test_the_log_survives_the_connection_and_still_names_it(self):
        connection = self.imported()
        entries = self.entries()
        connection.unlink()
        self.assertEqual(entries.exists(), entries)
        self.assertFalse(entries.connection_id or entries.account_id)
        access = entries.filtered(lambda entry: entry.scope == "balances")
        self.assertEqual((access.connection_name, access.account_number), (BANK, IBAN))
        self.assertEqual(self.entries("deleted").connection_name, BANK)

    def test_the_log_survives_the_run_and_still_names_it(self):
        connection = self.imported()
        entry, reference = self.entries("access")[0], connection.last_run_id.reference
        connection.last_run_id.unlink()
        self.assertEqual((entry.run_id.ids, entry.run_reference), ([], reference))

    def test_not_even_the_system_changes_or_deletes_an_entry_before_its_time(self):
        self.connect()
        for user in (self.env.user, self.env.ref("base.user_root")):
            entry = self.entries("consent_asked").with_user(user).sudo()
            for act in (lambda entry: entry.write({"event": "export"}), type(entry).unlink):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    act(entry)
        self.assertEqual(len(self.entries("consent_asked")), 1)

    def test_old_entries_go_when_their_time_is_over_and_those_of_another_company_stay(self):
        self.company.sudo().sync_audit_months = 2
        self.connect()
        old = self.entries()
        other = self.env["res.company"].sudo().create({"name": "Next door", "sync_audit_months": 0})
        theirs = self.provider.sudo().copy({"company_id": other.id, "application_id": "theirs"})
        kept = self.env["sync.bank.audit"].sudo().search([("provider_id", "=", theirs.id)])
        self.assertTrue(kept)
        for months, left in ((2, old), (3, old.browse())):
            with freeze_time(NOW + relativedelta(months=months, days=-1)):
                self.env["sync.bank.audit"].sudo()._delete_old_entries()
                self.assertEqual(old.exists(), left)
        self.assertTrue(kept.exists())

    def test_time_is_kept_as_it_was(self):
        self.connect()
        self.assertEqual(self.entries()[-1].at, fields.Datetime.to_datetime(NOW.replace(tzinfo=None)))
