# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from dataclasses import replace
from types import SimpleNamespace

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.webhook import LONGEST_MESSAGE
from .service_case import HOME, ServiceCase


class MessageCase(ServiceCase):
    """Messages to the address that a service was given, over real HTTP."""

    def setUp(self):
        super().setUp()
        self.connection = self.connected("-10.00")
        self.driver.hook = self.service.webhook_url
        self.before = self.runs()

    def runs(self):
        return self.env["sync.run"].search([("connection_id", "=", self.connection.id)])

    def message(self, reference=""):
        consent = self.consent_of(self.connection)
        if reference:
            consent = SimpleNamespace(reference=reference, session=reference)
        with self.service._open() as adapter:
            return self.driver.message(adapter, consent)

    def send(self, call, **options):
        self.env.flush_all()
        options = {"data": call.body, **options}
        path = call.url.replace(HOME, "")
        return self.url_open(path, headers=dict(call.headers), method="POST", **options).status_code

    def assertNothingHappened(self):
        self.assertEqual(self.runs(), self.before)
        self.assertFalse(self.lines())


@tagged("post_install", "-at_install")
class TestMessages(MessageCase):
    code = "saltedge"

    def test_a_message_about_what_is_not_known_here_is_taken_and_has_no_effect(self):
        self.assertEqual(self.send(self.message(reference="999999")), 200)
        self.assertNothingHappened()

    def test_an_address_that_was_given_to_nobody_is_not_found(self):
        call = self.message()
        wrong = replace(call, url=call.url[:-4] + "AAAA")
        other = replace(call, url=call.url.replace(f"/{self.service.id}/", "/999999/"))
        self.assertEqual([self.send(wrong), self.send(other)], [404, 404])
        self.assertNothingHappened()

    def test_neither_is_that_of_a_service_that_was_archived(self):
        call = self.message()
        self.service.active = False
        self.assertEqual(self.send(call), 404)

    def test_a_message_without_an_end_is_not_read(self):
        call = self.message()
        self.assertEqual(self.send(call, data=b"x" * (LONGEST_MESSAGE + 1)), 413)
        self.assertEqual(self.send(call, data=iter([b"x"])), 411)
        self.assertNothingHappened()

    def test_a_connection_that_synchronizes_by_hand_only_stays_so(self):
        call = self.message()
        self.connection.automatic = False
        self.assertEqual(self.send(call), 200)
        self.assertNothingHappened()


@tagged("post_install", "-at_install")
class TestMessagesThatNeedAKey(MessageCase):
    code = "plaid"

    def test_one_that_cannot_be_checked_now_is_to_be_sent_again(self):
        call = self.message()
        self.driver.fail("proxy_error", status=503)
        with mute_logger("odoo.addons.sync_hub.models.secret_errors"):
            self.assertEqual(self.send(call), 503)
        self.assertNothingHappened()
        self.driver.recover()
        self.assertEqual(self.send(call), 200)
        self.assertEqual(len(self.runs() - self.before), 1)
