# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from freezegun import freeze_time
from odoo import api
from odoo.addons.sync_hub.models.connection_lock import lock_key
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, new_test_user, tagged

from .outside_system import MODEL, SCRIPTS, add_model


class SyncHubFixtures:
    """Two companies, a service with connections, and people of each kind."""

    @classmethod
    def set_up_sync_hub(cls):
        add_model(cls)
        cls.company = cls.env["res.company"].create({"name": "Rossi S.r.l."})
        cls.other_company = cls.env["res.company"].create({"name": "Bianchi S.p.A."})
        cls.env = cls.env(context={"allowed_company_ids": cls.company.ids, "lang": "en_US"})
        cls.service = cls.env["sync.service"].create(
            {"name": "Parcels", "code": "parcels", "connection_model": MODEL}
        )
        cls.env["ir.model.data"].create(
            {"module": "sync_hub", "name": "service_of_tests", "model": "sync.service", "res_id": cls.service.id}
        )
        cls.operator = cls.env.ref("sync_hub.user_operator")
        cls.user = cls.person("sync_user", "sync_hub.group_user")
        cls.manager = cls.person("sync_manager", "sync_hub.group_manager")

    @classmethod
    def person(cls, login, group, company=None, **values):
        company = company or cls.company
        values = {"lang": "en_US"} | values
        return new_test_user(
            cls.env, login, groups=group, company_id=company.id, company_ids=[(6, 0, company.ids)], **values
        )

    @classmethod
    def connection(cls, name="Couriers", script=None, **values):
        if script:
            SCRIPTS[name] = script
        values = {"name": name, "company_id": cls.company.id, "state": "connected", "user_id": cls.manager.id} | values
        return cls.env[MODEL].create(values)

    @classmethod
    def schedule(cls, **values):
        values = {"service_id": cls.service.id, "company_id": cls.company.id, "tz": "Europe/Rome"} | values
        return cls.env["sync.schedule"].create(values)

    @classmethod
    def runs(cls, connection):
        """The runs of a connection, oldest first."""
        domain = [("service_id", "=", cls.service.id), ("connection_id", "=", connection.id)]
        return cls.env["sync.run"].search(domain, order="id")


@tagged("post_install", "-at_install")
class SyncHubCase(SyncHubFixtures, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sync_hub()

    def setUp(self):
        super().setUp()
        self.addCleanup(SCRIPTS.clear)

    def work_off_queue(self):
        """What a worker does when the queue wakes it."""
        self.trigger(self.env.ref("sync_hub.ir_cron_queue"))

    def run_schedule(self, schedule):
        """What a worker does when the time of a schedule has come."""
        # A worker comes a little late, as workers do.
        with freeze_time(schedule.next_run + timedelta(seconds=5)):
            self.trigger(schedule.cron_id)

    def trigger(self, cron):
        # A cursor of the test mode, for its clock can be set.
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.assertIs(cron.with_env(api.Environment(cr, api.SUPERUSER_ID, {})).method_direct_trigger(), True)

    def sync(self, connection):
        """Press the button and let a worker do what it asks for.

        :return: the run
        """
        connection.action_sync_now()
        self.work_off_queue()
        return self.runs(connection)[-1]

    def end_transaction(self):
        """What Odoo does before it commits: what was tracked reaches the chatter."""
        self.env.flush_all()
        self.env.cr.flush()

    def busy_elsewhere(self, connection):
        """Let another worker be at a connection: a database session of its own that holds the lock.

        :return: the function by which it lets go
        """
        session = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(session.close)
        session.execute("SELECT pg_try_advisory_lock(%s)", [lock_key(connection)])
        self.assertTrue(session.fetchone()[0])

        def let_go():
            session.execute("SELECT pg_advisory_unlock(%s)", [lock_key(connection)])

        self.addCleanup(let_go)
        return let_go

    def chatter(self, record):
        """The text of the messages on a record."""
        return "\n".join(record.message_ids.mapped("body"))

    def told(self, connection):
        """How many faults the chatter of a connection tells."""
        return self.chatter(connection).count("Reference: SH-")
