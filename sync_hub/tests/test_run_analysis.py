# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast
import io
import json
from datetime import datetime

from lxml import etree
from odoo import http
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .common import SyncHubCase, SyncHubFixtures
from .outside_system import brings, fails

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

    def arch(self, xmlid):
        view = self.env.ref(xmlid)
        return etree.fromstring(self.env["sync.run"].with_user(self.user).get_view(view.id)["arch"])

    def test_both_screens_offer_the_pivot_table_and_the_graph(self):
        """Rows and how they ended, day by day; the pivot table has the duration too."""
        for xmlid, first in (("sync_hub.action_sync_run", "list"), ("sync_hub.action_sync_run_analysis", "graph")):
            modes = self.env.ref(xmlid).view_mode.split(",")
            self.assertEqual((modes[0], {"list", "form", "graph", "pivot"} - set(modes)), (first, set()))
        pivot, graph = self.arch("sync_hub.view_sync_run_pivot"), self.arch("sync_hub.view_sync_run_graph")
        shown = {field.get("name"): field.get("type") for field in pivot.iter("field")}
        measures = {"created_count": "measure", "duration": "measure"}
        self.assertEqual(shown, {"date_end": "row", "outcome": "col", **measures})
        self.assertEqual([field.get("name") for field in graph.iter("field")], ["date_end", "outcome", "created_count"])
        for arch in (pivot, graph):
            self.assertEqual(arch.find("field[@name='date_end']").get("interval"), "day")

    def test_the_bar_moves_in_lists_too(self):
        lists = {"sync.run": "sync_hub.view_sync_run_list", "sync.schedule": "sync_hub.view_sync_schedule_list"}
        for model, xmlid in lists.items():
            arch = self.env[model].with_user(self.user).get_view(self.env.ref(xmlid).id)["arch"]
            bar = etree.fromstring(arch).find("field[@name='live_progress']")
            self.assertEqual((model, bar.get("widget")), (model, "sync_hub_progress"))

    def test_an_entry_of_the_log_leads_to_the_record_that_it_is_about(self):
        one, other = self.connection(), self.env["res.partner"].create({"name": "A courier"})
        run = self.env["sync.run"]._queue(one, "manual")
        run._log("note", record=other)
        run._log_fault(Fault(FaultKind.BAD_DATA), record=one)
        run._log("note")
        about = [line.record_ref for line in run.line_ids]
        self.assertEqual(about[:2], [other, one])
        self.assertFalse(about[2], "Not every entry is about a record.")
        log = self.arch("sync_hub.view_sync_run_form").find(".//field[@name='line_ids']/list")
        self.assertIsNotNone(log.find("field[@name='record_ref']"))

    def test_the_log_opens_from_the_schedule_and_from_the_connection(self):
        one, other = self.connection("one"), self.connection("other")
        schedule = self.schedule(connection_id=one.id)
        self.sync(one)
        self.sync(other)
        for record in (schedule, one):
            action = record.with_user(self.user).action_open_runs()
            self.assertEqual(self.env["sync.run"].search(action["domain"]), self.runs(one))


class TestRunMessage(SyncHubCase):
    """Beside its outcome a list says why: what failed last or, if nothing did, what was noted last."""

    def test_the_last_error_comes_before_any_note(self):
        run = self.env["sync.run"]._queue(self.connection(), "manual")
        self.assertFalse(run.message)
        run._log("run_late")
        self.assertIn("Started late", run.with_user(self.user).message)
        run._log("no_accounts", "error")
        run._log("provider_down", "error")
        run._log("run_late")
        self.assertEqual(run.message, "The bank or its service cannot answer at the moment.")

    def test_a_sum_says_what_failed_of_its_connections(self):
        self.connection("good", brings(1))
        self.connection("bad", fails(Fault(FaultKind.NO_ACCOUNTS)))
        schedule = self.schedule()
        self.run_schedule(schedule)
        self.assertEqual(schedule.last_run_id.message, "The bank shared no account.")

    def test_many_runs_are_read_together(self):
        runs = self.env["sync.run"]
        for number in range(20):
            run = runs._queue(self.connection(f"Courier {number}"), "manual")
            run._log("provider_down", "error")
            runs |= run
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.assertEqual(len(set(runs.mapped("message"))), 1)

    def test_the_list_and_the_form_show_it(self):
        for xmlid in ("sync_hub.view_sync_run_list", "sync_hub.view_sync_run_form"):
            arch = self.env["sync.run"].with_user(self.user).get_view(self.env.ref(xmlid).id)["arch"]
            self.assertIsNotNone(etree.fromstring(arch).find(".//field[@name='message']"))


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
        names = ["reference", "connection_name", "outcome", "message", "duration", "user_id/name", "line_ids/message"]
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
        told = (run.reference, "Couriers", "Failed", sentence, 0, self.user.name, sentence)
        self.assertEqual(rows, [tuple(names), told])
