# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import HttpCase, tagged
from requests.adapters import HTTPAdapter

from .test_guard import GuardCase

HOME, OFFICE = "127.0.0.1", "127.0.7.1"


class _From(HTTPAdapter):
    """A browser that calls from an address of its own."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(*args, source_address=(self.address, 0), **kwargs)


@tagged("post_install", "-at_install")
class TestGuardAddress(GuardCase, HttpCase):
    """A fetch from a network from which the user never fetched blocks the connection, over real HTTP."""

    def setUp(self):
        super().setUp()
        self.colleague.password = "colleague-password"
        self.env.user.sudo().password = "bookkeeper-password"

    def fetch(self, address, login="bookkeeper", method="action_sync_now"):
        """Press a button of the connection from somewhere; returns the type of the notice."""
        self.authenticate(login, f"{login}-password")
        self.opener.mount("http://", _From(address))
        params = {"model": "sync.bank.connection", "method": method, "args": [self.connection.ids], "kwargs": {}}
        answer = self.make_jsonrpc_request(f"/web/dataset/call_kw/sync.bank.connection/{method}", params)
        self.connection.invalidate_recordset()
        return answer.get("params", {}).get("type")

    def networks(self, user=None):
        return (self.connection.sudo().known_networks or {}).get(str((user or self.env.user).id), [])

    def test_the_first_address_is_never_strange(self):
        self.verify()
        self.assertEqual(self.fetch(OFFICE), "info")
        self.assertEqual(self.networks(), ["127.0.7.0/24"])

    def test_an_address_that_was_never_seen_blocks_before_anything_is_asked(self):
        self.verify()
        self.fetch(HOME)
        self.work(self.connection)
        runs = self.env["sync.run"].sudo().search_count([("connection_id", "=", self.connection.id)])
        self.assertNoCall(lambda: self.assertEqual(self.fetch(OFFICE), "danger"))
        self.assertBlocked("address")
        self.assertIn("127.0.7.0/24", self.connection.blocked_detail)
        self.assertEqual(
            self.env["sync.run"].sudo().search_count([("connection_id", "=", self.connection.id)]), runs
        )

    def test_accounts_are_not_fetched_from_there_either(self):
        self.verify()
        self.fetch(HOME)
        self.assertNoCall(lambda: self.assertEqual(self.fetch(OFFICE, method="action_fetch_accounts"), "danger"))
        self.assertBlocked("address")

    def test_what_was_confirmed_is_known_from_then_on(self):
        self.verify()
        self.fetch(HOME)
        self.fetch(OFFICE)
        self.confirm()
        self.assertEqual(self.fetch(OFFICE), "info")
        self.assertEqual(self.networks(), ["127.0.0.0/24", "127.0.7.0/24"])

    def test_addresses_of_each_user_are_told_apart(self):
        self.verify()
        self.fetch(HOME)
        self.assertEqual(self.fetch(OFFICE, "colleague"), "info")
        self.assertEqual(self.fetch(HOME, "colleague"), "danger")
        self.assertEqual(self.connection.blocked_by_id, self.colleague)
        self.assertEqual(self.connection.activity_ids.user_id, self.env.user)

    def test_before_an_address_is_verified_places_are_only_learnt(self):
        self.fetch(HOME)
        self.assertEqual(self.fetch(OFFICE), "info")
        self.verify()
        self.assertEqual(self.fetch(HOME), "info")

    def test_a_company_may_switch_it_off(self):
        self.verify()
        self.company.sync_guard_addresses = False
        self.fetch(HOME)
        self.assertEqual(self.fetch(OFFICE), "info")

    def test_nobody_reads_from_where_somebody_works(self):
        self.fetch(HOME)
        self.assertNotIn("known_networks", self.connection.fields_get())
