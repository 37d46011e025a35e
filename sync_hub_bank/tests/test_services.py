# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .service_case import HOME, ServiceCase


class ThroughAService:
    """What users are promised, whichever service reaches their bank."""

    # Odoo runs what a class itself defines, unless it is asked for more.
    allow_inherited_tests_method = True

    def test_what_the_bank_booked_is_in_the_journal_once_however_often_it_is_fetched(self):
        connection = self.connected("-10.00", "-10.00", "25.50")
        self.assertEqual(self.fetch(connection).outcome, "done")
        self.assertBooks("-10.00", "-10.00", "25.50")
        self.driver.add_row(Decimal("-7.25"), text="Later")
        self.fetch(connection)
        self.assertEqual(self.fetch(connection).outcome, "nothing_new")
        self.assertBooks("-10.00", "-10.00", "25.50", "-7.25")
        self.assertStatementsFollowEachOther()

    def test_a_pending_row_waits_until_the_bank_has_booked_it(self):
        connection = self.connected("-10.00")
        self.driver.add_pending(Decimal("-3.00"))
        self.fetch(connection)
        self.assertEqual(self.inbox(state="pending").mapped("amount"), [-3.0])
        self.assertBooks("-10.00")
        self.driver.book_pending(Decimal("-3.40"))
        self.fetch(connection)
        self.assertFalse(self.inbox(state="pending"))
        self.assertBooks("-10.00", "-3.40")

    def test_a_pending_row_that_the_bank_drops_goes(self):
        connection = self.connected("-10.00")
        self.driver.add_pending(Decimal("-3.00"))
        self.fetch(connection)
        self.driver.drop_pending()
        self.fetch(connection)
        self.assertFalse(self.inbox(state="pending"))
        self.assertBooks("-10.00")

    def test_what_the_bank_takes_back_stays_in_the_books_and_is_told(self):
        connection = self.connected("-10.00")
        row = self.driver.add_row(Decimal("-4.00"), text="Mistake")
        self.fetch(connection)
        self.driver.remove_row(row)
        run = self.fetch(connection)
        self.assertBooks("-10.00", "-4.00")
        if self.abilities.names_removed:
            self.assertEqual(self.inbox(reason="withdrawn").mapped("amount"), [-4.0])
            self.assertIn("bank_withdrawn", run.line_ids.mapped("kind"))
            self.assertNotIn("bank_withdrawn", self.fetch(connection).line_ids.mapped("kind"), "told once")

    def test_an_amount_that_the_bank_changes_later_is_told_and_not_booked_twice(self):
        connection = self.connected("-10.00")
        row = self.driver.add_row(Decimal("-4.00"), text="Estimate")
        self.fetch(connection)
        self.driver.change_row(row, Decimal("-4.44"))
        run = self.fetch(connection)
        self.assertIn("bank_changed", run.line_ids.mapped("kind"))
        self.assertBooks("-10.00", "-4.00")

    def test_a_consent_that_ended_is_renewed_and_brings_nothing_twice(self):
        connection = self.connected("-10.00")
        self.fetch(connection)
        if self.abilities.tells_end:
            self.driver.expire()
            self.fetch(connection)
            self.assertEqual(connection.state, "reconnect")
        journal = connection.account_ids.journal_id
        self.driver.add_row(Decimal("-2.00"), text="Meanwhile")
        self.agree(connection)
        self.assertEqual((connection.state, connection.account_ids.journal_id), ("connected", journal))
        self.fetch(connection)
        self.assertBooks("-10.00", "-2.00")

    def test_keys_that_are_refused_are_entered_anew(self):
        connection = self.connected("-10.00")
        good = self.driver.access()["secrets"]
        with mute_logger("odoo.addons.sync_hub.models.secret_errors"):
            self.service.write(self.driver.wrong_secrets())
            self.fetch(connection)
        self.assertEqual(connection.state, "credentials")
        dialog = self.env["sync.bank.credentials"].create({"provider_id": self.service.id})
        with self.assertRaises(UserError), mute_logger("odoo.addons.sync_hub.models.secret_errors"):
            dialog.action_save()
        dialog.write(good)
        dialog.action_save()
        self.work(connection)
        self.assertEqual(connection.state, "connected")
        self.assertBooks("-10.00")

    def test_a_bank_that_is_down_for_a_while_loses_nothing(self):
        connection = self.connected("-10.00")
        self.fetch(connection)
        self.driver.add_row(Decimal("-5.00"), text="During the outage")
        self.driver.fail("proxy_error", "transactions", status=503)
        self.assertEqual(self.fetch(connection).outcome, "failed")
        self.driver.recover()
        connection.not_before = False
        self.fetch(connection)
        self.assertBooks("-10.00", "-5.00")

    def test_the_user_ends_the_connection(self):
        connection = self.connected("-10.00")
        self.fetch(connection)
        connection.action_disconnect()
        self.assertEqual((connection.state, connection._secret("session")), ("closed", ""))
        self.assertFalse(connection.account_ids.journal_id)
        self.assertBooks("-10.00")

    # -- Messages ----------------------------------------------------------------------------------------------------

    def send(self, call):
        """Deliver a message to the address that the service was given."""
        self.env.flush_all()
        path = call.url.replace(HOME, "")
        return self.url_open(path, data=call.body, headers=dict(call.headers), method="POST").status_code

    def message(self, connection):
        """A message as the service sends it that there is something to fetch."""
        self.driver.hook = self.service.webhook_url
        with self.service._open() as adapter:
            return self.driver.message(adapter, self.consent_of(connection))

    def test_a_message_of_the_service_queues_one_fetch_however_often_it_comes(self):
        if self.abilities.webhooks == "none":
            self.assertFalse(self.service.webhook_url)
            return
        connection = self.connected("-10.00")
        self.fetch(connection)
        before = self.runs(connection)
        call = self.message(connection)
        self.assertEqual(self.send(call), 200)
        run = self.runs(connection) - before
        self.assertEqual(run.mapped("trigger"), ["webhook"])
        self.work(connection)
        self.assertEqual(self.send(call), 200)
        self.assertEqual(self.runs(connection), before | run, "the same message again has no effect")

    def test_a_message_that_is_not_the_services_is_refused(self):
        if self.abilities.webhooks == "none":
            return
        connection = self.connected("-10.00")
        before = self.runs(connection)
        call = self.message(connection)
        with mute_logger("odoo.addons.sync_hub.models.secret_errors"):
            self.assertEqual(self.send(self.driver.forged(call)), 401)
            self.assertEqual(self.send(self.driver.unsigned(call)), 401)
        self.assertEqual(self.runs(connection), before)

    def runs(self, connection):
        return self.env["sync.run"].search([("connection_id", "=", connection.id)])


@tagged("post_install", "-at_install")
class TestThroughEnableBanking(ThroughAService, ServiceCase):
    code = "enablebanking"


@tagged("post_install", "-at_install")
class TestThroughPonto(ThroughAService, ServiceCase):
    code = "ponto"


@tagged("post_install", "-at_install")
class TestThroughPontoConnect(ThroughAService, ServiceCase):
    code = "ponto_connect"


@tagged("post_install", "-at_install")
class TestThroughSaltEdge(ThroughAService, ServiceCase):
    code = "saltedge"


@tagged("post_install", "-at_install")
class TestThroughPlaid(ThroughAService, ServiceCase):
    code = "plaid"


@tagged("post_install", "-at_install")
class TestThroughYodlee(ThroughAService, ServiceCase):
    code = "yodlee"
