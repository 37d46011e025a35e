# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo.addons.sync_hub.transport import HttpSession
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tests.common import _registry_test_lock
from odoo.tools import mute_logger

from ..access import Memory, Side, Step
from ..models import sync_portal_company_hearsay
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

    # -- While an accountant looks -------------------------------------------------------------------------------------

    def follow_at_once(self):
        """Have no answer of the books count for longer than one question."""
        self.patch(sync_portal_company_hearsay, "_COUNTS", 0)
        self.patch(sync_portal_company_hearsay, "_RESTS", 0)
        self.invoice()
        self.connect()
        self.fetch()

    def test_what_is_switched_off_in_the_books_is_closed_when_somebody_looks(self):
        self.follow_at_once()
        documents = self.env(user=self.mine, context={})["sync.portal.document"]
        self.assertTrue(documents.search([]))
        self.link.action_disable()
        self.env.flush_all()
        self.assertFalse(documents.search([]))
        self.env.invalidate_all()
        self.assertEqual((self.site.state, self.site.enabled, self.site.granted), ("confirmed", False, False))
        self.link.action_enable()
        self.env.flush_all()
        # The page asks for those that are switched off, too.
        self.authenticate(ACCOUNTANT, PASSWORD)
        self.url_open("/my/companies")
        self.env.invalidate_all()
        self.assertEqual(self.seen_by(self.mine), [COMPANY])

    def test_another_accountant_of_the_books_is_nobody_s_colleague(self):
        self.follow_at_once()
        helper = self.portal_user("helper@verdi.example")
        self.site.more_user_ids = helper
        self.assertEqual(self.seen_by(helper), [COMPANY])
        self.link.accountant_id = self.contact("Carlo Blu", "carlo@blu.example")
        self.link._do(Step.CONFIRM, Side.ACCOUNTANT)
        self.env.flush_all()
        self.assertEqual((self.seen_by(self.mine), self.seen_by(helper)), ([], []))
        self.env.invalidate_all()
        self.assertFalse(self.site.more_user_ids)

    def test_the_page_says_that_access_was_switched_off_in_the_books(self):
        self.follow_at_once()
        self.authenticate(ACCOUNTANT, PASSWORD)
        path = f"/my/companies/{self.site.id}"
        self.assertTrue(self.url_open(path).url.endswith(path))
        self.link.action_disable()
        self.env.flush_all()
        answer = self.url_open(path)
        self.assertTrue(answer.url.endswith("/my/companies"))
        self.assertIn("has switched your access off", answer.text)

    def test_books_that_are_silent_are_believed_for_a_while(self):
        self.follow_at_once()
        self.peer.url = "http://127.0.0.1:9"
        self.peer.api_key = self.new_key()
        self.assertEqual(self.seen_by(self.mine), [COMPANY])
        self.books.told_at -= timedelta(hours=25)
        self.assertEqual(self.seen_by(self.mine), [])
        self.authenticate(ACCOUNTANT, PASSWORD)
        self.assertIn("its books do not say whether you still have access", self.url_open("/my/companies").text)
        self.books.silent_hours = 48
        self.assertEqual(self.seen_by(self.mine), [COMPANY])
        self.books.silent_hours = 0
        self.assertEqual(self.seen_by(self.mine), [])

    def test_books_that_do_not_let_the_site_in_any_more_are_not_believed(self):
        self.follow_at_once()
        self.knocker.sudo().group_ids = [(6, 0, self.env.ref("base.group_user").ids)]
        self.env.flush_all()
        with mute_logger("odoo.http"):
            self.assertEqual(self.seen_by(self.mine), [])
        self.knocker.sudo().group_ids = [(6, 0, self.env.ref("sync_hub_portal.group_site").ids)]
        self.env.flush_all()
        self.assertEqual(self.seen_by(self.mine), [COMPANY])

    def test_one_answer_counts_for_a_moment(self):
        self.follow_at_once()
        self.patch(sync_portal_company_hearsay, "_COUNTS", 60)
        questions = []
        hear = type(self.books)._hear
        self.patch(type(self.books), "_hear", lambda books, companies: questions.append(1) or hear(books, companies))
        for _look in range(5):
            self.assertEqual(self.seen_by(self.mine), [COMPANY])
        self.assertEqual(len(questions), 1)

    # -- Synchronizing -------------------------------------------------------------------------------------------------

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
        self.assertIn("Connected with", answer.text)
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

    def test_the_credentials_are_updated_where_the_key_is(self):
        self.connect()
        self.env["res.users.apikeys"].sudo().search([("user_id", "=", self.knocker.id)]).unlink()
        with mute_logger("odoo.http"):
            self.fetch()
            # Whoever asks for a run now reads what happened and what to do, not that a run has begun.
            with self.assertRaisesRegex(UserError, "(?s)did not accept the API key.*“Update credentials”"):
                self.books.action_sync_now()
        action = self.books.action_update_credentials()
        dialog = self.env[action["res_model"]].with_context(**action["context"]).create({"api_key": "wrong"})
        self.env.flush_all()
        with mute_logger("odoo.http"), self.assertRaisesRegex(UserError, "did not accept the API key"):
            dialog.action_save()
        dialog = dialog.create({"api_key": self.new_key()})
        self.env.flush_all()
        dialog.action_save()
        # The books go on with it.
        self.assertEqual(self.books.state, "connected")
        self.assertEqual(self.fetch().outcome, "done")

    def test_books_in_this_database_have_no_key(self):
        with self.assertRaisesRegex(UserError, "The books are in this database: there is no key"):
            self.source.action_update_credentials()

    def test_a_wrong_key_says_what_is_wrong_and_where_to_enter_the_right_one(self):
        self.peer.api_key = "wrong"
        with mute_logger("odoo.http"), self.assertRaises(UserError) as error:
            self.connect()
        for words in ("did not accept the API key", "right “Accountant's site”", "“Update credentials”"):
            self.assertIn(words, str(error.exception))
        self.assertEqual(self.books.state, "draft")

    def test_a_key_without_the_right_is_told_in_the_words_of_the_books(self):
        self.knocker.sudo().group_ids = [(6, 0, self.env.ref("sync_hub_exchange.group_exchange").ids)]
        with mute_logger("odoo.http"), self.assertRaisesRegex(UserError, "right “Accountant's site”"):
            self.connect()
        self.assertEqual(self.books.state, "draft")

    def test_books_of_another_address_are_tried_before_anything_is_taken_from_them(self):
        self.connect()
        self.fetch()
        self.assertEqual(self.seen_by(self.mine), [COMPANY])
        other = self.peer.copy({"name": "Other", "url": "https://other.example.com"})
        self.patch(sync_portal_company_hearsay, "_memory", Memory())
        self.books.peer_id = other
        self.assertEqual(self.books.state, "draft")
        # Nor are they asked: nobody knows yet who they are.
        self.assertEqual(self.seen_by(self.mine), [])
