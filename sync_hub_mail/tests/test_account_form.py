# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import ADDRESS, PASSWORD, MailCase


@tagged("post_install", "-at_install")
class TestAccountForm(MailCase):
    """The form fills in what is known of a provider, and never over what somebody typed."""

    def form(self, account=None):
        return Form(account or self.env["sync.mail.account"])

    def outgoing(self, form):
        return form.host, form.encryption, form.port

    def test_the_address_of_a_known_provider_fills_in_everything_but_the_password(self):
        with self.form() as form:
            form.email = "rossi@pec.it"
            self.assertEqual((form.preset, form.kind, form.login), ("aruba", "pec", "rossi@pec.it"))
            self.assertEqual(self.outgoing(form), ("smtps.pec.aruba.it", "ssl_strict", 465))
            self.assertEqual((form.imap_host, form.imap_port), ("imaps.pec.aruba.it", 993))
        account = form.record
        self.assertEqual((account.name, account.state), ("rossi@pec.it", "draft"))

    def test_choosing_a_provider_fills_in_the_same(self):
        form = self.form()
        form.email = "rossi@rossi-spa.example"
        self.assertEqual((form.preset, form.login), ("other", "rossi@rossi-spa.example"))
        form.preset = "microsoft365"
        self.assertEqual(self.outgoing(form), ("smtp.office365.com", "starttls_strict", 587))
        form.preset = "gmail"
        self.assertEqual(self.outgoing(form), ("smtp.gmail.com", "ssl_strict", 465))
        self.assertEqual(form.kind, "ordinary")

    def test_what_was_typed_stays(self):
        form = self.form()
        form.host, form.encryption, form.port, form.login = "relay.rossi.example", "none", 2525, "anna"
        form.email = "rossi@gmail.com"
        self.assertEqual((form.preset, form.login), ("other", "anna"))
        form.preset = "aruba"
        self.assertEqual(self.outgoing(form), ("relay.rossi.example", "none", 2525))
        self.assertEqual(form.login, "anna")

    def test_the_user_follows_the_address_until_somebody_types_another(self):
        form = self.form()
        form.email = "rosi@gmail.com"
        form.email = "rossi@gmail.com"
        self.assertEqual((form.login, form.name), ("rossi@gmail.com", "rossi@gmail.com"))
        form.login = "R-77"
        form.name = "Invoices"
        form.email = "verdi@gmail.com"
        self.assertEqual((form.login, form.name), ("R-77", "Invoices"))

    def test_the_user_of_a_saved_account_follows_its_address_too(self):
        form = self.form(self.account)
        form.email = "fatture@rossi.example"
        self.assertEqual(form.login, "fatture@rossi.example")

    def test_a_provider_whose_users_have_codes_says_so(self):
        form = self.form()
        form.email = "rossi@legalmail.it"
        self.assertFalse(form.login)
        self.assertIn("enter the code", form.provider_hint)
        form.login = "M1234567"
        self.assertFalse(form.provider_hint)

    def test_providers_that_take_no_ordinary_password_say_what_to_do(self):
        form = self.form()
        form.email = "rossi@gmail.com"
        self.assertIn("myaccount.google.com/apppasswords", form.provider_hint)
        form.preset = "outlook"
        self.assertIn("Microsoft has ended", form.provider_hint)
        form.preset = "microsoft365"
        self.assertIn("Authenticated SMTP", form.provider_hint)
        form.preset = "aruba"
        self.assertFalse(form.provider_hint)

    def test_the_port_follows_the_encryption_unless_it_was_typed(self):
        form = self.form()
        self.assertEqual(form.port, 465)
        form.encryption = "starttls_strict"
        self.assertEqual(form.port, 587)
        form.encryption = "none"
        self.assertEqual(form.port, 25)
        form.port = 2525
        form.encryption = "ssl_strict"
        self.assertEqual(form.port, 2525)

    def test_settings_that_cannot_be_right_are_warned_of(self):
        form = self.form()
        form.email = "rossi@rossi.example"
        self.assertFalse(form.settings_warning)
        form.encryption = "none"
        self.assertIn("anybody on the way", form.settings_warning)
        form.kind = "pec"
        self.assertIn("does not leave by port 25", form.settings_warning)
        form.encryption = "ssl_strict"
        self.assertIn("no receipt can prove", form.settings_warning)
        form.imap_host = "imap.rossi.example"
        self.assertFalse(form.settings_warning)

    def test_another_server_asks_for_the_password_again(self):
        with self.form(self.account) as form:
            self.assertTrue(form.password)
            form.host = "smtp.elsewhere.example"
            self.assertFalse(form.password)
            form.password = PASSWORD
        self.assertEqual(self.account._secret("password"), PASSWORD)

    @freeze_time("2026-03-05 12:00")
    def test_what_is_due_is_counted_from_the_day_on_which_it_is_switched_on(self):
        form = self.form(self.account)
        self.assertFalse(form.due_since)
        form.send_due = True
        self.assertEqual(form.due_since, date(2026, 3, 5))
        form.due_since = date(2026, 1, 1)
        form.send_due = False
        form.send_due = True
        self.assertEqual(form.due_since, date(2026, 1, 1))

    def test_what_is_no_address_is_refused_with_its_name(self):
        for values, word in (
            ({"email": "rossi"}, "rossi"),
            ({"email": "a@rossi.example; b@rossi.example"}, "one e-mail address"),
            ({"copy_to": "anna@rossi.example; bruno"}, "bruno"),
            ({"port": 70000}, "65535"),
            ({"per_minute": -1}, "from 0 up"),
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, word),
                self.env.cr.savepoint(),
            ):
                self.account.write(values)

    def test_buttons_open_what_waits_and_what_was_not_delivered(self):
        waiting = self.queue(self.account)
        refused = self.queue(self.account, state="refused")
        self.queue(self.pec)
        messages = self.env["sync.mail.message"]
        for action, found in (
            (self.account.action_open_waiting(), waiting),
            (self.account.action_open_undelivered(), refused),
            (self.account.action_open_deliveries(), waiting | refused),
        ):
            self.assertEqual(messages.search(action["domain"]), found)
        self.assertEqual((self.account.waiting_count, self.account.undelivered_count), (1, 1))
        with self.assertRaisesRegex(UserError, "no further accounts"):
            self.account.action_fetch_accounts()

    def test_an_address_of_other_letters_is_written_as_it_travels(self):
        account = self.new_account(email="fatture@città.example")
        self.assertEqual(account._smtp_account().sender, "fatture@xn--citt-3na.example")
        self.assertEqual(self.account._smtp_account().sender, ADDRESS)
