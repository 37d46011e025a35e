# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from ..faults import Fault, FaultKind
from ..transport import HttpSession
from ..transport.support import MOST_CALLS
from .common import SyncHubCase

CARRIER = "http://127.0.0.1:9"


class TestErrorReport(SyncHubCase):
    """The report of a run: what happened and which calls led to it, for whoever may see the run."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Override of Odoo's guard against real requests, which knows no pair of time limits."""
        return super()._request_handler(session, request, **{**options, "timeout": max(options["timeout"])})

    def failing(self, calls=1, **values):
        """A connection whose other side cannot be reached."""

        def script(connection, run, deadline):
            http = HttpSession(CARRIER)
            for number in range(calls):
                try:
                    http.request("POST", f"/parcels/{number:08d}", params={"holder": "rossi"})
                except Fault as fault:
                    last = fault
            raise last

        return self.connection(script=script, **values)

    def report(self, run):
        return self.env["sync.error.report"].create({"run_id": run.id}).text

    def test_calls_of_a_run_are_kept_although_it_failed(self):
        run = self.sync(self.failing())
        self.assertEqual((run.outcome, run.message), ("failed", run.line_ids[-1].message))
        (call,) = run.request_log
        self.assertEqual((call["method"], call["path"], call["status"]), ("POST", "/parcels/***?holder", 0))
        self.assertRegex(self.report(run), r"POST /parcels/\*\*\*\?holder no answer \d+ ms 127\.0\.0\.1")

    def test_no_more_than_the_last_calls_are_kept(self):
        run = self.sync(self.failing(calls=MOST_CALLS + 3))
        self.assertEqual(len(run.request_log), MOST_CALLS)

    def test_it_tells_what_to_do_whole_and_what_the_other_side_said_without_names(self):
        self.manager.name = "The Service Manager"

        def script(connection, run, deadline):
            raise Fault(FaultKind.PROVIDER_DOWN, provider_code="503", detail="manager of IT60X0542811101000000123456")

        run = self.sync(self.connection(script=script))
        line, report = run.line_ids[-1], self.report(run)
        for part in (run.reference, line.message, line.remedy, "provider_down 503", "*** of IT60***3456"):
            self.assertIn(part, report)

    def test_the_report_of_several_connections_has_those_that_failed(self):
        self.failing(name="Couriers")
        self.connection(name="Ships", script=lambda connection, run, deadline: True)
        schedule = self.schedule()
        self.run_schedule(schedule)
        self.work_off_queue()
        run = schedule.last_run_id
        failed, _well = run.child_ids.sorted(lambda child: child.outcome != "failed")
        self.assertIn(failed.reference, self.report(run))
        self.assertNotIn(_well.reference, self.report(run))

    def test_somebody_of_another_company_gets_no_report(self):
        run = self.sync(self.failing())
        stranger = self.person("stranger", "sync_hub.group_manager", self.other_company)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.env(user=stranger)["sync.error.report"].create({"run_id": run.id}).text  # noqa: B018
