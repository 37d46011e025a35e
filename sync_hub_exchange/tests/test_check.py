# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .check_case import CheckCase
from .peer_case import KEY, PEER_UUID


@tagged("post_install", "-at_install")
class TestCheck(CheckCase):
    """Before the first record moves, both databases are looked at, and what is missing is said with its remedy."""

    def test_a_database_that_has_everything_is_connected_and_says_who_it_is(self):
        self.mapping()
        check = self.check()
        self.assertTrue(check.succeeded)
        self.assertEqual(set(check.line_ids.mapped("severity")), {"ok"})
        self.assertEqual(
            check.line_ids.mapped("kind"), ["reached", "version", "let_in", "company", "data", "codes"]
        )
        self.assertTrue(all(check.line_ids.mapped("title")) and all(check.line_ids.mapped("message")))
        self.assertEqual((self.peer.state, self.peer.remote_uuid), ("connected", PEER_UUID))
        self.assertTrue(self.peer.checked_at)
        self.assertEqual(self.found(check, "let_in").message, "The key works, as the user exchange_visitor there.")

    def test_nothing_is_exchanged_before(self):
        self.mapping()
        self.assertEqual(self.peer.state, "draft")
        with self.assertRaisesRegex(UserError, "not connected"):
            self.peer.action_sync_now()
        self.check()
        self.assertFalse({"take", "rows", "changes", "remove"} & set(self.other.asked))

    def test_the_only_company_there_is_taken_and_of_several_one_is_chosen(self):
        self.check()
        self.assertEqual((self.peer.remote_company_id, self.peer.remote_company), (self.there.id, "Rossi Turin"))
        other = self.env["res.company"].sudo().create({"name": "Rossi Cuneo"})
        self.visitor.sudo().company_ids |= other
        self.peer.write({"remote_company_id": False})
        check = self.check()
        self.assertFalse(check.succeeded)
        self.assertTrue(check.several_companies)
        self.assertIn("Rossi Cuneo, Rossi Turin", self.found(check, "company_open").message)
        check.company_there_id = self.peer.there_ids.filtered(lambda company: company.name == "Rossi Cuneo")
        self.assertEqual(self.peer.remote_company_id, other.id)
        self.assertTrue(self.dialog(check.action_again()).succeeded)
        self.visitor.sudo().company_ids -= other
        self.assertTrue(self.found(self.check("action_check"), "company_gone"))

    def test_another_company_there_is_compared_from_the_beginning(self):
        mapping = self.mapping()
        self.check()
        mapping.write({"receive_cursor": {"phase": "changes"}, "send_cursor": {"phase": "changes"}})
        self.env["sync.exchange.company"]._keep(self.peer, [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}])
        self.peer.company_there_id = self.peer.there_ids.filtered(lambda company: company.number == 2)
        self.assertFalse(mapping.receive_cursor or mapping.send_cursor)

    def test_a_wrong_key_is_told_apart(self):
        self.peer.api_key = KEY
        check = self.check()
        line = self.found(check, "refused")
        self.assertEqual((check.succeeded, check.refused, self.peer.state), (False, True, "draft"))
        self.assertIn("did not accept the API key", line.message)
        self.assertIn("Make a new key there", line.remedy)

    def test_a_key_that_is_not_accepted_any_more_asks_for_another(self):
        self.check()
        self.env["res.users.apikeys"].sudo().search([("user_id", "=", self.visitor.id)])._remove()
        self.assertTrue(self.check("action_check").refused)
        self.assertEqual(self.peer.state, "credentials")

    def test_a_user_without_the_right_to_exchange_is_told_so_in_the_words_of_the_other_side(self):
        clerk = new_test_user(self.env(su=True), "clerk_there", "base.group_user", lang="en_US")
        self.peer.api_key = self.key_of(clerk)
        line = self.found(self.check(), "refused")
        self.assertIn("may not exchange records", line.message)
        self.assertIn("clerk_there", line.message)
        self.assertIn("Record exchange", line.remedy)

    def test_another_version_is_refused_before_anything_is_asked(self):
        for version in ("18.0", "20.0"):
            self.other.version = version
            with self.subTest(version):
                check = self.check()
                self.assertFalse(check.succeeded)
                message = self.found(check, "version_other").message
                self.assertIn(f"There it is Odoo {version}, here it is 19.0", message)
        self.assertFalse(self.other.asked)

    def test_an_address_where_nobody_answers(self):
        self.peer.write({"url": "http://127.0.0.1:9", "api_key": self.key})
        check = self.check()
        self.assertEqual(check.line_ids.mapped("kind"), ["not_reached"])
        self.assertIn("could not be reached", check.line_ids.message)

    def test_the_same_database_and_its_copy_are_refused(self):
        del self.other.changes["hello"]
        check = self.check()
        self.assertIn("both have one identity", self.found(check, "same_database").message)
        self.assertEqual(self.peer.state, "draft")

    def test_another_version_of_the_exchange_is_refused(self):
        self.other.changes["hello"] = lambda answer, _arguments: {**answer, "uuid": PEER_UUID, "protocol": 99}
        self.assertIn("version 99", self.found(self.check(), "protocol_other").message)

    def test_another_database_at_the_same_address_is_compared_from_the_beginning(self):
        mapping = self.mapping()
        self.check()
        links = self.env["sync.exchange.link"].sudo()
        links.create({"peer_id": self.peer.id, "model": "res.partner", "res_id": self.company.partner_id.id})
        mapping.receive_cursor = {"phase": "changes"}
        self.other.changes["hello"] = lambda answer, _arguments: {**answer, "uuid": "another"}
        check = self.check()
        self.assertTrue(check.succeeded)
        self.assertEqual(self.found(check, "another_database").severity, "warning")
        self.assertFalse(links.search([("peer_id", "=", self.peer.id)]) or mapping.receive_cursor)

    def test_languages_that_one_side_lacks_are_named(self):
        self.other.changes["hello"] = lambda answer, _arguments: {
            **answer, "uuid": PEER_UUID, "languages": ["en_US", "xx_YY"]
        }
        self.assertIn("xx_YY", self.found(self.check(), "languages").message)

    def test_data_that_is_not_installed_there_is_named(self):
        self.mapping()
        self.other.changes["describe"] = lambda _answer, _arguments: {}
        line = self.found(self.check(), "model_missing")
        self.assertEqual((line.title, line.severity), ("Contact", "failed"))
        self.assertIn("res.partner", line.message)

    def test_a_field_that_is_missing_there_is_left_out_with_one_press(self):
        mapping = self.mapping(names=("name", "city", "street"))
        self.without("res.partner", "city", street={"type": "many2one", "relation": "res.city"})
        check = self.check()
        self.assertFalse(check.succeeded)
        missing, other = self.found(check, "field_missing"), self.found(check, "field_type")
        self.assertIn("“City” (city) does not exist there", missing.message)
        self.assertIn("many2one instead of char", other.message)
        self.assertEqual(missing.button, "leave_out")
        missing.action_leave_out()
        other.action_leave_out()
        self.assertEqual(mapping.line_ids.mapped("name"), ["name"])
        self.assertTrue(self.dialog(check.action_again()).succeeded)
        self.assertEqual(self.peer.state, "connected")

    def test_rights_that_the_user_of_the_key_lacks_there_are_named(self):
        self.mapping(deletion="delete")
        self.visitor.sudo().group_ids -= self.env.ref("base.group_partner_manager")
        line = self.found(self.check(), "rights_there")
        self.assertIn("change, create, delete", line.message)
        self.assertIn("Update credentials", line.remedy)

    def test_rights_that_are_lacking_here_are_those_of_the_user_as_whom_it_runs(self):
        self.mapping("res.partner.industry", ["name"])
        check = self.check()
        line = self.found(check, "rights_here")[:1]
        self.assertIn("Sync operator, as whom it runs here", line.message)
        self.assertEqual(line.button, "schedule")
        self.assertEqual(line.action_open_schedule()["res_id"], self.peer._own_schedule().id)

    def test_required_fields_that_do_not_travel_are_a_note(self):
        self.mapping("res.partner.category", ["color"])
        check = self.check()
        self.assertTrue(check.succeeded)
        self.assertIn("Name", self.found(check, "required_there").message)
        self.assertIn("Name", self.found(check, "required_here").message)

    def test_without_data_the_dialog_offers_to_add_some(self):
        check = self.check()
        self.assertTrue(check.succeeded and check.without_data)
        self.assertEqual(check.action_add_data()["res_model"], "sync.exchange.add.data")

    def test_a_check_that_succeeds_ends_the_fault_of_the_last_run(self):
        self.check()
        self.peer._report_fault(Fault(FaultKind.CREDENTIALS_REJECTED))
        self.peer.sending_id._report_fault(Fault(FaultKind.CREDENTIALS_REJECTED))
        self.assertTrue(self.peer.fault_message and self.peer.send_fault_message and self.peer.one_fault)
        self.assertEqual(self.peer.state, "credentials")
        runs = (self.peer.last_run_id | self.peer.sending_id.last_run_id).sudo()
        runs.date_end = "2026-01-01 00:00:00"
        self.check("action_check")
        self.peer.invalidate_recordset()
        self.assertEqual(self.peer.state, "connected")
        self.assertFalse(self.peer.fault_message or self.peer.send_fault_message)


@tagged("post_install", "-at_install")
class TestCredentials(CheckCase):
    """Another key is tried before it is saved; whoever disconnects loses nothing."""

    def enter(self, key):
        action = self.peer.action_update_credentials()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({"api_key": key})
        self.env.flush_all()
        return wizard.action_save()

    def test_a_key_that_is_refused_is_not_saved(self):
        self.check()
        with self.assertRaisesRegex(UserError, "did not accept the API key"), self.env.cr.savepoint():
            self.enter(KEY)
        self.assertEqual((self.peer._secret("api_key"), self.peer.state), (self.key, "connected"))

    def test_a_key_that_works_connects(self):
        self.check()
        self.peer.state = "credentials"
        key = self.key_of(self.visitor)
        self.assertEqual(self.enter(key), {"type": "ir.actions.act_window_close"})
        self.assertEqual((self.peer._secret("api_key"), self.peer.state), (key, "connected"))

    def test_without_a_key_it_says_so(self):
        with self.assertRaisesRegex(UserError, "Enter the API key"):
            self.enter("")

    def test_disconnecting_forgets_the_key_and_keeps_what_was_agreed_and_what_waits(self):
        mapping = self.mapping()
        self.check()
        mapping.receive_cursor = {"phase": "changes"}
        waiting = self.env["sync.exchange.waiting"].sudo()
        waiting._wait(mapping, "receive", "__x__.1", "refused", "No.")
        self.peer.action_disconnect()
        self.assertEqual((self.peer.state, self.peer._secret("api_key")), ("closed", ""))
        self.assertEqual(self.peer.sending_id.state, "closed")
        self.assertTrue(mapping.receive_cursor and waiting.search([("peer_id", "=", self.peer.id)]))
        with self.assertRaisesRegex(UserError, "not connected"):
            self.peer.action_sync_now()
        self.assertEqual(self.peer.action_reconnect()["res_model"], "sync.exchange.credentials")
        self.enter(self.key)
        self.assertEqual((self.peer.state, self.peer.sending_id.state), ("connected", "connected"))
        self.assertEqual(mapping.receive_cursor, {"phase": "changes"})

    def test_the_key_is_given_to_no_other_address(self):
        self.check()
        self.peer.url = "https://elsewhere.example.com"
        self.assertEqual((self.peer.state, self.peer._secret("api_key")), ("draft", ""))
        self.peer.write({"url": self.other.url, "api_key": self.key})
        self.peer.url = self.other.url + "/"
        self.assertEqual(self.peer._secret("api_key"), self.key)
