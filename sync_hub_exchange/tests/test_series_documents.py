# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from odoo import SUPERUSER_ID, api
from odoo.addons.sync_hub_exchange.series.access_key import check_digit
from odoo.tests import Form, tagged

from .series_case import CNPJ, SeriesCase

TRANSMIT = "sync_hub_exchange.activity_series_transmit"
# Monday, 9:00 in São Paulo.
MONDAY = datetime(2026, 5, 4, 12)


@tagged("post_install", "-at_install")
class TestSeriesDocuments(SeriesCase):
    """What was issued in contingency reaches the tax office before its deadline, because somebody is reminded."""

    def watch(self, moment):
        """The scheduled action at a moment."""
        cron = self.env.ref("sync_hub_exchange.ir_cron_series_deadlines")
        self.env.flush_all()
        with freeze_time(moment), self.enter_registry_test_mode(), self.registry.cursor() as cr:
            told = cron.with_env(api.Environment(cr, SUPERUSER_ID, {})).method_direct_trigger()
        self.assertIs(told, True)
        self.env.invalidate_all()

    def activities(self, series):
        return series.sudo().activity_search([TRANSMIT])

    def test_a_document_that_is_entered_in_the_form_waits_until_it_is_transmitted(self):
        series = self.new_offline_series()
        with Form(self.env["sync.exchange.series.document"].with_user(self.clerk)) as form:
            form.series_id = series
        document = form.save()
        self.assertEqual((document.number, document.issue, document.state), (1, "9", "waiting"))
        self.assertEqual((series.waiting_count, series.deadline), (1, document.deadline))
        document.action_transmitted()
        self.assertEqual((document.state, series.waiting_count), ("transmitted", 0))

    def test_an_offline_invoice_has_until_the_end_of_the_next_business_day(self):
        series = self.new_offline_series()
        document = self.new_document(series, issued_at=MONDAY)
        self.assertEqual(document.deadline, datetime(2026, 5, 6, 2, 59, 59))
        # 31 hours, 11 minutes and 59.2 seconds.
        self.assertEqual(document.warn_at, datetime(2026, 5, 5, 19, 11, 59))
        self.assertEqual(document.rule_id, self.env.ref("sync_hub_exchange.rule_nfce_deadline"))
        # Thursday before Labour Day, which is a Friday.
        holiday = self.new_document(series, issued_at=datetime(2026, 4, 30, 12))
        self.assertEqual(holiday.deadline, datetime(2026, 5, 5, 2, 59, 59))

    def test_an_offline_invoice_in_pernambuco_has_24_hours(self):
        series = self.new_offline_series(state_id=self.env.ref("base.state_br_pe").id)
        document = self.new_document(series, issued_at=MONDAY)
        self.assertEqual(document.deadline, MONDAY + timedelta(hours=24))
        self.assertEqual(document.warn_at, MONDAY + timedelta(hours=19, minutes=12))

    def test_an_invoice_in_contingency_has_168_hours_and_one_that_was_authorised_at_once_has_no_deadline(self):
        series = self.new_series(1)
        document = self.new_document(series, issue="4", issued_at=MONDAY)
        self.assertEqual(document.deadline, MONDAY + timedelta(days=7))
        for issue in ("1", "6", "7"):
            document = self.new_document(series, issue=issue, issued_at=MONDAY)
            self.assertEqual((document.state, document.deadline), ("transmitted", False))

    def test_offline_is_for_consumer_invoices_only(self):
        with self.refused("does not exist for NF-e"):
            self.new_document(self.new_series(1), issue="9")

    def test_the_responsible_user_is_reminded_at_80_percent_and_not_before(self):
        series = self.new_offline_series(user_id=self.clerk.id)
        document = self.new_document(series, issued_at=MONDAY)
        self.watch(document.warn_at - timedelta(seconds=1))
        self.assertFalse(document.alert)
        self.assertFalse(self.activities(series))
        self.watch(document.warn_at)
        self.assertEqual(document.alert, "warned")
        activity = self.activities(series)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.clerk, date(2026, 5, 5)))
        self.assertRegex(
            activity.note,
            "Documents of NFC-e 890 that wait to be transmitted: 1. The first is number 1.*"
            "05/05/2026 11:59:59 PM.*São Paulo",
        )
        self.assertNotIn("has passed", activity.note)

    def test_one_reminder_is_for_all_documents_of_a_series_and_is_renewed_when_a_deadline_has_passed(self):
        series, other = self.new_offline_series(), self.new_offline_series(891)
        documents = [self.new_document(series, issued_at=MONDAY + timedelta(minutes=minute)) for minute in range(3)]
        self.new_document(other, issued_at=MONDAY)
        self.watch(documents[2].warn_at)
        self.watch(documents[2].warn_at + timedelta(minutes=15))
        self.assertEqual(len(self.activities(series)), 1)
        self.assertEqual(len(self.activities(other)), 1)
        self.assertIn("transmitted: 3.", self.activities(series).note)
        self.watch(documents[0].deadline + timedelta(seconds=1))
        self.assertEqual({document.alert for document in documents}, {"late"})
        self.assertIn("deadline has passed already: 3.", self.activities(series).note)
        self.assertEqual(len(self.activities(series)), 1)

    def test_the_reminder_goes_when_the_last_document_has_been_transmitted(self):
        series = self.new_offline_series()
        documents = self.new_document(series, issued_at=MONDAY) + self.new_document(series, issued_at=MONDAY)
        self.watch(documents[0].warn_at)
        documents[0].with_user(self.clerk).action_transmitted()
        self.assertTrue(self.activities(series))
        documents[1].with_user(self.clerk).action_transmitted()
        self.assertFalse(self.activities(series))
        self.assertEqual(documents.mapped("alert"), [False, False])

    def test_what_was_transmitted_in_time_is_never_told(self):
        series = self.new_offline_series()
        document = self.new_document(series, issued_at=MONDAY)
        document.transmitted_at = MONDAY + timedelta(hours=1)
        self.watch(document.deadline + timedelta(days=1))
        self.assertFalse(self.activities(series))

    def test_a_manager_is_reminded_when_the_responsible_user_has_left(self):
        series = self.new_offline_series(user_id=self.clerk.id)
        document = self.new_document(series, issued_at=MONDAY)
        self.clerk.sudo().active = False
        self.watch(document.warn_at)
        self.assertTrue(self.activities(series).user_id.has_group("sync_hub.group_manager"))

    def test_what_breaks_one_series_leaves_the_others_their_reminder(self):
        broken, sound = self.new_offline_series(), self.new_offline_series(891)
        for series in (broken, sound):
            document = self.new_document(series, issued_at=MONDAY)
        # As an addon would that forbids activities.
        origin = type(broken)._remind_of_deadlines

        def remind(series):
            if series == broken:
                raise ValueError("No activities, please.")
            origin(series)

        self.patch(type(broken), "_remind_of_deadlines", remind)
        with self.assertLogs("odoo.addons.sync_hub.models.on_its_own", "ERROR"):
            self.watch(document.warn_at)
        self.assertFalse(self.activities(broken))
        self.assertTrue(self.activities(sound))
        self.assertFalse(broken.document_ids.alert)

    def test_deadlines_of_what_waits_follow_the_rules_and_the_holidays(self):
        series = self.new_offline_series()
        document = self.new_document(series, issued_at=MONDAY)
        done = self.new_document(series, issued_at=MONDAY, transmitted_at=MONDAY)
        self.watch(document.warn_at)
        holiday = self.env["sync.exchange.series.holiday"].create(
            {
                "name": "City",
                "date": date(2026, 5, 5),
                "yearly": False,
                "state_id": self.env.ref("base.state_br_sp").id,
            }
        )
        self.assertEqual(document.deadline, datetime(2026, 5, 7, 2, 59, 59))
        self.assertEqual(done.deadline, datetime(2026, 5, 6, 2, 59, 59))
        holiday.unlink()
        self.assertEqual(document.deadline, datetime(2026, 5, 6, 2, 59, 59))
        rule = self.env.ref("sync_hub_exchange.rule_nfce_deadline")
        with freeze_time(document.warn_at):
            rule.write({"deadline_unit": "hours", "deadline_amount": 100})
        self.assertEqual(document.deadline, MONDAY + timedelta(hours=100))
        # The reminder came too early, as is known now.
        self.assertFalse(document.alert)
        self.assertFalse(self.activities(series))

    def test_what_waits_cannot_be_cancelled_and_what_is_cancelled_keeps_its_number(self):
        series = self.new_offline_series()
        document = self.new_document(series)
        with self.refused("must be transmitted first"):
            document.action_cancel()
        document.action_transmitted()
        document.action_cancel()
        self.assertEqual(document.state, "cancelled")
        self.assertFalse(series._gap_report().gaps)

    def test_a_document_is_not_transmitted_before_it_is_issued(self):
        with self.refused("cannot be transmitted before"):
            self.new_document(self.new_offline_series(), issued_at=MONDAY, transmitted_at=MONDAY - timedelta(hours=1))

    def test_an_access_key_must_be_that_of_the_document(self):
        def key(issue="9", number=1):
            body = f"352605{CNPJ}65890{number:09}{issue}12345678"
            return body + check_digit(body)

        document = self.new_document(self.new_offline_series(), issued_at=MONDAY, access_key=key())
        self.assertEqual(document.number, 1)
        with self.refused("does not fit: the type of issue. .*made again"):
            document.access_key = key(issue="1")
        with self.refused("does not fit: the number"):
            document.access_key = key(number=2)
        with self.refused("is no access key"):
            document.access_key = "123"
