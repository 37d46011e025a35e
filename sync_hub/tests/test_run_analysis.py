# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast
import io
import json
from datetime import datetime

from odoo import http
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .common import SyncHubCase, SyncHubFixtures
from .outside_system import brings

PASSWORD = "sync-hub-test"


class TestRunAnalysis(SyncHubCase):
    """How many rows came day by day, how long it took and how it ended."""

    def ended(self, connection, start, end, created, **values):
        run = self.env["sync.run"]._queue(connection, "scheduled", **values)
        run.write({"date_start": start, "created_count": created})
        run._finish("done" if created else "failed")
        run.date_end = end
        return run

    def test_the_duration_is_kept_in_seconds(self):
        run = self.ended(self.connection(), "2026-05-04 10:00:00", "2026-05-04 10:01:30", 1)
        self.assertEqual(run.duration, 90)

    def test_a_run_that_goes_on_or_never_began_has_no_duration(self):
        run = self.env["sync.run"]._queue(self.connection(), "manual")
        self.assertEqual(run.duration, 0)
        run._begin()
        self.assertEqual(run.duration, 0)

    def test_runs_are_grouped_by_day_and_outcome_and_durations_are_averaged(self):
        one = self.connection()
        self.ended(one, "2026-05-04 10:00:00", "2026-05-04 10:00:10", 2)
        self.ended(one, "2026-05-04 11:00:00", "2026-05-04 11:00:30", 3)
        self.ended(one, "2026-05-05 10:00:00", "2026-05-05 10:00:40", 0)
        groups = self.env["sync.run"]._read_group(
            [("service_id", "=", self.service.id)],
            ["date_end:day", "outcome"],
            ["created_count:sum", "duration:avg", "__count"],
        )
        first, second = datetime(2026, 5, 4), datetime(2026, 5, 5)
        self.assertEqual(sorted(groups), [(first, "done", 5, 20, 2), (second, "failed", 0, 40, 1)])

    def test_sums_of_several_connections_are_not_counted_beside_what_they_sum_up(self):
        """The filter “Each connection”, set when the screen opens, leaves them out."""
        for number in range(2):
            self.connection(f"connection {number}", brings(5))
        self.schedule().action_run_now()
        self.work_off_queue()
        for xmlid in ("sync_hub.action_sync_run", "sync_hub.action_sync_run_analysis"):
            action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
            filters = [key for key in ast.literal_eval(action["context"]) if key.startswith("search_default_")]
            arch = self.env["sync.run"].get_view(self.env.ref("sync_hub.view_sync_run_search").id)["arch"]
            self.assertEqual(filters, ["search_default_each_connection"])
            self.assertIn('name="each_connection"', arch)
        domain = [("service_id", "=", self.service.id), ("connection_id", "not in", (False, 0))]
        self.assertEqual(self.env["sync.run"]._read_group(domain, [], ["created_count:sum"]), [(10,)])

    def test_the_log_opens_from_the_schedule_and_from_the_connection(self):
        one, other = self.connection("one"), self.connection("other")
        schedule = self.schedule(connection_id=one.id)
        self.sync(one)
        self.sync(other)
        for record in (schedule, one):
            action = record.with_user(self.user).action_open_runs()
            self.assertEqual(self.env["sync.run"].search(action["domain"]), self.runs(one))


@tagged("post_install", "-at_install")
class TestRunExport(SyncHubFixtures, HttpCase):
    """The list of runs can be taken into a spreadsheet."""

    def test_a_list_of_runs_is_exported_with_its_log(self):
        self.set_up_sync_hub()
        self.manager.password = PASSWORD
        self.manager.group_ids |= self.env.ref("base.group_allow_export")
        one = self.connection("Couriers")
        run = self.env["sync.run"]._queue(one, "manual", user=self.user)
        run._log("provider_down", "error")
        run._finish("failed")
        names = ["reference", "connection_name", "outcome", "duration", "user_id/name", "line_ids/message"]
        self.authenticate(self.manager.login, PASSWORD)
        data = {
            "model": "sync.run",
            "fields": [{"name": name, "label": name, "type": "char"} for name in names],
            "ids": run.ids,
            "domain": [],
            "groupby": [],
            "import_compat": False,
            "context": {"allowed_company_ids": self.company.ids, "lang": "en_US"},
        }
        form = {"data": json.dumps(data), "csrf_token": http.Request.csrf_token(self)}
        answer = self.url_open("/web/export/xlsx", data=form)
        rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
        sentence = "The bank or its service cannot answer at the moment."
        self.assertEqual(rows, [tuple(names), (run.reference, "Couriers", "Failed", 0, self.user.name, sentence)])
