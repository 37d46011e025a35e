# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from urllib.parse import parse_qs, urlsplit

from odoo import Command
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.tests import HttpCase, tagged

from .common import SyncHubFixtures

PASSWORD = "sync-hub-test"


@tagged("post_install", "-at_install")
class TestOutcomeLink(SyncHubFixtures, HttpCase):
    """The link of an outcome e-mail leads its reader to the run, and nobody else to anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_sync_hub()
        one = cls.connection("Main bank")
        cls.run_told = cls.env["sync.run"]._queue(one, "scheduled")
        cls.run_told._fail(one, Fault(FaultKind.PROVIDER_DOWN))
        cls.reader = cls.person("reader", "sync_hub.group_user", cls.other_company, password=PASSWORD)
        cls.env.flush_all()

    def follow(self, **options):
        """Open the link; where it leads is left to the test."""
        link = urlsplit(self.run_told._outcome_url())
        answer = self.url_open(f"{link.path}?{link.query}", allow_redirects=False, **options)
        self.assertIn(answer.status_code, (302, 303))
        self.assertNotIn("Main bank", answer.text)
        return answer, urlsplit(answer.headers["Location"])

    def test_who_works_in_another_company_at_the_moment_is_brought_into_that_of_the_run(self):
        self.reader.company_ids = [Command.link(self.company.id)]
        self.authenticate("reader", PASSWORD)
        answer, target = self.follow(cookies={"cids": str(self.other_company.id)})
        self.assertEqual(target.path, f"/odoo/sync.run/{self.run_told.id}")
        self.assertEqual(answer.cookies["cids"], f"{self.other_company.id}-{self.company.id}")
        # What the page asks for then.
        companies = (self.other_company | self.company).ids
        params = {
            "model": "sync.run",
            "method": "web_read",
            "args": [self.run_told.ids, {"reference": {}, "connection_name": {}}],
            "kwargs": {"context": {"allowed_company_ids": companies}},
        }
        (shown,) = self.make_jsonrpc_request("/web/dataset/call_kw", params)
        self.assertEqual((shown["reference"], shown["connection_name"]), (self.run_told.reference, "Main bank"))

    def test_who_is_not_logged_in_logs_in_first_and_goes_on_to_the_run(self):
        _answer, target = self.follow()
        self.assertEqual(target.path, "/web/login")
        (back,) = parse_qs(target.query)["redirect"]
        self.assertEqual(urlsplit(back).path, "/mail/view")
        self.assertEqual(
            {name: parse_qs(urlsplit(back).query)[name] for name in ("model", "res_id")},
            {"model": ["sync.run"], "res_id": [str(self.run_told.id)]},
        )

    def test_who_may_not_see_the_run_is_shown_nothing_of_it(self):
        """Somebody of another company, and somebody of this one who is no user of Sync Hub."""
        self.person("colleague", "base.group_user", password=PASSWORD)
        for login in ("reader", "colleague"):
            with self.subTest(login):
                self.authenticate(login, PASSWORD)
                _answer, target = self.follow()
                self.assertEqual(target.path, "/odoo/action-mail.action_discuss")
