# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.addons.sync_hub.transport import HttpSession
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import _registry_test_lock
from odoo.tools import mute_logger

from .common import ACCOUNTANT, COMPANY, PASSWORD, PDF, PortalCase


@tagged("post_install", "-at_install")
class TestPeer(PortalCase):
    """Books in another database: everything is asked for over the network, with an API key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.anna()
        cls.knocker = cls.person("portal_site", "sync_hub_portal.group_site")
        cls.peer = cls.env["sync.exchange.peer"].create(
            {"name": "ERP", "url": cls.base_url(), "database": cls.env.cr.dbname, "api_key": cls.new_key()}
        )
        cls.books = cls.env["sync.portal.source"].create({"name": "ERP", "kind": "peer", "peer_id": cls.peer.id})

    @classmethod
    def new_key(cls):
        keys = cls.env["res.users.apikeys"].with_user(cls.knocker)
        return keys._generate(scope="rpc", name="site", expiration_date=datetime.now() + timedelta(hours=1))

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Override of ``odoo.tests``: its check of requests knows only one number of seconds."""
        timeout = options.get("timeout")
        return super()._request_handler(
            session, request, **{**options, "timeout": max(timeout) if isinstance(timeout, tuple) else timeout}
        )

    def setUp(self):
        super().setUp()
        # The books answer while the site waits: both are in one process here, which has one transaction for tests.
        self.http_request_allow_all = True
        self.addCleanup(setattr, self, "http_request_allow_all", False)
        send = HttpSession.request

        def request(session, *arguments, **options):
            held = _registry_test_lock._release_save()
            try:
                return send(session, *arguments, **options)
            finally:
                _registry_test_lock._acquire_restore(held)

        self.patch(HttpSession, "request", request)

    def connect(self):
        self.env.flush_all()
        return self.books.action_connect()

    def fetch(self):
        return self.sync(self.books)

    @property
    def site(self):
        return self.on_site(source=self.books)

    def test_companies_and_documents_come_over_the_network(self):
        invoice = self.invoice()
        self.connect()
        self.assertEqual(self.books.state, "connected")
        run = self.fetch()
        self.assertEqual(run.outcome, "done", run.line_ids.mapped("message"))
        self.assertEqual((self.site.name, self.site.granted, self.site.user_ids), (COMPANY, True, self.mine))
        document = self.site.document_ids
        self.assertEqual((document.number, document.file_ids._raw()), (invoice.name, PDF))
        self.assertEqual(self.fetch().outcome, "nothing_new")

    def test_what_is_switched_off_in_the_books_is_closed_with_the_next_synchronization(self):
        self.invoice()
        self.connect()
        self.fetch()
        self.assertEqual(self.seen_by(self.mine), [COMPANY])
        self.link.action_disable()
        self.fetch()
        self.assertEqual(self.seen_by(self.mine), [])
        # Documents stay where they are, for when it is switched on again.
        self.assertTrue(self.site.document_ids)
        self.link.action_enable()
        self.fetch()
        self.assertEqual(self.seen_by(self.mine), [COMPANY])

    def test_the_accountant_confirms_in_the_books_from_the_page(self):
        self.link.action_end()
        self.link.action_request()
        self.connect()
        self.fetch()
        self.authenticate(ACCOUNTANT, PASSWORD)
        page = self.url_open("/my/companies")
        token = page.text.partition('csrf_token" value="')[2].partition('"')[0]
        answer = self.url_open(f"/my/companies/{self.site.id}/answer", data={"csrf_token": token, "agreed": "yes"})
        self.assertIn("You are connected with", answer.text)
        self.env.invalidate_all()
        self.assertEqual((self.link.grants, self.site.granted), (True, True))

    def test_a_wrong_key_stops_the_synchronization_and_says_what_to_do(self):
        self.connect()
        self.fetch()
        self.env["res.users.apikeys"].sudo().search([("user_id", "=", self.knocker.id)]).unlink()
        with mute_logger("odoo.http"):
            self.assertEqual(self.fetch().outcome, "failed")
        self.assertEqual(self.books.state, "credentials")
        self.assertIn("did not accept the API key", self.books.fault_message)
        self.peer.api_key = self.new_key()
        self.connect()
        self.assertEqual(self.books.state, "connected")

    def test_a_key_without_the_right_is_told_in_the_words_of_the_books(self):
        self.knocker.sudo().group_ids = [(6, 0, self.env.ref("sync_hub_exchange.group_exchange").ids)]
        with mute_logger("odoo.http"), self.assertRaisesRegex(UserError, "right “Accountant's site”"):
            self.connect()
        self.assertEqual(self.books.state, "draft")

    def test_books_of_another_address_are_tried_before_anything_is_taken_from_them(self):
        self.connect()
        other = self.peer.copy({"name": "Other", "url": "https://other.example.com"})
        self.books.peer_id = other
        self.assertEqual(self.books.state, "draft")
