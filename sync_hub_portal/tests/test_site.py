# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import html
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..access import Side, Step
from .common import ACCOUNTANT, COMPANY, PASSWORD, PortalCase

NO_PROGRAM = "There is no program that makes PDF files."
NOT_THIS_ONE = "Not this one."


@tagged("post_install", "-at_install")
class TestSite(PortalCase):
    """On the site: companies come with the synchronization of their books, and their documents with them."""

    # -- Companies -----------------------------------------------------------------------------------------------------

    def test_an_enabled_company_comes_with_the_next_synchronization(self):
        self.assertFalse(self.on_site())
        with self.mock_mail_gateway():
            run = self.sync()
        company = self.on_site()
        self.assertEqual((run.outcome, run.created_count), ("done", 1))
        self.assertEqual(
            (company.name, company.vat, company.accountant_email, company.state, company.granted),
            (COMPANY, self.company.vat, ACCOUNTANT, "confirmed", True),
        )
        self.assertIn(f"{COMPANY} is on the site for the first time.", run.line_ids.mapped("message"))

    def test_synchronizing_again_changes_nothing(self):
        self.anna()
        self.invoice()
        self.sync()
        before = self.on_site(), self.documents(), self.documents().file_ids
        run = self.sync()
        self.assertEqual(run.outcome, "nothing_new")
        self.assertEqual((self.on_site(), self.documents(), self.documents().file_ids), before)

    def test_the_accountant_is_invited_once_and_let_in(self):
        with self.mock_mail_gateway():
            self.sync()
            self.sync()
        user = self.on_site().user_ids
        self.assertEqual((user.login, user.share), (ACCOUNTANT, True))
        self.assertTrue(user.has_group("base.group_portal"))
        self.assertEqual([mail["email_to"] for mail in self._mails], [[f'"Anna Verdi" <{ACCOUNTANT}>']])
        self.assertEqual(self.seen_by(user), [COMPANY])

    def test_an_accountant_who_is_a_user_of_the_site_is_let_in_without_a_mail(self):
        user = self.anna()
        with self.mock_mail_gateway():
            self.sync()
        self.assertEqual(self.on_site().user_ids, user)
        self.assertFalse(self._mails)

    def test_who_calls_himself_the_accountant_is_not_let_in(self):
        """A portal user may change the e-mail address of the own contact, but not the login."""
        stranger = self.portal_user("stranger@example.com", email=ACCOUNTANT)
        with self.mock_mail_gateway():
            self.sync()
        self.assertNotIn(stranger, self.on_site().user_ids)
        self.assertEqual(self.seen_by(stranger), [])

    def test_who_signed_up_as_the_accountant_is_not_let_in(self):
        """Where anybody may sign up, nobody has proven to read the mail of an address."""
        self.env["ir.config_parameter"].sudo().set_param("auth_signup.invitation_scope", "b2c")
        form = html.fromstring(self.url_open("/web/signup").text).forms[-1]
        typed = {"login": ACCOUNTANT, "name": "Not Anna", "password": PASSWORD, "confirm_password": PASSWORD}
        with self.mock_mail_gateway():
            self.url_open("/web/signup", data={"csrf_token": form.fields["csrf_token"], **typed})
        self.env.invalidate_all()
        impostor = self.env["res.users"].sudo().search([("login", "=", ACCOUNTANT)])
        self.assertTrue(impostor._is_portal())
        with self.mock_mail_gateway():
            self.sync()
        company = self.on_site()
        self.assertFalse(company.user_ids)
        self.assertEqual(self.seen_by(impostor), [])
        self.assertIn("Make sure who it is", company.access_note)
        with self.assertRaisesRegex(UserError, "Make sure who it is"):
            company.action_invite()
        # Somebody of the site has made sure.
        company.more_user_ids = impostor
        self.assertEqual(self.seen_by(impostor), [COMPANY])

    def test_an_employee_is_no_user_of_the_pages(self):
        self.person(ACCOUNTANT, "base.group_user")
        with self.mock_mail_gateway():
            self.sync()
        self.assertFalse(self.on_site().user_ids)
        self.assertIn("belongs to an employee", self.on_site().access_note)

    def test_nobody_is_invited_where_that_is_switched_off(self):
        self.source.invite = False
        with self.mock_mail_gateway():
            self.sync()
            self.assertFalse(self._mails)
            self.assertIn("press “Invite”", self.on_site().access_note)
            self.on_site().action_invite()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self.on_site().user_ids.login, ACCOUNTANT)

    def test_a_request_waits_until_the_accountant_s_side_confirms_it(self):
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        carlo = self.portal_user("carlo@blu.example")
        self.sync()
        company = self.on_site()
        self.assertEqual((company.state, company.granted, self.seen_by(carlo)), ("requested", False, []))
        self.assertFalse(company.document_ids)
        company.action_confirm()
        self.assertEqual((self.link.state, company.granted), ("confirmed", True))
        self.assertEqual(self.seen_by(carlo), [COMPANY])

    def test_the_accountant_s_side_asks_for_a_company(self):
        self.link.action_end()
        self.sync()
        dialog = self.env["sync.portal.request"].create({"vat": "IT99999999999", "accountant_id": self.accountant.id})
        with self.assertRaisesRegex(UserError, "No company or customer with the tax ID IT99999999999"):
            dialog.action_request()
        dialog.vat = self.company.vat
        with self.mock_mail_gateway():
            company = self.env["sync.portal.company"].browse(dialog.action_request()["res_id"])
        self.assertEqual((company, company.state, company.granted), (self.on_site(), "requested", False))
        self.link.action_confirm()
        self.assertTrue(company.granted)

    def test_a_company_that_is_switched_off_loses_access_at_once_and_gets_it_back_at_once(self):
        user = self.anna()
        self.sync()
        self.link.action_disable()
        self.assertEqual(self.seen_by(user), [])
        self.link.action_enable()
        self.assertEqual(self.seen_by(user), [COMPANY])
        self.link.action_end()
        self.assertEqual(self.seen_by(user), [])

    def test_another_accountant_takes_the_place_of_the_one_before_at_once(self):
        user = self.anna()
        self.sync()
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        self.assertEqual(self.seen_by(user), [])
        self.link._do(Step.CONFIRM, Side.ACCOUNTANT)
        self.assertEqual(self.seen_by(user), [])
        carlo = self.portal_user("carlo@blu.example")
        self.sync()
        self.assertEqual(self.on_site().user_ids, carlo)
        self.assertEqual(self.seen_by(carlo), [COMPANY])

    def test_a_connection_that_is_deleted_gives_no_access(self):
        user = self.anna()
        self.sync()
        self.link.unlink()
        self.assertEqual(self.seen_by(user), [])

    def test_books_that_are_disconnected_give_no_access(self):
        user = self.anna()
        self.sync()
        self.source.action_disconnect()
        self.assertEqual(self.seen_by(user), [])
        self.source.action_connect()
        self.sync()
        self.assertEqual(self.seen_by(user), [COMPANY])

    def test_books_that_are_not_chosen_any_more_are_closed_with_the_next_synchronization(self):
        user = self.anna()
        self.sync()
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        self.manager.sudo().company_ids |= other
        everywhere = self.source.with_context(allowed_company_ids=(self.company | other).ids)
        everywhere.local_company_ids = other
        self.assertEqual(self.source.state, "draft")
        self.source.action_connect()
        run = self.sync()
        self.assertIn(
            f"{COMPANY} is not enabled any more: its accountant has no access.", run.line_ids.mapped("message")
        )
        self.assertEqual(self.seen_by(user), [])

    def test_nobody_brings_a_company_to_the_site_in_which_he_or_she_does_not_work(self):
        other = self.env["res.company"].sudo().create({"name": "Next door"})
        with self.assertRaises(AccessError):
            self.source.local_company_ids = [(4, other.id)]

    def test_what_the_books_say_is_not_typed_on_the_site(self):
        self.anna()
        self.sync()
        company = self.on_site()
        for values in ({"state": "confirmed"}, {"enabled": True}, {"user_ids": [(4, self.manager.id)]}, {"key": "x"}):
            with self.subTest(values), self.assertRaises(AccessError):
                company.write(values)
        with self.assertRaises(AccessError):
            company.create({"source_id": self.source.id, "key": "x", "name": "Mine"})
        with self.assertRaisesRegex(UserError, "end the connection first"):
            company.unlink()
