# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from unittest.mock import patch

from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.tests.company_borders import CompanyBorders
from odoo.addons.sync_hub.tests.leak_watch import LeakWatch, leaks
from odoo.addons.sync_hub.tests.web_client import WebClient
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ..providers.enablebanking import EnableBanking
from .common import BANK, BankCase, ago

MODELS = (
    "sync.bank.provider",
    "sync.bank.institution",
    "sync.bank.institution.list",
    "sync.bank.connection",
    "sync.bank.account",
    "sync.bank.transaction",
)


@tagged("post_install", "-at_install")
class TestSecurity(BankCase, CompanyBorders, WebClient, HttpCase):
    """Who may see and do what, over the web client's own interface."""

    def imported(self):
        connection = self.connect(self.row(ago(1), "-1.00", "Rent", "ID-1"))
        self.synchronize(connection)
        return connection

    def open_dialogs(self, user, connection):
        """Have somebody open each dialog of the addon."""
        env = self.env(user=user)
        env["sync.bank.lock.dates"].create({})
        env["sync.bank.link"].create({"connection_id": connection.id})
        env["sync.bank.credentials"].create({"provider_id": self.provider.id})
        env["sync.bank.erase"].create({"connection_id": connection.id})
        env["sync.bank.disconnected"].create({"connection_id": connection.id})
        env["sync.bank.confirm"].create({"connection_id": connection.id})
        env["sync.bank.contact"].sudo().create({"user_id": user.id})
        account = connection.account_ids[:1]
        find = env["sync.bank.find"].create({"account_id": account.id})
        # What the bank said is written by nobody but the dialog itself.
        env["sync.bank.find.line"].sudo().create({"find_id": find.id})
        line = self.lines()[:1]
        search = env["sync.bank.duplicate.search"].create({"journal_id": self.journal.id})
        env["sync.bank.duplicate"].create({"search_id": search.id, "kind": "content", "line_id": line.id})
        env["sync.bank.duplicates"]._are_two(line, line.copy())
        undo = env["sync.bank.undo"].create({"fetch_ids": connection.account_ids.fetch_ids.ids})
        undo._keep({self.lines()[:1]: "It is matched."})
        movement = self.inbox()[:1]
        choose = env["sync.bank.choose.line"].create({"transaction_id": movement.id})
        env["sync.bank.choose.line.option"].create({"choose_id": choose.id, "line_id": line.id})
        takeover = env["sync.bank.takeover"].create({})
        env["sync.bank.takeover.line"].create(
            {"takeover_id": takeover.id, "oca_id": 1, "journal_id": self.journal.id, "period": "month"}
        )
        self.env["sync.bank.message"].sudo().create({"provider_id": self.provider.id, "event": "M-1"})
        env.flush_all()

    def test_nobody_sees_anything_of_another_company(self):
        connection = self.imported()
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        groups = "account.group_account_manager,sync_hub.group_operator,base.group_allow_export"
        self.open_dialogs(self.new_user("insider", groups), connection)
        self.new_user("stranger", groups, other)
        self.assertCompanyBordersHold(
            "sync_hub_bank",
            company=self.company,
            elsewhere=other,
            insider=("insider", "insider-password"),
            stranger=("stranger", "stranger-password"),
            closed={"sync.bank.authorization", "sync.bank.contact", "sync.bank.message"},
        )
        self.log_in("stranger")
        for model, method in (
            ("sync.bank.connection", "action_sync_now"),
            ("sync.bank.transaction", "action_book"),
            ("sync.bank.provider", "action_test"),
            ("sync.bank.fetch", "action_undo"),
            ("sync.bank.account", "action_book_opening"),
        ):
            records = self.env[model].sudo().search([("company_id", "=", self.company.id)])
            self.assertForbidden(model, method, records.ids)

    def test_what_somebody_has_open_in_a_dialog_is_not_for_a_colleague_either(self):
        connection = self.imported()
        groups = "account.group_account_manager"
        self.open_dialogs(self.new_user("accountant", groups), connection)
        self.new_user("colleague", groups)
        self.log_in("colleague")
        for model in (
            "sync.bank.link.line",
            "sync.bank.credentials",
            "sync.bank.lock.dates",
            "sync.bank.find.line",
            "sync.bank.undo",
        ):
            self.assertEqual(self.call(model, "search_read", []), [], model)

    def test_lock_dates_are_never_written_into_another_company_than_the_dialog_shows(self):
        """Somebody of two companies opened it in one of them, and works in the other meanwhile."""
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        accountant = self.new_user("accountant", "account.group_account_manager")
        accountant.company_ids |= other
        dialog = self.env(user=accountant)["sync.bank.lock.dates"].create({"fiscalyear_lock_date": ago(60)})
        with self.assertRaises(UserError):
            dialog.with_context(allowed_company_ids=other.ids).action_save()
        self.assertFalse(self.company.fiscalyear_lock_date or other.fiscalyear_lock_date)
        dialog.with_context(allowed_company_ids=(other | self.company).ids).action_save()
        self.assertEqual(self.company.fiscalyear_lock_date, ago(60))
        self.assertFalse(other.fiscalyear_lock_date)

    def test_authorizations_and_secrets_are_closed_to_everybody(self):
        self.imported()
        self.new_user("chief", "account.group_account_manager,base.group_system")
        self.log_in("chief")
        for model in ("sync.bank.authorization", "sync.bank.contact", "sync.secret"):
            for method in ("search_read", "search"):
                self.assertForbidden(model, method, [])

    def test_a_plain_user_reads_neither_keys_nor_what_the_bank_sent(self):
        self.imported()
        row = self.inbox()
        self.new_user("clerk", "account.group_account_invoice")
        self.log_in("clerk")
        self.assertForbidden("sync.bank.provider", "read", [self.provider.id], ["private_key"])
        self.assertForbidden("sync.bank.transaction", "read", row.ids, ["raw"])
        self.assertForbidden("sync.bank.transaction", "read", row.ids, ["raw_text"])
        self.assertForbidden("sync.bank.connection", "action_disconnect", row.connection_id.ids)
        self.assertForbidden("sync.bank.provider", "write", [self.provider.id], {"api_url": "https://evil.example"})

    def test_an_accountant_sees_dots_instead_of_the_key(self):
        self.new_user("accountant", "account.group_account_manager,base.group_allow_export")
        self.log_in("accountant")
        secret = self.bank.private_key_pem[40:80]
        for method, args in (("read", [[self.provider.id]]), ("export_data", [[self.provider.id], ["private_key"]])):
            self.assertNotIn(secret, str(self.call("sync.bank.provider", method, *args)), method)
        hint = self.call("sync.bank.provider", "read", [self.provider.id], ["private_key"])[0]["private_key"]
        self.assertIn("•", hint)

    def test_somebody_who_only_works_here_sees_no_bank_at_all(self):
        self.imported()
        self.new_user("employee", "base.group_user")
        self.log_in("employee")
        for model in MODELS:
            self.assertForbidden(model, "search_read", [])

    def test_private_methods_cannot_be_called_from_outside(self):
        connection = self.imported()
        self.new_user("accountant", "account.group_account_manager")
        self.log_in("accountant")
        for method in ("_secret", "_session", "_return_from_bank"):
            with self.assertRaises(JsonRpcException), mute_logger("odoo.http"):
                self.call("sync.bank.connection", method, connection.ids)

    def test_accountant_and_invoicing_user_find_menus_and_can_open_them(self):
        self.imported()
        everybody = {
            "account.menu_board_journal_1": "account.journal",
            "sync_hub_bank.menu_bank_statement_line": "account.bank.statement.line",
            "sync_hub_bank.menu_bank_statement": "account.bank.statement",
            "sync_hub_bank.menu_sync_bank_transaction": "sync.bank.transaction",
        }
        accountants = {"sync_hub_bank.menu_sync_bank_lock_dates", "sync_hub_bank.menu_sync_bank_connect"}
        for login, groups in (
            ("accountant", "account.group_account_manager"),
            ("clerk", "account.group_account_invoice"),
        ):
            user = self.new_user(login, groups)
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for menu in (*everybody, *accountants):
                wanted = menu in everybody or login == "accountant"
                self.assertEqual(self.env.ref(menu).id in visible, wanted, f"{menu} for {login}")
            self.log_in(login)
            for model in everybody.values():
                views = [[False, "list"], [False, "form"], [False, "search"]]
                self.assertTrue(self.call(model, "get_views", views)["views"], f"{model} for {login}")
                self.assertTrue(self.call(model, "web_search_read", [], {"display_name": {}})["records"], model)
            dashboard = self.call("account.journal", "read", self.journal.ids, ["kanban_dashboard"])
            self.assertIn("last_success", dashboard[0]["kanban_dashboard"])

    def test_the_dashboard_opens_for_who_may_see_accounting_but_no_synchronization(self):
        self.imported()
        self.new_user("auditor", "account.group_account_readonly")
        self.log_in("auditor")
        dashboard = self.call("account.journal", "read", self.journal.ids, ["kanban_dashboard"])
        self.assertIn("bank_statements_source", dashboard[0]["kanban_dashboard"])

    def test_an_invoicing_user_may_synchronize_now(self):
        connection = self.connect(self.row(ago(1), "-1.00"))
        self.new_user("clerk", "account.group_account_invoice")
        self.log_in("clerk")
        self.call("account.journal", "action_sync_now", self.journal.ids)
        self.assertEqual(self.work(connection).outcome, "done")

    def test_a_bank_that_wants_its_customer_present_answers_who_presses_the_button(self):
        connection = self.connect_bank("Credito Presente", date_from=ago(20))
        self.new_user("clerk", "account.group_account_invoice")
        self.log_in("clerk")
        self.call("account.journal", "action_sync_now", self.journal.ids)
        self.assertEqual(self.work(connection).outcome, "done")
        self.assertTrue(connection.automatic)

    def test_the_return_page_connects_who_was_sent_out_and_refuses_a_second_visit(self):
        self.load(self.row(ago(1), "-1.00"))
        user = self.new_user("accountant", "account.group_account_manager")
        connection = self.draft()
        url = connection.with_user(user).action_authorize()["url"]
        answer = self.visitor().consent(url)
        self.log_in("accountant")
        path = "/sync_hub_bank/return?state={state}&code={code}".format(**answer)
        first = self.url_open(path, allow_redirects=False)
        self.assertEqual((first.status_code, connection.state), (303, "connected"))
        second = self.url_open(path, allow_redirects=False)
        self.assertEqual(second.status_code, 400)
        self.assertNotIn(answer["code"], second.text)

    def test_the_operator_can_do_what_a_run_does_and_nothing_else(self):
        connection = self.imported()
        operator = self.env.ref("sync_hub.user_operator")
        env = self.env(user=operator)
        for model, operation in (
            ("res.users", "write"),
            ("res.company", "write"),
            ("sync.bank.provider", "write"),
            ("sync.bank.connection", "create"),
            ("sync.bank.connection", "unlink"),
            ("sync.secret", "read"),
            ("ir.cron", "read"),
            ("ir.config_parameter", "read"),
            ("account.journal", "create"),
            ("account.lock_exception", "create"),
        ):
            self.assertFalse(env[model].has_access(operation), f"{operation} {model}")
        with self.assertRaises(AccessError):
            connection.with_user(operator).provider_id.private_key  # noqa: B018
        credential = {"login": "sync_operator", "password": "", "type": "password"}
        with self.assertRaises(AccessDenied), mute_logger("odoo.addons.base.models.res_users"):
            self.env["res.users"].sudo()._login(credential, {})

    def test_nothing_secret_is_written_into_log_and_chatter(self):
        """With every logger of the process at its loudest, through a whole synchronization and one that is refused."""
        with LeakWatch() as watch:
            connection = self.imported()
            self.bank.fail("unauthorized", call="transactions", bank=BANK)
            self.synchronize(connection)
        session = self.bank.sessions()[0]
        told = "".join(connection.message_ids.mapped("body")) + str(self.env["sync.run.line"].sudo().search([]).read())
        self.assertIn("transactions", watch.text)
        self.assertEqual(leaks(watch.text + told, [session["session_id"], self.bank.private_key_pem]), [])

    def quoting(self, call):
        """Our own code or a library fails at a call of the bank, and quotes the key as it is."""
        error = ValueError(f"cannot sign with {self.bank.private_key_pem}")
        return patch.object(EnableBanking, call, side_effect=error)

    def told(self, connection):
        """All that people read of a connection: chatter, runs and their log."""
        lines = self.env["sync.run.line"].sudo().search([("run_id.connection_id", "=", connection.id)])
        return f"{connection.message_ids.mapped('body')}{lines.run_id.read()}{lines.read()}"

    def test_an_account_that_fails_with_an_error_that_quotes_the_key_is_logged_without_it(self):
        connection = self.imported()
        with self.quoting("transactions"), LeakWatch() as watch:
            self.synchronize(connection)
        self.assertFault(connection, "unexpected")
        self.assertIn("ValueError: cannot sign with", watch.text, "The defect can still be found.")
        self.assertEqual(leaks(watch.text + self.told(connection), [self.bank.private_key_pem]), [])

    def test_a_bank_that_repeats_the_key_is_shown_without_it(self):
        """As a fault of one account, and as a warning beside it."""
        connection = self.imported()
        key = self.bank.private_key_pem
        fault = Fault(FaultKind.BAD_DATA, detail=f"unknown key {key.splitlines()[3]}")
        for call in ("transactions", "balances"):
            with patch.object(EnableBanking, call, side_effect=fault), LeakWatch() as watch:
                self.synchronize(connection)
            self.assertIn("unknown key", self.told(connection))
            self.assertEqual(leaks(watch.text + self.told(connection), [key]), [], call)

    def test_a_button_that_fails_with_an_error_that_quotes_the_key_shows_and_logs_it_without_it(self):
        connection = self.imported()
        self.new_user("accountant", "account.group_account_manager")
        self.log_in("accountant")
        for model, method, record, call in (
            ("sync.bank.connection", "action_fetch_accounts", connection, "accounts"),
            ("sync.bank.connection", "action_reconnect", connection, "authorize"),
            ("sync.bank.connection", "action_disconnect", connection, "revoke"),
            ("sync.bank.provider", "action_test", self.provider, "check"),
        ):
            params = {"model": model, "method": method, "args": [record.ids], "kwargs": {}}
            with self.subTest(method), self.quoting(call), LeakWatch() as watch:
                answer = self.url_open(
                    "/web/dataset/call_kw",
                    json.dumps({"params": params}),
                    headers={"Content-Type": "application/json"},
                )
                self.assertIn("Something happened that Sync Hub does not know.", answer.text)
                self.assertIn("ValueError: cannot sign with", watch.text)
                shown = answer.text + watch.text + self.told(connection)
                self.assertEqual(leaks(shown, [self.bank.private_key_pem]), [])

    def test_a_return_from_the_bank_that_fails_shows_and_logs_no_key(self):
        connection = self.draft().with_user(self.new_user("accountant", "account.group_account_manager"))
        answer = self.visitor().consent(connection.action_authorize()["url"])
        self.log_in("accountant")
        path = "/sync_hub_bank/return?state={state}&code={code}".format(**answer)
        with self.quoting("open_session"), LeakWatch() as watch:
            page = self.url_open(path)
        self.assertEqual(connection.fault_line_id.kind, "unexpected")
        self.assertIn("ValueError: cannot sign with", watch.text)
        self.assertEqual(leaks(page.text + watch.text + self.told(connection), [self.bank.private_key_pem]), [])
