# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import SyncHubCase
from .outside_system import MODEL


class TestScheduleKey(SyncHubCase):
    """Entering the key of a connection is enough: its schedule comes with it, and stops when the key goes."""

    def schedules(self):
        domain = [("service_id", "=", self.service.id)]
        return self.env["sync.schedule"].with_context(active_test=False).search(domain)

    def keyed(self, name="Couriers", **values):
        connection = self.connection(name, **values).with_user(self.manager)
        connection.api_key = "key-0001"
        return connection

    def test_the_first_key_creates_the_schedule_of_the_connection(self):
        self.company.partner_id.tz = "Europe/Warsaw"
        self.service.write({"interval_number": 30, "interval_type": "minutes"})
        one = self.connection().with_user(self.manager)
        self.assertFalse(one.schedule_id)
        one.api_key = "key-0001"
        schedule = self.schedules()
        self.assertEqual(one.schedule_id, schedule)
        self.assertEqual((schedule.connection_id, schedule.company_id), (one.id, self.company))
        self.assertEqual((schedule.interval_text, schedule.tz), ("every 30 minutes", "Europe/Warsaw"))
        self.assertEqual((schedule.user_id, schedule.active), (self.operator, True))
        self.assertIn("when the key of Couriers was entered", self.chatter(schedule))

    def test_a_connection_that_is_made_with_its_key_has_it_at_once(self):
        values = {"name": "New", "company_id": self.company.id, "api_key": "key-0001"}
        one = self.env[MODEL].with_user(self.manager).create(values)
        self.assertEqual(one.schedule_id.connection_id, one.id)

    def test_it_is_created_once_whatever_is_entered_later(self):
        one = self.keyed()
        schedule = self.schedules()
        one.api_key = "key-0002"
        one.pin = "1234"
        one.api_key = False
        one.api_key = "key-0003"
        self.assertEqual(self.schedules(), schedule)

    def test_another_secret_creates_none(self):
        self.connection().with_user(self.manager).pin = "1234"
        self.assertFalse(self.schedules())

    def test_a_company_that_has_a_schedule_for_all_connections_needs_no_more(self):
        """Also when it is switched off: whoever did that wants no automatic runs."""
        common = self.schedule(active=False)
        one = self.keyed()
        self.assertEqual(self.schedules(), common)
        one.api_key = False
        self.assertFalse(common.key_removed)

    def test_clearing_the_key_switches_the_schedule_off_and_says_why(self):
        one, two = self.keyed("one"), self.keyed("two")
        schedule, other = one.schedule_id, two.schedule_id
        one.api_key = False
        self.assertEqual((schedule.active, schedule.cron_id.active), (False, False))
        self.assertIn("the key of one was removed", self.chatter(schedule))
        self.assertTrue(other.active)

    def test_the_schedule_of_the_company_does_not_take_a_connection_over_that_has_lost_its_key(self):
        one, other = self.keyed(), self.connection("other")
        own, common = one.schedule_id, self.schedule()
        one.api_key = False
        self.assertFalse(one.schedule_id or one.next_run)
        self.run_schedule(common)
        self.assertEqual((len(self.runs(one)), len(self.runs(other))), (0, 1))
        one.api_key = "key-0002"
        self.assertEqual(one.schedule_id, own)

    def test_where_a_person_switched_it_off_the_schedule_of_the_company_counts(self):
        one, common = self.keyed(), self.schedule()
        one.schedule_id.with_user(self.manager).active = False
        one.invalidate_recordset(["schedule_id"])
        self.assertEqual(one.schedule_id, common)

    def test_a_new_key_switches_it_on_again(self):
        one = self.keyed()
        schedule = one.schedule_id
        one.api_key = False
        one.api_key = "key-0002"
        self.assertEqual((schedule.active, schedule.cron_id.active), (True, True))
        self.assertIn("Switched on again", self.chatter(schedule))

    def test_what_a_person_switched_off_no_key_switches_on(self):
        one = self.keyed()
        schedule = one.schedule_id.with_user(self.manager)
        schedule.active = False
        one.api_key = False
        one.api_key = "key-0002"
        self.assertFalse(schedule.active)
        # Nor what a person has taken in hand after the key had gone.
        schedule.active = True
        one.api_key = False
        schedule.active = True
        schedule.active = False
        one.api_key = "key-0003"
        self.assertFalse(schedule.active)

    def test_without_rights_on_schedules_the_key_is_enough(self):
        """Code that works as the operator may keep a key too, say one that it was given in exchange for a code."""
        one = self.connection()
        one.with_user(self.operator)._keep_secret("api_key", "key-0001")
        self.assertEqual(one.schedule_id.connection_id, one.id)
