# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..access import Side, Step
from .common import ACCOUNTANT, PortalCase


@tagged("post_install", "-at_install")
class TestLink(PortalCase):
    """In the books: a company chooses its accountant, both agree, and the company switches the access on and off."""

    def fresh(self, **values):
        """A connection of a customer, that nobody has asked for yet."""
        customer = self.contact("Neri S.n.c.", "neri@example.com", is_company=True)
        return self.env["sync.portal.link"].create(
            {"customer_id": customer.id, "accountant_id": self.accountant.id, **values}
        )

    def test_a_connection_that_the_company_asks_for_begins_when_the_accountant_confirms_it(self):
        link = self.fresh()
        self.assertEqual((link.state, link.grants), ("ended", False))
        link.action_request()
        self.assertEqual(
            (link.state, link.requested_by, link.enabled, link.grants), ("requested", "company", True, False)
        )
        link._do(Step.CONFIRM, Side.ACCOUNTANT)
        self.assertEqual((link.state, link.grants), ("confirmed", True))
        self.assertTrue(link.requested_at and link.decided_at)

    def test_a_connection_that_the_accountant_asks_for_begins_when_the_company_confirms_it(self):
        link = self.fresh()
        link._do(Step.REQUEST, Side.ACCOUNTANT)
        self.assertFalse(link.grants)
        link.action_confirm()
        self.assertTrue(link.grants)

    def test_nobody_confirms_a_request_of_their_own(self):
        link = self.fresh()
        link.action_request()
        with self.assertRaisesRegex(UserError, "the other side has to confirm it"):
            link.action_confirm()
        with self.assertRaisesRegex(UserError, "has not confirmed the connection yet"):
            link.action_enable()

    def test_somebody_of_the_company_is_reminded_of_a_request_until_it_is_answered(self):
        link = self.fresh()
        link._do(Step.REQUEST, Side.ACCOUNTANT)
        self.assertEqual(link.activity_ids.user_id, self.manager)
        self.assertIn("Anna Verdi", str(link.activity_ids.note))
        link.action_refuse()
        self.assertEqual(link.state, "refused")
        self.assertFalse(link.activity_ids)

    def test_the_chatter_tells_who_did_what(self):
        link = self.fresh()
        # What is tracked is told at the end of a transaction, from the second one on.
        self.env.flush_all()
        self.env.cr.flush()
        link.action_request()
        self.env.flush_all()
        self.env.cr.flush()
        changes = link.message_ids.sudo().tracking_value_ids
        self.assertIn("Requested", changes.mapped("new_value_char"))
        self.assertEqual(changes.mail_message_id.author_id, self.manager.partner_id)

    def test_the_switch_takes_access_away_and_gives_it_back(self):
        self.link.action_disable()
        self.assertEqual((self.link.state, self.link.grants), ("confirmed", False))
        self.link.action_enable()
        self.assertTrue(self.link.grants)

    def test_another_accountant_has_agreed_to_nothing_and_is_asked(self):
        other = self.contact("Carlo Blu", "carlo@blu.example")
        self.link.accountant_id = other
        self.assertEqual((self.link.state, self.link.requested_by, self.link.grants), ("requested", "company", False))

    def test_another_accountant_gets_no_access_that_was_switched_off(self):
        self.link.action_disable()
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        self.link._do(Step.CONFIRM, Side.ACCOUNTANT)
        self.assertFalse(self.link.grants)

    def test_an_accountant_needs_one_e_mail_address(self):
        for address in (False, "anna", "anna@verdi.example, carlo@verdi.example"):
            with self.subTest(address), self.assertRaisesRegex(ValidationError, "enter it in the contact first"):
                self.link.accountant_id = self.contact("Anna", address)

    def test_there_is_one_connection_for_a_company_and_one_for_each_customer(self):
        customer = self.fresh().customer_id
        for subject in (False, customer.id):
            with self.subTest(subject), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.env["sync.portal.link"].create(
                        {"customer_id": subject, "accountant_id": self.accountant.id}
                    ).flush_recordset()

    def test_steps_are_not_written_by_hand(self):
        """Whoever could write the state would agree for the other side."""
        for values in ({"state": "confirmed"}, {"enabled": True}, {"requested_by": "accountant"}, {"company_id": 1}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.link.write(values)
        with self.assertRaises(AccessError):
            self.env["sync.portal.link"].create({"accountant_id": self.accountant.id, "state": "confirmed"})

    def test_users_of_the_company_see_it_and_managers_change_it(self):
        user = self.person("portal_reader", "sync_hub.group_user")
        link = self.link.with_user(user)
        self.assertEqual(link.accountant_email, ACCOUNTANT)
        for button in ("action_disable", "action_end", "action_request"):
            with self.subTest(button), self.assertRaises(AccessError):
                getattr(link, button)()

    # -- The switch on the company and on a customer -------------------------------------------------------------------

    def test_a_customer_of_a_practice_is_enabled_with_one_switch(self):
        customer = self.customer
        self.assertFalse(customer.sync_portal_enabled)
        with self.assertRaisesRegex(UserError, "Choose the accountant of Bianchi"):
            customer.sync_portal_enabled = True
        customer.write({"sync_portal_enabled": True, "sync_portal_accountant_id": self.accountant.id})
        link = customer.sync_portal_link_id
        self.assertEqual((link.customer_id, link.company_id), (customer, self.company))
        self.assertEqual((customer.sync_portal_state, link.requested_by), ("requested", "company"))
        link._do(Step.CONFIRM, Side.ACCOUNTANT)
        self.assertTrue(link.grants)
        customer.sync_portal_enabled = False
        self.assertFalse(link.grants)
        self.assertEqual(customer.sync_portal_accountant_id, self.accountant)
        customer.sync_portal_enabled = True
        self.assertTrue(link.grants)

    def test_the_company_is_enabled_on_its_own_form(self):
        administrator = self.person("portal_admin", "base.group_system,sync_hub.group_manager")
        company = self.company.with_user(administrator)
        self.assertTrue(company.sync_portal_enabled)
        with Form(company) as form:
            form.sync_portal_enabled = False
        self.assertFalse(self.link.grants)
        other = self.contact("Carlo Blu", "carlo@blu.example")
        with Form(company) as form:
            form.sync_portal_enabled = True
            form.sync_portal_accountant_id = other
        self.assertEqual((self.link.accountant_id, self.link.state), (other, "requested"))

    def test_who_switches_it_on_while_the_accountant_asks_has_agreed(self):
        link = self.fresh()
        link._do(Step.REQUEST, Side.ACCOUNTANT)
        link.customer_id.sync_portal_enabled = True
        self.assertTrue(link.grants)

    def test_who_is_enabled_can_be_searched(self):
        self.customer.write({"sync_portal_enabled": True, "sync_portal_accountant_id": self.accountant.id})
        partners = self.env["res.partner"]
        self.assertEqual(partners.search([("sync_portal_enabled", "=", True)]), self.customer)
        self.assertNotIn(self.customer, partners.search([("sync_portal_enabled", "=", False)]))
        companies = self.env["res.company"]
        self.assertIn(self.company, companies.search([("sync_portal_enabled", "=", True)]))

    def test_a_manager_s_forms_open_with_what_is_there(self):
        for record, view in ((self.customer, None), (self.link, None), (self.source, None), (self.on_site(), None)):
            if record:
                with self.subTest(record._name):
                    Form(record, view=view)

    def test_documents_from_a_date_on_are_shown(self):
        self.assertEqual(self.fresh().since, date.today().replace(month=1, day=1))
